import { Blocked } from '../lab/bench/waits.ts'
import type { Outcome } from '../recording/recording.ts'

/** How a scenario ended, for people. */
export const told = (outcome: Outcome): string =>
  outcome.end === 'complete' ? 'complete' : `${outcome.end}: ${outcome.because}`

/** Errors of the lab and its device folder, by name: neither the DUT's nor the harness's. */
const labErrors = new Set(['LabTrouble', 'LabBroken', 'LinkError', 'NamespaceError', 'WebUiError', 'InputError'])

/** How a scenario ended that ended with this error. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof Blocked) return { end: 'blocked', by: error.by, because: error.message }
  if (error instanceof Error && labErrors.has(error.name)) return { end: 'lab', because: error.message }
  return { end: 'harness', because: error instanceof Error ? (error.stack ?? error.message) : String(error) }
}
