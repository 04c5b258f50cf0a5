import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { afterAll, expect, test } from 'vitest'
import { scrubTrace } from './scrub-trace.ts'

const folder = mkdtempSync(join(tmpdir(), 'denat-trace-'))
afterAll(() => rmSync(folder, { recursive: true }))

function scrubbed(files: Record<string, string | Buffer>, values: string[] = []) {
  const path = join(folder, 'trace.zip')
  writeFileSync(
    path,
    zipSync(Object.fromEntries(Object.entries(files).map(([name, data]) => [name, Buffer.from(data)]))),
  )
  scrubTrace(path, values)
  const entries = Object.entries(unzipSync(readFileSync(path)))
  return Object.fromEntries(entries.map(([name, data]) => [name, Buffer.from(data)]))
}

test('cookies and authorization are taken out, all else stays', () => {
  const line = JSON.stringify({
    request: {
      cookies: [{ name: 'a]"', value: 'secret1' }],
      headers: [
        { name: 'Cookie', value: 'session="secret2"; b=c' },
        { name: 'authorization', value: 'Basic secret3' },
        { name: 'Host', value: '[fd00::1]' },
      ],
    },
    response: { headers: [{ name: 'Set-Cookie', value: 'session=secret4' }], cookies: [] },
  })
  const text = scrubbed({ 'trace.network': line })['trace.network']?.toString() ?? ''
  expect(text).not.toContain('secret')
  expect(JSON.parse(text).request.headers[2].value).toBe('[fd00::1]')
})

test('a session id is taken out wherever it stands', () => {
  expect(scrubbed({ 'resources/a.html': 'x 0123456789 y' }, ['0123456789'])['resources/a.html']?.toString()).toBe(
    'x [scrubbed] y',
  )
})

test('what is not text comes through byte for byte', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
  expect(scrubbed({ 'a.png': bytes })['a.png']).toEqual(bytes)
})

test('a file that is no trace does not stay', () => {
  const path = join(folder, 'broken.zip')
  writeFileSync(path, 'session=secret')
  expect(() => scrubTrace(path, [])).toThrow('deleted')
  expect(() => readFileSync(path)).toThrow()
})
