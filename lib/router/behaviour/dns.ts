/** The DNS proxy: each decision, and what meets the requirements. */
export interface DnsBehaviour {
  /** What a host is answered, given what the ISP's resolver said; undefined: nothing. RFC 8585 L-1, RFC 6147. */
  dnsAnswer(answer: Uint8Array): Uint8Array | undefined
  /** What the ISP's resolver is asked, given what a host asked: RFC 5625 section 4. */
  dnsQuestion(query: Uint8Array): Uint8Array
  /** RFC 5625 section 4.4. */
  dnsOverTcp: boolean
  /** A query is passed on though another of the same port waits for its answer. */
  queriesOfOnePort: 'all' | 'one at a time'
  /** Which of the router's own addresses is announced: RFC 7084 L-11. */
  resolverAddress: 'ULA' | 'GUA'
  /** It is the router's own address of now: RFC 7084 L-10, L-11. */
  resolverAnnounced: 'own' | 'as at first' | "nobody's"
  /** RFC 8106 section 5.1: a resolver that is none any more is announced with lifetime 0. */
  formerResolversWithdrawn: boolean
}

export const dns: DnsBehaviour = {
  dnsAnswer: (answer) => answer,
  dnsQuestion: (query) => query,
  dnsOverTcp: true,
  queriesOfOnePort: 'all',
  resolverAddress: 'ULA',
  resolverAnnounced: 'own',
  formerResolversWithdrawn: true,
}
