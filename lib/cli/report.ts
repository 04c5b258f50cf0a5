import type { RunFacts } from '../recording/run-facts.ts'
import { writeReport } from '../report/write-report.ts'
import { recordingsOf } from '../run/run-folder.ts'
import type { Language } from '../say/language.ts'
import type { Suites } from '../suite/suites.ts'
import type { Result } from '../suite/verdict.ts'
import { commit, version } from './version.ts'

export const reportsFolder = new URL('../../reports', import.meta.url).pathname

/** Names of the cases by id; one that is empty where there are none. */
const casesOf = (requirements: Suites['requirements']): Map<string, string[]> =>
  new Map([...requirements].map(([id, { cases }]) => [id, cases.size > 0 ? [...cases.keys()] : ['']]))

/** Writes the report of a run's folder, with one recording in memory at a time; `allure` takes Java and the longest. */
export function reportOn(
  runFolder: string,
  facts: RunFacts,
  results: readonly Result[],
  { entries, scope, requirements, explanations }: Suites,
  { allure, language }: { allure: boolean; language: Language | undefined },
): Promise<void> {
  const invariants = new Set([...requirements.values()].filter((one) => one.invariant).map((one) => one.id))
  const recordings = recordingsOf(runFolder, facts)
  return writeReport({
    runFolder,
    facts,
    results,
    asked: { entries, scope, cases: casesOf(requirements) },
    judgedBy: ['denat', version(), commit()].filter(Boolean).join(' '),
    recordings,
    reportsFolder,
    invariants,
    explanations,
    allure,
    language,
  })
}
