import type { Capability } from '../recording/capabilities.ts'
import type { Frame, Recording } from '../recording/recording.ts'
import { describe } from '../wire/describe.ts'
import { endOf, isBy, isFrame, type Look, lastMoment, type Span, type Until } from './coverage.ts'
import { latenessIn } from './lateness.ts'
import { nearest, type Sought } from './sought.ts'
import type { Window } from './timing.ts'
import type { Cause, Level } from './verdict.ts'

/** Thrown by `judge` and its companions; nothing else may decide a verdict. */
export class Decision extends Error {
  override readonly name = 'Decision'
  constructor(
    readonly verdict: 'fail' | 'inconclusive' | 'not-applicable',
    readonly because: string,
    readonly details: { expected?: string; seen?: string; cause?: Cause; blockedBy?: string } = {},
  ) {
    super(because)
  }
}

/** What can't be said of a router, because of a requirement that it does not meet. */
export const blocked = (by: string, because: string): Decision =>
  new Decision('inconclusive', because, { cause: 'blocked', blockedBy: by })

/** What has been looked at so far, and what was said about it. */
export interface Findings {
  frames: Map<number, string>
  marks: number
  claims: string[]
  notes: string[]
  warning?: { expected: string; seen: string }
  /** The requirements, or cases of them, whose failure explains one here. */
  followsFrom: string[]
  /** Capabilities that are shown, although the product is stated to lack them. */
  contradicts?: Capability[]
  /** When the last window ended that a claim looked at, in seconds of the recording: nothing later is judged. */
  until: number
}

export const findings = (): Findings => ({
  frames: new Map(),
  marks: 0,
  claims: [],
  notes: [],
  followsFrom: [],
  until: 0,
})

/** Where an unwanted frame would lie: between a stimulus and a fence that had to follow on the same path, or by time. */
export type Absence = { since: Look; fence: Look } | { since: Look; seconds: number }

/**
 * The only thing that can fail a DUT. Each call states a claim (what the clause asks for, as a full sentence) and
 * names the frames or marks that it looked at: they are the evidence. The first claim that does not hold decides.
 * What is missing is held against a DUT only where the recording holds all of the time that it had.
 */
export interface Judge {
  /** It is there by then, such as by the mark that tells what came of a step; what came later does not count. */
  found(look: Frame | Sought | undefined, until: Until, claim: string, ...context: Look[]): Frame
  found<T extends Look>(look: T | undefined, until: Until, claim: string, ...context: Look[]): T
  /** It is there within `seconds` of a moment. Absent from a recording that lasted so long, it fails whatever stopped it. */
  due(look: Frame | Sought | undefined, by: Span, claim: string, ...context: Look[]): Frame
  due<T extends Look>(look: T | undefined, by: Span, claim: string, ...context: Look[]): T
  holds(condition: boolean, claim: string, seen: string, ...looked: Look[]): void
  /** The claim ends before what is expected, which is said after it: `Its hop limit`, `The connection is`. */
  equal<T extends string | number | boolean | undefined>(seen: T, expected: T, claim: string, ...looked: Look[]): void
  /** `value` lies in the window; beyond `goal` but inside the window it warns. */
  within(value: number, window: Window & { goal?: number }, claim: string, ...looked: [Look, ...Look[]]): void
  /** None was seen before the window's end; what came later does not count. */
  absent(unwanted: readonly Frame[], claim: string, window: Absence): void
  /** Each of them holds; one at least must be there. `seen` says what is wrong with one, undefined when nothing is. */
  each(frames: readonly Frame[], claim: string, seen: (frame: Frame) => string | undefined): void
  /** A project's goal: where it does not hold the verdict is `warn` unless something fails. A MUST has none. */
  goal(condition: boolean, claim: string, seen: string, ...looked: [Look, ...Look[]]): void
  /** Records which behavior was seen, without judging it. */
  note(text: string, ...looked: Look[]): void
}

const isSought = (look: Look | Sought | undefined): look is Sought => look !== undefined && 'among' in look

const say = (look: Look): string =>
  isFrame(look)
    ? `frame ${look.number}: ${describe(look.packet)}`
    : `mark ${look.mark}, which follows frame ${look.number}`

