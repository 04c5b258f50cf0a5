import { expect, test } from 'vitest'
import { mask, maskedValue, maskFor } from './mask.ts'

const password = 'pä-&$"<\'\\/+ w0rd?'
const masked = maskFor([{ user: 'admin', password }])
const json = JSON.stringify(password).slice(1, -1)
const html = password.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
const base64 = (text: string): string => Buffer.from(text).toString('base64')

test.each([
  ['plain', password],
  ['bytes', Buffer.from(password).toString('latin1')],
  ['URL', encodeURIComponent(password)],
  ['URL, small hex digits', encodeURIComponent(password).replace(/%../g, (hex) => hex.toLowerCase())],
  ['form', new URLSearchParams({ a: password }).toString().slice(2)],
  ['HTML', html],
  ['HTML by numbers', [...password].map((one) => `&#${one.codePointAt(0)};`).join('')],
  ['HTML by hex numbers', [...password].map((one) => `&#x${one.codePointAt(0)?.toString(16)};`).join('')],
  ['JSON', json],
  ['JSON in JSON', JSON.stringify(json).slice(1, -1)],
  ['JSON by numbers', [...password].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')],
])('a password is masked as %s', (_, written) => {
  expect(masked(`before ${written} after`)).toEqual({ text: `before ${mask} after`, found: 1 })
})

test('a password of any printable characters is masked', () => {
  const all = String.fromCharCode(...Array.from({ length: 95 }, (_, index) => 32 + index))
  for (const start of [0, 8, 16, 24, 32, 40, 48, 56, 64, 72, 80]) {
    const password = all.slice(start, start + 15)
    expect(maskFor([{ user: 'admin', password }])(`before ${password} after`).text).toBe(`before ${mask} after`)
  }
})

test.each([0, 1, 2, 3])('a password is masked in base64, %i octets after its start', (octets) => {
  for (const text of [password, `admin:${password}`])
    for (const encoded of [base64(`${'x'.repeat(octets)}${text}yyy`), Buffer.from(text).toString('base64url')]) {
      const { text: shown, found } = masked(encoded)
      expect(found).toBe(1)
      const rest = Buffer.from(shown.replace(mask, ''), 'base64').toString('latin1')
      for (let i = 0; i + 4 <= password.length; i++) expect(rest).not.toContain(password.slice(i, i + 4))
    }
})

test('a text without it stays, and a short password is not looked for', () => {
  expect(masked('pä&$ w0rd')).toEqual({ text: 'pä&$ w0rd', found: 0 })
  expect(maskFor([{ user: 'a', password: 'seven77' }])('seven77')).toEqual({ text: 'seven77', found: 0 })
})

test('each text of a value is masked, and no key', () => {
  const value = { [password]: [password, 1, null, { a: `x${password}` }], b: undefined }
  expect(maskedValue(value, masked)).toEqual({ value: { [password]: [mask, 1, null, { a: `x${mask}` }] }, found: 2 })
})

test('a password is masked where another one is part of it', () => {
  const search = maskFor(['12345678', '0123456789'].map((password) => ({ user: 'admin', password })))
  expect(search('a 0123456789 b').text).toBe(`a ${mask} b`)
})

test.each([
  ['password', { user: 'admin', password: 'x'.repeat(8000) }],
  ['user name', { user: 'u'.repeat(100_000), password }],
])('the error of a %s that is too long does not show the password', (_, credentials) => {
  expect(() => maskFor([credentials])('some text')).toThrow(/^a text could not be searched for passwords$/)
})
