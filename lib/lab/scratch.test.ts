import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { reapScratch } from './scratch.ts'

let parent = ''
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'denat-scratch-'))
})
afterEach(() => rmSync(parent, { recursive: true }))

const program = (then: string) => [
  '--import',
  new URL('../cli/register.mjs', import.meta.url).href,
  '--input-type=module',
  '-e',
  `const { takeScratch } = await import(${JSON.stringify(new URL('scratch.ts', import.meta.url).href)})
   const { writeFileSync } = await import('node:fs')
   writeFileSync(takeScratch() + '/profile', '')
   ${then}`,
]
const env = () => ({ ...process.env, TMPDIR: parent })

describe.runIf(process.platform === 'linux')('temporary files', () => {
  test('go with the process; those of one that was killed go at the next start, those of one that runs stay', async () => {
    execFileSync(process.execPath, program(''), { env: env() })
    expect(readdirSync(parent)).toEqual([])
    const running = spawn(process.execPath, program(`console.log('up'); setInterval(() => {}, 1000)`), { env: env() })
    await once(running.stdout, 'data')
    const [name = ''] = readdirSync(parent)
    expect(statSync(join(parent, name)).mode & 0o777).toBe(0o700)
    expect(reapScratch(parent)).toEqual([])
    running.kill('SIGKILL')
    await once(running, 'exit')
    expect(reapScratch(parent)).toEqual([join(parent, name)])
    expect(readdirSync(parent)).toEqual([])
  })

  test('of another name, of another container, or behind a link, stay', () => {
    mkdirSync(join(parent, 'denat-1-run'))
    mkdirSync(join(parent, 'denat-1-1-1-abcdef'))
    const space = readlinkSync('/proc/self/ns/pid').replace(/\D/g, '')
    writeFileSync(join(parent, `denat-1-1-${space}-abcdef`), '')
    symlinkSync('/etc', join(parent, `denat-1-2-${space}-abcdef`))
    expect(reapScratch(parent)).toEqual([])
    expect(readdirSync(parent)).toHaveLength(4)
  })
})
