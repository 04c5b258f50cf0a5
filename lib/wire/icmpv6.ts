import type { Ipv6Address } from './packet.ts'
import type { NdOption } from './nd-options.ts'

/** Fields of every ICMPv6 message, RFC 4443 section 2.1. */
interface Icmpv6Header {
  code: number
  checksum: number
  badChecksum?: true
}

/** ICMPv6 messages: RFC 4443, 4861, 2710, 3810. An unknown type is its number, with the body raw. */
export type Icmpv6 = Icmpv6Header & Icmpv6Body

export type Icmpv6Body =
  /** `data` quotes the packet that caused it; `unused` is the second word where it is not 0. */
  | { type: 'destination-unreachable' | 'time-exceeded'; unused?: number; data: Uint8Array }
  | { type: 'packet-too-big'; mtu: number; data: Uint8Array }
  | { type: 'parameter-problem'; pointer: number; data: Uint8Array }
  | { type: 'echo-request' | 'echo-reply'; id: number; seq: number; data: Uint8Array }
  | { type: 'router-solicitation'; reserved?: number; options: NdOption[] }
  | RouterAdvertisement
  | { type: 'neighbor-solicitation'; reserved?: number; target: Ipv6Address; options: NdOption[] }
  | NeighborAdvertisement
  | { type: 'redirect'; reserved?: number; target: Ipv6Address; destination: Ipv6Address; options: NdOption[] }
  /** RFC 2710; `data` is what follows the group (an MLDv2 query's own fields). */
  | { type: 'mld-query' | 'mld1-report' | 'mld1-done'; maxResponseDelay: number; reserved?: number; group: Ipv6Address; data?: Uint8Array }
  /** RFC 3810 section 5.2. */
  | { type: 'mld2-report'; reserved?: number; records: MulticastRecord[] }
  | { type: number; body: Uint8Array }

/** RFC 4861 section 4.2, preference from RFC 4191. Lifetimes in seconds, timers in milliseconds. */
export interface RouterAdvertisement {
  type: 'router-advertisement'
  hopLimit: number
  managed: boolean
  other: boolean
  preference: 'low' | 'medium' | 'high' | 'reserved'
  /** The flag bits besides M, O and Prf, in place (H is 0x20), where not 0. */
  reservedFlags?: number
  routerLifetime: number
  reachableTime: number
  retransTimer: number
  options: NdOption[]
}

/** RFC 4861 section 4.4. */
export interface NeighborAdvertisement {
  type: 'neighbor-advertisement'
  router: boolean
  solicited: boolean
  override: boolean
  /** The low 29 bits, where not 0. */
  reserved?: number
  target: Ipv6Address
  options: NdOption[]
}

export interface MulticastRecord {
  /** 1 is-include .. 4 to-exclude, 5 allow, 6 block. */
  type: number
  group: Ipv6Address
  sources: Ipv6Address[]
  auxiliary?: Uint8Array
}
