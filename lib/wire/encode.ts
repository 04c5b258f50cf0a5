import { BROADCAST_MAC, type Ipv4Address, ipv4MulticastMac, isMulticast, type Mac, multicastMac } from './address.ts'
import { encodeArp, encodeOtherArp } from './arp.ts'
import { EncodeError, type Writer, writeBytes, writer, written } from './bytes.ts'
import { pseudoHeader4, pseudoHeader6 } from './checksum.ts'
import { type Dhcpv4, encodeDhcpv4 } from './dhcpv4.ts'
import { type Dhcpv6, encodeDhcpv6 } from './dhcpv6.ts'
import { type Dns, encodeDns } from './dns.ts'
import { ETHER_TYPE, encodeEthernet, encodeVlanTag } from './ethernet.ts'
import { encodeExtensionHeader, extensionHeaderCode, finalDestination, homeAddress } from './extension-headers.ts'
import { encodeIcmpv4, endIcmpv4 } from './icmpv4.ts'
import { defaultHopLimit, encodeIcmpv6, endIcmpv6 } from './icmpv6.ts'
import { encodeIpv4, endIpv4, finalDestination4 } from './ipv4.ts'
import { encodeIpv6, endIpv6 } from './ipv6.ts'
import type { Packet, PacketInit } from './packet.ts'
import { CONTROL_LAYERS, encodeControl, encodePpp, PPP_PROTOCOL } from './ppp.ts'
import { encodePppoe, endPppoe } from './pppoe.ts'
import { PROTOCOL } from './protocol.ts'
import { encodeTcp, endTcp } from './tcp.ts'
import { encodeUdp, endUdp } from './udp.ts'

/** A field that is left out is computed, a field that is given is sent exactly so. Throws `EncodeError`. */
export function encode(packet: PacketInit | Packet): Uint8Array {
  const w = writer()
  if (!isRunt(packet)) encodeLinkLayer(w, packet)
  if (packet.pppoe) encodePppoePacket(w, packet, packet.pppoe)
  else encodeNetwork(w, packet)
  if (packet.trailer) writeBytes(w, packet.trailer)
  return written(w)
}

function encodeLinkLayer(w: Writer, packet: PacketInit): void {
  const { eth, tags = [] } = packet
  const types = [eth?.type, ...tags.map(({ type }) => type)]
  /** Each announces what follows it: the next tag, or the packet. */
  const typeAt = (i: number) => types[i] ?? (i < tags.length ? ETHER_TYPE.vlan : etherType(packet))
  encodeEthernet(w, { src: srcMac(packet), dst: dstMac(packet), type: typeAt(0) })
  for (const [i, { priority = 0, dropEligible = false, vid = 0 }] of tags.entries())
    encodeVlanTag(w, { priority, dropEligible, vid, type: typeAt(i + 1) })
}

function encodePppoePacket(w: Writer, packet: PacketInit, pppoe: NonNullable<PacketInit['pppoe']>): void {
  const at = w.at
  encodePppoe(w, pppoe)
  if (packet.ppp || pppProtocol(packet) !== undefined) encodePpp(w, packet.ppp ?? {}, pppProtocol(packet) ?? 0)
  for (const layer of CONTROL_LAYERS) {
    const message = packet[layer]
    if (message) encodeControl(w, layer, message)
  }
  encodeNetwork(w, packet)
  endPppoe(w, at, pppoe)
}

/** Of the content of a session, where the session states it. */
function pppProtocol(packet: PacketInit): number | undefined {
  const layer = packet.ip6 ? 'ip6' : packet.ip4 ? 'ip4' : CONTROL_LAYERS.find((one) => packet[one])
  return layer && PPP_PROTOCOL[layer]
}

function encodeNetwork(w: Writer, packet: PacketInit): void {
  if (packet.arp) encodeArp(w, packet.arp)
  if (packet.otherArp) encodeOtherArp(w, packet.otherArp)
  if (packet.ip4) encodeIp4(w, packet, packet.ip4)
  else if (packet.ip6) encodeIp6(w, packet, packet.ip6)
  else encodeUpper(w, packet, () => 0)
}

/** What `decode` makes of a frame with no whole Ethernet header. */
function isRunt(packet: PacketInit | Packet): boolean {
  return 'malformed' in packet && packet.malformed?.layer === 'eth'
}

function etherType(packet: PacketInit): number {
  if (packet.pppoe) {
    const { type = 'session' } = packet.pppoe
    return type === 'session' ? ETHER_TYPE.pppoeSession : ETHER_TYPE.pppoeDiscovery
  }
  if (packet.arp || packet.otherArp) return ETHER_TYPE.arp
  if (packet.ip4) return ETHER_TYPE.ip4
  if (packet.ip6) return ETHER_TYPE.ip6
  throw new EncodeError('eth.type is needed where there is neither ip6, ip4 nor arp')
}

