import { type Claim, claim, the } from '../say/claim.ts'
import type { Outcome } from './recording.ts'

/** How a scenario ended, for people. */
export const ending = (outcome: Outcome): Claim =>
  outcome.end === 'complete' ? claim`complete` : claim`${the.name(outcome.end)}: ${outcome.because}`
