import type { Clock } from '../time/clock.ts'
import type { Seeded } from '../time/seed.ts'
import type { Behavior } from './behavior.ts'

/** What every part of the router is given. */
export interface Context {
  clock: Clock
  random: Seeded
  behavior: Behavior
}

/** 0xffffffff on the wire, RFC 4861 section 4.6.2 and RFC 8415 section 7.7. */
export const INFINITY = 0xffffffff

/** The point in time at which a lifetime that begins now is over. */
export const until = (clock: Clock, seconds: number): number =>
  seconds >= INFINITY ? Number.POSITIVE_INFINITY : clock.now() + seconds

/** Whole seconds that are left, never more than there are. */
export function left(clock: Clock, time: number): number {
  return time === Number.POSITIVE_INFINITY ? INFINITY : Math.max(0, Math.floor(time - clock.now() + 1e-6))
}
