import { type Claim, claim, the } from '../say/claim.ts'

/** Seconds for which some routers wait for a carrier to come back, before they consider a line cut. No clause specifies a time. */
export const carrierLoss = 5

/** A time to wait, with the reason for it. Seconds. */
export interface Deadline {
  /** How long the protocol may take: what the run counts as forced. */
  forced: number
  /** Added for the router's processing and the lab's jitter. */
  slack: number
  why: Claim
}

/** A span that a measured value must fall into, with the tolerance named. */
export interface Window {
  min: number
  max: number
  why: Claim
}

/** Slack for a router's processing: the larger of a fixed part and a share of the time itself. */
export const slackFor = (seconds: number): number => Math.max(1, seconds * 0.1)

/** Every protocol constant that scenarios and requirements use, once, with its clause. */
export interface Timing {
  /** The answer to a request, RFC 8415 section 15 or RFC 4861 section 6.2.6: 1 s by default. */
  answer(seconds?: number): Deadline
  /** Until a time that the protocol set, such as T1 after a Reply. */
  after(seconds: number, why: Claim): Deadline
  /** Until a lease is renewed: some clients take no T1 below six tenths of the preferred lifetime. */
  renewal(lease: { t1: number; preferredLifetime: number }): Deadline
  /** A multicast RA may be held back for MIN_DELAY_BETWEEN_RAS (3 s) and 0.5 s more, RFC 4861 section 6.2.4, 6.2.6. */
  raChange: Deadline
  /** What a DHCPv6 client of the bench waits: SOL_MAX_DELAY or INF_MAX_DELAY, and SOL_TIMEOUT, RFC 8415 section 7.6. */
  client: Deadline
  /** DAD: up to MAX_RTR_SOLICITATION_DELAY and RetransTimer, RFC 4862 section 5.4. */
  dad: Deadline
  /** From power to the first word on the wire and to service: calibrated per device. */
  boot: Deadline
  /** Until a setting made in the web UI works, per device. */
  apply: Deadline
  /** A cut of the line that every router detects. */
  lineCut: Deadline
  /** Longest delay before a router that has all it needs serves its LAN: RS, Solicit and RA delays together. */
  service: Deadline
}

/** `boot` and `apply` in seconds, as the device folder states or a first boot measured them. */
export function timing(device: { boot: number; apply: number }): Timing {
  const deadline = (forced: number, why: Claim, slack = slackFor(forced)): Deadline => ({ forced, slack, why })
  return {
    answer: (seconds = 1) => deadline(seconds, claim`a response is due within ${the.seconds(seconds)}`),
    after: (seconds, why) => deadline(seconds, why),
    renewal: ({ t1, preferredLifetime }) =>
      deadline(
        Math.max(t1, 0.6 * preferredLifetime) + 4,
        claim`T1 of the lease, or 0.6 of its preferred lifetime, and 4 s`,
      ),
    raChange: deadline(3.5, claim`MIN_DELAY_BETWEEN_RAS and MAX_RA_DELAY_TIME (RFC 4861 section 10)`, 16 - 3.5),
    client: deadline(2, claim`SOL_MAX_DELAY and SOL_TIMEOUT, 1 s each (RFC 8415 section 7.6)`),
    dad: deadline(2, claim`MAX_RTR_SOLICITATION_DELAY and RetransTimer (RFC 4862 section 5.4)`),
    boot: deadline(device.boot, claim`boot time of the device`, Math.max(30, device.boot)),
    apply: deadline(device.apply, claim`apply time of the device`, Math.max(10, device.apply)),
    lineCut: deadline(carrierLoss + 1, claim`the line is cut for longer than a router waits for its carrier`),
    service: deadline(10, claim`the delays of RS, Solicit and RA together`, 20),
  }
}
