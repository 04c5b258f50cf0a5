/** DHCPv6 client: decisions that the clauses leave to it. */
export interface ClientChoicesBehavior {
  /** What an on-link prefix that is added or deprecated leads to, while there are leases: RFC 9915 section 18.2.12. */
  linkPrefixChange: 'nothing' | 'renew'
  /** The number of its first messages that are never sent, as while a port does not forward yet. */
  firstMessagesLost: number
  /** After a Reply to Renew or Rebind that lacks an IA: RFC 9915 section 18.2.10.1. */
  missingIa: 'waits for T1' | 'retransmitted'
  /** A Request holds Reconfigure Accept where the Advertise did: RFC 9915 section 18.2.2. */
  reconfigureAcceptEchoed: boolean
  /** Elapsed Time for the hundredths of a second that have passed: RFC 9915 section 21.9. */
  elapsedTime(hundredths: number): number
  /** Times that the client would like, which servers ignore: RFC 9915 sections 21.4, 21.6, 21.21, 21.22. Seconds. */
  wishedTimes: { t1: number; t2: number; preferred: number; valid: number }
  /** RFC 9915 section 16.1 asks for random ones by SHOULD. */
  transactionIds: 'drawn' | 'counted'
  /** Leases are rebound after the line was cut as soon as there is a link-local address, or with the first RA. */
  resumesWith: 'an RA' | 'the line'
  /** When another address is asked for in place of a declined one: RFC 9915 section 18.2.8. */
  afterDecline: 'at once' | 'at T1'
  /** What leases do not need is asked for by Information-request as well: RFC 9915 section 18.2.6. */
  informationWithLeases: boolean
}

export const clientChoices: ClientChoicesBehavior = {
  linkPrefixChange: 'nothing',
  firstMessagesLost: 0,
  missingIa: 'waits for T1',
  reconfigureAcceptEchoed: false,
  elapsedTime: (hundredths) => hundredths,
  wishedTimes: { t1: 0, t2: 0, preferred: 0, valid: 0 },
  transactionIds: 'drawn',
  resumesWith: 'an RA',
  afterDecline: 'at once',
  informationWithLeases: false,
}
