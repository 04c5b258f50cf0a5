import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { facts } from '../report/testing.ts'
import { main } from './main.ts'

let run = ''
const printed: string[] = []
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'denat-clean-'))
  writeFileSync(join(run, 'run.json'), JSON.stringify({ ...facts, plan: [], scenarios: [], leftOut: [] }))
  mkdirSync(join(run, '.allure-abcdef/report'), { recursive: true })
  mkdirSync(join(run, 'recordings/cold-boot.growing'), { recursive: true })
  printed.length = 0
  vi.spyOn(console, 'error').mockImplementation((text) => void printed.push(String(text)))
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(run, { recursive: true })
})

test('a half report is removed, a recording that grows is named and kept', async () => {
  expect(await main(['clean', run])).toBe(0)
  expect(existsSync(join(run, '.allure-abcdef'))).toBe(false)
  expect(existsSync(join(run, 'recordings/cold-boot.growing'))).toBe(true)
  expect(printed.join('\n')).toMatch(/report that was not completed: .*\.allure-abcdef\n.*cold-boot\.growing did not/)
})

test('a folder that is no run is left alone', async () => {
  rmSync(join(run, 'run.json'))
  expect(await main(['clean', run])).toBe(0)
  expect(existsSync(join(run, '.allure-abcdef'))).toBe(true)
  expect(printed.join('\n')).toContain('is no run folder')
})