function srcMac(packet: PacketInit): Mac {
  const src = packet.eth?.src ?? packet.arp?.senderMac
  if (src === undefined) throw new EncodeError('eth.src is needed')
  return src
}

function dstMac(packet: PacketInit): Mac {
  const dst = packet.eth?.dst ?? dstMacOf(packet)
  if (dst === undefined) throw new EncodeError('eth.dst is needed where the packet is not to a group')
  return dst
}

function dstMacOf({ arp, ip4, ip6, pppoe }: PacketInit): Mac | undefined {
  if (pppoe) return pppoe.type === 'padi' ? BROADCAST_MAC : undefined
  if (arp) return arp.operation === 'reply' ? arp.targetMac : BROADCAST_MAC
  if (ip4?.dst) return groupMac4(ip4.dst)
  return ip6?.dst && isMulticast(ip6.dst) ? multicastMac(ip6.dst) : undefined
}

function groupMac4(dst: Ipv4Address): Mac | undefined {
  if (dst === '255.255.255.255') return BROADCAST_MAC
  const first = Number.parseInt(dst, 10)
  return first >= 224 && first < 240 ? ipv4MulticastMac(dst) : undefined
}

function encodeIp6(w: Writer, packet: PacketInit, ip6: NonNullable<PacketInit['ip6']>): void {
  const at = w.at
  const ext = packet.ext ?? []
  const upper = upperProtocol(packet) ?? PROTOCOL.noNextHeader
  const chain = [...ext.map(({ type }) => extensionHeaderCode(type)), upper]
  encodeIpv6(w, ip6, chain[0] as number, defaultHopLimit(packet.icmp6?.type))
  let [src, dst] = [at + 8, at + 24]
  for (const [i, header] of ext.entries()) {
    const start = w.at
    encodeExtensionHeader(w, header, chain[i + 1] as number)
    const last = header.type === 'routing' ? finalDestination(w.bytes, start, w.at) : -1
    if (last >= 0) dst = last
    const home = header.type === 'destination-options' ? homeAddress(w.bytes, start, w.at) : -1
    if (home >= 0) src = home
  }
  encodeUpper(w, packet, (length, protocol) => pseudoHeader6(w.bytes, src, dst, length, protocol))
  endIpv6(w, at, ip6)
}

function encodeIp4(w: Writer, packet: PacketInit, ip4: NonNullable<PacketInit['ip4']>): void {
  const at = w.at
  const ext = packet.ext ?? []
  const upper = upperProtocol(packet) ?? (ext.length > 0 ? PROTOCOL.noNextHeader : ip4.protocol)
  if (upper === undefined) throw new EncodeError('ip4.protocol is needed where the payload is raw')
  const chain = [...ext.map(({ type }) => extensionHeaderCode(type)), upper]
  encodeIpv4(w, ip4, chain[0] as number)
  for (const [i, header] of ext.entries()) encodeExtensionHeader(w, header, chain[i + 1] as number)
  const dst = finalDestination4(w.bytes, at)
  encodeUpper(w, packet, (length, upper) => pseudoHeader4(w.bytes, at + 12, dst, length, upper))
  endIpv4(w, at, ip4)
}

function upperProtocol({ icmp6, icmp4, udp, tcp }: PacketInit): number | undefined {
  if (icmp6) return PROTOCOL.icmp6
  if (icmp4) return PROTOCOL.icmp4
  if (udp) return PROTOCOL.udp
  return tcp ? PROTOCOL.tcp : undefined
}

/** The sum of the pseudo-header for an upper layer of `length` octets. */
type PseudoHeader = (length: number, protocol: number) => number

function encodeUpper(w: Writer, packet: PacketInit, pseudoHeader: PseudoHeader): void {
  const at = w.at
  const { icmp6, icmp4, udp, tcp } = packet
  if (icmp6) encodeIcmpv6(w, icmp6)
  else if (icmp4) encodeIcmpv4(w, icmp4)
  else if (udp) encodeUdp(w, udp)
  else if (tcp) encodeTcp(w, tcp)
  encodeApplication(w, packet)
  const length = w.at - at
  if (icmp6) endIcmpv6(w, at, icmp6, pseudoHeader(length, PROTOCOL.icmp6))
  else if (icmp4) endIcmpv4(w, at, icmp4)
  else if (udp) endUdp(w, at, udp, pseudoHeader(udp.length ?? length, PROTOCOL.udp))
  else if (tcp) endTcp(w, at, tcp, pseudoHeader(length, PROTOCOL.tcp))
}

/** `dns` only where there is no payload: next to one it is a view of it. */
function encodeApplication(w: Writer, { dhcp6, dhcp4, dns, payload }: PacketInit): void {
  if (dhcp6) writeBytes(w, encodeDhcpv6(dhcp6 as Dhcpv6))
  if (dhcp4) writeBytes(w, encodeDhcpv4(dhcp4 as Dhcpv4))
  if (payload) writeBytes(w, payload)
  else if (dns) writeBytes(w, encodeDns(dns as Dns))
}
