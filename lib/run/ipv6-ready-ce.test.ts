import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadSuites, ownSuites } from './suites.ts'

const { requirements } = await loadSuites()
const rows = readFileSync(join(ownSuites, 'requirements', 'ipv6-ready-ce.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .slice(1)
  .map((line) => {
    const [number = '', title = '', coverage = '', ids = '', reason = ''] = line.split('\t')
    return { number, title, coverage, ids: ids.split(' ').filter(Boolean), reason }
  })
const counted = (coverage: string): number => rows.filter((row) => row.coverage === coverage).length

test('each of the 173 tests is there once', () => {
  expect(rows).toHaveLength(173)
  expect(new Set(rows.map(({ number }) => number)).size).toBe(173)
  // Numbers begin at 1 in each group, and leave none out.
  const groupOf = (number: string) => number.slice(0, number.lastIndexOf('.'))
  for (const group of new Set(rows.map(({ number }) => groupOf(number)))) {
    const numbers = rows.map(({ number }) => number).filter((number) => groupOf(number) === group)
    expect(numbers).toEqual(numbers.map((_, place) => `${group}.${place + 1}`))
  }
})

test('every id is judged', () => {
  expect(rows.flatMap(({ ids }) => ids).filter((id) => !requirements.has(id))).toEqual([])
})

test('what is covered names entries, and what is not a reason', () => {
  const wrong = rows.filter(
    ({ coverage, ids, reason }) =>
      !['full', 'partial', 'none'].includes(coverage) ||
      ids.length > 0 !== (coverage !== 'none') ||
      (reason !== '') !== (coverage !== 'full'),
  )
  expect(wrong).toEqual([])
})

test('README.md has the counts', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').replace(/\s+/g, ' ')
  expect(readme).toContain(
    `Of its ${rows.length} tests ${counted('full')} are judged here, ${counted('partial')} in part, and ${counted('none')} not`,
  )
})