/** A wait of this share of a window may be why something was not seen in it. */
const shareOfWindow = 0.1
/** Where a claim names no window, at least this much time before its fence counts as one. Seconds. */
const shortestWindow = 1

/** Rounded for people; the capture has the exact value. */
const seconds = (value: number): string => `${value.toFixed(3)} s`

export function judgeOn(recording: Recording, requirement: string, found: Findings, level?: Level): Judge {
  const reached = (until: Until) => {
    found.until = Math.max(found.until, endOf(until))
  }
  const look = (claim: string, looked: readonly Look[]) => {
    for (const one of looked) {
      reached(one)
      if (isFrame(one)) {
        if (!found.frames.has(one.number)) found.frames.set(one.number, claim)
      } else found.marks++
    }
  }
  const fail = (expected: string, seen: string): never => {
    throw new Decision('fail', `Expected: ${expected} Seen: ${seen}`, { expected, seen })
  }
  /** Only the id that a scenario stopped for may be blamed for what is missing in it. */
  const stopped = () => {
    const { outcome } = recording
    if (outcome.end === 'blocked' && outcome.by !== requirement) throw blocked(outcome.by, outcome.because)
  }
  /** Ends the judgement where the machine kept bench or DUT waiting, in this span, for so long that it may be the cause. */
  const waited = (expected: string, from: number, until: number, isEnough: (seconds: number) => boolean) => {
    const { bench, dut } = latenessIn(recording, from, until)
    const [who, longest] = dut > bench ? ["the router's processes", dut] : ['the bench', bench]
    if (longest === 0 || !isEnough(longest)) return
    const because = `${who} had to wait ${seconds(longest)} for the machine while this was measured`
    throw new Decision('inconclusive', because, { cause: 'lab', expected })
  }
  /** What did not come, or came when it should not, in a window of which a good part was waited for the machine. */
  const waitedMuch = (expected: string, from: number, until: number) =>
    waited(expected, from, until, (longest) => longest >= shareOfWindow * (until - from))
  /** What was measured is off by no more than what was waited. */
  const waitedAsMuch = (expected: string, from: number, until: number, off: number) =>
    waited(expected, from, until, (longest) => longest >= off)
  /** Names the frame that comes nearest to what did not come by then. */
  const failWithNearest = (expected: string, seen: string, until: Until, sought?: Sought): never => {
    const near = sought && nearest(sought, until)
    if (near) look(expected, [near.frame])
    return fail(expected, near ? `${seen}; nearest is ${near.text}` : seen)
  }
  /** What did not come by then, or came too late. */
  const missing = (claim: string, since: Look, until: Until, late?: Look, sought?: Sought): never => {
    stopped()
    const end = endOf(until)
    if (late) waitedAsMuch(claim, since.at, late.at, late.at - end)
    else waitedMuch(claim, Math.min(since.at, end - shortestWindow), end)
    if (!('seconds' in until)) {
      if (late) return fail(claim, `no earlier than ${say(late)}`)
      return failWithNearest(claim, `nothing such by ${say(until)}`, until, sought)
    }
    const after = say(until.after)
    if (late) return fail(claim, `${seconds(late.at - until.after.at)} after ${after}`)
    return failWithNearest(claim, `nothing such within ${until.seconds} s after ${after}`, until, sought)
  }
  /** Ends the judgement where the recording does not hold all of this window. */
  const covered = (expected: string, { after, seconds: within }: Span) => {
    const lasted = lastMoment(recording) - after.at
    if (lasted >= within) return
    stopped()
    const because = `the recording ends ${seconds(lasted)} after ${say(after)}; ${within} s were due`
    if (recording.outcome.end !== 'blocked') throw new Decision('inconclusive', because, { cause: 'lab', expected })
  }
  const taken = <T extends Look>(wanted: T | Sought | undefined): [T | undefined, Sought?] =>
    isSought(wanted) ? [wanted.first as T | undefined, wanted] : [wanted]
  const claimed = (claim: string, looked: readonly Look[]) => {
    look(claim, looked)
    found.claims.push(claim)
  }
  return {
    found<T extends Look = Frame>(wanted: T | Sought | undefined, until: Until, claim: string, ...context: Look[]): T {
      const [one, sought] = taken(wanted)
      look(claim, context)
      if (one && isBy(one, until)) {
        claimed(claim, [one])
        return one
      }
      const closing = 'seconds' in until ? until.after : until
      look(claim, [closing, ...(one ? [one] : [])])
      reached(until)
      if ('seconds' in until) covered(claim, until)
      return missing(claim, context[0] ?? closing, until, one, sought)
    },
    due<T extends Look = Frame>(wanted: T | Sought | undefined, window: Span, claim: string, ...context: Look[]): T {
      const [one, sought] = taken(wanted)
      const { after, seconds: within } = window
      look(claim, [after, ...context])
      const asked = `${claim} (within ${within} s)`
      if (one && isBy(one, window)) {
        claimed(claim, [one])
        found.notes.push(`${claim}: ${seconds(one.at - after.at)}`)
        return one
      }
      reached(window)
      if (one) {
        look(claim, [one])
        waitedAsMuch(asked, after.at, one.at, one.at - after.at - within)
        return fail(asked, `${seconds(one.at - after.at)} after ${say(after)}`)
      }
      covered(asked, window)
      waitedMuch(asked, after.at, endOf(window))
      return failWithNearest(asked, `nothing such after ${say(after)}`, window, sought)
    },
    holds(condition, claim, seen, ...looked) {
      claimed(claim, looked)
      if (!condition) fail(claim, seen)
    },
    equal(seen, expected, claim, ...looked) {
      const asked = claim.endsWith('.') ? `${claim} (${expected})` : `${claim}: ${expected}.`
      claimed(asked, looked)
      if (seen !== expected) fail(asked, String(seen))
    },
    within(value, window, claim, ...looked) {
      claimed(claim, looked)
      const asked = `${claim} (${seconds(window.min)} to ${seconds(window.max)}: ${window.why})`
      const last = Math.max(...looked.map(({ at }) => at))
      const highest = Math.min(window.max, window.goal ?? Infinity)
      // A wait of the machine makes a time longer, and the one after it shorter.
      if (!(value >= window.min && value <= highest))
        waitedAsMuch(asked, last - value, last, Math.max(window.min - value, value - highest))
      if (!(value >= window.min && value <= window.max)) fail(asked, seconds(value))
      found.notes.push(`${asked}: ${seconds(value)}`)
      if (window.goal !== undefined && value > window.goal)
        found.warning ??= { expected: `${claim} (goal ${seconds(window.goal)})`, seen: seconds(value) }
    },
    absent(unwanted, claim, window) {
      const { since } = window
      const until = 'fence' in window ? window.fence : { after: since, seconds: window.seconds }
      const early = unwanted.filter((frame) => isBy(frame, until))
      claimed(claim, [...early.slice(0, 5), since, ...('fence' in window ? [window.fence] : [])])
      const [first] = early
      if (first) {
        // A wait that began after it came is not why it came.
        waited(claim, since.at, first.at, (longest) => longest >= shareOfWindow * (endOf(until) - since.at))
        fail(claim, say(first))
      }
      reached(until)
      if (!(endOf(until) >= since.at)) throw new TypeError(`${requirement}: the fence lies before the stimulus`)
      if ('seconds' in until) covered(claim, until)
    },
    each(frames, claim, seen) {
      if (frames.length === 0) throw new TypeError(`${requirement}: "${claim}" was asked of no frame at all`)
      for (const frame of frames) {
        const wrong = seen(frame)
        if (wrong !== undefined) {
          look(claim, [frame])
          fail(claim, `${wrong} in ${say(frame)}`)
        }
      }
      claimed(claim, frames.slice(0, 10))
      reached(frames.at(-1) as Frame)
    },
    goal(condition, claim, seen, ...looked) {
      if (level === 'MUST') throw new TypeError(`${requirement}: a MUST never only warns: "${claim}"`)
      claimed(claim, looked)
      if (!condition) found.warning ??= { expected: claim, seen }
    },
    note(text, ...looked) {
      look(text, looked)
      found.notes.push(text)
    },
  }
}
