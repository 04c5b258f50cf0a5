import { afterEach, expect, test, vi } from 'vitest'
import type { RunFacts } from '../recording/run-facts.ts'
import { causesOf } from '../report/causes.ts'
import { compareCsv, comparePage } from '../report/compare-page.ts'
import { junitOf } from '../report/junit.ts'
import { matrixCsv } from '../report/matrix-csv.ts'
import { payloads } from '../report/payloads.ts'
import { reportTests } from '../report/report-tests.ts'
import { itemsOf } from '../report/review.ts'
import { summaryOf } from '../report/summary.ts'
import { asked, entries, facts, hostile, results } from '../report/testing.ts'
import { verdictPage } from '../report/verdict-page.ts'
import { cell, changes, compared, comparisonTable } from '../run/compare.ts'
import { claim, the } from '../say/claim.ts'
import type { Result } from '../suite/verdict.ts'
import { baselineText, figures, progress, summary } from './print.ts'
import { complain, print } from './terminal.ts'

afterEach(() => void vi.restoreAllMocks())

/** Every text of a run that a router, a file or a page may have made. */
function poisoned(payload: string): { run: RunFacts; judged: Result[] } {
  const said = { template: `${payload} {1}`, values: [{ kind: 'text', value: payload } as const] }
  const device = {
    ...facts.device,
    name: payload,
    vendor: payload,
    model: payload,
    firmware: payload,
    hardware: payload,
    serial: payload,
    firmwareSha256: payload,
  }
  const known = { requirement: 'RFC7084-L-13', case: '', verdict: 'warn' as const, sometimes: false }
  const run: RunFacts = {
    ...facts,
    device,
    id: payload,
    lab: payload,
    seed: payload,
    only: [payload],
    operator: payload,
    photographs: [{ file: payload, sha256: payload }],
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

function pageOf(payload: string): string {
  const { run, judged } = poisoned(payload)
  const tests = reportTests(judged, run, entries)
  const items = itemsOf([tests, tests], run, asked)
  const places = { test: payload, ladder: payload }
  const causes = causesOf(judged, entries)
  return verdictPage({ facts: run, items, judgedBy: payload, macs: [payload], causes, placesOf: () => places })
}

const withoutLineEnds = (text: string): string => text.replace(/\r?\n/g, '')
/** The tags of a page without the values of their attributes, each once: nothing of a router may add one. */
const tagsOf = (page: string): string[] => {
  const body = page.replace(/<(script|style)>.*?<\/\1>/gs, '').replace(/"[^"]*"/g, '""')
  return [...new Set(body.match(/<[^>]*>|[<>]/g))].sort()
}

const unprintable = /[\p{C}\p{Zl}\p{Zp}]/u

test('no payload leaves the text of a summary, of JUnit, or of the terminal', () => {
  expect(new Set(payloads).size).toBe(100)
  const lines: string[] = []
  const usual = tagsOf(pageOf('a'))
  for (const way of ['log', 'error'] as const) vi.spyOn(console, way).mockImplementation((line) => lines.push(line))
  for (const payload of [...payloads, hostile]) {
    const { run, judged } = poisoned(payload)
    const tests = reportTests(judged, run, entries)
    const strange = [{ port: payload, scenario: payload, frames: 1, first: payload }]
    const markdown = summaryOf(tests, itemsOf([tests, tests], run, asked), run, strange)
    const junit = junitOf(tests, run, entries, strange)
    const matrix = matrixCsv(itemsOf([tests, tests], run, asked)).slice(1)
    const page = pageOf(payload)
    lines.length = 0
    const watch = progress(run.device, { seed: payload, folder: payload, scenarios: 3 })
    for (const one of run.scenarios) watch.landed(one, judged)
    watch.trouble(payload)
    print(summary(judged))
    print(baselineText(judged, run))
    print(figures(run))
    const rows = compared([judged, results])
    print(comparisonTable([payload, 'b'], rows))
    const sides = [payload, 'b'].map((name) => ({ name, facts: run, recordings: new Map() }))
    const changed = comparePage(sides, rows, changes, entries)
    const changedCsv = compareCsv([payload, 'b'], rows, cell).slice(1)
    complain(payload)
    for (const [place, text] of Object.entries({
      markdown,
      junit,
      matrix,
      page,
      changed,
      changedCsv,
      terminal: lines.join('\n'),
    }))
      expect
        .soft(unprintable.exec(withoutLineEnds(text)), `${place}: ${JSON.stringify(payload.slice(0, 60))}`)
        .toBe(null)
    expect(lines.length).toBeGreaterThan(10)
    expect.soft(changedCsv, payload.slice(0, 60)).not.toMatch(/(?:^|[,\n])"[=+\-@\t]/)
    expect.soft(changed, payload.slice(0, 60)).not.toMatch(/<(?:script|img|iframe|object|link|a)\b/i)
    expect.soft(matrix, payload.slice(0, 60)).not.toMatch(/(?:^|[,\n])"[=+\-@\t]/)
    expect.soft(tagsOf(page), payload.slice(0, 60)).toEqual(usual)
    expect
      .soft(junit, payload.slice(0, 60))
      .not.toMatch(/<(?!\?xml|\/?(?:testsuites?|testcase|failure|error|skipped|properties|property|system-out)\b)/)
    expect.soft(markdown, payload.slice(0, 60)).not.toMatch(/(?<!\\)<(?=[a-z!/])/i)
  }
})
