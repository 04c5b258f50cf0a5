/** About what no ICMPv6 error is sent: RFC 4443 section 2.4 e. */
export type Untold =
  | 'an ICMPv6 error'
  | 'a Redirect'
  | 'a multicast destination'
  | 'an unknown option to a multicast destination'
  | 'a link-layer multicast'
  | 'the unspecified source'
  | 'a multicast source'

/** ICMPv6 errors of the router's own: each decision, and what meets the requirements. */
export interface IcmpErrorsBehavior {
  /** RFC 4443 section 2.4 e. */
  reportedDespite(what: Untold): boolean
  /** Token bucket of RFC 4443 section 2.4 f: the greatest number at once, and the number a second. */
  errorBurst: number
  errorRate: number
  /** What shares a bucket. */
  errorBucket: 'all errors' | 'errors to one address' | 'errors of one type'
  /** Seconds until an error leaves. */
  errorsAfter: number
  /** Greatest number of octets of an ICMPv6 error: RFC 4443 section 2.4 c. */
  errorSize: number
  /** The quote is the packet as it came: RFC 4443 section 2.4 c. */
  quoteIntact: boolean
  /** RFC 4443 section 2.2, by which side the error leaves. */
  errorSource(side: 'LAN' | 'WAN'): 'selected' | 'link-local' | 'of a LAN'
  /** Of a packet that came from the LAN, or from the WAN: RFC 4443 section 3.3. */
  timeExceeded(from: 'LAN' | 'WAN'): 'sent' | 'silent' | 'sent, and the packet forwarded'
  /** RFC 4443 section 3.1. */
  noRouteReported: boolean
  /** Packets to where the router's own rules let nothing go: RFC 4443 section 3.1. */
  filteredDestinationReported: boolean
}

export const icmpErrors: IcmpErrorsBehavior = {
  reportedDespite: () => false,
  errorBurst: 10,
  errorRate: 10,
  errorBucket: 'all errors',
  errorsAfter: 0,
  errorSize: 1280,
  quoteIntact: true,
  errorSource: () => 'selected',
  timeExceeded: () => 'sent',
  noRouteReported: true,
  filteredDestinationReported: true,
}
