import { afterEach, expect, test, vi } from 'vitest'
import type { RunFacts } from '../recording/run-facts.ts'
import { junitOf } from '../report/junit.ts'
import { payloads } from '../report/payloads.ts'
import { reportTests } from '../report/report-tests.ts'
import { summaryOf } from '../report/summary.ts'
import { entries, facts, hostile, results } from '../report/testing.ts'
import { compared, comparisonTable } from '../run/compare.ts'
import { claim, the } from '../say/claim.ts'
import type { Result } from '../suite/verdict.ts'
import { baselineText, figures, progress, summary } from './print.ts'
import { complain, print } from './terminal.ts'

afterEach(() => void vi.restoreAllMocks())

/** Every text of a run that a router, a file or a page may have made. */
function poisoned(payload: string): { run: RunFacts; judged: Result[] } {
  const said = { template: `${payload} {1}`, values: [{ kind: 'text', value: payload } as const] }
  const device = { ...facts.device, name: payload, vendor: payload, model: payload, firmware: payload }
  const known = { requirement: 'RFC7084-L-13', case: '', verdict: 'warn' as const, sometimes: false }
  const run: RunFacts = {
    ...facts,
    device,
    id: payload,
    lab: payload,
    seed: payload,
    only: [payload],
    stopped: said,
    versions: { denat: payload, [payload]: payload },
    known: [{ ...known, fault: payload, because: payload, confirmed: payload }],
    scenarios: facts.scenarios.map((one) => ({ ...one, story: payload, outcome: { end: 'lab', because: said } })),
    leftOut: [{ requirement: payload, because: said }],
  }
  const judged = results.map((result) => ({
    ...result,
    case: result.case && payload,
    because: claim`${the.name(payload)} ${said}`,
    ...(result.expected && { expected: said }),
    ...(result.seen && { seen: claim`${the.list([the.packet(payload), the.status(payload)])}` }),
    notes: [said],
    ...(result.blockedBy && { blockedBy: payload }),
  }))
  return { run, judged: [...judged, { ...judged[0], requirement: payload, scenario: payload } as Result] }
}

const withoutLineEnds = (text: string): string => text.replaceAll('\n', '')
const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u

test('no payload leaves the text of a summary, of JUnit, or of the terminal', () => {
  expect(new Set(payloads).size).toBe(100)
  const lines: string[] = []
  for (const way of ['log', 'error'] as const) vi.spyOn(console, way).mockImplementation((line) => lines.push(line))
  for (const payload of [...payloads, hostile]) {
    const { run, judged } = poisoned(payload)
    const tests = reportTests(judged, run, entries)
    const strange = [{ port: payload, scenario: payload, frames: 1, first: payload }]
    const markdown = summaryOf(tests, run, strange)
    const junit = junitOf(tests, run, entries, strange)
    lines.length = 0
    const watch = progress(run.device, { seed: payload, folder: payload, scenarios: 3 })
    for (const one of run.scenarios) watch.landed(one, judged)
    watch.trouble(payload)
    print(summary(judged))
    print(baselineText(judged, run))
    print(figures(run))
    print(comparisonTable([payload, 'b'], compared([judged, results])))
    complain(payload)
    for (const [place, text] of Object.entries({ markdown, junit, terminal: lines.join('\n') }))
      expect
        .soft(unprintable.exec(withoutLineEnds(text)), `${place}: ${JSON.stringify(payload.slice(0, 60))}`)
        .toBe(null)
    expect(lines.length).toBeGreaterThan(10)
    expect
      .soft(junit, payload.slice(0, 60))
      .not.toMatch(/<(?!\?xml|\/?(?:testsuites?|testcase|failure|error|skipped|properties|property|system-out)\b)/)
    expect.soft(markdown, payload.slice(0, 60)).not.toMatch(/(?<!\\)<(?=[a-z!/])/i)
  }
})
