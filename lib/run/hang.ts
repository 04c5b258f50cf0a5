import { isAgain, scenarioOf } from '../recording/again.ts'
import type { Frame, Recording } from '../recording/recording.ts'
import { lastMoment } from '../suite/coverage.ts'
import type { Result } from '../suite/verdict.ts'

/** Seconds without a frame of the router until the end of a recording. */
const quiet = 10
/** Frames in these seconds that it would have answered. Where nothing is asked, it may have nothing to send. */
const unanswered = 3

const answerable: ReadonlySet<unknown> = new Set(['neighbor-solicitation', 'router-solicitation', 'echo-request'])

/** A node on the LAN sent it, and a router in order answers. */
const asks = ({ port, direction, packet }: Frame): boolean =>
  direction === 'out' && port !== 'wan0' && (packet.dhcp6 !== undefined || answerable.has(packet.icmp6?.type))

/**
 * The router sent frames, and then none until the end, although it was asked. One that is only slow may look so too: then a
 * second recording is superfluous, but changes no verdict.
 */
export function hangs({ frames, marks }: Pick<Recording, 'frames' | 'marks'>): boolean {
  const last = frames.findLast(({ direction }) => direction === 'in')
  if (!last || lastMoment({ frames, marks }) - last.at < quiet) return false
  return frames.filter((frame) => frame.at > last.at && asks(frame)).length >= unanswered
}

/** Adds the results of a recording. Those of a scenario's second one only take the place of what the first one blocked. */
export function withResults(results: readonly Result[], recording: string, added: readonly Result[]): Result[] {
  if (!isAgain(recording)) return [...results, ...added]
  return results.map((result) => {
    if (result.cause !== 'blocked' || result.scenario !== scenarioOf(recording)) return result
    const again = added.find((one) => one.requirement === result.requirement && one.case === result.case)
    return again && again.verdict !== 'inconclusive' ? { ...again, scenario: recording } : result
  })
}
