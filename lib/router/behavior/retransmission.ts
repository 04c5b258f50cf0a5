/** Retransmission of one message: RFC 8415 section 15 and 7.6. Seconds, 0 for no limit. */
export interface RetransmissionTimes {
  /** IRT. */
  initial: number
  /** MRT. */
  maximum: number
  /** MRC. */
  attempts: number
  /** MRD. */
  duration: number
  /** Random delay before the first: up to this many seconds. */
  delay: number
  /** By how much a timeout grows. */
  growth: number
  /** The timeout that is doubled, and that RAND is a share of: the one that was waited, or the nominal one. */
  doubles: 'waited' | 'nominal'
  /** RAND; above the lower bound, up to the upper one. */
  rand: [number, number]
  /** RAND of the first timeout: above 0 for a Solicit (RFC 8415 section 18.2.1). */
  firstRand: [number, number]
}

const rand: [number, number] = [-0.1, 0.1]
const standard = { attempts: 0, duration: 0, delay: 0, growth: 2, doubles: 'waited', rand, firstRand: rand } as const

/** DHCPv6 client: when each message is retransmitted, and when retransmission ends. */
export interface RetransmissionBehavior {
  solicitTimes: RetransmissionTimes
  requestTimes: RetransmissionTimes
  renewTimes: RetransmissionTimes
  rebindTimes: RetransmissionTimes
  /** A Rebind after a restart or a link change: RFC 8415 section 18.2.12. */
  confirmTimes: RetransmissionTimes
  informationTimes: RetransmissionTimes
  releaseTimes: RetransmissionTimes
  declineTimes: RetransmissionTimes
}

export const retransmissionTimes: RetransmissionBehavior = {
  solicitTimes: { ...standard, initial: 1, maximum: 3600, delay: 1, firstRand: [0, 0.1] },
  requestTimes: { ...standard, initial: 1, maximum: 30, attempts: 10 },
  renewTimes: { ...standard, initial: 10, maximum: 600 },
  rebindTimes: { ...standard, initial: 10, maximum: 600 },
  confirmTimes: { ...standard, initial: 1, maximum: 4, duration: 10, delay: 1 },
  informationTimes: { ...standard, initial: 1, maximum: 3600, delay: 1 },
  releaseTimes: { ...standard, initial: 1, maximum: 0, attempts: 4 },
  declineTimes: { ...standard, initial: 1, maximum: 0, attempts: 4 },
}
