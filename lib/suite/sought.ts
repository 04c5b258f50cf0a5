import type { Frame } from '../recording/recording.ts'
import { type Claim, claim, the } from '../say/claim.ts'
import { describeDifferences } from '../wire/describe-pattern.ts'
import { nearestMiss, type Pattern } from '../wire/match.ts'
import { isBy, type Until } from './coverage.ts'

/** What was looked for in a query: the frame that matches, and what describes its absence. */
export interface Sought {
  first: Frame | undefined
  pattern: Pattern
  /** Frames of the same sender, link and time. */
  among: readonly Frame[]
}

/** The frame by `until` that differs least from what was looked for, and in what; undefined where none is like it. */
export function nearest({ pattern, among }: Sought, until: Until): { frame: Frame; difference: Claim } | undefined {
  // Of a pattern that asks for nothing every frame is.
  if (Object.keys(pattern).length === 0) return undefined
  const frames = new Map(among.filter((frame) => isBy(frame, until)).map((frame) => [frame.packet, frame]))
  const miss = nearestMiss(frames.keys(), pattern)
  const frame = miss && frames.get(miss.packet)
  if (!frame) return undefined
  const described = claim`${frame}: ${the.packet(frame.packet)}`
  if (miss.differences.length === 0) return { frame, difference: described }
  return { frame, difference: claim`${described} (${the.packet(describeDifferences(miss.differences))})` }
}
