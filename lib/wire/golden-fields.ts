import { formatIpv4 } from './address.ts'
import { writer, written } from './bytes.ts'
import { decodeQuotedPacket, type QuotedPacket } from './decode.ts'
import type { extensionHeaderCode } from './extension-headers.ts'
import type { Column, Read, Value } from './golden-column.ts'
import { APPLICATION_FIELDS } from './golden-fields-application.ts'
import { LINE_FIELDS } from './golden-fields-line.ts'
import { icmpv6Code } from './icmpv6.ts'
import { encodeIpv4, finalDestination4 } from './ipv4.ts'
import { encodeNdOptions, type NdOption, ndOptions } from './nd-options.ts'
import { hex } from './testing.ts'

const FLAGS = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr']

/** In the order of the two bits, RFC 4191 section 2.1. */
const PREFERENCES = ['medium', 'high', 'reserved', 'low']

/** TShark's fields by ours. Numbers and flags are compared as numbers, octets as hex. */
export const FIELDS: { readonly [column: string]: (packet: Read) => Column } = {
  'eth.src': (p) => p.eth?.src,
  'eth.dst': (p) => p.eth?.dst,
  'eth.type': (p) => p.eth?.type,
  ...LINE_FIELDS,
  'arp.hw.type': (p) => (p.arp ? 1 : p.otherArp?.hardware),
  'arp.proto.type': (p) => (p.arp ? 0x0800 : p.otherArp?.protocol),
  'arp.hw.size': (p) => (p.arp ? 6 : p.otherArp?.senderHardware.length),
  'arp.proto.size': (p) => (p.arp ? 4 : p.otherArp?.sender.length),
  'arp.src.hw': (p) => p.otherArp && hex(p.otherArp.senderHardware),
  'arp.dst.hw': (p) => p.otherArp && hex(p.otherArp.targetHardware),
  'arp.src.proto': (p) => p.otherArp && hex(p.otherArp.sender),
  'arp.dst.proto': (p) => p.otherArp && hex(p.otherArp.target),
  'arp.opcode': (p) => operation(p.arp ?? p.otherArp),
  'arp.src.hw_mac': (p) => p.arp?.senderMac,
  'arp.dst.hw_mac': (p) => p.arp?.targetMac,
  'arp.src.proto_ipv4': (p) => p.arp?.sender,
  'arp.dst.proto_ipv4': (p) => p.arp?.target,
  'ip.src': (p) => p.ip4?.src,
  /** Where a source route leads, to TShark. */
  'ip.dst': (p) => p.ip4 && lastStop(p.ip4),
  'ip.hdr_len': (p) => p.ip4 && 20 + (p.ip4.options?.length ?? 0),
  'ip.dsfield.dscp': (p) => p.ip4?.dscp,
  'ip.dsfield.ecn': (p) => p.ip4?.ecn,
  'ip.len': (p) => p.ip4?.totalLength,
  'ip.id': (p) => p.ip4?.id,
  'ip.flags.df': (p) => p.ip4?.dontFragment,
  'ip.flags.mf': (p) => p.ip4?.moreFragments,
  /** In its units of 8 octets, as below. */
  'ip.frag_offset': (p) => p.ip4 && p.ip4.fragmentOffset / 8,
  'ip.ttl': (p) => p.ip4?.ttl,
  'ip.proto': (p) => p.ip4?.protocol,
  'ip.checksum': (p) => p.ip4?.checksum,
  'ipv6.src': (p) => p.ip6?.src,
  'ipv6.dst': (p) => p.ip6?.dst,
  'ipv6.tclass': (p) => p.ip6?.trafficClass,
  'ipv6.flow': (p) => p.ip6?.flowLabel,
  'ipv6.hlim': (p) => p.ip6?.hopLimit,
  'ipv6.plen': (p) => p.ip6?.payloadLength,
  'ipv6.nxt': (p) => p.ip6?.nextHeader,
  'ipv6.hopopts.nxt': (p) => headers(p, 'hop-by-hop').map((header) => header.nextHeader),
  'ipv6.dstopts.nxt': (p) => headers(p, 'destination-options').map((header) => header.nextHeader),
  'ipv6.routing.nxt': (p) => headers(p, 'routing').map((header) => header.nextHeader),
  'ipv6.routing.type': (p) => headers(p, 'routing').map((header) => header.routingType),
  'ipv6.routing.segleft': (p) => headers(p, 'routing').map((header) => header.segmentsLeft),
  'ipv6.opt.type': (p) => tlvOptions(p).map((option) => option.type),
  /** Pad1 has none. */
  'ipv6.opt.length': (p) => tlvOptions(p).flatMap(({ type, data }) => (type === 0 ? [] : data.length)),
  'ipv6.opt.router_alert': (p) => tlvOptions(p).flatMap(({ type, data }) => (type === 5 ? number(data) : [])),
  'ipv6.fraghdr.nxt': (p) => headers(p, 'fragment').map((header) => header.nextHeader),
  'ipv6.fraghdr.offset': (p) => headers(p, 'fragment').map((header) => header.offset / 8),
  'ipv6.fraghdr.more': (p) => headers(p, 'fragment').map((header) => header.more),
  'ipv6.fraghdr.ident': (p) => headers(p, 'fragment').map((header) => header.id),
  'ah.next_header': (p) => headers(p, 'authentication').map((header) => header.nextHeader),
  'ah.spi': (p) => headers(p, 'authentication').map((header) => header.spi),
  'ah.sequence': (p) => headers(p, 'authentication').map((header) => header.sequence),
  'ah.icv': (p) => headers(p, 'authentication').map((header) => hex(header.icv)),
  'icmp.type': (p) => p.icmp4?.type,
  'icmp.code': (p) => p.icmp4?.code,
  'icmp.checksum': (p) => p.icmp4?.checksum,
  'icmp.ident': (p) => (isEcho4(p) ? (p.icmp4?.rest ?? 0) >>> 16 : undefined),
  'icmp.seq': (p) => (isEcho4(p) ? (p.icmp4?.rest ?? 0) & 0xffff : undefined),
  'icmp.mtu': (p) => (p.icmp4?.type === 3 && p.icmp4.code === 4 ? p.icmp4.rest & 0xffff : undefined),
  'icmpv6.type': (p) => p.icmp6 && icmpv6Code(p.icmp6.type),
  'icmpv6.code': (p) => p.icmp6?.code,
  'icmpv6.checksum': (p) => p.icmp6?.checksum,
  'icmpv6.mtu': (p) => (p.icmp6?.type === 'packet-too-big' ? p.icmp6.mtu : undefined),
  'icmpv6.pointer': (p) => field(p, 'pointer'),
  'icmpv6.echo.identifier': (p) => (mobilePrefixes(p) ? undefined : field(p, 'id')),
  'icmpv6.echo.sequence_number': (p) => field(p, 'seq'),
  'icmpv6.nd.ns.target_address': (p) => (p.icmp6?.type === 'neighbor-solicitation' ? p.icmp6.target : undefined),
  'icmpv6.nd.na.target_address': (p) => (p.icmp6?.type === 'neighbor-advertisement' ? p.icmp6.target : undefined),
  'icmpv6.nd.na.flag.r': (p) => field(p, 'router'),
  'icmpv6.nd.na.flag.s': (p) => field(p, 'solicited'),
  'icmpv6.nd.na.flag.o': (p) => field(p, 'override'),
  'icmpv6.nd.rd.target_address': (p) => (p.icmp6?.type === 'redirect' ? p.icmp6.target : undefined),
  'icmpv6.rd.na.destination_address': (p) => field(p, 'destination'),
  'icmpv6.nd.ra.cur_hop_limit': (p) => field(p, 'hopLimit'),
  'icmpv6.nd.ra.flag.m': (p) => advertisement(p)?.managed,
  'icmpv6.nd.ra.flag.o': (p) => advertisement(p)?.other,
  'icmpv6.nd.ra.flag.h': (p) => advertisement(p) && ((advertisement(p)?.reservedFlags ?? 0) & 0x20) !== 0,
  'icmpv6.nd.ra.flag.prf': (p) => advertisement(p) && PREFERENCES.indexOf(advertisement(p)?.preference ?? ''),
  'icmpv6.nd.ra.router_lifetime': (p) => field(p, 'routerLifetime'),
  'icmpv6.nd.ra.reachable_time': (p) => field(p, 'reachableTime'),
  'icmpv6.nd.ra.retrans_timer': (p) => field(p, 'retransTimer'),
  'icmpv6.mip6.identifier': (p) => mobilePrefixes(p)?.id,
  'icmpv6.mip6.flag.m': (p) => mobilePrefixes(p)?.managed,
  'icmpv6.mip6.flag.o': (p) => mobilePrefixes(p)?.other,
  'icmpv6.opt.type': (p) => options(p).map((option) => octetsOf(option)[0]),
  'icmpv6.opt.length': (p) => options(p).map((option) => octetsOf(option)[1]),
  'icmpv6.opt.linkaddr': (p) => [...named(p, 'source-link-layer'), ...named(p, 'target-link-layer')].map((o) => o.mac),
  'icmpv6.opt.nonce': (p) => named(p, 'nonce').map((o) => hex(o.nonce)),
  /** It shows none of a route that does without its octets. */
  'icmpv6.opt.prefix': (p) => prefixes(p).flatMap((o) => (octetsOf(o)[1] === 1 ? [] : o.prefix.split('/')[0])),
  'icmpv6.opt.prefix.length': (p) => prefixes(p).map((o) => Number(o.prefix.split('/')[1])),
  'icmpv6.opt.prefix.flag.l': (p) => named(p, 'prefix-information').map((o) => o.onLink),
  'icmpv6.opt.prefix.flag.a': (p) => named(p, 'prefix-information').map((o) => o.autonomous),
  'icmpv6.opt.prefix.flag.r': (p) => named(p, 'prefix-information').map((o) => o.routerAddress ?? false),
  'icmpv6.opt.prefix.valid_lifetime': (p) => named(p, 'prefix-information').map((o) => o.validLifetime),
  'icmpv6.opt.prefix.preferred_lifetime': (p) => named(p, 'prefix-information').map((o) => o.preferredLifetime),
  'icmpv6.opt.route_info.flag.route_preference': (p) =>
    named(p, 'route-information').map((o) => PREFERENCES.indexOf(o.preference)),
  'icmpv6.opt.route_lifetime': (p) => named(p, 'route-information').map((o) => o.lifetime),
  'icmpv6.opt.mtu': (p) => named(p, 'mtu').map((o) => o.mtu),
  'icmpv6.opt.rdnss': (p) => named(p, 'rdnss').flatMap((o) => o.servers),
  'icmpv6.opt.rdnss.lifetime': (p) => named(p, 'rdnss').map((o) => o.lifetime),
  'icmpv6.opt.dnssl': (p) => named(p, 'dnssl').flatMap((o) => o.domains),
  'icmpv6.opt.dnssl.lifetime': (p) => named(p, 'dnssl').map((o) => o.lifetime),
  'icmpv6.opt.pref64.plc': (p) => named(p, 'pref64').map((o) => o.plc),
  'icmpv6.opt.pref64.prefix': (p) => named(p, 'pref64').map((o) => o.prefix),
  'icmpv6.mld.maximum_response_delay': (p) => (query(p) ? undefined : listener(p)?.maxResponseDelay),
  'icmpv6.mld.maximum_response_code': (p) => query(p) && listener(p)?.maxResponseDelay,
  'icmpv6.mld.multicast_address': (p) => listener(p)?.group,
  'icmpv6.mld.flag.qrv': (p) => query(p) && (query(p)?.[0] ?? 0) & 7,
  'icmpv6.mld.qqi': (p) => query(p)?.[1],
  'icmpv6.mldr.mar.record_type': (p) => records(p).map((record) => record.type),
  'icmpv6.mldr.mar.nb_sources': (p) => records(p).map((record) => record.sources.length),
  'icmpv6.mldr.mar.multicast_address': (p) => records(p).map((record) => record.group),
  'icmpv6.mldr.mar.source_address': (p) => records(p).flatMap((record) => record.sources),
  'udp.srcport': (p) => p.udp?.srcPort,
  'udp.dstport': (p) => p.udp?.dstPort,
  'udp.length': (p) => p.udp?.length,
  'udp.checksum': (p) => p.udp?.checksum,
  'tcp.srcport': (p) => p.tcp?.srcPort,
  'tcp.dstport': (p) => p.tcp?.dstPort,
  'tcp.seq_raw': (p) => p.tcp?.seq,
  'tcp.ack_raw': (p) => p.tcp?.ack,
  'tcp.hdr_len': (p) => p.tcp && 20 + (p.tcp.options?.length ?? 0),
  'tcp.flags': (p) => p.tcp?.flags.split('+').reduce((bits, flag) => bits | (1 << FLAGS.indexOf(flag)), 0),
  'tcp.window_size_value': (p) => p.tcp?.window,
  'tcp.checksum': (p) => p.tcp?.checksum,
  'tcp.urgent_pointer': (p) => p.tcp?.urgent,
  'tcp.options': (p) => p.tcp?.options && hex(p.tcp.options),
  ...APPLICATION_FIELDS,
}

