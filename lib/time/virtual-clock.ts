import type { Clock } from './clock.ts'
import { eventQueue } from './event-queue.ts'

/** Time that passes only when its events are run: deterministic, and as fast as the handlers are. */
export interface VirtualClock extends Clock {
  /** Code that resolves or rejects a promise that others await reports it: what awaits it runs before the next event. */
  settled(): void
  /** Runs events until the promise settles. Throws `Stalled` with the open waits when that can't happen any more. */
  drive<T>(promise: Promise<T>, openWaits: () => string[]): Promise<T>
  /** Runs the events of the next `seconds`, without promises: for tests of what is synchronous. */
  advance(seconds: number): void
}

/** Nothing is left that could end the waits. */
export class Stalled extends Error {
  override readonly name = 'Stalled'

  readonly at: number
  readonly waits: string[]

  constructor(at: number, why: string, waits: string[]) {
    const open = waits.length === 0 ? ' No wait is open: a promise was awaited that no event resolves.' : ''
    const list = waits.map((wait) => `\n  waits for ${wait}`).join('')
    super(`${why} at ${at.toFixed(6)} s, and the run has not ended.${open}${list}`)
    this.at = at
    this.waits = waits
  }
}

/** Routers advertise for ever, so an empty queue alone does not catch a wait without deadline. */
const patience = 400 * 86_400

/** Two parties that answer each other without delay would stop the time. */
const eventsPerInstant = 1_000_000

export function virtualClock(): VirtualClock {
  const queue = eventQueue()
  let time = 0
  let atThisInstant = 0
  let someoneMayRun = false

  /** The reason why there is no next event to run, if there is none. */
  function step(until: number): string | undefined {
    const next = queue.next()
    if (next === undefined) return 'The event queue is empty'
    if (next > until) return `Events only go on repeating (looked ${patience / 86_400} days ahead)`
    atThisInstant = next === time ? atThisInstant + 1 : 0
    if (atThisInstant > eventsPerInstant) return `${eventsPerInstant} events came at one instant: time stands still`
    time = next
    queue.take()?.fn()
    return undefined
  }

  return {
    now: () => time,
    after(seconds, fn) {
      if (Number.isNaN(seconds))
        throw new RangeError('after(): expected seconds, got NaN: a duration was computed from an absent field')
      if (seconds === Infinity) return { cancel: () => {} }
      const at = time + Math.max(0, seconds)
      // A rest of time that the sum rounds away still passes: a caller that waits for it repeatedly would never see its end.
      return queue.add(at === time && seconds > 0 ? time * (1 + Number.EPSILON) : at, fn)
    },
    settled() {
      someoneMayRun = true
    },
    async drive(promise, openWaits) {
      let done = false
      const finish = () => {
        done = true
      }
      promise.then(finish, finish)
      const end = time + patience
      // One setImmediate drains all microtasks, so the run gets as far as it can.
      await immediate()
      while (!done) {
        if (someoneMayRun) {
          someoneMayRun = false
          await immediate()
          continue
        }
        const why = step(end)
        if (why === undefined) continue
        const next = queue.next()
        await immediate()
        if (!done && queue.next() === next) throw new Stalled(time, why, openWaits())
      }
      return promise
    },
    advance(seconds) {
      const end = time + seconds
      for (let next = queue.next(); next !== undefined && next <= end; next = queue.next()) {
        const why = step(end)
        if (why !== undefined) throw new Stalled(time, why, [])
      }
      time = end
    },
  }
}

function immediate(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
