import { join } from 'node:path'
import { writeWhole } from '../plain-files.ts'
import { sha256, sumLines } from '../recording/checksums.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import type { Language } from '../say/language.ts'
import type { Entry } from '../suite/catalogue.ts'
import type { Explanation } from '../suite/explanation.ts'
import type { Result } from '../suite/verdict.ts'
import { generateReports } from './allure-report.ts'
import { writeAllureResults } from './allure-results.ts'
import type { Recordings } from './evidence.ts'
import { junitOf } from './junit.ts'
import { reportTests } from './report-tests.ts'
import { strangeFrames } from './strange.ts'
import { summaryOf } from './summary.ts'

export interface ReportInput {
  runFolder: string
  facts: RunFacts
  results: readonly Result[]
  /** The catalogue by id. */
  entries: ReadonlyMap<string, Entry>
  /** By scenario. What has no recording here is reported without frames. */
  recordings: Recordings
  /** Holds `runs/`: the device's previous run there gives the report its history. */
  reportsFolder: string
  /** Ids that were judged in every recording. */
  invariants?: ReadonlySet<string>
  /** Explanations of a router's frames; empty where frames are not to be explained. */
  explanations?: readonly Explanation[]
  /** Allure's results and reports are wanted. */
  allure: boolean
  /** English unless given. */
  language?: Language | undefined
}

/** What a report can be made of again is vouched for apart from the recordings: each judgement writes it. */
const derived = ['results.jsonl', 'results.junit.xml', 'summary.md']

/**
 * Writes everything that is read after a run into its folder: Allure's results and reports, a summary, JUnit,
 * checksums. Made again, it replaces what was there. Throws `ReportError` when Allure could make no report.
 */
export async function writeReport(input: ReportInput): Promise<void> {
  const { runFolder, facts, entries } = input
  const tests = reportTests(input.results, facts, entries, input.invariants, input.language)
  const put = (name: string, text: string) => writeWhole(join(runFolder, name), text)
  const strange = strangeFrames(facts, input.recordings, input.explanations)
  put('summary.md', summaryOf(tests, facts, strange, input.language))
  put('results.junit.xml', junitOf(tests, facts, entries, strange))
  put('SHA256SUMS.derived', sumLines(derived.map((file) => ({ file, hash: sha256(join(runFolder, file)) }))))
  if (!input.allure) return
  const { reportsFolder, recordings } = input
  const run = { runFolder, reportsFolder, facts, tests, entries, recordings, strange }
  const evidence = writeAllureResults(run)
  await generateReports(run, evidence)
}
