import type { Recording } from '../recording/recording.ts'
import { type Claim, claim, the } from '../say/claim.ts'
import { lastMoment } from '../suite/coverage.ts'

/** A node on the other end of the cables sent a frame. */
export const hasAnswered = ({ frames }: Pick<Recording, 'frames'>): boolean =>
  frames.some(({ direction }) => direction === 'in')

/**
 * The result for a router that sent no frame in a scenario that was stopped for this. The rest of a plan would take
 * long, and show no more. Undefined: it is not known to send no frame.
 */
export function silence(recording: Pick<Recording, 'scenario' | 'frames' | 'marks' | 'outcome'>): Claim | undefined {
  if (recording.outcome.end !== 'blocked' || hasAnswered(recording)) return undefined
  const seconds = the.seconds(lastMoment(recording), 0)
  return claim`the router sent no frame on any port in ${seconds} (${the.name(recording.scenario)}): is it on, and plugged in?`
}
