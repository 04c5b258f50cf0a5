import type { RunFacts } from '../recording/run-facts.ts'
import type { Text } from '../report/standing.ts'
import { writeReport } from '../report/write-report.ts'
import { recordingsOf } from '../run/run-folder.ts'
import type { Language } from '../say/language.ts'
import type { Criteria } from '../suite/criteria.ts'
import type { Suites } from '../suite/suites.ts'
import type { Result } from '../suite/verdict.ts'
import { commit, version } from './version.ts'

export const reportsFolder = new URL('../../reports', import.meta.url).pathname

/** Writes the report of a run's folder, with one recording in memory at a time; `allure` takes Java and the longest. */
export function reportOn(
  runFolder: string,
  facts: RunFacts,
  results: readonly Result[],
  suites: Suites,
  { allure, language, criteria }: { allure: boolean; language: Language | undefined; criteria?: Criteria | undefined },
): Promise<Text> {
  const invariants = new Set([...suites.requirements.values()].filter((one) => one.invariant).map((one) => one.id))
  const recordings = recordingsOf(runFolder, facts)
  return writeReport({
    runFolder,
    facts,
    results,
    asked: suites,
    judgedBy: ['denat', version(), commit()].filter(Boolean).join(' '),
    recordings,
    reportsFolder,
    invariants,
    explanations: suites.explanations,
    allure,
    language,
    criteria,
  })
}
