import { describeArp, describeOtherArp } from './arp.ts'
import { decodeQuotedPacket, type QuotedPacket } from './decode.ts'
import { describeDhcpv4 } from './dhcpv4.ts'
import { describeDhcpv6 } from './dhcpv6.ts'
import { describeDns } from './dns.ts'
import { describeVlanTag } from './ethernet.ts'
import { describeExtensionHeader } from './extension-headers.ts'
import { describeIcmpv4 } from './icmpv4.ts'
import { defaultHopLimit, describeIcmpv6 } from './icmpv6.ts'
import type { Packet } from './packet.ts'
import { CONTROL_LAYERS, describeControl } from './ppp.ts'
import { describePppoe } from './pppoe.ts'
import { briefList, printable } from './printable.ts'
import { describeTcp } from './tcp.ts'

/** The longest line that `describe` gives. */
export const MAX_LINE = 400

/** One line for a packet ladder; whatever decodes can be described. */
export function describe(packet: Packet): string {
  return printable(`${describeLink(packet)}${describeContent(packet)}${findings(packet)}`, MAX_LINE)
}

/** What carries it, where that is more than a plain Ethernet header. */
function describeLink({ tags, pppoe }: Packet): string {
  const tagged = tags ? `${briefList(tags.map(describeVlanTag))}  ` : ''
  return pppoe ? `${tagged}${describePppoe(pppoe)}  ` : tagged
}

function describeContent(packet: Packet): string {
  const { eth, tags, pppoe, ppp, arp, otherArp, ip4, ip6 } = packet
  if (eth.dst === '') return `no Ethernet header${payload(packet)}`
  if (arp) return describeArp(arp)
  if (otherArp) return describeOtherArp(otherArp)
  if (ip4 || ip6) return describeIp(packet, true)
  const stations = `${eth.src} → ${eth.dst}`
  for (const layer of CONTROL_LAYERS) {
    const message = packet[layer]
    if (message) return `${stations}  ${describeControl(layer, message)}`
  }
  if (ppp) return `${stations}  PPP protocol 0x${hexWord(ppp.protocol)}${payload(packet)}`
  if (pppoe) return `${stations}${payload(packet)}`
  return `${stations}  ethertype 0x${hexWord(tags?.at(-1)?.type ?? eth.type)}${payload(packet)}`
}

function hexWord(value: number): string {
  return value.toString(16).padStart(4, '0')
}

/** An error's quote is described in turn, but not what that quotes. */
function describeIp(packet: QuotedPacket, withQuote: boolean): string {
  const ip = packet.ip6 ?? packet.ip4
  if (ip === undefined) return `no IP header${payload(packet)}`
  const quoted = withQuote && packet.icmp6 ? quote(packet.icmp6) : ''
  return `${ip.src} → ${ip.dst}  ${[...describeNetwork(packet), describeUpper(packet)].join('  ')}${quoted}`
}

/** What is worth saying of the network layer: extension headers, fragments, a hop limit that stands out. */
function describeNetwork({ ip6, ip4, ext, icmp6 }: QuotedPacket): string[] {
  const headers = (ext ?? []).map(describeExtensionHeader)
  // RFC 4861 section 6.1.1: a hop limit below 255 means that the message crossed a router.
  if (ip6 && icmp6 && defaultHopLimit(icmp6.type) !== 64 && ip6.hopLimit !== defaultHopLimit(icmp6.type)) {
    headers.push(`hop limit ${ip6.hopLimit}`)
  }
  if (ip4 && (ip4.moreFragments || ip4.fragmentOffset > 0)) {
    headers.push(`fragment id ${ip4.id} offset ${ip4.fragmentOffset}${ip4.moreFragments ? ' more' : ''}`)
  }
  return headers
}

function describeUpper(packet: QuotedPacket): string {
  const { icmp6, icmp4, tcp, udp, dhcp6, dhcp4, dns } = packet
  if (dhcp6) return titled('DHCPv6', describeDhcpv6(dhcp6))
  if (dhcp4) return titled('DHCPv4', describeDhcpv4(dhcp4))
  if (dns) return describeDns(dns)
  if (icmp6) return describeIcmpv6(icmp6)
  if (icmp4) return describeIcmpv4(icmp4)
  if (tcp) return `${describeTcp(tcp)}${payload(packet)}`
  if (udp) return `UDP ${udp.srcPort} → ${udp.dstPort}${payload(packet)}`
  const next = packet.ext?.at(-1)?.nextHeader ?? packet.ip6?.nextHeader ?? packet.ip4?.protocol
  return `next header ${next}${payload(packet)}`
}

/** The text of an unknown message contains its protocol. */
function titled(title: string, text: string): string {
  return text.startsWith(title) ? text : `${title} ${text}`
}

function quote(icmp6: NonNullable<Packet['icmp6']>): string {
  switch (icmp6.type) {
    case 'destination-unreachable':
    case 'packet-too-big':
    case 'time-exceeded':
    case 'parameter-problem':
      return `  for [${describeIp(decodeQuotedPacket(icmp6.data), false)}]`
    default:
      return ''
  }
}

function payload(packet: QuotedPacket): string {
  return packet.payload === undefined ? '' : `  ${packet.payload.length} octets`
}

function findings({ ip4, icmp4, icmp6, udp, tcp, malformed }: Packet): string {
  const sums = Object.entries({ ip4, icmp4, icmp6, udp, tcp }).filter(([, layer]) => layer?.badChecksum)
  const sumsText = sums.map(([name]) => `bad ${name} checksum`)
  if (malformed) sumsText.push(`malformed ${malformed.layer} at ${malformed.offset}: ${malformed.reason}`)
  return sumsText.map((text) => `  [${text}]`).join('')
}
