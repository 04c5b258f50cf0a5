import { expect, test } from 'vitest'
import type { RunFacts } from '../recording/run-facts.ts'
import { claim } from '../say/claim.ts'
import type { Verdict } from '../suite/verdict.ts'
import { reportTests } from './report-tests.ts'
import { itemsOf } from './review.ts'
import { summaryOf } from './summary.ts'
import { asked, entries, facts } from './testing.ts'

const result = (requirement: string, name: string, verdict: Verdict) => ({
  requirement,
  case: name,
  scenario: 'renewal',
  level: 'MUST' as const,
  verdict,
  because: claim`why it is so`,
  frames: [],
})
const lines = (run: RunFacts, ...results: ReturnType<typeof result>[]) => {
  const tests = reportTests(results, { leftOut: [], versions: {}, startedAt: '' }, entries)
  return summaryOf(tests, itemsOf([tests, tests], run, asked), run).split('\n')
}
const summary = (...results: ReturnType<typeof result>[]) => lines(facts, ...results)

test('what renumbering led to is a table: what brought the other prefix, by who was asked of it', () => {
  const lines = summary(
    result('RFC7084-L-13', 'Renew, RA', 'pass'),
    result('RFC7084-L-13', 'link flap, RA', 'fail'),
    result('RFC7084-L-13', 'link flap, SLAAC host', 'warn'),
    result('RFC7084-L-13', 'no trigger', 'pass'),
    result('RFC7084-WPD-5', 'of another, area', 'pass'),
  )
  const from = lines.indexOf('## Renumbering')
  expect(lines.slice(from + 4, from + 8)).toEqual([
    '| another prefix by | RA | SLAAC host |',
    '| --- | --- | --- |',
    '| Renew | pass |  |',
    '| link flap | fail | warning |',
  ])
})

test('what was left out for one reason is told once, with how often', () => {
  const lines = summary(
    result('RFC7084-WPD-5', 'TCP', 'left-out'),
    result('RFC7084-WPD-5', 'UDP', 'left-out'),
    result('RFC7084-L-2', '', 'left-out'),
  )
  expect(lines).toContain('- RFC7084-WPD-5: why it is so (2 cases)')
  expect(lines).toContain('- RFC7084-L-2: why it is so')
  expect(lines).toContain('Left out of this run, neither passed nor failed: 3 cases.')
})

test('a run of one scenario does not say that nothing was left out', () => {
  const only = ['cold-boot']
  const summary = lines({ ...facts, only }, result('RFC7084-L-2', '', 'pass'))
  expect(summary).toContain('Only a part was selected: cold-boot.')
  expect(summary.join('\n')).not.toContain('Nothing was left out')
  expect(summary).toContain('| not asked for | 5 | 2 | 1 | 0 | 8 |')
  expect(summary).toContain('- PERF-1: needs load generation')
})

test('frames that nothing explains are listed by port, and what they say is no markup', () => {
  const strange = { port: 'wan0', scenario: 'cold-boot', frames: 3, first: 'frame 7: <b>mDNS</b>' }
  const lines = summaryOf([], [], facts, [strange]).split('\n')
  expect(lines).toContain('| wan0 | cold-boot | 3 | frame 7: \\<b\\>mDNS\\</b\\> |')
  expect(summaryOf([], [], facts)).not.toContain('nothing explains')
})

test('a waived violation is still one, and a waiver that has expired is not called one', () => {
  const waiver = { reason: '<b>a new chip</b>', approver: 'the test laboratory', until: '2027-03-31' }
  const waivers = [
    { ...waiver, requirement: 'RFC7084-L-2' },
    { ...waiver, requirement: 'RFC7084-WPD-5', until: '2020-01-01' },
  ]
  const run = { ...facts, waivers, startedAt: '2026-12-01T00:00:00Z' }
  const results = [result('RFC7084-L-2', '', 'fail'), result('RFC7084-WPD-5', '', 'fail')]
  const tests = reportTests(results, run, entries)
  const lines = summaryOf(tests, itemsOf([tests, tests], run, asked), run).split('\n')
  expect(lines).toContain(
    '- RFC7084-L-2, fail: waived by the test laboratory until 2027-03-31: \\<b\\>a new chip\\</b\\>',
  )
  expect(lines.find((line) => line.startsWith('- RFC7084-WPD-5'))).toContain('expired on 2020-01-01')
  const rows = lines.filter((line) => line.startsWith('| RFC7084'))
  expect(rows.map((row) => row.split(' | ')[3]?.trim())).toEqual(['fail, waived', 'fail'])
})
