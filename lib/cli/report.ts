import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readPlain, writeWhole } from '../plain-files.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { pdfOf } from '../report/pdf.ts'
import type { Text } from '../report/standing.ts'
import { paperPage, type ReportInput, writeReport } from '../report/write-report.ts'
import { readCriteria } from '../run/criteria.ts'
import { checkedRecordings } from '../run/damage.ts'
import { readFacts, readResults, recordingsOf } from '../run/run-folder.ts'
import { claimRun } from '../run/run-lock.ts'
import { loadSuites, suiteFolders } from '../run/suites.ts'
import { languages } from '../say/languages.ts'
import { underCriteria } from '../suite/criteria.ts'
import type { Suites } from '../suite/suites.ts'
import type { Result } from '../suite/verdict.ts'
import { mustNameSuites } from './must-name-suites.ts'
import { print } from './terminal.ts'
import { commit, version } from './version.ts'

export const reportsFolder = new URL('../../reports', import.meta.url).pathname

type Made = Pick<ReportInput, 'allure' | 'language' | 'criteria'>

function inputOf(
  runFolder: string,
  facts: RunFacts,
  results: readonly Result[],
  suites: Suites,
  made: Made,
): ReportInput {
  const invariants = new Set([...suites.requirements.values()].filter((one) => one.invariant).map((one) => one.id))
  return {
    runFolder,
    facts,
    results,
    asked: suites,
    judgedBy: ['denat', version(), commit()].filter(Boolean).join(' '),
    recordings: recordingsOf(runFolder, facts),
    reportsFolder,
    invariants,
    explanations: suites.explanations,
    ...made,
  }
}

/** Writes the report of a run's folder, with one recording in memory at a time; `allure` takes Java and the longest. */
export const reportOn = (...run: Parameters<typeof inputOf>): Promise<Text> => writeReport(inputOf(...run))

interface ReportCommand {
  pdf: boolean
  lang: string
  /** A name, or a file. */
  criteria?: string
  suites?: string[]
}

/** `denat report RUN`: the report again, or for paper, from the verdicts that are there. */
export async function reportCommand(run: string, options: ReportCommand): Promise<number> {
  const { pdf, lang, suites: folders } = options
  const folder = resolve(run)
  const facts = readFacts(folder)
  mustNameSuites(join(folder, 'run.json'), facts, folders)
  const leave = claimRun(folder)
  try {
    const suites = await loadSuites(suiteFolders(folders))
    const criteria = options.criteria === undefined ? undefined : readCriteria(options.criteria, suites)
    const judged = readResults(folder)
    // No report of files that were changed after they were recorded, unless each verdict on them is marked.
    checkedRecordings(folder, { damaged: judged.some(({ damaged }) => damaged) })
    const results = criteria ? underCriteria(judged, criteria) : judged
    const made = { allure: !pdf, language: languages[lang], criteria }
    const input = inputOf(folder, facts, results, suites, made)
    if (pdf) writeWhole(join(folder, pdfFile), await pdfOf(paperPage(input), photographsIn(folder, facts)))
    else print((await writeReport(input))[lang === 'zh' ? 1 : 0])
    print(join(folder, pdf ? pdfFile : 'index.html'))
    return 0
  } finally {
    leave()
  }
}

const pdfFile = 'report.pdf'

function photographsIn(run: string, { photographs = [] }: RunFacts): Map<string, Buffer> {
  const present = photographs.filter(({ file }) => existsSync(join(run, file)))
  return new Map(present.map(({ file }) => [file, readPlain(join(run, file), 8e6)]))
}
