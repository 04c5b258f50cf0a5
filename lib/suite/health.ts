import type { Recording } from '../recording/recording.ts'
import { type Claim, claim, the } from '../say/claim.ts'
import { otherNodes } from './other-nodes.ts'

/**
 * What may be wrong with the lab itself. Whatever it touches is `lab`, never `fail`:
 *
 * | fault | noticed by | touches |
 * | --- | --- | --- |
 * | bench too late, event loop blocked, the router's processes without a CPU | `lab/health`, as marks | claims about time in that span: `lateness.ts` |
 * | hosts on a LAN segment | their MACs, in `lib/recording` | their frames, which no judgement sees |
 * | another router on the LAN, another subscriber on the line | two MACs that send by turns: `other-nodes.ts` | the recording |
 * | carrier lost | `lab/health/carriers.ts`, as the outcome | the recording |
 * | carrier lost at a setting of the page | marks of carrier: `carrier-losses.ts` | what was not seen in that span |
 * | frames lost, checksums not filled in | the ports | the recording |
 * | clock stepped | the lab's clock | the recording |
 */
const faults: ((recording: Recording) => Claim | undefined)[] = [
  ({ outcome }) => (outcome.end === 'lab' ? outcome.because : undefined),
  ({ drops }) => (drops > 0 ? claim`the capture lost ${drops} frames` : undefined),
  ({ unsummed = 0 }) =>
    unsummed > 0
      ? claim`${unsummed} frames arrived without checksums, because the sender left them to its network card: turn off checksum offload`
      : undefined,
  otherNodes,
  ({ clockStep }) =>
    Math.abs(clockStep) > 0.1 ? claim`the wall clock was stepped by ${the.seconds(clockStep, 3)}` : undefined,
]

/** Why nothing in this recording can be trusted, if so. */
export function untrusted(recording: Recording): { cause: 'lab' | 'harness'; because: Claim } | undefined {
  const { outcome } = recording
  if (outcome.end === 'harness') return { cause: 'harness', because: outcome.because }
  for (const fault of faults) {
    const because = fault(recording)
    if (because) return { cause: 'lab', because }
  }
  return undefined
}
