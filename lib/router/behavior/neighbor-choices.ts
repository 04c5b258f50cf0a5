/** Neighbor Discovery, SLAAC and MLD: decisions that the clauses leave to a node. */
export interface NeighborChoicesBehavior {
  /** Greatest delay in seconds before the first Router Solicitation: RFC 4861 section 6.3.7, which DAD's delay may stand for. */
  solicitationDelay: number
  /** Router Solicitations hold a Source Link-Layer Address: RFC 4861 section 4.1. */
  solicitationNamesMac: boolean
  /** Source of answers to Neighbor Solicitations: RFC 4861 section 4.4 has any address of the interface. */
  answersNeighborsFrom: 'the target' | 'the link-local address'
  /** Seconds until a Neighbor Solicitation is answered. */
  answersNeighborsAfter: number
  /** Source Link-Layer Address in unicast solicitations: RFC 4861 section 4.3. */
  probesNameMac: boolean
  /** Multicast solicitations that follow unicast ones without an answer: RFC 7048 section 3. */
  multicastProbes: number
  /** Seconds without a packet to a neighbor after which its entry is deleted: RFC 4861 section 5.3. */
  neighborsForgottenAfter: number
  /** The link-layer address in an RA is noted: RFC 4861 section 6.3.4. */
  raMacsNoted: boolean
  /** That in a Neighbor Solicitation: RFC 4861 section 7.2.3. */
  solicitationMacsNoted: boolean
  /** A link-local address on the WAN is advertised to its neighbors once DAD has ended: RFC 4861 section 7.2.6. */
  linkLocalAnnounced: boolean
  /** Greatest delay in seconds before the first report of a group: RFC 4862 section 5.4.2. */
  firstReportDelay: number
  /** Unsolicited Report Interval, seconds: RFC 3810 section 9.11, RFC 2710 section 7.10. */
  reportInterval: number
  /** Which of its global addresses on the WAN it sends from: RFC 6724 section 5 leaves ties to the node. */
  wanSource: 'the first' | 'the last'
  /** Neighbors of a LAN are informed of a better first hop: RFC 4861 section 8.2. */
  redirects: 'not sent' | 'sent'
  /** More groups on the WAN: RFC 4291 section 2.8. */
  wanGroups: readonly string[]
}

export const neighborChoices: NeighborChoicesBehavior = {
  solicitationDelay: 1,
  solicitationNamesMac: true,
  answersNeighborsFrom: 'the target',
  answersNeighborsAfter: 0,
  probesNameMac: true,
  multicastProbes: 0,
  neighborsForgottenAfter: Number.POSITIVE_INFINITY,
  raMacsNoted: true,
  solicitationMacsNoted: true,
  linkLocalAnnounced: false,
  firstReportDelay: 0,
  reportInterval: 1,
  wanSource: 'the first',
  redirects: 'not sent',
  wanGroups: [],
}
