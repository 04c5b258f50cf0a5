import { ARP_LENGTH, decodeArp, decodeOtherArp } from './arp.ts'
import { left, reader, readRest, skip } from './bytes.ts'
import { addsUp, pseudoHeader4, pseudoHeader6, sum } from './checksum.ts'
import { decodeDhcpv4 } from './dhcpv4.ts'
import { decodeDhcpv6 } from './dhcpv6.ts'
import { decodeDns } from './dns.ts'
import { decodeEthernet, decodeVlanTag, ETHER_TYPE, ETHERNET_HEADER, isVlan, VLAN_TAG } from './ethernet.ts'
import {
  decodeExtensionHeader,
  extensionHeaderLength,
  finalDestination,
  homeAddress,
  isExtensionHeader,
} from './extension-headers.ts'
import { decodeIcmpv4, ICMPV4_HEADER } from './icmpv4.ts'
import { decodeIcmpv6 } from './icmpv6.ts'
import { decodeIpv4, finalDestination4, IPV4_HEADER, ipv4HeaderLength } from './ipv4.ts'
import { decodeIpv6, IPV6_HEADER } from './ipv6.ts'
import type { Layer } from './malformed.ts'
import type { Ethernet, Packet } from './packet.ts'
import { controlLayer, decodeControl, decodePpp, PPP_PROTOCOL, pppHeaderLength } from './ppp.ts'
import { decodePppoe, PPPOE_HEADER, readPppoeTags } from './pppoe.ts'
import { PROTOCOL } from './protocol.ts'
import { decodeTcp, TCP_HEADER, tcpHeaderLength } from './tcp.ts'
import { decodeUdp, UDP_HEADER } from './udp.ts'

/** A packet as an ICMP error quotes it: no frame around it, and cut anywhere. */
export type QuotedPacket = Omit<Packet, 'eth'>

export interface Decoding {
  /** The frame was cut on purpose: what is there is read, and nothing that is missing is a fault. */
  cut?: boolean
}

/** An IP packet's place in the bytes; `wire` is what upper layers need of it. */
interface Place {
  bytes: Uint8Array
  /** Where the IP packet ends: as stated, or as far as there is anything. */
  end: number
  /** Less is there than the packet states, and that is all right: nothing beyond headers is read, or summed. */
  cut: boolean
  version: 4 | 6
  /** Offsets of the addresses that the pseudo-header takes: those of both ends, wherever the packet is on its way. */
  src: number
  dst: number
}

/** Never throws. The result's octets are views of `frame`. */
export function decode(frame: Uint8Array, { cut = false }: Decoding = {}): Packet {
  if (frame.length < ETHERNET_HEADER) {
    const packet: Packet = { eth: { dst: '', src: '', type: 0 } }
    keep(packet, frame, 0, frame.length)
    return bad(packet, 'eth', 0, `an Ethernet header has ${ETHERNET_HEADER} octets`)
  }
  const packet: Packet = { eth: decodeEthernet(frame) }
  let at = ETHERNET_HEADER
  let { type } = packet.eth
  for (; isVlan(type); at += VLAN_TAG) {
    if (frame.length < at + VLAN_TAG) {
      keep(packet, frame, at, frame.length)
      return bad(packet, 'tags', at, 'cut short')
    }
    const tag = decodeVlanTag(frame, at)
    packet.tags ??= []
    packet.tags.push(tag)
    type = tag.type
  }
  switch (type) {
    case ETHER_TYPE.ip6:
      return decodeIp6(packet, frame, at, cut)
    case ETHER_TYPE.ip4:
      return decodeIp4(packet, frame, at, cut)
    case ETHER_TYPE.arp:
      return decodeArpPacket(packet, frame, at)
    case ETHER_TYPE.pppoeDiscovery:
    case ETHER_TYPE.pppoeSession:
      return decodePppoePacket(packet, frame, at, type, cut)
    default:
      return keep(packet, frame, at, frame.length)
  }
}

/** Reads the packet that an ICMP error quotes in its `data`, as far as it goes. Never throws. */
export function decodeQuotedPacket(data: Uint8Array): QuotedPacket {
  const packet: QuotedPacket = {}
  return data.length > 0 && (data[0] as number) >> 4 === 4
    ? decodeIp4(packet, data, 0, true)
    : decodeIp6(packet, data, 0, true)
}

