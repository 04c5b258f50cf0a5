/** Firewall, RFC 6092: each decision, and what meets the requirements. */
export interface FirewallBehaviour {
  /** On after a factory reset. */
  firewallByDefault: boolean
  /** Replies that the state of flows from inside lets in: RFC 6092 REC-14, REC-31. */
  repliesAccepted: 'all' | 'all but TCP'
  /** Transports that the filter looks at. */
  filtered: ('tcp' | 'udp')[]
  /** REC-17, REC-33. */
  filtering: 'endpoint-independent' | 'address and port-dependent'
  /** What follows an unsolicited SYN: REC-34. Seconds until the error; Infinity for none. */
  synErrorAfter: number
  /** The host's own SYN makes the error needless: REC-34. */
  synErrorCancelled: boolean
  /** An unsolicited SYN may be met by the host's own: REC-31. */
  simultaneousOpen: boolean
  /** Management is offered to the Internet: REC-50. */
  managementOnWan: 'none' | 'WAN address' | 'LAN address' | 'both'
  /** The DNS proxy answers the Internet: REC-8. */
  dnsOnWan: boolean
  /** Fragments that come before the first of their datagram: RFC 8200 section 4.5. */
  fragmentsBeforeFirst: 'held' | 'dropped'
  /** Fragments are let in as the datagram that they make, which its first one must show: RFC 7112 section 5. */
  fragmentsJudged: 'by their datagram' | 'by address pair' | 'not'
}

export const firewall: FirewallBehaviour = {
  firewallByDefault: true,
  repliesAccepted: 'all',
  filtered: ['tcp', 'udp'],
  filtering: 'endpoint-independent',
  synErrorAfter: 6,
  synErrorCancelled: true,
  simultaneousOpen: true,
  managementOnWan: 'none',
  dnsOnWan: false,
  fragmentsBeforeFirst: 'held',
  fragmentsJudged: 'by their datagram',
}
