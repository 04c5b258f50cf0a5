import { expect, test } from 'vitest'
import { markdown, markup, plain, title } from './text.ts'

test.each([
  ['nothing to do', 'fe80::1 → ff02::1  网络', 'fe80::1 → ff02::1  网络'],
  ['line feeds', 'a\r\n\tb', 'a b'],
  ['controls', '\u0000\u001b[31m\u007f\u0085', '\\u{0}\\u{1b}[31m\\u{7f}\\u{85}'],
  ['text that runs backwards, and what is invisible', '\u202eabc\u2066\u200b', '\\u{202e}abc\\u{2066}\\u{200b}'],
  ['a lone surrogate', 'a\ud800b', 'a\\u{d800}b'],
  ['a pair', '😀', '😀'],
])('plain: %s', (_, text, expected) => expect(plain(text)).toBe(expected))

test('plain cuts what is very long, and not through a character', () => {
  expect(plain('x'.repeat(1_000_000), 10)).toBe('xxxxxxxxxx … (999990 characters more)')
  expect(plain('😀'.repeat(40), 3)).toBe('😀😀😀 … (74 characters more)')
  expect(plain('😀'.repeat(20), 3)).toBe('😀'.repeat(20))
})

test('markup leaves no tag, quote or entity', () => {
  expect(markup(`<img src=x onerror="a('b')">&amp;`)).toBe(
    '&lt;img src=x onerror=&quot;a(&#39;b&#39;)&quot;&gt;&amp;amp;',
  )
})

test('markdown keeps a text in its cell', () => {
  expect(markdown('a|b\n<b>`c`')).toBe('a\\|b \\<b\\>\\`c\\`')
})

test('title cuts at a word', () => {
  expect(title('The router asks for a prefix, and renews it.', 30)).toBe('The router asks for a prefix…')
  expect(title('short', 30)).toBe('short')
})
