import { type Claim, claim, the } from '../say/claim.ts'
import type { Look, Span } from './coverage.ts'
import type { Window } from './timing.ts'

/** How far a measured time may lie from the time of the clause: the larger of a fixed part and a share. Seconds. */
export interface Tolerance {
  fixed: number
  share: number
}

/** What a client's timer is hoped to keep. */
const leaseTolerance: Tolerance = { fixed: 1, share: 0.01 }
/** DAD of the leased address: a client may count from its end (RFC 8415 section 18.2.10.1). Seconds. */
const dad = 1

/** A client may spread its messages by as much as RAND, or look at its clock every few seconds. */
const early: Tolerance = { fixed: 1, share: 0.1 }
const late: Tolerance = { fixed: 5, share: 0.1 }

const larger = ({ fixed, share }: Tolerance, seconds: number): number => Math.max(fixed, share * seconds)

/**
 * T1 or T2 after a Reply. RFC 8415 gives no tolerance: what is a few seconds late warns, or what comes before `latest`,
 * where that is later.
 */
export function leaseTimer(seconds: number, why: Claim, latest = 0): Window & { goal: number } {
  const slack = larger(leaseTolerance, seconds)
  return {
    min: seconds - larger(early, seconds),
    goal: seconds + slack + dad,
    max: Math.max(latest, seconds + larger(late, seconds)),
    why: claim`${why}, +-${the.seconds(slack)}, and 1 s for DAD of the leased address; the clock of a client may be coarse`,
  }
}

/** A message's retransmission, RFC 8415 sections 15 and 7.6. Seconds; 0 is no limit. */
export interface RetransmissionTimes {
  /** The message, and the names that the RFC gives to its constants. */
  name: string
  irt: number
  mrt: number
  mrc: number
  mrd: number
}

/** RFC 8415 section 7.6; MRD of Renew and Rebind is what is left until T2 and until the end of the last lease. */
export const retransmissionTimes = {
  solicit: { name: 'SOL', irt: 1, mrt: 3600, mrc: 0, mrd: 0 },
  request: { name: 'REQ', irt: 1, mrt: 30, mrc: 10, mrd: 0 },
  confirm: { name: 'CNF', irt: 1, mrt: 4, mrc: 0, mrd: 10 },
  renew: { name: 'REN', irt: 10, mrt: 600, mrc: 0, mrd: 0 },
  rebind: { name: 'REB', irt: 10, mrt: 600, mrc: 0, mrd: 0 },
  'information-request': { name: 'INF', irt: 1, mrt: 3600, mrc: 0, mrd: 0 },
  release: { name: 'REL', irt: 1, mrt: 0, mrc: 4, mrd: 0 },
  decline: { name: 'DEC', irt: 1, mrt: 0, mrc: 4, mrd: 0 },
} satisfies Record<string, RetransmissionTimes>

/** RAND, RFC 8415 section 15: uniform in -0.1 to 0.1. */
const rand = 0.1

/** What a timeout is allowed beyond RAND: scheduling in the router, and on the bench. Seconds. */
export const gapJitter = 0.1

/** The first timeout: RFC 8415 section 15; that of a Solicit is never below IRT (section 18.2.1). */
export function firstTimeout(times: RetransmissionTimes): Window {
  const { name, irt } = times
  if (name === 'SOL')
    return {
      min: irt - gapJitter / 2,
      max: (1 + rand) * irt + gapJitter,
      why: claim`SOL_TIMEOUT ${the.seconds(irt)} and up to 10 % more, never less (RFC 8415 section 18.2.1)`,
    }
  return {
    min: (1 - rand) * irt - gapJitter,
    max: (1 + rand) * irt + gapJitter,
    why: claim`${the.name(name)}_TIMEOUT ${the.seconds(irt)} +-10 % (RFC 8415 section 15)`,
  }
}

/**
 * The timeout that follows `index` others, the last of `previous` seconds: twice that, until MRT caps it (RFC 8415
 * section 15). RTprev may be read as the timeout that was waited, or as the nominal one, to which a new RAND is added.
 */
export function nextTimeout(previous: number, index: number, { name, irt, mrt }: RetransmissionTimes): Window {
  const nominal = irt * 2 ** index
  const low = Math.min((2 - rand) * previous, (1 - rand) * nominal)
  const high = Math.max((2 + rand) * previous, (1 + rand) * nominal)
  const doubling = claim`RT = 2*RTprev + RAND*RTprev, RTprev ${the.seconds(previous, 3)}, or ${the.seconds(nominal)} +-10 %`
  if (mrt === 0 || high <= mrt)
    return { min: low - gapJitter, max: high + gapJitter, why: claim`${doubling} (RFC 8415 section 15)` }
  return {
    min: Math.min(low, (1 - rand) * mrt) - gapJitter,
    max: (1 + rand) * mrt + gapJitter,
    why: claim`${low > mrt ? claim`` : claim`${doubling}, or `}${the.name(name)}_MAX_RT ${the.seconds(mrt)} +-10 % (RFC 8415 section 15)`,
  }
}

/** A multicast RA that a change calls for "immediately": MIN_DELAY_BETWEEN_RAS and MAX_RA_DELAY_TIME; later than 16 s fails. */
export const raUpdate: Window & { goal: number } = {
  min: 0,
  goal: 4,
  max: 16,
  why: claim`MIN_DELAY_BETWEEN_RAS 3 s, MAX_RA_DELAY_TIME 0.5 s, and 0.5 s for the router; at most 16 s (RFC 4861 section 10)`,
}

/**
 * The time that a router may take to act on a message where the clause specifies none: real ones handle RAs in batches of up
 * to 3 s. Seconds.
 */
export const grace = 3

/**
 * A packet that a router forwards is there by then: it may have to ask for the next hop first, MAX_MULTICAST_SOLICIT
 * times with RETRANS_TIMER of 1 s between (RFC 4861 sections 7.2.2 and 10).
 */
export const forwarding = (sent: Look): Span => ({ after: sent, seconds: 3 })

/** An ICMPv6 error comes at once: no clause gives a time, and the next hop may have to be asked for, as in `forwarding`. */
export const errorTime: Window = {
  min: 0,
  max: 3,
  why: claim`the router may have to resolve the next hop, which takes at most 3 s (RFC 4861 section 7.2.2)`,
}

/** RAs that are solicited, RFC 4861 section 10, and what a router takes to process a solicitation. Seconds. */
export const raAnswer = { maxRaDelay: 0.5, minDelayBetweenRas: 3, processing: 1 }

/**
 * From an RA to the first message of the DHCPv6 client that it starts: SOL_MAX_DELAY is 1 s, RAs are handled in batches,
 * an address may have to pass DAD, a process has to start. Seconds.
 */
export const clientStart = 30

/** The time for a response of a DHCPv6 server on the LAN: no clause specifies it, and a client retransmits meanwhile. Seconds. */
export const serverAnswer = 10

/** Until a prefix is on the LAN: RA and DAD delays, RFC 4861 and RFC 4862, with room for a slow router. Seconds. */
export const prefixUse = 20

/** How far an advertised or leased lifetime may exceed what is left: whole seconds, and the delay of an RA. Seconds. */
export const lifetimeSlack = 2