/** Reads an IPv6 packet that was put together of fragments, as if it had come in such a frame. Never throws. */
export const decodeReassembled = (octets: Uint8Array, eth: Ethernet): Packet =>
  decodeIp6<Packet>({ eth }, octets, 0, false)

function decodeArpPacket(packet: Packet, frame: Uint8Array, at: number): Packet {
  const r = reader(frame, at)
  const arp = frame.length < at + ARP_LENGTH ? undefined : decodeArp(frame, at)
  if (arp === undefined) {
    const other = decodeOtherArp(r)
    if (r.short) {
      keep(packet, frame, at, frame.length)
      return bad(packet, 'arp', at, 'cut short')
    }
    packet.otherArp = other
  } else {
    packet.arp = arp
    skip(r, ARP_LENGTH)
  }
  if (left(r) > 0) packet.trailer = readRest(r)
  return packet
}

function decodePppoePacket(packet: Packet, frame: Uint8Array, at: number, type: number, cut: boolean): Packet {
  const start = at + PPPOE_HEADER
  if (frame.length < start) {
    keep(packet, frame, at, frame.length)
    return bad(packet, 'pppoe', at, 'header cut short')
  }
  const pppoe = decodePppoe(frame, at)
  packet.pppoe = pppoe
  const end = start + pppoe.length
  if (end > frame.length && !cut) {
    keep(packet, frame, start, frame.length)
    return bad(packet, 'pppoe', at, `length ${pppoe.length}, ${frame.length - start} octets there`)
  }
  const inner = frame.subarray(0, end)
  if (type === ETHER_TYPE.pppoeSession) decodePppPacket(packet, inner, start, cut)
  else if (start < inner.length)
    pppoe.tags = readPppoeTags(reader(inner, start), (offset, reason) => bad(packet, 'pppoe', offset, reason))
  // Behind the padding of PPP that of Ethernet; the length in the PPPoE header separates them.
  if (end < frame.length) packet.trailer = frame.subarray(end - (packet.trailer?.length ?? 0))
  return packet
}

function decodePppPacket(packet: Packet, bytes: Uint8Array, at: number, cut: boolean): Packet {
  const header = pppHeaderLength(bytes, at, bytes.length)
  if (header === 0) {
    keep(packet, bytes, at, bytes.length)
    return bad(packet, 'ppp', at, 'protocol cut short')
  }
  packet.ppp = decodePpp(bytes, at, header)
  const { protocol } = packet.ppp
  const start = at + header
  if (protocol === PPP_PROTOCOL.ip6) return decodeIp6(packet, bytes, start, cut)
  if (protocol === PPP_PROTOCOL.ip4) return decodeIp4(packet, bytes, start, cut)
  const layer = controlLayer(protocol)
  if (layer === undefined) return keep(packet, bytes, start, bytes.length)
  const { message, end, malformed } = decodeControl(layer, bytes, start, bytes.length)
  if (message === undefined) keep(packet, bytes, start, bytes.length)
  else {
    Object.assign(packet, { [layer]: message })
    if (end < bytes.length) packet.trailer = bytes.subarray(end)
  }
  return malformed ? bad(packet, layer, malformed.offset, malformed.reason) : packet
}

function decodeIp6<P extends QuotedPacket>(packet: P, bytes: Uint8Array, at: number, quoted: boolean): P {
  const start = at + IPV6_HEADER
  if (bytes.length < start || (bytes[at] as number) >> 4 !== 6) {
    keep(packet, bytes, at, bytes.length)
    return bad(packet, 'ip6', at, bytes.length < start ? 'header cut short' : 'version is not 6')
  }
  const ip6 = decodeIpv6(bytes, at)
  packet.ip6 = ip6
  const end = start + ip6.payloadLength
  const cut = end > bytes.length
  if (cut && !quoted) {
    keep(packet, bytes, start, bytes.length)
    return bad(packet, 'ip6', at, `payload length ${ip6.payloadLength}, ${bytes.length - start} octets there`)
  }
  if (end < bytes.length) packet.trailer = bytes.subarray(end)
  const place: Place = { bytes, end: cut ? bytes.length : end, cut, version: 6, src: at + 8, dst: at + 24 }
  return decodeExtensions(packet, place, start, ip6.nextHeader)
}

