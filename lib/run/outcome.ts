import { Blocked, becauseOf } from '../lab/bench/waits.ts'
import type { Outcome } from '../recording/recording.ts'
import { claim, quoted } from '../say/claim.ts'
import { isDiskFull } from './disk-space.ts'

/** Errors of the lab and its device folder, by name: neither the DUT's nor the harness's. */
const labErrors = new Set(['LabTrouble', 'LabBroken', 'LinkError', 'NamespaceError', 'WebUiError', 'InputError'])

/** How a scenario ended that ended with this error. */
export function outcomeOf(error: unknown): Outcome {
  if (error instanceof Blocked) return { end: 'blocked', by: error.by, because: error.because }
  if (error instanceof Error && labErrors.has(error.name)) return { end: 'lab', because: becauseOf(error) }
  if (isDiskFull(error)) return { end: 'lab', because: claim`no space is left for the recording` }
  return { end: 'harness', because: quoted(error instanceof Error ? (error.stack ?? error.message) : String(error)) }
}
