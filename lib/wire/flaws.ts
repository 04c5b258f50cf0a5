import { isMulticast, multicastMac } from './address.ts'
import type { Flaw } from './flaw.ts'
import { dhcpv4Flaws } from './flaws-dhcpv4.ts'
import { dhcpv6Flaws } from './flaws-dhcpv6.ts'
import { icmpv6Flaws } from './flaws-nd.ts'
import type { ExtensionHeader, Ipv4, Ipv6, Packet, Tcp } from './packet.ts'

const HOP_BY_HOP = 0
/** PadN, RFC 8200 section 4.2. */
const PADDING = 1

/**
 * What the sender of a frame did wrong by the document of its protocol, each with the clause; none where it is
 * well-formed. Only what the frame itself shows: whether it was wanted is not decided here.
 */
export function flawsOf(packet: Packet): Flaw[] {
  const { eth, arp, ip4, icmp4, ip6, ext = [], icmp6, udp, tcp, dhcp4, dhcp6, trailer, malformed } = packet
  const flaws: Flaw[] = []
  const check = (wrong: boolean | undefined, what: string, topic?: Flaw['topic']) =>
    wrong && flaws.push({ what, ...(topic && { topic }) })
  check(isGroup(eth.src), `source MAC ${eth.src} is a group`)
  check(malformed !== undefined, `${malformed?.layer}: ${malformed?.reason}`)
  if (trailer?.some((byte) => byte !== 0))
    flaws.push({ what: 'octets that are not zero after the packet (RFC 1042)', unusual: true })
  if (arp) check(isGroup(arp.senderMac) || arp.senderMac !== eth.src, `ARP from ${arp.senderMac} (RFC 826)`)
  if (ip4) flaws.push(...listed(ip4Flaws(ip4)))
  check(icmp4?.badChecksum, 'ICMP checksum')
  if (ip6) flaws.push(...listed(ip6Flaws(ip6, eth.dst)), ...listed(extensionFlaws(ip6, ext)))
  if (icmp6 && ip6) {
    check(icmp6.badChecksum, 'ICMPv6 checksum (RFC 4443 section 2.3)', 'checksum')
    flaws.push(...icmpv6Flaws(icmp6, ip6, ext))
  }
  if (udp) {
    check(udp.badChecksum || (ip6 && udp.checksum === 0), 'UDP checksum (RFC 8200 section 8.1)', 'checksum')
    check(udp.dstPort === 0, 'UDP port 0')
  }
  check(tcp?.badChecksum, 'TCP checksum (RFC 9293 section 3.1)', 'checksum')
  if (tcp) flaws.push(...listed(tcpFlaws(tcp)))
  if (dhcp4 && udp) flaws.push(...listed(dhcpv4Flaws(dhcp4, udp)))
  if (dhcp6 && ip6 && udp) flaws.push(...dhcpv6Flaws(dhcp6, ip6, udp))
  return flaws
}

const listed = (all: readonly string[]): Flaw[] => all.map((what) => ({ what }))

function ip4Flaws({ badChecksum, reservedFlag, src, ttl }: Ipv4): string[] {
  return [
    ...(badChecksum ? ['IPv4 header checksum (RFC 791)'] : []),
    ...(reservedFlag ? ['the reserved flag of IPv4 (RFC 791)'] : []),
    ...(ttl === 0 ? ['TTL 0 (RFC 791)'] : []),
    ...(Number.parseInt(src, 10) >= 224 ? [`source ${src} (RFC 1122 section 3.2.1.3)`] : []),
  ]
}

function ip6Flaws({ src, dst, hopLimit }: Ipv6, mac: string): string[] {
  const flaws: string[] = []
  const check = (wrong: boolean, flaw: string) => wrong && flaws.push(flaw)
  check(isMulticast(src), `source ${src} (RFC 4291 section 2.7)`)
  check(dst === '::', 'destination :: (RFC 4291 section 2.5.2)')
  check(hopLimit === 0, 'hop limit 0 (RFC 8200 section 3)')
  // RFC 6085: a packet for a group may go to one MAC.
  check(isMulticast(dst) && isGroup(mac) && mac !== multicastMac(dst), `${dst} at ${mac} (RFC 2464 section 7)`)
  check(!isMulticast(dst) && isGroup(mac), `${dst} at ${mac} (RFC 2464 section 6)`)
  return flaws
}

function extensionFlaws({ nextHeader }: Ipv6, ext: readonly ExtensionHeader[]): string[] {
  const flaws: string[] = []
  const check = (wrong: boolean, flaw: string) => wrong && flaws.push(flaw)
  check(
    ext.some(({ type }, index) => type === 'hop-by-hop' && (index > 0 || nextHeader !== HOP_BY_HOP)),
    'Hop-by-Hop Options that are not first (RFC 8200 section 4.1)',
  )
  for (const header of ext) {
    if ('options' in header)
      for (const { type, data } of header.options)
        check(type === PADDING && data.some((byte) => byte !== 0), 'padding that is not zero (RFC 8200 section 4.2)')
    if (header.type === 'fragment')
      check(Boolean(header.reserved || header.reservedBits), 'reserved bits of a fragment')
    if (header.type === 'routing') check(header.routingType === 0, 'a Type 0 Routing header (RFC 5095)')
  }
  return flaws
}

function tcpFlaws({ reserved, flags, urgent, srcPort, dstPort }: Tcp): string[] {
  const set = flags.split('+')
  return [
    ...(reserved ? ['reserved bits of TCP (RFC 9293 section 3.1)'] : []),
    ...(urgent !== 0 && !set.includes('urg') ? ['an urgent pointer without URG'] : []),
    ...(set.includes('syn') && (set.includes('fin') || set.includes('rst')) ? [`flags ${flags}`] : []),
    ...(srcPort === 0 || dstPort === 0 ? ['TCP port 0'] : []),
  ]
}

const isGroup = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1
