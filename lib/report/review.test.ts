import { expect, test } from 'vitest'
import { claim } from '../say/claim.ts'
import { chinese } from '../say/zh.ts'
import type { Result } from '../suite/verdict.ts'
import { matrixCsv } from './matrix-csv.ts'
import { reportTests } from './report-tests.ts'
import { countsOf, decisionOn, type Item, itemsOf, mandatoryByLevel } from './review.ts'
import { standings } from './standing.ts'
import { asked, entries, facts, results } from './testing.ts'
import { verdictPage } from './verdict-page.ts'

const items = (judged: readonly Result[] = results, run = facts, mandatory = mandatoryByLevel): Item[] =>
  itemsOf(
    [reportTests(judged, run, entries), reportTests(judged, run, entries, undefined, chinese)],
    run,
    asked,
    mandatory,
  )

const standing = (all: readonly Item[], id: string, name = '') =>
  all.find((item) => item.requirement === id && item.case === name)?.standing

test('every item of the catalogue is counted once, judged or not', () => {
  const all = items()
  expect(Object.fromEntries(Object.entries(countsOf(all)).filter(([, n]) => n > 0))).toEqual({
    fail: 1,
    warn: 1,
    blocked: 1,
    lab: 1,
    harness: 1,
    'left-out': 1,
    'not-asked': 1,
    'not-judged': 1,
    'not-applicable': 1,
    pass: 2,
  })
  expect(standing(all, 'RFC7084-WPD-5', 'icmp')).toBe('not-asked')
  expect(all.find(({ requirement }) => requirement === 'PERF-1')?.because).toEqual([
    'needs load generation',
    '需要流量发生器',
  ])
})

test('a run of one scenario that passes does not conform', () => {
  const passed = results.filter(({ verdict, case: name }) => verdict === 'pass' && name)
  const all = items(passed)
  expect(countsOf(all).pass).toBe(2)
  expect(decisionOn(all)).toBe('undecided')
})

test.each([
  [['pass', 'warn', 'not-applicable'], 'conforms'],
  [['pass', 'fail', 'lab'], 'does-not-conform'],
  [['not-applicable'], 'undecided'],
  [[], 'undecided'],
  ...(['blocked', 'lab', 'harness', 'left-out', 'not-asked', 'not-judged'] as const).map(
    (one) => [['pass', one], 'undecided'] as const,
  ),
] as const)('%j: %s', (some, decision) =>
  expect(decisionOn(some.map((standing) => ({ standing, mandatory: true })))).toBe(decision),
)

test('what is not mandatory decides nothing; a profile decides what is', () => {
  const [pass, ...rest] = standings.map((standing) => ({ standing, mandatory: standing === 'pass' })).reverse()
  expect(pass?.standing).toBe('pass')
  expect(decisionOn([...rest, pass as Item])).toBe('conforms')
  const profile = items(results, facts, ({ requirement }) => requirement === 'RFC7084-WPD-5')
  expect(decisionOn(profile.filter(({ case: name }) => name !== 'icmp'))).toBe('conforms')
})

test('a known deviation is no reason to conform', () => {
  const known = [
    {
      requirement: 'RFC7084-WPD-1',
      case: '',
      verdict: 'fail' as const,
      fault: 'x',
      because: 'y',
      confirmed: 'z',
      sometimes: false,
    },
  ]
  const all = items(results, { ...facts, known })
  expect(all.find(({ test }) => test?.known)?.standing).toBe('fail')
  expect(decisionOn(all)).toBe('does-not-conform')
})

test('a declared lack explains what is not tested, unless a recording shows the contrary', () => {
  const pppoe = { ...asked, scope: { 'RFC7084-WLL-2': { status: 'planned' as const, reason: 'needs PPPoE' } } }
  pppoe.requirements = new Map([...asked.requirements].filter(([id]) => id !== 'RFC7084-WLL-2'))
  const of = (judged: readonly Result[]) =>
    standing(itemsOf([reportTests(judged, facts, entries), []], facts, pppoe), 'RFC7084-WLL-2')
  const others = results.filter(({ requirement }) => requirement !== 'RFC7084-WLL-2')
  expect(of(others)).toBe('not-applicable')
  expect(of(others.map((one) => ({ ...one, contradicts: ['pppoe' as const] })))).toBe('not-judged')
})

test('what is about the other kind of product is not applicable, not missing', () => {
  const entry = entries.get('RFC7084-L-2')
  const other = new Map([
    ...entries,
    ...(entry ? [['RFC7084-L-2', { ...entry, role: 'wireless-router' as const }] as const] : []),
  ])
  const tests = reportTests(results, facts, other)
  expect(standing(itemsOf([tests, tests], facts, { ...asked, entries: other }), 'RFC7084-L-2')).toBe('not-applicable')
})

test('no cell of the matrix is a formula', () => {
  for (const start of ['=', '+', '-', '@']) {
    const judged = results.map((one) => ({ ...one, case: `${start}cmd|"/c calc"!A1`, because: claim`x` }))
    const text = matrixCsv(items(judged))
    expect(text).not.toMatch(/"[=+\-@]/)
    expect(text).toContain(`"'${start}cmd|""/c calc""!A1"`)
  }
  expect(matrixCsv(items()).split('\r\n').length).toBe(items().length + 2)
})

test('a page of verdicts on damaged files begins with that', () => {
  const page = (judged: readonly Result[]) =>
    verdictPage({ facts, items: items(judged), judgedBy: '', macs: [], causes: [], placesOf: () => ({}) })
  const warning = 'Files differ from what was recorded'
  expect(page(results)).not.toContain(warning)
  expect(page(results.map((one) => ({ ...one, damaged: true as const })))).toContain(warning)
})