function decodeExtensions<P extends QuotedPacket>(packet: P, place: Place, start: number, nextHeader: number): P {
  const { bytes, end } = place
  let at = start
  let next = nextHeader
  while (isExtensionHeader(next, place.version)) {
    const length = extensionHeaderLength(next, bytes, at, end)
    if (length === 0) {
      keep(packet, bytes, at, end)
      return bad(packet, 'ext', at, `extension header ${next} cut short`)
    }
    const header = decodeExtensionHeader(next, bytes, at, at + length)
    packet.ext ??= []
    packet.ext.push(header)
    if (header.type === 'fragment') {
      if (header.offset > 0 || header.more) return keep(packet, bytes, at + length, end)
    } else if (header.type === 'routing') {
      const last = finalDestination(bytes, at, at + length)
      if (last >= 0) place.dst = last
    } else if (header.type !== 'authentication') {
      const home = header.type === 'destination-options' ? homeAddress(bytes, at, at + length) : -1
      if (home >= 0) place.src = home
      const tail = header.options.at(-1)
      if (tail?.type === 'malformed') {
        bad(packet, 'ext', at + length - tail.data.length, 'no option has this length')
      }
    }
    at += length
    next = header.nextHeader
  }
  return decodeUpper(packet, place, at, next)
}

function decodeIp4<P extends QuotedPacket>(packet: P, bytes: Uint8Array, at: number, quoted: boolean): P {
  const there = bytes.length - at
  const header = there < IPV4_HEADER ? 0 : ipv4HeaderLength(bytes, at)
  if (header < IPV4_HEADER || header > there || (bytes[at] as number) >> 4 !== 4) {
    keep(packet, bytes, at, bytes.length)
    return bad(packet, 'ip4', at, header >= IPV4_HEADER && header <= there ? 'version is not 4' : 'header cut short')
  }
  const ip4 = decodeIpv4(bytes, at)
  packet.ip4 = ip4
  const start = at + header
  const end = at + ip4.totalLength
  const cut = end > bytes.length
  if (end < start || (cut && !quoted)) {
    keep(packet, bytes, start, bytes.length)
    return bad(packet, 'ip4', at, `total length ${ip4.totalLength}, header ${header}, ${there} octets there`)
  }
  if (end < bytes.length) packet.trailer = bytes.subarray(end)
  const dst = finalDestination4(bytes, at)
  const place: Place = { bytes, end: cut ? bytes.length : end, cut, version: 4, src: at + 12, dst }
  if (ip4.moreFragments || ip4.fragmentOffset > 0) return keep(packet, bytes, start, place.end)
  return decodeExtensions(packet, place, start, ip4.protocol)
}

function decodeUpper<P extends QuotedPacket>(packet: P, place: Place, at: number, protocol: number): P {
  switch (protocol) {
    case PROTOCOL.udp:
      return decodeUdpPacket(packet, place, at)
    case PROTOCOL.tcp:
      return decodeTcpPacket(packet, place, at)
    case PROTOCOL.icmp6:
      return decodeIcmp6Packet(packet, place, at)
    case PROTOCOL.icmp4:
      return decodeIcmp4Packet(packet, place, at)
    default:
      return keep(packet, place.bytes, at, place.end)
  }
}

function decodeIcmp6Packet<P extends QuotedPacket>(packet: P, place: Place, at: number): P {
  const { bytes, end } = place
  const result = decodeIcmpv6(bytes, at, end)
  if (result.message === undefined) {
    keep(packet, bytes, at, end)
  } else {
    packet.icmp6 = result.message
    if (!hasValidSum(place, at, PROTOCOL.icmp6)) result.message.badChecksum = true
  }
  if (result.malformed !== undefined) packet.malformed ??= result.malformed
  return packet
}

