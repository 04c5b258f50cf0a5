import { type Claim, isClaim, quoted } from '../say/claim.ts'
import type { Outcome, Recording } from './recording.ts'
import { format, type WorldFile } from './save.ts'

/** A `world.json` of any format that is read: the present one, and those before it. */
type AnyWorldFile = Omit<WorldFile, 'format' | 'outcome'> & {
  format: number
  /** Until format 2 its reason was a text. */
  outcome: { end: Outcome['end']; because?: Claim | string }
}

export const isRead = (found: unknown): boolean => [1, 2, format].includes(found as number)

/**
 * Format 1: marks have no names for their frames, and scenarios made fewer of them. Format 2: the reason of an outcome is
 * a text.
 */
export function migrated(file: AnyWorldFile): WorldFile & Pick<Recording, 'isOlder'> {
  const { because } = file.outcome
  const outcome = {
    ...file.outcome,
    ...(because !== undefined && { because: isClaim(because) ? because : quoted(because) }),
  }
  return { ...file, format, outcome: outcome as Outcome, ...(file.format === 1 && { isOlder: true }) }
}
