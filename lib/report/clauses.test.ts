import { expect, test } from 'vitest'
import { clausesOf, nameOf, textOf, urlOf } from './clauses.ts'

const cited = (document: string, section: string, label = '-') => ({ document, section, label })

test('each clause of an RFC is found once', () => {
  const citations = [cited('RFC 9915', '18.2.1, 15'), cited('RFC 8415', '15'), cited('RFC 9915', '15')]
  expect(clausesOf(citations).map(nameOf)).toEqual([
    'RFC 9915, section 18.2.1',
    'RFC 9915, section 15',
    'RFC 8415, section 15',
  ])
})

test('an RFC as a whole is a clause, other documents have none', () => {
  expect(clausesOf([cited('RFC 6540', '-'), cited('White paper', '4(3)')]).map(nameOf)).toEqual(['RFC 6540'])
})

test('a clause links to its section', () => {
  expect(urlOf({ rfc: 9915, section: '18.2.4' })).toBe('https://www.rfc-editor.org/rfc/rfc9915#section-18.2.4')
  expect(urlOf({ rfc: 6540 })).toBe('https://www.rfc-editor.org/rfc/rfc6540')
})

test('every document is told of, with its section and label', () => {
  const citations = [cited('RFC 7084', '4.2', 'WPD-8'), cited('RFC 6603', '4.2'), cited('project goal', '-')]
  expect(textOf(citations)).toBe('RFC 7084 · 4.2 · WPD-8; RFC 6603 · 4.2; project goal')
})
