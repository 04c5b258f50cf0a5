import type { RunFacts } from '../recording/run-facts.ts'
import type { Entry } from '../suite/catalogue.ts'
import { nameOfTest } from './allure-test.ts'
import { damagedIn, type ReportTest } from './report-tests.ts'
import { aboutStrange, byPort, type Strange } from './strange.ts'
import { count, markup } from './text.ts'
import { messageOf } from './words.ts'

/** `results.junit.xml`, for servers that know no other form. A warning passes there: JUnit has no word for it. */
export function junitOf(
  tests: readonly ReportTest[],
  facts: RunFacts,
  entries: ReadonlyMap<string, Entry>,
  strange: readonly Strange[] = [],
): string {
  const suites = [...new Set(tests.map((test) => test.area.name))]
  const damaged = damagedIn(tests)
  const name = `${facts.device.name}: ${facts.id}${damaged.length > 0 ? ` (damaged recordings: ${damaged.join(', ')})` : ''}`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${markup(name)}"${countsOf(tests)}>`,
    ...suites.flatMap((name) => {
      const members = tests.filter((test) => test.area.name === name)
      return [
        `  <testsuite name="${markup(name)}" timestamp="${markup(facts.startedAt)}"${countsOf(members)}>`,
        ...members.map((test) => `    ${caseOf(test, entries)}`),
        '  </testsuite>',
      ]
    }),
    ...unexplained(strange, facts),
    '</testsuites>',
    '',
  ].join('\n')
}

/** A suite that holds no verdict, and so counts no tests: its output is the list, port by port. */
function unexplained(strange: readonly Strange[], facts: RunFacts): string[] {
  if (strange.length === 0) return []
  const lines = byPort(strange).flatMap(({ port, frames, kinds }) => [
    `${port}: ${count(frames, 'frame')}`,
    ...kinds.map(({ scenario, frames, first }) => `  ${scenario}: ${count(frames, 'frame')}, the first: ${first}`),
  ])
  return [
    `  <testsuite name="${aboutStrange.title}" timestamp="${markup(facts.startedAt)}"${countsOf([])}>`,
    `    <system-out>${[aboutStrange.text, ...lines].map((line) => markup(line)).join('&#10;')}</system-out>`,
    '  </testsuite>',
  ]
}

const skipped = (test: ReportTest) => test.verdict.verdict === 'not-applicable' || test.verdict.verdict === 'left-out'

function countsOf(tests: readonly ReportTest[]): string {
  const of = (pick: (test: ReportTest) => boolean) => tests.filter(pick).length
  const failures = of((test) => test.verdict.verdict === 'fail')
  const errors = of((test) => test.verdict.verdict === 'inconclusive')
  return ` tests="${tests.length}" failures="${failures}" errors="${errors}" skipped="${of(skipped)}"`
}

function caseOf(test: ReportTest, entries: ReadonlyMap<string, Entry>): string {
  const { verdict } = test
  const open = `<testcase classname="${markup(test.requirement)}" name="${markup(nameOfTest(test))}"`
  const lines = messageOf(verdict, test.area, entries).split('\n')
  const message = lines.map((line) => markup(line, 1500)).join('&#10;')
  if (skipped(test)) return `${open}><skipped message="${message}"/></testcase>`
  if (verdict.verdict === 'fail') return `${open}><failure type="${verdict.level}" message="${message}"/></testcase>`
  if (verdict.verdict === 'inconclusive')
    return `${open}><error type="${verdict.cause ?? 'harness'}" message="${message}"/></testcase>`
  if (verdict.verdict === 'warn') return `${open}><system-out>warn&#10;${message}</system-out></testcase>`
  return `${open}/>`
}
