import type { RunFacts } from '../recording/run-facts.ts'
import { writeReport } from '../report/write-report.ts'
import { recordingsOf } from '../run/run-folder.ts'
import type { Language } from '../say/language.ts'
import type { Suites } from '../suite/suites.ts'
import type { Result } from '../suite/verdict.ts'

export const reportsFolder = new URL('../../reports', import.meta.url).pathname

/** Writes the report of a run's folder, with one recording in memory at a time; `allure` takes Java and the longest. */
export function reportOn(
  runFolder: string,
  facts: RunFacts,
  results: readonly Result[],
  { entries, requirements, explanations }: Suites,
  { allure, language }: { allure: boolean; language: Language | undefined },
): Promise<void> {
  const invariants = new Set([...requirements.values()].filter((one) => one.invariant).map((one) => one.id))
  const recordings = recordingsOf(runFolder, facts)
  return writeReport({
    runFolder,
    facts,
    results,
    entries,
    recordings,
    reportsFolder,
    invariants,
    explanations,
    allure,
    language,
  })
}
