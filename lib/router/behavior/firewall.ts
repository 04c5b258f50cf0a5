/** What crosses between the LAN and the WAN. */
export type Way = 'inbound' | 'outbound'
/** RFC 6092 REC-3: addresses that the public Internet doesn't have. */
export type BarredBlock =
  | 'site-local'
  | 'IPv4-mapped'
  | 'IPv4-compatible'
  | 'documentation'
  | 'RFC 9637 documentation'
  | 'ORCHID'
export type Ipsec = 'AH' | 'ESP' | 'IKE'
/** RFC 6092 REC-17, REC-33: what an outside endpoint must have in common with the destination of the flow. */
export type Filtering = 'endpoint-independent' | 'address-dependent' | 'address and port-dependent'

/** Firewall, RFC 6092: each decision, and what meets the requirements. */
export interface FirewallBehavior {
  /** On after a factory reset. */
  firewallByDefault: boolean
  /** Replies that the state of flows from inside permits: RFC 6092 REC-14, REC-31. */
  repliesAccepted: 'all' | 'all but TCP'
  /** Transports that the filter looks at. */
  filtered: ('tcp' | 'udp')[]
  /** REC-17. */
  udpFiltering: Filtering
  /** REC-33. */
  tcpFiltering: Filtering
  /** REC-1. */
  multicastSourcesCross(way: Way): boolean
  /** Multicast of more than link-local scope: REC-2. */
  multicastCrosses(group: string, way: Way): boolean
  /** REC-3. */
  barredCrosses(block: BarredBlock, way: Way): boolean
  /** Sources that lie in a prefix of a LAN, or of a downstream router, come in by the WAN: REC-6. */
  interiorSourcesEnter(where: 'LAN' | 'downstream'): boolean
  /** Errors that quote no packet of a flow: REC-10. */
  flowlessErrorPasses(type: string): boolean
  /** Errors that quote a packet of a flow: REC-18, REC-36, RFC 4890 section 4.3.1. */
  flowErrorPasses(type: string, code: number, transport: 'UDP' | 'TCP' | 'other'): boolean
  /** Flows that end with an error about them: REC-19, REC-37. */
  flowEndsWithError(transport: 'UDP' | 'TCP' | 'other'): boolean
  /** How long the state of a flow outlives its last packet: REC-12, REC-14. Seconds. */
  udpLifetime: number
  otherLifetime: number
  /** REC-35. Seconds. */
  tcpEstablishedLifetime: number
  tcpTransitoryLifetime: number
  /** REC-15: a UDP flow of a well-known port. Seconds. */
  wellKnownUdpLifetime: number
  /** REC-16: a packet from outside MAY keep the state of a UDP flow. */
  udpRefreshedFromOutside: boolean
  /** A connection that is seen from its middle only has state: REC-31 asks for none. */
  midstreamOpens: boolean
  /** Errors to the senders of what is filtered, except TCP: RFC 4443 section 3.1. */
  unsolicitedReported: 'not' | 'code 1' | 'code 4'
  /** Segments to a closed TCP port on the WAN: RFC 9293 section 3.10.7.1 resets, a firewall may drop. */
  closedTcpPortsOnWan: 'silent' | 'reset'
  /** An Echo Request to a host inside, unasked: RFC 4890 section 4.3.1 and appendix A.5 see no harm in it. */
  echoFromOutside: 'dropped' | 'permitted'
  /** Datagrams to a closed port of the router itself on the WAN cause an error: RFC 4443 section 3.1. */
  closedPortsReported: boolean
  /** RFC 6887 section 15: the shortest lifetime of a pinhole. Seconds. */
  shortestMapping: number
  /** RFC 6887 section 15: the longest lifetime of a pinhole. Seconds. */
  longestMapping: number
  /** A packet from inside keeps the state of a UDP flow: REC-16. */
  udpRefreshed: boolean
  /** Replies by protocols other than TCP, UDP and ICMPv6 come in: REC-11. */
  otherReplies: boolean
  /** REC-21 to REC-24: comes in unasked. */
  admitsUnasked(what: Ipsec): boolean
  /** REC-21 to REC-24: goes out. */
  letsOut(what: Ipsec): boolean
  /** What follows an unsolicited SYN: REC-34. Seconds until the error; Infinity for none. */
  synErrorAfter: number
  /** The host's own SYN makes the error needless: REC-34. */
  synErrorCancelled: boolean
  /** An unsolicited SYN may be met by the host's own: REC-31. */
  simultaneousOpen: 'works' | 'inbound SYN dropped' | 'outbound SYN dropped'
  /** Management is offered to the Internet: REC-50. */
  managementOnWan: 'none' | 'WAN address' | 'LAN address' | 'link-local' | 'both'
  /** Pinholes that hosts ask for by PCP: REC-48. */
  pcp:
    | 'as asked'
    | 'silent'
    | 'no effect'
    | 'whole host'
    | 'for ever'
    | 'another address'
    | 'once'
    | 'silent once it has ended'
  /** The same request again, while a pinhole is open: RFC 6887 section 11.2.1. */
  pcpAgain: 'extended' | 'refused' | 'not answered' | 'in addition to the first'
  /** A request with lifetime 0 deletes the pinhole: RFC 6887 section 15. */
  pcpDeletes: boolean
  /** Only a client with its nonce deletes a pinhole: RFC 6887 section 11.3. */
  pcpNonceChecked: boolean
  /** Seconds since its state began: RFC 6887 section 8.5. */
  pcpEpoch: 'counted' | 'always the same'
  /** The client's address in a request is that of its packet: RFC 6887 section 8.2. */
  pcpOtherClients: 'refused' | 'served' | 'not answered'
  /** PCP is answered on the WAN: RFC 6887 section 8.2. */
  pcpOnWan: boolean
  /** The DNS proxy answers the Internet: REC-8. */
  dnsOnWan: ('udp' | 'tcp')[]
  /** Fragments that come before the first of their datagram: RFC 8200 section 4.5. */
  fragmentsBeforeFirst: 'held' | 'dropped'
  /** Fragments are filtered as the datagram that they make, which its first one must show: RFC 7112 section 5. */
  fragmentsJudged: 'by their datagram' | 'by address pair' | 'not'
}

