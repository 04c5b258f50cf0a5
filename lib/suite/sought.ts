import type { Frame } from '../recording/recording.ts'
import { describe } from '../wire/describe.ts'
import { describeDifferences } from '../wire/describe-pattern.ts'
import { differences, nearestMiss, type Pattern } from '../wire/match.ts'
import { isBy, type Until } from './coverage.ts'

/** What was looked for in a query: the frame that matches, and what can be said where there is none. */
export interface Sought {
  first: Frame | undefined
  pattern: Pattern
  /** Frames of the same sender, link, time and layer. */
  among: readonly Frame[]
}

const errors: unknown[] = ['destination-unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem']

/** Of ICMPv6 an error may have come in place of an answer; any other type is another subject. */
const isAlike = (pattern: Pattern, { packet }: Frame) =>
  errors.includes(packet.icmp6?.type) || differences(packet, pattern).every(({ path }) => path !== 'icmp6.type')

/** The frame by `until` that differs least from what was looked for, and in what; undefined where none is like it. */
export function nearest({ pattern, among }: Sought, until: Until): { frame: Frame; text: string } | undefined {
  const alike = among.filter((frame) => isBy(frame, until) && isAlike(pattern, frame))
  const frames = new Map(alike.map((frame) => [frame.packet, frame]))
  const miss = nearestMiss(frames.keys(), pattern)
  const frame = miss && frames.get(miss.packet)
  if (!frame) return undefined
  return { frame, text: `frame ${frame.number}: ${describe(frame.packet)} (${describeDifferences(miss.differences)})` }
}
