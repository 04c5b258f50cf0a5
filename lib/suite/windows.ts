import type { Window } from './timing.ts'

/** How far a measured time may lie from what the clause says: the larger of a fixed part and a share. Seconds. */
export interface Tolerance {
  fixed: number
  share: number
}

/** The catalogue's tolerance on T1 and T2. */
const leaseTolerance: Tolerance = { fixed: 1, share: 0.01 }
/** DAD of the leased address: a client may count from its end (RFC 8415 section 18.2.10.1). Seconds. */
const dad = 1

/** T1 or T2 after a Reply: not before its time, and not long after it. */
export function leaseTimer(seconds: number, why: string): Window {
  const slack = Math.max(leaseTolerance.fixed, leaseTolerance.share * seconds)
  return {
    min: seconds - slack,
    max: seconds + slack + dad,
    why: `${why}, +-${slack} s, and 1 s for DAD of the leased address`,
  }
}

/** What the bench adds to a gap between two frames that it receives: scheduling on both sides. Seconds. */
export const gapJitter = 0.1

/** RFC 8415 section 15: the next timeout lies within +-10 % of twice the one before. */
export function doubled(gap: number): Window {
  // The gap itself was randomized, so the window is about the measured one; RAND is uniform in -0.1 to 0.1.
  return {
    min: 1.9 * gap - gapJitter,
    max: 2.1 * gap + gapJitter,
    why: 'RT = 2*RTprev + RAND*RTprev (RFC 8415 section 15)',
  }
}

/** RFC 8415 section 18.2.1: the first timeout of a Solicit is IRT (1 s) and up to 10 %, never less. */
export const firstSolicitGap: Window = {
  min: 1 - gapJitter / 2,
  max: 1.1 + gapJitter,
  why: 'IRT 1 s, RAND strictly greater than 0 (RFC 8415 section 18.2.1)',
}

/** A first timeout of IRT +-10 %. */
export function firstGap(irt: number): Window {
  return { min: 0.9 * irt - gapJitter, max: 1.1 * irt + gapJitter, why: `IRT ${irt} s +-10 % (RFC 8415 section 15)` }
}

/** A multicast RA that a change calls for "immediately": MIN_DELAY_BETWEEN_RAS and MAX_RA_DELAY_TIME; later than 16 s fails. */
export const raUpdate: Window & { goal: number } = {
  min: 0,
  goal: 3.5,
  max: 16,
  why: 'MIN_DELAY_BETWEEN_RAS 3 s and 0.5 s, 16 s at the most (RFC 4861 section 10)',
}
