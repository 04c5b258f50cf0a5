import type { Frame, Mark, Recording } from '../recording/recording.ts'
import { describe } from '../wire/describe.ts'
import type { Window } from './timing.ts'
import type { Cause } from './verdict.ts'

/** Anything that a judgement can look at. */
export type Look = Frame | Mark

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
}

export const findings = (): Findings => ({ frames: new Map(), marks: 0, claims: [], notes: [] })

/**
 * The only thing that can fail a DUT. Each call states a claim (what the clause asks for, as a full sentence) and
 * names the frames or marks that it looked at: they are the evidence. The first claim that does not hold decides.
 */
export interface Judge {
  /** It is there. An absence in a recording that stopped early is not held against the DUT. */
  found<T extends Look>(look: T | undefined, claim: string, ...context: Look[]): T
  /** It is there within `seconds` of a moment. Absent from a recording that lasted so long, it fails whatever stopped it. */
  due<T extends Look>(look: T | undefined, by: { after: Look; seconds: number }, claim: string, ...context: Look[]): T
  holds(condition: boolean, claim: string, seen: string, ...looked: Look[]): void
  /** The claim ends before what is expected, which is said after it: `Its hop limit`, `The connection is`. */
  equal<T extends string | number | boolean | undefined>(seen: T, expected: T, claim: string, ...looked: Look[]): void
  /** `value` lies in the window; beyond `goal` but inside the window it warns. */
  within(value: number, window: Window & { goal?: number }, claim: string, ...looked: [Look, ...Look[]]): void
  /** None was seen up to the fence, a frame that had to follow on the same path. */
  absent(unwanted: readonly Frame[], claim: string, fence: { fence: Look; since: Look }): void
  /** Each of them holds; one at least must be there. `seen` says what is wrong with one, undefined when nothing is. */
  each(frames: readonly Frame[], claim: string, seen: (frame: Frame) => string | undefined): void
  /** A floor holds but the goal does not: the verdict is `warn` unless something fails. */
  goal(condition: boolean, claim: string, seen: string, ...looked: [Look, ...Look[]]): void
  /** Records which behaviour was seen, without judging it. */
  note(text: string, ...looked: Look[]): void
}

const isFrame = (look: Look): look is Frame => 'bytes' in look

const say = (look: Look): string =>
  isFrame(look)
    ? `frame ${look.number}: ${describe(look.packet)}`
    : `mark ${look.mark}, which follows frame ${look.number}`

/** Rounded for people; the capture has the exact value. */
const seconds = (value: number): string => `${value.toFixed(3)} s`

export function judgeOn(recording: Recording, requirement: string, found: Findings): Judge {
  const look = (claim: string, looked: readonly Look[]) => {
    for (const one of looked)
      if (isFrame(one)) {
        if (!found.frames.has(one.number)) found.frames.set(one.number, claim)
      } else found.marks++
  }
  const fail = (expected: string, seen: string): never => {
    throw new Decision('fail', `Expected: ${expected} Seen: ${seen}`, { expected, seen })
  }
  const missing = (claim: string, context: readonly Look[]): never => {
    const { outcome } = recording
    // The scenario stopped before the router had its full time; only the id it stopped for may be blamed.
    if (outcome.end === 'blocked' && outcome.by !== requirement) throw blocked(outcome.by, outcome.because)
    const last = context.at(-1)
    return fail(claim, last ? `nothing such after ${say(last)}` : 'nothing such in the recording')
  }
  const claimed = (claim: string, looked: readonly Look[]) => {
    look(claim, looked)
    found.claims.push(claim)
  }
  return {
    found(one, claim, ...context) {
      look(claim, context)
      if (!one) return missing(claim, context)
      claimed(claim, [one])
      return one
    },
    due(one, { after, seconds: within }, claim, ...context) {
      look(claim, [after, ...context])
      const asked = `${claim} (within ${within} s)`
      if (one && one.at - after.at <= within) {
        claimed(claim, [one])
        found.notes.push(`${claim}: ${seconds(one.at - after.at)}`)
        return one
      }
      if (one) {
        look(claim, [one])
        return fail(asked, `${seconds(one.at - after.at)} after ${say(after)}`)
      }
      const end = Math.max(recording.frames.at(-1)?.at ?? 0, recording.marks.at(-1)?.at ?? 0)
      if (end - after.at >= within) return fail(asked, `nothing such after ${say(after)}`)
      return missing(asked, [after])
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
      if (!(value >= window.min && value <= window.max)) fail(asked, seconds(value))
      found.notes.push(`${asked}: ${seconds(value)}`)
      if (window.goal !== undefined && value > window.goal)
        found.warning ??= { expected: `${claim} (goal ${seconds(window.goal)})`, seen: seconds(value) }
    },
    absent(unwanted, claim, { fence, since }) {
      claimed(claim, [...unwanted.slice(0, 5), since, fence])
      const [first] = unwanted
      if (first) fail(claim, say(first))
      if (!(fence.at >= since.at)) throw new TypeError(`${requirement}: the fence lies before the stimulus`)
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
    },
    goal(condition, claim, seen, ...looked) {
      claimed(claim, looked)
      if (!condition) found.warning ??= { expected: claim, seen }
    },
    note(text, ...looked) {
      look(text, looked)
      found.notes.push(text)
    },
  }
}
