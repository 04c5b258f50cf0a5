import { realClock } from '../time/real-clock.ts'
import { virtualClock } from '../time/virtual-clock.ts'

/** 2026-01-01: recordings of one seed are the same at all times. */
export const origin = 1_767_225_600_000_000_000n

/** The time of a lab in one process: it passes when nothing is left to do. */
export function virtualTime() {
  const clock = virtualClock()
  return { clock, origin, clockStep: () => 0, drive: clock.drive, settled: clock.settled }
}

/** The time of a lab with a DUT of its own. */
export function realTime() {
  const clock = realClock()
  return {
    clock,
    origin: clock.origin,
    clockStep: clock.step,
    drive: <T>(promise: Promise<T>) => promise,
    settled() {},
  }
}
