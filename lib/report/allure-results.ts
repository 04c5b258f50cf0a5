import { copyFileSync, cpSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { FileSystemWriter } from 'allure-js-commons/sdk/reporter'
import { writeWhole } from '../plain-files.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import type { Entry } from '../suite/catalogue.ts'
import type { Rendered } from '../suite/rendered.ts'
import { allureTest } from './allure-test.ts'
import type { Evidence, Recordings } from './evidence.ts'
import { linkOrCopy, writeEvidence } from './evidence.ts'
import { standingWords } from './page-words.ts'
import { previousRun } from './previous-run.ts'
import type { ReportTest } from './report-tests.ts'
import { conformance, countsOf, type Item } from './review.ts'
import { standings } from './standing.ts'
import type { Strange } from './strange.ts'
import { strangeTest } from './strange-test.ts'
import { count, plain } from './text.ts'

/** `categories.json` and Allure's own configuration. */
export const assets = new URL('../../reports/allure/', import.meta.url)

export interface ResultsRun {
  runFolder: string
  reportsFolder: string
  facts: RunFacts
  tests: readonly ReportTest[]
  /** The whole catalogue, what was not tested included. */
  items: readonly Item[]
  entries: ReadonlyMap<string, Entry>
  recordings: Recordings
  strange: readonly Strange[]
}

/** Writes `allure-results/` from scratch. */
export function writeAllureResults(run: ResultsRun): Map<Rendered, Evidence> {
  const { runFolder, facts, tests, recordings } = run
  const folder = join(runFolder, 'allure-results')
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const evidence = writeEvidence({ runFolder, resultsFolder: folder, facts, tests, recordings })
  writeTests(folder, run, evidence, true)
  new FileSystemWriter({ resultsDir: folder }).writeEnvironmentInfo(environmentOf(facts, tests, run.items))
  copyFileSync(new URL('categories.json', assets), join(folder, 'categories.json'))
  const previous = previousRun(run.reportsFolder, facts)
  if (previous) cpSync(join(previous.folder, 'allure-report', 'history'), join(folder, 'history'), { recursive: true })
  const executor = {
    name: 'denat',
    type: 'denat',
    buildOrder: (previous?.buildOrder ?? 0) + 1,
    buildName: facts.id,
    reportName: reportName(facts),
  }
  writeWhole(join(folder, 'executor.json'), `${JSON.stringify(executor, null, 2)}\n`)
  return evidence
}

/** The same results for a report in one file: whole captures and browser traces stay in the run folder. */
export function writeSmallResults(folder: string, run: ResultsRun, evidence: ReadonlyMap<Rendered, Evidence>): void {
  const whole = join(run.runFolder, 'allure-results')
  mkdirSync(folder, { recursive: true })
  for (const entry of readdirSync(whole, { withFileTypes: true })) {
    if (entry.isDirectory()) cpSync(join(whole, entry.name), join(folder, entry.name), { recursive: true })
    else if (!/(-result\.json|-capture-attachment\.pcapng|\.zip)$/.test(entry.name))
      linkOrCopy(join(whole, entry.name), join(folder, entry.name))
  }
  writeTests(folder, run, evidence, false)
}

function writeTests(
  folder: string,
  run: ResultsRun,
  evidence: ReadonlyMap<Rendered, Evidence>,
  bigFiles: boolean,
): void {
  const writer = new FileSystemWriter({ resultsDir: folder })
  for (const test of run.tests) writer.writeResult(allureTest(test, run.facts, run.entries, evidence, { bigFiles }))
  if (run.strange.length > 0) writer.writeResult(strangeTest(run.strange, run.facts))
}

export const reportName = ({ device, id }: RunFacts): string =>
  plain(`IPv6 conformance of ${[device.name, device.firmware].filter(Boolean).join(', ')}: run ${id}`, 160)

function environmentOf(facts: RunFacts, tests: readonly ReportTest[], items: readonly Item[]): Record<string, string> {
  const { device } = facts
  const notJudged = tests.filter((test) => test.verdict.verdict === 'left-out').length
  const counts = countsOf(items)
  const all = standings.flatMap((one) => (counts[one] > 0 ? [`${counts[one]} ${standingWords[one].name[0]}`] : []))
  const known: [string, string | undefined][] = [
    ['Verdict', conformance(items).join('; ')],
    ['Items of the catalogue', `${items.length}: ${all.join(', ')}`],
    ['Device', device.name],
    ['Vendor', device.vendor],
    ['Model', device.model],
    ['Hardware revision', device.hardware],
    ['Serial number', device.serial],
    ['Firmware', device.firmware],
    ['SHA-256 of the firmware', device.firmwareSha256],
    ['Role', device.role],
    ['Has', device.capabilities.join(', ') || undefined],
    ['Lacks', device.lacks.join(', ') || undefined],
    ['Lab', facts.lab],
    ['Operator', facts.operator],
    ['Selected', facts.only?.join(', ')],
    ['Profile', facts.profile],
    ['Left out', notJudged > 0 ? `${count(notJudged, 'requirement')}; see the categories` : 'nothing'],
    ['Started', facts.startedAt],
    ['Ended', facts.endedAt],
    ['Seed', facts.seed],
    ...Object.entries(facts.versions).map(([name, version]): [string, string] => [`Version of ${name}`, version]),
  ]
  return Object.fromEntries(
    known.flatMap(([name, value]) => (value === undefined ? [] : [[plain(name), plain(value)]])),
  )
}
