import type { Capability } from '../recording/capabilities.ts'
import type { Frame, Recording } from '../recording/recording.ts'
import { type Claim, claim, the, type Value } from '../say/claim.ts'
import { render } from '../say/render.ts'
import { lossIn } from './carrier-losses.ts'
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
    readonly because: Claim,
    readonly details: { expected?: Claim; seen?: Claim; cause?: Cause; blockedBy?: string } = {},
  ) {
    super(verdict)
  }
}

/** What cannot be judged, because of a requirement that the router does not meet. */
export const blocked = (by: string, because: Claim): Decision =>
  new Decision('inconclusive', because, { cause: 'blocked', blockedBy: by })

/** What has been used so far, and the claims about it. */
export interface Findings {
  frames: Map<number, Claim>
  marks: number
  claims: Claim[]
  /** What was measured for them: what a pass shows. */
  measured: Claim[]
  notes: Claim[]
  warning?: { expected: Claim; seen: Claim; deciding: Findings['deciding'] }
  /** The requirements, or cases of them, whose failure explains one here. */
  followsFrom: string[]
  /** Capabilities that are shown, although the product is stated to lack them. */
  contradicts?: Capability[]
  /** What the last claim has looked at. */
  deciding: { claim?: Claim; looks: Look[]; sought?: Sought; missing?: true }
  /** When the last window ended that a claim looked at, in seconds of the recording: nothing later is judged. */
  until: number
}

export const findings = (): Findings => ({
  frames: new Map(),
  marks: 0,
  claims: [],
  measured: [],
  notes: [],
  followsFrom: [],
  deciding: { looks: [] },
  until: 0,
})

/** Where an unwanted frame would lie: between a stimulus and a fence that had to follow on the same path, or by time. */
export type Absence = { since: Look; fence: Look } | { since: Look; seconds: number }

/**
 * The only thing that can fail a DUT. Each call states a claim (what the clause asks for, as a full sentence) and
 * names the frames or marks that it used: they are the evidence. The first claim that does not hold decides.
 * A missing frame counts against a DUT only where the recording covers all of the time that it had.
 */
export interface Judge {
  /** It is present by then, such as by the mark that ends a step; what arrives later does not count. */
  found(look: Frame | Sought | undefined, until: Until, claim: Claim, ...context: Look[]): Frame
  found<T extends Look>(look: T | undefined, until: Until, claim: Claim, ...context: Look[]): T
  /** It is there within `seconds` of a moment. Absent from a recording that lasted so long, it fails whatever stopped it. */
  due(look: Frame | Sought | undefined, by: Span, claim: Claim, ...context: Look[]): Frame
  due<T extends Look>(look: T | undefined, by: Span, claim: Claim, ...context: Look[]): T
  holds(condition: boolean, claim: Claim, seen: Claim, ...looked: Look[]): void
  /** States what a judgement has found where no branch of it failed. It never fails by itself. */
  met(claim: Claim, ...looked: Look[]): void
  /** The claim names the value, and the expected one follows it: `The hop limit`, `The outcome of the connection`. */
  equal<T extends string | number | boolean | undefined>(seen: T, expected: T, claim: Claim, ...looked: Look[]): void
  /** `value` lies in the window; beyond `goal` but inside the window it warns. */
  within(value: number, window: Window & { goal?: number }, claim: Claim, ...looked: [Look, ...Look[]]): void
  /** None was seen before the window's end; what came later does not count. */
  absent(unwanted: readonly Frame[], claim: Claim, window: Absence): void
  /** Each frame meets it; there must be at least one. `seen` returns what is wrong with one, or undefined. */
  each(frames: readonly Frame[], claim: Claim, seen: (frame: Frame) => Claim | undefined): void
  /** A project's goal: where it does not hold the verdict is `warn` unless something fails. A MUST has none. */
  goal(condition: boolean, claim: Claim, seen: Claim, ...looked: [Look, ...Look[]]): void
  /** Records which behavior was seen, without judging it. */
  note(said: Claim, ...looked: Look[]): void
}

const isSought = (look: Look | Sought | undefined): look is Sought => look !== undefined && 'among' in look

const linkTo = (look: Look): Claim =>
  isFrame(look)
    ? claim`${look}: ${the.packet(look.packet)}`
    : claim`mark ${the.name(look.mark)}, after frame ${look.number}`

/** A wait of this share of a window may be why something was not seen in it. */
const shareOfWindow = 0.1
/** Where a claim names no window, at least this much time before its fence counts as one. Seconds. */
const shortestWindow = 1

/** Rounded for people; the capture has the exact value. */
const seconds = (value: number) => the.seconds(value, 3)

const compared = (value: string | number | boolean | undefined): Value =>
  typeof value === 'number' ? value : the.name(String(value))

/** What was expected, and what was seen in its place. */
export const unmet = (expected: Claim, seen: Claim): Claim => claim`Expected: ${expected} Seen: ${seen}`

