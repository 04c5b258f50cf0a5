import type { Clock, Timer } from './clock.ts'

/** The same clock, whose timers all end at once: no node outlives its scenario, or its power. */
export function stoppable(clock: Clock): Clock & { stop(): void; stopped(): boolean } {
  const live = new Set<Timer>()
  let stopped = false
  return {
    now: clock.now,
    after(seconds, fn) {
      if (stopped) return { cancel() {} }
      const timer = clock.after(seconds, () => {
        live.delete(timer)
        fn()
      })
      live.add(timer)
      return {
        cancel() {
          live.delete(timer)
          timer.cancel()
        },
      }
    },
    stop() {
      stopped = true
      for (const timer of live) timer.cancel()
    },
    stopped: () => stopped,
  }
}
