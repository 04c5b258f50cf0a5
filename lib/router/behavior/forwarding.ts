import type { Packet } from '../../wire/packet.ts'

/** What a router must go on doing whatever happens. */
export type Part = 'fragments' | 'Packet Too Big' | 'DNS' | 'DHCPv6' | 'pinhole' | 'filter' | 'sub-delegated prefix'

export type PartEvent =
  | 'RA'
  | 'Renew'
  | 'Rebind'
  | 'line cut'
  | 'restart'
  | 'new prefix'
  | 'default router lost'
  | 'prefix lost'

/** Under which conditions it happens. */
export interface PartConditions {
  /** Of the line. */
  mtu: number
  /** Downstream routers hold prefixes. */
  routers: boolean
  /** How often it has happened: a restart ever, all else since the last start. */
  times: number
}

/** Events during a flow. */
export type DuringFlow = 'line cut' | 'RA' | 'Renew' | 'sub-delegation' | 'Release on the LAN' | 'LAN port down'

/** Forwarding: each decision, and what meets the requirements. */
export interface ForwardingBehavior {
  /** LANs reach each other whatever the WAN is like: RFC 4193, RFC 7084 section 4.3. */
  lansReachEachOther: 'always' | 'with a default router'
  /** Delegated prefixes from which hosts may send: RFC 8415 section 6.3. */
  delegationsForwarded: 'all' | 'first'
  /** Nothing is forwarded before a prefix is delegated: RFC 7084 G-3. */
  forwardsBeforeDelegation: boolean
  /** A packet from the WAN for an address of that link that no node has: RFC 7084 G-2, RFC 4443 section 3.1. */
  wanLinkUnassigned: 'dropped' | 'reported' | 'sent back'
  /** A packet by the WAN for what was not delegated: RFC 7084 G-2, RFC 4443 section 3.1. */
  beyondDelegation: 'dropped' | 'reported'
  /** The code of the error for an address that the Internet does not have: RFC 6092 REC-3, RFC 4443 section 3.1. */
  barredCode: 0 | 1 | 5
  /** The router's own answer to an echo request on the LAN: RFC 4443 section 4.2. */
  echoAnsweredOnLan: boolean
  /** Source of its answers to echo requests: RFC 4443 section 4.2. */
  echoAnsweredFrom: 'where it was sent to' | 'its usual source'
  /** Silently: RFC 4443 section 2.4 b. */
  unknownInformationalDiscarded: boolean
  /** Options of packets for itself that it does not know: RFC 8200 section 4.2. */
  ownUnknownOptions: 'by their type' | 'dropped'
  /** Of a packet for itself whose Next Header it does not know the sender is informed: RFC 8200 section 4. */
  unknownHeaderReported: boolean
  /** By how much the hop limit of a packet is reduced, given the number of earlier packets of its flow: RFC 8200 section 3. */
  hopLimitDecrement(before: number): number
  /** Packets that arrive with a lower hop limit are dropped: RFC 8200 section 3. */
  leastHopLimit: number
  /** The unassigned part of a delegated prefix leads nowhere: RFC 7084 WPD-5. */
  unassignedPartRejected: boolean
  /** By which code of Destination Unreachable: RFC 4443 section 3.1. */
  unassignedPartCode: 0 | 1 | 3 | 6
  /** The code of the error for a packet that may not leave, with a ULA source or destination; undefined: 5 and 0. */
  ulaCode: 1 | undefined
  /** Packets from addresses that never were the LAN's: RFC 7084 L-14 is about those that were. */
  strangeSources: 'reported' | 'dropped'
  /** Its senders receive an error: RFC 7084 WPD-5. */
  unassignedPartReported: boolean
  /** What the filter forwards for that part: RFC 7084 WPD-5. */
  unassignedFromWan: 'dropped' | 'returned'
  /** Packets from addresses that are not the LAN's: RFC 7084 L-14. */
  foreignSources: 'code 5' | 'code 1' | 'dropped' | 'forwarded'
  /** Sub-delegated prefixes are legitimate sources: RFC 9818 LPD-6. */
  subDelegatedSources: boolean
  /** RFC 7084 ULA-4. */
  ulaCrossesWan: 'no' | 'outwards' | 'inwards'
  /** Packets above the MTU of the way: RFC 4443 section 3.2. */
  tooBig: 'Packet Too Big' | 'dropped' | 'forwarded' | 'Packet Too Big, and fragmented'
  /** The number of packets of a flow that are inspected; those after them are offloaded, and cause no error. */
  tooBigReportedFor: number
  /** The MTU that Packet Too Big names is reduced by this: RFC 4443 section 3.2. */
  tooBigUnderstated: number
  /** Packets with extension headers, or of other protocols than TCP, UDP and ICMPv6: RFC 8200 section 4. */
  extensionHeaders(packet: Packet, way: 'outbound' | 'inbound'): 'kept' | 'removed' | 'dropped'
  /** Packets with Hop-by-Hop Options that are forwarded within a second: RFC 8200 section 4. */
  hopByHopRate: number
  /** Type 0 Routing headers: RFC 5095. */
  routingType0: 'dropped' | 'forwarded' | 'processed'
  /** A Flow Label is delivered as it came: RFC 6437 section 3. */
  flowLabelKept(packet: Packet, way: 'outbound' | 'inbound'): boolean
  /** So is the Traffic Class. */
  trafficClassKept(way: 'outbound' | 'inbound'): boolean
  /** Code of the error for a neighbor that does not answer: RFC 4861 section 7.2.2. */
  unresolvedNeighbor: 'code 3' | 'code 0' | 'not reported'
  /** Length of the route that keeps a delegated prefix of this length from the WAN: RFC 7608. */
  routedLength(delegated: number): number
  /** Whether another host may use the Internet with this number of others; MACs distinguish them. */
  servesWith(others: number): boolean
  /** A flow that has state when this happens: the project's policy. */
  flowEndsAt(event: DuringFlow, transport: 'udp' | 'tcp', openedBy: 'inside' | 'outside'): boolean
  /** A part that does not work any more once this has happened, under these conditions. */
  partLost(part: Part, event: PartEvent, conditions: PartConditions): boolean
  /** Flows pass for so long, though they are in use; seconds: RFC 6092 REC-16, REC-35. */
  flowAge(transport: 'udp' | 'tcp'): number
  /** Nothing is forwarded for so long when another prefix is added; seconds. */
  deafWhilePrefixesChange: number
  /** What came by the WAN may go back there: RFC 7084 G-2. */
  wanHairpin: boolean
}

