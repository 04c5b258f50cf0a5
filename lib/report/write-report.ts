import { join } from 'node:path'
import { writeWhole } from '../plain-files.ts'
import { sha256, sumLines } from '../recording/checksums.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import type { Language } from '../say/language.ts'
import { chinese } from '../say/zh.ts'
import { type Criteria, isMandatory } from '../suite/criteria.ts'
import type { Explanation } from '../suite/explanation.ts'
import type { Result } from '../suite/verdict.ts'
import { generateReports } from './allure-report.ts'
import { writeAllureResults } from './allure-results.ts'
import { causesOf } from './causes.ts'
import type { Evidence, Recordings } from './evidence.ts'
import { junitOf } from './junit.ts'
import { noting } from './macs-seen.ts'
import { matrixCsv } from './matrix-csv.ts'
import { reportTests } from './report-tests.ts'
import { type Asked, conformance, itemsOf, type Mandatory } from './review.ts'
import type { Text } from './standing.ts'
import { strangeFrames } from './strange.ts'
import { summaryOf } from './summary.ts'
import { type Places, verdictPage } from './verdict-page.ts'

export interface ReportInput {
  runFolder: string
  facts: RunFacts
  results: readonly Result[]
  /** The whole catalogue: what was not tested is counted, too. */
  asked: Asked
  /** By what the product is accepted; absent: by the levels of the catalogue. `results` are those under it. */
  criteria?: Criteria | undefined
  /** The version that judged. */
  judgedBy: string
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
const derived = ['results.jsonl', 'results.junit.xml', 'summary.md', 'matrix.csv']

/** The tests in both languages, and what the page with the verdict is made of. */
function reviewOf({ results, facts, asked, invariants, criteria, judgedBy, language }: ReportInput) {
  const testsIn = (one?: Language) => reportTests(results, facts, asked.entries, invariants, one)
  const english = testsIn()
  const translated = testsIn(chinese)
  const mandatory: Mandatory | undefined = criteria && ((item) => isMandatory(criteria, item))
  const page = {
    facts,
    items: itemsOf([english, translated], facts, asked, mandatory),
    causes: causesOf(results, asked.entries),
    criteria: criteria && ([criteria.title.en, criteria.title.zh] as const),
    judgedBy,
    language,
  }
  return { english, translated, page }
}

/** The page with the verdict, without links into other files: for paper. */
export function paperPage(input: ReportInput): string {
  const { recordings, macs } = noting(input.recordings)
  for (const { scenario } of input.facts.scenarios) recordings.get(scenario)
  return verdictPage({ ...reviewOf(input).page, macs: macs(), placesOf: () => ({}) })
}

/**
 * Writes everything that is read after a run into its folder: the page with the verdict, Allure's results and reports, a
 * summary, a matrix, JUnit, checksums. Made again, it replaces what was there. Throws `ReportError` when Allure could make
 * no report. Gives the verdict in one line.
 */
export async function writeReport(input: ReportInput): Promise<Text> {
  const { runFolder, facts, language, reportsFolder } = input
  const { entries } = input.asked
  const { recordings, macs } = noting(input.recordings)
  const { english, translated, page } = reviewOf(input)
  const { items, causes } = page
  const tests = language?.tag === chinese.tag ? translated : english
  const put = (name: string, text: string) => writeWhole(join(runFolder, name), text)
  const strange = strangeFrames(facts, recordings, input.explanations)
  put(
    'summary.md',
    summaryOf(tests, items, facts, strange, {
      language,
      causes,
      criteria: input.criteria?.title.en,
    }),
  )
  put('results.junit.xml', junitOf(tests, facts, entries, strange))
  put('matrix.csv', matrixCsv(items))
  put('SHA256SUMS.derived', sumLines(derived.map((file) => ({ file, hash: sha256(join(runFolder, file)) }))))
  put('index.html', verdictPage({ ...page, macs: macs(), placesOf: () => ({}) }))
  if (!input.allure) return conformance(items)
  const run = { runFolder, reportsFolder, facts, tests, items, entries, recordings, strange }
  const evidence = writeAllureResults(run)
  const addresses = await generateReports(run, evidence)
  const places = new Map(
    tests.map((test, index) => [english[index], { ...addresses.get(test), ...ladderOf(evidence.get(test.verdict)) }]),
  )
  put('index.html', verdictPage({ ...page, macs: macs(), placesOf: ({ test }) => places.get(test) ?? {} }))
  return conformance(items)
}

function ladderOf(evidence: Evidence | undefined): Pick<Places, 'ladder'> {
  const ladder = evidence?.attachments.find(({ type }) => type === 'text/html')
  return ladder ? { ladder: `allure-results/${ladder.source}` } : {}
}