function decodeIcmp4Packet<P extends QuotedPacket>(packet: P, place: Place, at: number): P {
  const { bytes, end, cut } = place
  if (end - at < ICMPV4_HEADER) {
    keep(packet, bytes, at, end)
    return bad(packet, 'icmp4', at, 'cut short')
  }
  packet.icmp4 = decodeIcmpv4(bytes, at)
  if (!cut && !addsUp(sum(bytes, at, end))) packet.icmp4.badChecksum = true
  return keep(packet, bytes, at + ICMPV4_HEADER, end)
}

function decodeTcpPacket<P extends QuotedPacket>(packet: P, place: Place, at: number): P {
  const { bytes, end } = place
  const there = end - at
  const header = there < TCP_HEADER ? 0 : tcpHeaderLength(bytes, at)
  if (header < TCP_HEADER || header > there) {
    keep(packet, bytes, at, end)
    return bad(packet, 'tcp', at, 'header cut short')
  }
  packet.tcp = decodeTcp(bytes, at)
  if (!hasValidSum(place, at, PROTOCOL.tcp)) packet.tcp.badChecksum = true
  return keep(packet, bytes, at + header, end)
}

function decodeUdpPacket<P extends QuotedPacket>(packet: P, place: Place, at: number): P {
  const { bytes, end, cut } = place
  const start = at + UDP_HEADER
  if (start > end) {
    keep(packet, bytes, at, end)
    return bad(packet, 'udp', at, 'header cut short')
  }
  const udp = decodeUdp(bytes, at)
  packet.udp = udp
  if (cut) return keep(packet, bytes, start, end)
  if (udp.length !== end - at) {
    keep(packet, bytes, start, end)
    return bad(packet, 'udp', at, `length ${udp.length}, ${end - at} octets there`)
  }
  // RFC 768 lets IPv4 go without; RFC 8200 section 8.1 does not.
  const without = udp.checksum === 0
  if (without ? place.version === 6 : !hasValidSum(place, at, PROTOCOL.udp)) udp.badChecksum = true
  return decodeApplication(packet, place, start)
}

/** RFC 8415 section 7.2, RFC 2131 section 4.1, RFC 1035 section 4.2.1. */
function decodeApplication<P extends QuotedPacket>(packet: P, place: Place, start: number): P {
  const { bytes, end, version } = place
  const { srcPort, dstPort } = packet.udp as { srcPort: number; dstPort: number }
  if (srcPort === 53 || dstPort === 53) {
    const dns = decodeDns(bytes.subarray(start, end))
    if (dns !== undefined) packet.dns = dns
    return keep(packet, bytes, start, end)
  }
  if (version === 6 && (isDhcp6(srcPort) || isDhcp6(dstPort))) {
    const result = decodeDhcpv6(bytes.subarray(start, end), start)
    if (result.message !== undefined) packet.dhcp6 = result.message
    else keep(packet, bytes, start, end)
    if (result.malformed !== undefined) packet.malformed ??= result.malformed
    return packet
  }
  if (version === 4 && (isDhcp4(srcPort) || isDhcp4(dstPort))) {
    const result = decodeDhcpv4(bytes.subarray(start, end), start)
    if (result.message !== undefined) packet.dhcp4 = result.message
    else keep(packet, bytes, start, end)
    if (result.malformed !== undefined) packet.malformed ??= result.malformed
    return packet
  }
  return keep(packet, bytes, start, end)
}

function isDhcp6(port: number): boolean {
  return port === 546 || port === 547
}

function isDhcp4(port: number): boolean {
  return port === 67 || port === 68
}

/** True also where there is nothing to judge. */
function hasValidSum(place: Place, at: number, protocol: number): boolean {
  const { bytes, end, cut, src, dst } = place
  if (cut) return true
  const pseudoHeader =
    place.version === 6
      ? pseudoHeader6(bytes, src, dst, end - at, protocol)
      : pseudoHeader4(bytes, src, dst, end - at, protocol)
  return addsUp(sum(bytes, at, end, pseudoHeader))
}

function keep<P extends QuotedPacket>(packet: P, bytes: Uint8Array, start: number, end: number): P {
  if (start < end) packet.payload = bytes.subarray(start, end)
  return packet
}

/** The first finding stays: what follows from it is less exact. */
function bad<P extends QuotedPacket>(packet: P, layer: Layer, offset: number, reason: string): P {
  packet.malformed ??= { layer, offset, reason }
  return packet
}