export const forwarding: ForwardingBehavior = {
  lansReachEachOther: 'always',
  delegationsForwarded: 'all',
  forwardsBeforeDelegation: false,
  wanLinkUnassigned: 'dropped',
  beyondDelegation: 'dropped',
  barredCode: 0,
  echoAnsweredOnLan: true,
  echoAnsweredFrom: 'where it was sent to',
  unknownInformationalDiscarded: true,
  ownUnknownOptions: 'by their type',
  unknownHeaderReported: true,
  hopLimitDecrement: () => 1,
  leastHopLimit: 2,
  unassignedPartRejected: true,
  unassignedPartCode: 0,
  ulaCode: undefined,
  strangeSources: 'reported',
  unassignedPartReported: true,
  unassignedFromWan: 'dropped',
  foreignSources: 'code 5',
  subDelegatedSources: true,
  ulaCrossesWan: 'no',
  tooBig: 'Packet Too Big',
  tooBigReportedFor: Number.POSITIVE_INFINITY,
  tooBigUnderstated: 0,
  extensionHeaders: () => 'kept',
  hopByHopRate: Number.POSITIVE_INFINITY,
  routingType0: 'dropped',
  flowLabelKept: () => true,
  trafficClassKept: () => true,
  unresolvedNeighbor: 'code 3',
  routedLength: (delegated) => delegated,
  servesWith: () => true,
  flowEndsAt: () => false,
  partLost: () => false,
  flowAge: () => Number.POSITIVE_INFINITY,
  deafWhilePrefixesChange: 0,
  wanHairpin: false,
}
