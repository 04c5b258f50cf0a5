import { expect, test } from 'vitest'
import { briefHex, briefList, clip, printable } from './printable.ts'

test.each([
  ['plain text', 'Ünicode 日本 😀', 'Ünicode 日本 😀'],
  ['an escape sequence', '\u001b[31mred\u0007', '\\u{1b}[31mred\\u{7}'],
  ['line ends', 'a\r\nb\u2028c\u0085', 'a\\u{d}\\u{a}b\\u{2028}c\\u{85}'],
  ['marks that turn the reading direction', 'a\u202eb\u2066', 'a\\u{202e}b\\u{2066}'],
  ['marks that take no room', 'a\u200bb\ufeff', 'a\\u{200b}b\\u{feff}'],
  ['half a character', 'a\ud800b', 'a\\u{d800}b'],
])('printable: %s', (_, text, expected) => {
  expect(printable(text)).toBe(expected)
})

test('what is long is cut, never inside a character', () => {
  expect(printable('x'.repeat(100), 10)).toBe('xxxxxxxxx…')
  expect(printable('\n'.repeat(1e6)).length).toBe(60)
  expect(clip('abcd', 4)).toBe('abcd')
  expect(clip('abcde', 4)).toBe('abc…')
  expect(clip('ab😀cd', 4)).toBe('ab…')
})

test('octets and lists in brief', () => {
  expect(briefHex(Uint8Array.of(0, 255))).toBe('00ff')
  expect(briefHex(new Uint8Array(99), 2)).toBe('0000… (99 octets)')
  expect(briefList(['a', 'b'], 2)).toBe('a b')
  expect(briefList(['a', 'b', 'c'], 2)).toBe('a b … (3)')
})
