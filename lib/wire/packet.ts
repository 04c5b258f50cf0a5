import type { Ipv4Address, Ipv6Address, Mac } from './address.ts'
import type { Dhcpv4 } from './dhcpv4.ts'
import type { Dhcpv6 } from './dhcpv6.ts'
import type { Dns } from './dns.ts'
import type { Icmpv6 } from './icmpv6.ts'
import type { Loose } from './loose.ts'
import type { Malformed } from './malformed.ts'
import type { Chap, Ipcp, Ipv6cp, Lcp, Pap, Ppp } from './ppp.ts'
import type { Pppoe } from './pppoe.ts'

/**
 * A decoded Ethernet frame: a plain object, one key per layer, in the order of the wire.
 *
 * - Decoding never throws and never judges: unexpected values stay as they are, what is cut short or contradicts itself
 *   is kept raw and named in `malformed`.
 * - `encode(decode(bytes))` gives the same bytes, whatever they were.
 * - When encoding, a field that is left out is computed (lengths, checksums, next headers); a field that is given
 *   is sent exactly so, however wrong.
 */
export interface Packet {
  /** All empty when the frame is too short to have one; the bytes are in `payload`. */
  eth: Ethernet
  /** The outermost first. */
  tags?: VlanTag[]
  pppoe?: Pppoe
  ppp?: Ppp
  lcp?: Lcp
  pap?: Pap
  chap?: Chap
  ipcp?: Ipcp
  ipv6cp?: Ipv6cp
  arp?: Arp
  /** ARP that resolves something else than IPv4 on Ethernet. */
  otherArp?: OtherArp
  ip4?: Ipv4
  icmp4?: Icmpv4
  ip6?: Ipv6
  /** Extension headers in order; of IPv4, Authentication Headers alone. */
  ext?: ExtensionHeader[]
  icmp6?: Icmpv6
  udp?: Udp
  tcp?: Tcp
  dhcp6?: Dhcpv6
  dhcp4?: Dhcpv4
  /** A view of `payload`, which keeps the bytes (name compression is not unique). */
  dns?: Dns
  /** Bytes after the last decoded header. */
  payload?: Uint8Array
  /** Bytes of the frame after the stated end of the IP, ARP or control packet (padding of PPP and Ethernet). */
  trailer?: Uint8Array
  malformed?: Malformed
}

export interface Ethernet {
  dst: Mac
  src: Mac
  /** EtherType: 0x86dd IPv6, 0x0800 IPv4, 0x0806 ARP, 0x8100 a tag. Computed from the next layer when left out. */
  type: number
}

/** IEEE 802.1Q clause 9.6. */
export interface VlanTag {
  priority: number
  dropEligible: boolean
  /** 0 in a tag that has nothing but a priority. */
  vid: number
  /** EtherType of what follows. Computed when left out. */
  type: number
}

/** RFC 826 for Ethernet and IPv4. */
export interface Arp {
  operation: 'request' | 'reply' | number
  senderMac: Mac
  sender: Ipv4Address
  targetMac: Mac
  target: Ipv4Address
}

/** RFC 826 for any hardware and protocol. Both hardware addresses have one length, and both protocol addresses. */
export interface OtherArp {
  /** IANA's ARP hardware type: 6 IEEE 802, 24 IEEE 1394, 32 InfiniBand. */
  hardware: number
  /** EtherType. */
  protocol: number
  operation: Arp['operation']
  senderHardware: Uint8Array
  sender: Uint8Array
  targetHardware: Uint8Array
  target: Uint8Array
}

/** RFC 791. */
export interface Ipv4 {
  dscp: number
  ecn: number
  /** Octets of header and payload together. */
  totalLength: number
  id: number
  dontFragment: boolean
  moreFragments: boolean
  /** In octets. */
  fragmentOffset: number
  /** The bit before DF, where set. */
  reservedFlag?: true
  ttl: number
  protocol: number
  checksum: number
  badChecksum?: true
  src: Ipv4Address
  dst: Ipv4Address
  /** Raw options, padding included. */
  options?: Uint8Array
}

/** RFC 792. `rest` is the second word of the header; echo has it as id and sequence. */
export interface Icmpv4 {
  type: number
  code: number
  checksum: number
  badChecksum?: true
  rest: number
}

/** RFC 8200 section 3. */
export interface Ipv6 {
  trafficClass: number
  flowLabel: number
  /** Octets after this header, as stated on the wire. */
  payloadLength: number
  nextHeader: number
  hopLimit: number
  src: Ipv6Address
  dst: Ipv6Address
}

/**
 * RFC 8200 section 4. `nextHeader` is computed when left out. A fragment's `offset` is in octets. `authentication` is
 * AH (RFC 4302): its ICV is not verified, and what follows is decoded whatever it is.
 */
export type ExtensionHeader =
  | { type: 'hop-by-hop' | 'destination-options'; nextHeader: number; options: TlvOption[] }
  | { type: 'routing'; nextHeader: number; routingType: number; segmentsLeft: number; data: Uint8Array }
  | {
      type: 'fragment'
      nextHeader: number
      reserved?: number
      offset: number
      more: boolean
      reservedBits?: number
      id: number
    }
  | {
      type: 'authentication'
      nextHeader: number
      reserved?: number
      spi: number
      sequence: number
      /** Integrity check value with its padding. */
      icv: Uint8Array
    }

/**
 * One option of a Hop-by-Hop or Destination Options header; `type` 0 is Pad1, its data empty. A tail that no length
 * can explain is `malformed`.
 */
export interface TlvOption {
  type: number | 'malformed'
  data: Uint8Array
}

/** RFC 768. */
export interface Udp {
  srcPort: number
  dstPort: number
  length: number
  checksum: number
  badChecksum?: true
}

/** RFC 9293. */
export interface Tcp {
  srcPort: number
  dstPort: number
  seq: number
  ack: number
  /** Set flags joined by `+` in the order fin syn rst psh ack urg ece cwr: `syn`, `syn+ack`, `` for none. */
  flags: string
  window: number
  checksum: number
  badChecksum?: true
  urgent: number
  /** Raw options, padding included. */
  options?: Uint8Array
  /** The four bits between data offset and flags, where not 0. */
  reserved?: number
}

/** What `encode` takes: every layer with all its fields optional but those that nothing can compute. */
export type PacketInit = {
  [L in Exclude<keyof Packet, 'malformed'>]?: L extends 'ext'
    ? Loose<ExtensionHeader>[]
    : L extends 'tags'
      ? Loose<VlanTag>[]
      : L extends 'payload' | 'trailer'
        ? Uint8Array
        : Loose<NonNullable<Packet[L]>>
}
