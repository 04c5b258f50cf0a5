import type { Recording } from '../recording/recording.ts'
import { type Claim, claim, the } from '../say/claim.ts'
import { lastMoment } from '../suite/coverage.ts'

/** Somebody on the other end of the cables said something. */
export const isHeard = ({ frames }: Pick<Recording, 'frames'>): boolean =>
  frames.some(({ direction }) => direction === 'in')

/**
 * All that can be said of a router that sent nothing in a scenario that was stopped for it. The rest of a plan would take
 * long, and tell no more. Undefined: it is not known to be silent.
 */
export function silence(recording: Pick<Recording, 'scenario' | 'frames' | 'marks' | 'outcome'>): Claim | undefined {
  if (recording.outcome.end !== 'blocked' || isHeard(recording)) return undefined
  const seconds = the.seconds(lastMoment(recording), 0)
  return claim`the router sent no frame on any port in ${seconds} (${the.name(recording.scenario)}): is it on, and plugged in?`
}
