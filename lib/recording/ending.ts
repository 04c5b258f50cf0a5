import { type Claim, claim, the } from '../say/claim.ts'
import type { Outcome } from './recording.ts'

/** How a scenario ended, for people. */
export const ending = (outcome: Outcome): Claim =>
  outcome.end === 'complete' ? claim`complete` : claim`${the.name(outcome.end)}: ${outcome.because}`

/** The scenario came to its own end: neither the lab nor a bug nor a kill ended it. */
export const isOver = ({ end }: Outcome): boolean => end === 'complete' || end === 'blocked'
