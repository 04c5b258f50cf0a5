import type { Clock, Timer } from './clock.ts'

/** Real time, on a basis that the kernel's packet timestamps share. */
export interface RealClock extends Clock {
  /** CLOCK_REALTIME at second 0, in nanoseconds: what a kernel timestamp is counted from. */
  readonly origin: bigint
  /** Seconds by which the wall clock was stepped against the monotonic one since the start; 0 when it was not. */
  step(): number
}

type Ticks = [seconds: number, nanoseconds: number]

/** Node's longest timeout is 2^31 - 1 ms; a longer one would fire at once. */
const longestTimeout = 2 ** 31 - 1

export function realClock(): RealClock {
  const { origin, start, lag } = calibrate()
  const now = () => since(start, process.hrtime())

  return {
    origin,
    now,
    after(seconds, fn) {
      if (Number.isNaN(seconds))
        throw new RangeError('after(): expected seconds, got NaN: a duration was computed from an absent field')
      return seconds === Infinity ? { cancel: () => {} } : realTimer(now, now() + seconds, fn)
    },
    step() {
      const expected = () => Number(origin / 1_000n) / 1e3 + now() * 1e3
      // Read on both sides: we may have been held up between two looks for as long as a busy machine likes.
      const earliest = expected()
      const wall = Date.now()
      const latest = expected() + lag * 1e3
      // Date.now() is cut to milliseconds; 0.01 is for the rounding of microseconds.
      if (earliest > wall + 1.01) return (wall + 1 - earliest) / 1e3
      if (latest < wall - 0.01) return (wall - latest) / 1e3
      return 0
    },
  }
}

function realTimer(now: () => number, due: number, fn: () => void): Timer {
  let timeout: NodeJS.Timeout | undefined
  let immediate: NodeJS.Immediate | undefined

  function arm() {
    const left = (due - now()) * 1e3
    if (left <= 0) immediate = setImmediate(fn)
    else timeout = setTimeout(look, Math.min(Math.ceil(left), longestTimeout))
  }

  // Node may fire up to a millisecond early, and a bench that answers too early breaks the protocol it tests.
  function look() {
    if (now() >= due) fn()
    else arm()
  }

  arm()
  return {
    cancel() {
      clearTimeout(timeout)
      clearImmediate(immediate)
    },
  }
}

/**
 * Finds the wall clock's time at a monotonic instant to a few microseconds. Date.now() only has milliseconds, so we
 * watch it tick; a kernel timestamp of a reply must never come out before the request that we stamped ourselves.
 * `lag` is by how many seconds now() may be behind the kernel; it is never ahead.
 */
function calibrate(): { origin: bigint; start: Ticks; lag: number } {
  let best = atOnce()
  for (let attempt = 0; attempt < 8 && best.lag > 2e-6; attempt++) {
    const first = Date.now()
    let before = process.hrtime()
    let wall = Date.now()
    let after = process.hrtime()
    // A tick that came before we looked at the other clock is anywhere.
    if (wall !== first) continue
    while (wall === first) {
      before = after
      wall = Date.now()
      after = process.hrtime()
    }
    const lag = since(before, after)
    // The tick was at `after` at the latest.
    if (wall === first + 1 && lag < best.lag) best = { lag, origin: BigInt(wall) * 1_000_000n, start: after }
  }
  return best
}

/** What is known without a tick. */
function atOnce(): { origin: bigint; start: Ticks; lag: number } {
  const before = process.hrtime()
  const origin = BigInt(Date.now()) * 1_000_000n
  const start = process.hrtime()
  return { origin, start, lag: 0.001 + since(before, start) }
}

function since(start: Ticks, end: Ticks): number {
  return end[0] - start[0] + (end[1] - start[1]) / 1e9
}