/** The packets that an error or a redirect quotes: TShark looks into them as well. */
export function quotes({ icmp6, icmp4, payload }: QuotedPacket): QuotedPacket[] {
  switch (icmp6?.type) {
    case 'destination-unreachable':
    case 'packet-too-big':
    case 'time-exceeded':
    case 'parameter-problem':
      return [decodeQuotedPacket(icmp6.data)]
    case 'redirect':
      return ndOptions(icmp6, 'redirected-header').map(({ data }) => decodeQuotedPacket(data))
    default:
      return icmp4 && payload && [3, 5, 11, 12].includes(icmp4.type) ? [decodeQuotedPacket(payload)] : []
  }
}

export function isFragment({ ip4, ext }: QuotedPacket): boolean {
  if (ip4?.moreFragments || (ip4?.fragmentOffset ?? 0) > 0) return true
  return ext?.some((header) => header.type === 'fragment' && (header.more || header.offset > 0)) ?? false
}

function headers<N extends Parameters<typeof extensionHeaderCode>[0]>(packet: Read, type: N) {
  type Header = NonNullable<Read['ext']>[number]
  return (packet.ext ?? []).filter(
    (
      header,
    ): header is Header extends infer H ? (H extends { type: infer T } ? (N extends T ? H : never) : never) : never =>
      header.type === type,
  )
}

