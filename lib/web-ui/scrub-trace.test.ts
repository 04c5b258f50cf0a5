import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { unzipSync, zipSync } from 'fflate'
import { afterAll, expect, test } from 'vitest'
import { scrubTrace } from './scrub-trace.ts'

const folder = mkdtempSync(join(tmpdir(), 'denat-trace-'))
const password = 'short'
afterAll(() => rmSync(folder, { recursive: true }))

function scrubbed(files: Record<string, string | Buffer>, cookies: string[] = []) {
  const path = join(folder, 'trace.zip')
  writeFileSync(
    path,
    zipSync(Object.fromEntries(Object.entries(files).map(([name, data]) => [name, Buffer.from(data)]))),
  )
  scrubTrace(path, { credentials: [{ user: 'admin', password }], cookies })
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
    'x [masked] y',
  )
})

test.each([
  ['a form', 'trace.x', 'user=admin&admin_passwd=short&go=1', 'user=admin&admin_passwd=[masked]&go=1'],
  ['a query', 'a.html', '<a href="/in?pwd=short&next=/">', '<a href="/in?pwd=[masked]&next=/">'],
  ['JSON', 'a.json', '{"user":"admin","newPassword":"other"}', '{"user":"admin","newPassword":"[masked]"}'],
  ['parts', 'a.dat', '--b\r\nname="psk"\r\n\r\nother\r\n--b--', '--b\r\nname="psk"\r\n\r\n[masked]\r\n--b--'],
  ['HTML', 'a.html', '<input value=other type="password">', '<input value="[masked]" type="password">'],
  ['a URL', 'a.css', 'http://admin:short@[fd00::1]/', 'http://admin:[masked]@[fd00::1]/'],
])('the content of password fields is masked in %s', (_, name, before, after) => {
  expect(scrubbed({ [name]: before })[name]?.toString()).toBe(after)
})

test('what a snapshot shows of a password field is masked in all of the trace, and what was typed there', () => {
  const field = ['INPUT', { __playwright_value_: 'typed there', type: 'password', name: 'geheim' }]
  const events = [
    { type: 'before', callId: 'a', method: 'type', params: { selector: '#x', text: 'typ' } },
    { type: 'log', callId: 'a', message: 'locator resolved to <input type="password"/>' },
    { type: 'log', callId: 'b', message: '  fill("short")' },
    { type: 'frame-snapshot', snapshot: { html: ['HTML', {}, field] } },
  ]
  const files = scrubbed({
    'trace.trace': events.map((event) => JSON.stringify(event)).join('\n'),
    'resources/1.dat': 'a=1&geheim=typed+there',
    'resources/2.dat': 'said: "typed there"',
  })
  const text = Object.values(files).join('\n')
  expect(text).not.toMatch(/typed.there|"typ"|short/)
  expect(text).toContain('"name":"geheim"')
})

test('what is not text comes through byte for byte', () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i))
  expect(scrubbed({ 'a.png': bytes })['a.png']).toEqual(bytes)
})

test('a file that is no trace does not stay', () => {
  const path = join(folder, 'broken.zip')
  writeFileSync(path, 'session=secret')
  expect(() => scrubTrace(path, { credentials: [], cookies: [] })).toThrow('deleted')
  expect(() => readFileSync(path)).toThrow()
})
