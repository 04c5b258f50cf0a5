import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { growingFiles } from './growing-files.ts'

const path = (relative: string) => JSON.stringify(fileURLToPath(new URL(relative, import.meta.url)))
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-growing-'))
})
afterEach(() => rmSync(folder, { recursive: true }))
const content = (name: string) => readFileSync(join(folder, name), 'latin1')

/** Another process appends numbered lines to `a`, and then ends as `end` says. */
function appended(lines: number, end: string) {
  const program = `
    await import(${path('../cli/register.mjs')})
    const { growingFiles } = await import(${path('growing-files.ts')})
    const append = growingFiles().open(${JSON.stringify(join(folder, 'a'))})
    for (let n = 0; n < ${lines}; n++) append(Buffer.from(String(n).padStart(99) + '\\n'))
    ${end}`
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
}

const numbered = (lines: number) => Array.from({ length: lines }, (_, n) => `${String(n).padStart(99)}\n`).join('')

test('what is appended while the event loop turns comes to disk, in order', async () => {
  const files = growingFiles()
  const a = files.open(join(folder, 'a'))
  const b = files.open(join(folder, 'b'))
  a(Buffer.from('one '))
  b(Buffer.from('1 '))
  a(Buffer.from('two '))
  await vi.waitFor(() => expect([content('a'), content('b')]).toEqual(['one two ', '1 ']), { timeout: 20_000 })
  a(Buffer.from('three'))
  await vi.waitFor(() => expect(content('a')).toBe('one two three'), { timeout: 20_000 })
  files.close()
})

test('a process that ends writes all', () => {
  expect(appended(50, 'process.exit(1)').stderr).toBe('')
  expect(content('a')).toBe(numbered(50))
})

test('a process that is killed at once, before the event loop turned, loses 128 KiB at the most', () => {
  expect(appended(4000, `process.kill(process.pid, 'SIGKILL')`).signal).toBe('SIGKILL')
  const kept = content('a')
  expect(kept.length).toBeGreaterThanOrEqual(400_000 - (1 << 17))
  // The write that was under way may have left out its own part, which reads as zeros.
  const lines = kept.split('\n').slice(700, -1)
  expect(lines).toEqual(
    numbered(4000)
      .split('\n')
      .slice(700, 700 + lines.length),
  )
})