export function judgeOn(recording: Recording, requirement: string, found: Findings, level?: Level): Judge {
  const reached = (until: Until) => {
    found.until = Math.max(found.until, endOf(until))
  }
  const look = (expected: Claim, looked: readonly Look[]) => {
    if (found.deciding.claim !== expected) found.deciding = { claim: expected, looks: [] }
    found.deciding.looks.push(...looked)
    for (const one of looked) {
      reached(one)
      if (isFrame(one)) {
        if (!found.frames.has(one.number)) found.frames.set(one.number, expected)
      } else found.marks++
    }
  }
  const fail = (expected: Claim, seen: Claim): never => {
    throw new Decision('fail', unmet(expected, seen), { expected, seen })
  }
  /** Only the id that a scenario stopped for may be blamed for what is missing in it. */
  const stopped = () => {
    const { outcome } = recording
    if (outcome.end === 'blocked' && outcome.by !== requirement) throw blocked(outcome.by, outcome.because)
  }
  /** Ends the judgement where the machine kept bench or DUT waiting, in this span, for so long that it may be the cause. */
  const waited = (expected: Claim, from: number, until: number, isEnough: (seconds: number) => boolean) => {
    const { bench, dut } = latenessIn(recording, from, until)
    const [party, longest] = dut > bench ? [claim`the processes of the router`, dut] : [claim`the bench`, bench]
    if (longest === 0 || !isEnough(longest)) return
    const because = claim`${party} waited ${seconds(longest)} for the CPU during this measurement`
    throw new Decision('inconclusive', because, { cause: 'lab', expected })
  }
  /** Ends the judgement where a port had no carrier in this span, so that what was sent there is not on it. */
  const unseen = (expected: Claim, from: number, until: number, isMeant?: (port: string) => boolean) => {
    const port = lossIn(recording, from, until, isMeant)
    if (port === undefined) return
    const because = claim`${the.name(port)} lost carrier during this measurement, after a setting of the page`
    throw new Decision('inconclusive', because, { cause: 'lab', expected })
  }
  /** What did not come, or came when it should not, in a window of which a good part was waited for the machine. */
  const waitedMuch = (expected: Claim, from: number, until: number) =>
    waited(expected, from, until, (longest) => longest >= shareOfWindow * (until - from))
  /** What was measured is off by no more than what was waited. */
  const waitedAsMuch = (expected: Claim, from: number, until: number, off: number) =>
    waited(expected, from, until, (longest) => longest >= off)
  /** Names the frame that comes nearest to what did not come by then. */
  const failWithNearest = (expected: Claim, seen: Claim, until: Until, sought?: Sought): never => {
    const near = sought && nearest(sought, until)
    if (sought) found.deciding.sought = sought
    if (near) look(expected, [near.frame])
    if (sought && !near) return fail(expected, claim`${seen}, and no similar one`)
    return fail(expected, near ? claim`${seen}; the nearest is ${near.difference}` : seen)
  }
  /** What did not come by then, or came too late. */
  const missing = (expected: Claim, since: Look, until: Until, late?: Look, sought?: Sought): never => {
    stopped()
    if (!late) found.deciding.missing = true
    const end = endOf(until)
    unseen(expected, Math.min(since.at, end - shortestWindow), late?.at ?? end)
    if (late) waitedAsMuch(expected, since.at, late.at, late.at - end)
    else waitedMuch(expected, Math.min(since.at, end - shortestWindow), end)
    if (!('seconds' in until)) {
      if (late) return fail(expected, claim`not before ${linkTo(late)}`)
      return failWithNearest(expected, claim`no such packet or event until ${linkTo(until)}`, until, sought)
    }
    const after = linkTo(until.after)
    if (late) return fail(expected, claim`${seconds(late.at - until.after.at)} after ${after}`)
    const seen = claim`no such packet or event within ${the.seconds(until.seconds)} after ${after}`
    return failWithNearest(expected, seen, until, sought)
  }
  /** Ends the judgement where the recording does not hold all of this window. */
  const covered = (expected: Claim, { after, seconds: within }: Span) => {
    const lasted = lastMoment(recording) - after.at
    if (lasted >= within) return
    stopped()
    const because = claim`the recording ends ${seconds(lasted)} after ${linkTo(after)}; ${the.seconds(within)} are required`
    if (recording.outcome.end !== 'blocked') throw new Decision('inconclusive', because, { cause: 'lab', expected })
  }
  const taken = <T extends Look>(wanted: T | Sought | undefined): [T | undefined, Sought?] =>
    isSought(wanted) ? [wanted.first as T | undefined, wanted] : [wanted]
  const claimed = (expected: Claim, looked: readonly Look[], measured?: Claim) => {
    look(expected, looked)
    found.claims.push(expected)
    if (measured) found.measured.push(measured)
    else if (expected.values.length > 0) found.measured.push(claim`${the.list(expected.values)}`)
  }
  return {
    found<T extends Look = Frame>(
      wanted: T | Sought | undefined,
      until: Until,
      expected: Claim,
      ...context: Look[]
    ): T {
      const [one, sought] = taken(wanted)
      look(expected, context)
      if (one && isBy(one, until)) {
        claimed(expected, [one], claim`frame ${one.number}`)
        return one
      }
      const closing = 'seconds' in until ? until.after : until
      look(expected, [closing, ...(one ? [one] : [])])
      reached(until)
      if ('seconds' in until) covered(expected, until)
      return missing(expected, context[0] ?? closing, until, one, sought)
    },
    due<T extends Look = Frame>(wanted: T | Sought | undefined, window: Span, expected: Claim, ...context: Look[]): T {
      const [one, sought] = taken(wanted)
      const { after, seconds: within } = window
      look(expected, [after, ...context])
      const asked = claim`${expected} (within ${the.seconds(within)})`
      if (one && isBy(one, window)) {
        const took = claim`${seconds(one.at - after.at)}`
        claimed(expected, [one], took)
        found.notes.push(claim`${expected}: ${took}`)
        return one
      }
      reached(window)
      if (one) {
        look(expected, [one])
        unseen(asked, after.at, one.at)
        waitedAsMuch(asked, after.at, one.at, one.at - after.at - within)
        return fail(asked, claim`${seconds(one.at - after.at)} after ${linkTo(after)}`)
      }
      covered(asked, window)
      found.deciding.missing = true
      unseen(asked, after.at, endOf(window))
      waitedMuch(asked, after.at, endOf(window))
      return failWithNearest(asked, claim`no such packet or event after ${linkTo(after)}`, window, sought)
    },
    holds(condition, expected, seen, ...looked) {
      claimed(expected, looked)
      if (condition) return
      const [times, ports] = [looked.map(({ at }) => at), looked.filter(isFrame).map(({ port }) => port)]
      if (looked.length > 1) unseen(expected, Math.min(...times), Math.max(...times), (port) => ports.includes(port))
      fail(expected, seen)
    },
    met: (expected, ...looked) => claimed(expected, looked),
    equal(seen, wanted, expected, ...looked) {
      const value = compared(wanted)
      const asked = render(expected).endsWith('.') ? claim`${expected} (${value})` : claim`${expected}: ${value}.`
      claimed(asked, looked, claim`${value}`)
      if (seen !== wanted) fail(asked, claim`${compared(seen)}`)
    },
    within(value, window, expected, ...looked) {
      const measured = claim`${seconds(value)}`
      claimed(expected, looked, measured)
      const asked = claim`${expected} (${seconds(window.min)} to ${seconds(window.max)}: ${window.why})`
      const last = Math.max(...looked.map(({ at }) => at))
      const highest = Math.min(window.max, window.goal ?? Infinity)
      // A wait of the machine makes a time longer, and the one after it shorter.
      if (!(value >= window.min && value <= highest)) {
        unseen(expected, last - value, last)
        waitedAsMuch(asked, last - value, last, Math.max(window.min - value, value - highest))
      }
      if (!(value >= window.min && value <= window.max)) fail(asked, measured)
      found.notes.push(claim`${asked}: ${measured}`)
      if (window.goal !== undefined && value > window.goal)
        found.warning ??= {
          expected: claim`${expected} (goal: ${seconds(window.goal)})`,
          seen: measured,
          deciding: found.deciding,
        }
    },
    absent(unwanted, expected, window) {
      const { since } = window
      const until = 'fence' in window ? window.fence : { after: since, seconds: window.seconds }
      const early = unwanted.filter((frame) => isBy(frame, until))
      claimed(expected, [...early.slice(0, 5), since, ...('fence' in window ? [window.fence] : [])], claim`none`)
      const [first] = early
      if (first) {
        // A wait that began after it came is not why it came.
        waited(expected, since.at, first.at, (longest) => longest >= shareOfWindow * (endOf(until) - since.at))
        fail(expected, linkTo(first))
      }
      reached(until)
      if (!(endOf(until) >= since.at)) throw new TypeError(`${requirement}: the fence lies before the stimulus`)
      if ('seconds' in until) covered(expected, until)
    },
    each(frames, expected, seen) {
      if (frames.length === 0) throw new TypeError(`${requirement}: "${render(expected)}" was asked of no frame at all`)
      for (const frame of frames) {
        const wrong = seen(frame)
        if (wrong !== undefined) {
          look(expected, [frame])
          fail(expected, claim`${wrong} in ${linkTo(frame)}`)
        }
      }
      claimed(expected, frames.slice(0, 10))
      reached(frames.at(-1) as Frame)
    },
    goal(condition, expected, seen, ...looked) {
      if (level === 'MUST') throw new TypeError(`${requirement}: a MUST never only warns: "${render(expected)}"`)
      claimed(expected, looked)
      if (!condition) found.warning ??= { expected, seen, deciding: found.deciding }
    },
    note(expected, ...looked) {
      const note = expected
      look(note, looked)
      found.notes.push(note)
    },
  }
}