export const firewall: FirewallBehavior = {
  firewallByDefault: true,
  repliesAccepted: 'all',
  filtered: ['tcp', 'udp'],
  udpFiltering: 'endpoint-independent',
  tcpFiltering: 'endpoint-independent',
  multicastSourcesCross: () => false,
  multicastCrosses: () => false,
  barredCrosses: () => false,
  interiorSourcesEnter: () => false,
  flowlessErrorPasses: () => false,
  flowErrorPasses: () => true,
  flowEndsWithError: () => false,
  udpLifetime: 300,
  otherLifetime: 300,
  tcpEstablishedLifetime: 7440,
  tcpTransitoryLifetime: 240,
  wellKnownUdpLifetime: 300,
  udpRefreshedFromOutside: true,
  midstreamOpens: false,
  unsolicitedReported: 'not',
  closedTcpPortsOnWan: 'silent',
  echoFromOutside: 'dropped',
  closedPortsReported: false,
  shortestMapping: 0,
  longestMapping: 7200,
  udpRefreshed: true,
  otherReplies: true,
  admitsUnasked: () => true,
  letsOut: () => true,
  synErrorAfter: 6,
  synErrorCancelled: true,
  simultaneousOpen: 'works',
  managementOnWan: 'none',
  pcp: 'as asked',
  pcpAgain: 'extended',
  pcpDeletes: true,
  pcpNonceChecked: true,
  pcpEpoch: 'counted',
  pcpOtherClients: 'refused',
  pcpOnWan: false,
  dnsOnWan: [],
  fragmentsBeforeFirst: 'held',
  fragmentsJudged: 'by their datagram',
}
