import type { Frame, Mark, Recording } from '../recording/recording.ts'

/** Anything that a judgement can look at. */
export type Look = Frame | Mark

/** A number of seconds after a moment. */
export interface Span {
  after: Look
  seconds: number
}

/**
 * When a router's time is over: a number of seconds after a moment, or at a fence, which is a frame or a mark that was
 * recorded after it.
 */
export type Until = Look | Span

export const isFrame = (look: Look): look is Frame => 'bytes' in look

const isSpan = (until: Until): until is Span => 'seconds' in until

/** Seconds since the recording's start. */
export const endOf = (until: Until): number => (isSpan(until) ? until.after.at + until.seconds : until.at)

/** Whether it came by then. What a mark names did: the mark was made when it was over. */
export function isBy(look: Look, until: Until): boolean {
  if (isSpan(until)) return look.at - until.after.at <= until.seconds
  if (isFrame(look) && isFrame(until)) return look.number <= until.number
  if (isFrame(look) && !isFrame(until) && until.frames?.includes(look.number)) return true
  if (isFrame(look)) return look.at < until.at || (look.at === until.at && look.number <= until.number)
  return look.at <= until.at
}

/** When the recording ends, in seconds since its start. */
export const lastMoment = ({ frames, marks }: Pick<Recording, 'frames' | 'marks'>): number =>
  Math.max(frames.at(-1)?.at ?? 0, marks.at(-1)?.at ?? 0)

/** The last mark of every scenario: what was recorded has its end. Older recordings have none. */
export const endMark = 'end'

/** Whether the recording is known to hold all of the scenario. */
export const isWhole = ({ marks }: Pick<Recording, 'marks'>): boolean => marks.at(-1)?.mark === endMark
