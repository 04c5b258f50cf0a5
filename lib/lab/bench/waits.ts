import type { Frame, Mark } from '../../recording/recording.ts'
import type { Tape } from '../../recording/tape.ts'
import { type Claim, claim, quoted, the } from '../../say/claim.ts'
import { render } from '../../say/render.ts'
import type { Deadline } from '../../suite/timing.ts'
import type { Clock } from '../../time/clock.ts'
import { describeDifferences, describePattern } from '../../wire/describe-pattern.ts'
import { matches, nearestMiss, type Pattern } from '../../wire/match.ts'

/** The scenario can't go on: what a requirement asks for never came. */
export class Blocked extends Error {
  override readonly name = 'Blocked'
  constructor(
    readonly by: string,
    readonly because: Claim,
  ) {
    super(render(because))
  }
}

/** The bench itself failed, or the cable between it and the DUT: never the DUT's fault. */
export class LabTrouble extends Error {
  override readonly name: string = 'LabTrouble'
  constructor(readonly because: Claim) {
    super(render(because))
  }
}

/** The DUT cannot be powered any more: no later result of this lab would mean anything. */
export class LabBroken extends LabTrouble {
  override readonly name = 'LabBroken'
}

/** The text of an error: the lab's own errors contain a claim. */
export function becauseOf(error: unknown): Claim {
  if (error instanceof LabTrouble || error instanceof Blocked) return error.because
  return quoted(error instanceof Error ? error.message : String(error))
}

export interface Waits {
  /** The first frame after `since` that fits, or undefined at the deadline, which counts from `since`. */
  frame(
    fits: (frame: Frame) => boolean,
    pattern: Pattern | undefined,
    since: Frame | Mark,
    by: Deadline,
    what: string,
  ): Promise<Frame | undefined>
  /** Whatever `ask` gives once it gives something; asked again after each frame and each `again` seconds. */
  until<T>(ask: () => T | undefined, by: Deadline, what: string, since?: Frame | Mark): Promise<T | undefined>
  pause(by: Deadline): Promise<void>
  /** An act of a node that waits by itself: what the protocol makes it wait is counted. */
  during<T>(by: Deadline, act: Promise<T>): Promise<T>
  /** Ends every open wait with this error, and each that is begun later. */
  fail(error: Error): void
  /** Rejects at the first `fail`: for what waits by other means. */
  failed: Promise<never>
  /** What is being waited for, for the message of a stall. */
  open(): string[]
  /** Seconds that the protocol forced, overlapping waits counted once. */
  forced(): number
  /** The text for a wait without a match: the nearest frame, field by field. */
  nearest(pattern: Pattern, candidates: Frame[]): Claim
}

/** How often a condition that no frame announces is looked at. Seconds. */
const again = 0.1

export function waits(clock: Clock, tape: Tape, settled: () => void): Waits {
  const open = new Map<symbol, { what: string; reject: (error: Error) => void }>()
  const spans: [number, number][] = []
  let broken: Error | undefined
  let reportFailure = (_error: Error) => {}
  const failed = new Promise<never>((_, reject) => {
    reportFailure = reject
  })
  failed.catch(() => {})

  function wait<T>(
    what: string,
    since: number,
    by: Deadline,
    begin: (finish: (value: T | undefined) => void) => () => void,
  ) {
    return new Promise<T | undefined>((resolve, reject) => {
      if (broken) return reject(broken)
      const key = Symbol(what)
      const started = clock.now()
      let stop = () => {}
      let done = false
      const close = () => {
        if (done) return false
        done = true
        stop()
        timer.cancel()
        open.delete(key)
        spans.push([started, Math.max(started, Math.min(clock.now(), since + by.forced))])
        settled()
        return true
      }
      const finish = (value: T | undefined) => {
        if (close()) resolve(value)
      }
      const left = Math.max(0, since + by.forced + by.slack - started)
      const timer = clock.after(left, () => finish(undefined))
      open.set(key, {
        what: `${what} (${render(by.why)})`,
        reject: (error) => {
          if (close()) reject(error)
        },
      })
      stop = begin(finish)
      if (done) stop()
    })
  }

  return {
    frame(fits, pattern, since, by, what) {
      const wanted = (frame: Frame) => fits(frame) && (!pattern || matches(frame.packet, pattern))
      // Numbers on the tape count from 1: the frame after this one.
      let next = since.number
      while (next < tape.frames.length && !wanted(tape.frames[next] as Frame)) next++
      const past = tape.frames[next]
      if (past) return broken ? Promise.reject(broken) : Promise.resolve(past)
      return wait(what, since.at, by, (finish) =>
        tape.listen((frame) => {
          if (wanted(frame)) finish(frame)
        }),
      )
    },
    until(ask, by, what, since) {
      const now = ask()
      if (now !== undefined) return broken ? Promise.reject(broken) : Promise.resolve(now)
      return wait(what, since?.at ?? clock.now(), by, (finish) => {
        const look = () => {
          const value = ask()
          if (value !== undefined) finish(value)
        }
        let timer = clock.after(again, function tick() {
          timer = clock.after(again, tick)
          look()
        })
        const unlisten = tape.listen(() => look())
        return () => {
          timer.cancel()
          unlisten()
        }
      })
    },
    during(by, act) {
      const started = clock.now()
      return act.finally(() => spans.push([started, Math.min(clock.now(), started + by.forced)]))
    },
    async pause(by) {
      await wait(render(by.why), clock.now(), { ...by, slack: 0 }, () => () => {})
    },
    fail(error) {
      if (broken) return
      broken = error
      reportFailure(error)
      for (const one of [...open.values()]) one.reject(error)
      settled()
    },
    failed,
    open: () => [...open.values()].map((one) => one.what),
    forced() {
      let total = 0
      let end = 0
      for (const [from, to] of [...spans].sort((a, b) => a[0] - b[0])) {
        total += Math.max(0, to - Math.max(from, end))
        end = Math.max(end, to)
      }
      return total
    },
    nearest(pattern, candidates) {
      const miss = nearestMiss(
        candidates.map((frame) => frame.packet),
        pattern,
      )
      const wanted = the.packet(describePattern(pattern))
      if (!miss) return claim`${wanted} was not seen, and no similar frame`
      return claim`${wanted} was not seen; the nearest frame: ${the.packet(describeDifferences(miss.differences))}`
    },
  }
}