function tlvOptions(packet: Read) {
  return (packet.ext ?? []).flatMap((header) => ('options' in header ? header.options : [])) as {
    type: number
    data: Uint8Array
  }[]
}

function operation(arp: Read['arp'] | Read['otherArp']): Value {
  return arp && (arp.operation === 'request' ? 1 : arp.operation === 'reply' ? 2 : arp.operation)
}

function lastStop(ip4: NonNullable<Read['ip4']>): string {
  const w = writer()
  encodeIpv4(w, ip4, ip4.protocol)
  return formatIpv4(w.bytes, finalDestination4(w.bytes, 0))
}

function isEcho4({ icmp4 }: Read): boolean {
  return icmp4?.type === 0 || icmp4?.type === 8
}

function field(packet: Read, name: string): Value {
  return (packet.icmp6 as { [field: string]: Value } | undefined)?.[name]
}

function advertisement({ icmp6 }: Read) {
  return icmp6?.type === 'router-advertisement' ? icmp6 : undefined
}

function mobilePrefixes({ icmp6 }: Read) {
  return icmp6?.type === 'mobile-prefix-advertisement' ? icmp6 : undefined
}

function options({ icmp6 }: Read): NdOption[] {
  return icmp6 && 'options' in icmp6 ? icmp6.options : []
}

function octetsOf(option: NdOption): Uint8Array {
  const w = writer()
  encodeNdOptions(w, [option])
  return written(w)
}

function named<N extends Parameters<typeof ndOptions>[1]>(packet: Read, name: N) {
  return ndOptions({ options: options(packet) }, name)
}

function prefixes(packet: Read) {
  return options(packet).filter((o) => o.type === 'prefix-information' || o.type === 'route-information')
}

function listener({ icmp6 }: Read) {
  return icmp6 && 'maxResponseDelay' in icmp6 ? icmp6 : undefined
}

/** What an MLDv2 Query has beyond one of version 1, RFC 3810 section 5.1. */
function query(packet: Read): Uint8Array | undefined {
  return packet.icmp6?.type === 'mld-query' ? packet.icmp6.data : undefined
}

function records({ icmp6 }: Read) {
  return icmp6?.type === 'mld2-report' ? icmp6.records : []
}

function number(octets: Uint8Array): number {
  return octets.reduce((sum, octet) => sum * 256 + octet, 0)
}
