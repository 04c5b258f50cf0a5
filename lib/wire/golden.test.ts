import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decode, decodeQuotedPacket, type QuotedPacket } from './decode.ts'
import { encode } from './encode.ts'
import { icmpv6Code } from './icmpv6.ts'
import { ndOptions } from './nd-options.ts'
import type { Packet, PacketInit } from './packet.ts'
import { hex } from './testing.ts'

const golden = (name: string) => readFileSync(new URL(`golden/${name}`, import.meta.url))

const FRAMES = framesOf(golden('linux-radvd.pcap'))
const ROWS = golden('linux-radvd.tshark.tsv')
  .toString()
  .trimEnd()
  .split('\n')
  .map((line) => line.split('\t'))
const COLUMNS = ROWS.shift() ?? []

type Value = string | number | boolean | undefined

const FLAGS = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr']

/** TShark's field by ours; what an error quotes counts as well. Numbers are compared as numbers. */
const FIELDS: { [column: string]: (packet: QuotedPacket & Partial<Packet>) => Value | Value[] } = {
  'eth.src': (p) => p.eth?.src,
  'eth.dst': (p) => p.eth?.dst,
  'eth.type': (p) => p.eth?.type,
  'arp.opcode': (p) => p.arp && (p.arp.operation === 'request' ? 1 : 2),
  'arp.src.proto_ipv4': (p) => p.arp?.sender,
  'arp.dst.proto_ipv4': (p) => p.arp?.target,
  'ip.src': (p) => p.ip4?.src,
  'ip.dst': (p) => p.ip4?.dst,
  'ip.len': (p) => p.ip4?.totalLength,
  'ip.ttl': (p) => p.ip4?.ttl,
  'ip.checksum': (p) => p.ip4?.checksum,
  'ipv6.src': (p) => p.ip6?.src,
  'ipv6.dst': (p) => p.ip6?.dst,
  'ipv6.hlim': (p) => p.ip6?.hopLimit,
  'ipv6.plen': (p) => p.ip6?.payloadLength,
  'ipv6.nxt': (p) => p.ip6?.nextHeader,
  'ipv6.flow': (p) => p.ip6?.flowLabel,
  /** In its units of 8 octets. */
  'ipv6.fraghdr.offset': (p) => fragment(p) && (fragment(p)?.offset ?? 0) / 8,
  'ipv6.fraghdr.more': (p) => fragment(p)?.more,
  'ipv6.fraghdr.ident': (p) => fragment(p)?.id,
  'icmp.type': (p) => p.icmp4?.type,
  'icmp.checksum': (p) => p.icmp4?.checksum,
  'icmpv6.type': (p) => p.icmp6 && icmpv6Code(p.icmp6.type),
  'icmpv6.code': (p) => p.icmp6?.code,
  'icmpv6.checksum': (p) => p.icmp6?.checksum,
  'icmpv6.echo.identifier': (p) => field(p, 'id'),
  'icmpv6.echo.sequence_number': (p) => field(p, 'seq'),
  'icmpv6.nd.ns.target_address': (p) => (p.icmp6?.type === 'neighbor-solicitation' ? p.icmp6.target : undefined),
  'icmpv6.nd.na.target_address': (p) => (p.icmp6?.type === 'neighbor-advertisement' ? p.icmp6.target : undefined),
  'icmpv6.nd.na.flag.s': (p) => field(p, 'solicited'),
  'icmpv6.nd.ra.cur_hop_limit': (p) => field(p, 'hopLimit'),
  'icmpv6.nd.ra.router_lifetime': (p) => field(p, 'routerLifetime'),
  'icmpv6.nd.ra.flag.m': (p) => field(p, 'managed'),
  'icmpv6.nd.ra.flag.o': (p) => field(p, 'other'),
  'icmpv6.nd.ra.flag.prf': (p) => (field(p, 'preference') === 'high' ? 1 : undefined),
  'icmpv6.opt.linkaddr': (p) => [...named(p, 'source-link-layer'), ...named(p, 'target-link-layer')].map((o) => o.mac),
  'icmpv6.opt.nonce': (p) => named(p, 'nonce').map((o) => hex(o.nonce)),
  'icmpv6.opt.prefix': (p) => prefixes(p).map(([prefix]) => prefix),
  'icmpv6.opt.prefix.length': (p) => prefixes(p).map(([, length]) => Number(length)),
  'icmpv6.opt.prefix.valid_lifetime': (p) => named(p, 'prefix-information').map((o) => o.validLifetime),
  'icmpv6.opt.prefix.preferred_lifetime': (p) => named(p, 'prefix-information').map((o) => o.preferredLifetime),
  'icmpv6.opt.route_lifetime': (p) => named(p, 'route-information').map((o) => o.lifetime),
  'icmpv6.opt.mtu': (p) => named(p, 'mtu').map((o) => o.mtu),
  'icmpv6.opt.rdnss': (p) => named(p, 'rdnss').flatMap((o) => o.servers),
  'icmpv6.opt.rdnss.lifetime': (p) => named(p, 'rdnss').map((o) => o.lifetime),
  'icmpv6.opt.dnssl': (p) => named(p, 'dnssl').flatMap((o) => o.domains),
  'icmpv6.mldr.mar.record_type': (p) => records(p).map((record) => record.type),
  'icmpv6.mldr.mar.multicast_address': (p) => records(p).map((record) => record.group),
  'udp.srcport': (p) => p.udp?.srcPort,
  'udp.dstport': (p) => p.udp?.dstPort,
  'udp.length': (p) => p.udp?.length,
  'udp.checksum': (p) => p.udp?.checksum,
  'tcp.srcport': (p) => p.tcp?.srcPort,
  'tcp.dstport': (p) => p.tcp?.dstPort,
  'tcp.flags': (p) => p.tcp?.flags.split('+').reduce((bits, flag) => bits | (1 << FLAGS.indexOf(flag)), 0),
  'tcp.checksum': (p) => p.tcp?.checksum,
  'tcp.window_size_value': (p) => p.tcp?.window,
  'tcp.options': (p) => p.tcp?.options && hex(p.tcp.options),
}

test('every column is compared', () => {
  expect(Object.keys(FIELDS)).toEqual(COLUMNS)
  expect(FRAMES).toHaveLength(ROWS.length)
})

describe.each(FRAMES.map((frame, i) => [i + 1, frame] as const))('frame %i', (number, frame) => {
  const packet = decode(frame)
  const row = ROWS[number - 1] ?? []

  test('as TShark reads it', () => {
    const quoted = quotes(packet)
    for (const [i, column] of COLUMNS.entries()) {
      // TShark looks into the first fragment, which holds only the beginning of a message.
      if (fragment(packet) && /^(icmpv6|udp|tcp)\./.test(column)) continue
      const ours = [packet, ...quoted].flatMap((p) => FIELDS[column]?.(p)).filter((value) => value !== undefined)
      const theirs = (row[i] ?? '').split(',').filter((text) => text !== '')
      expect(ours.map(comparable), column).toEqual(theirs.map((text, k) => comparable(alike(text, ours[k]))))
    }
  })

  test('is well-formed, and encodes to the same octets', () => {
    expect(packet.malformed).toBeUndefined()
    expect(JSON.stringify(packet)).not.toContain('badChecksum')
    expect(hex(encode(packet))).toBe(hex(frame))
  })

  test('encodes to the same octets when lengths, checksums and next headers are computed', () => {
    expect(hex(encode(withoutComputed(packet)))).toBe(hex(frame))
  })
})

/** Without what `encode` computes. */
function withoutComputed(packet: Packet): PacketInit {
  const init = structuredClone(packet) as PacketInit
  const raw = init.payload !== undefined && !init.udp && !init.tcp && !init.icmp4
  if (init.ip4) Object.assign(init.ip4, { totalLength: undefined, checksum: undefined, protocol: undefined })
  if (init.ip6) Object.assign(init.ip6, { payloadLength: undefined, ...(!raw && { nextHeader: undefined }) })
  if (!raw) for (const header of init.ext ?? []) header.nextHeader = undefined
  for (const layer of [init.icmp6, init.icmp4, init.udp, init.tcp]) if (layer) layer.checksum = undefined
  if (init.udp) init.udp.length = undefined
  return init
}

function quotes(packet: Packet): QuotedPacket[] {
  if (packet.icmp6?.type === 'destination-unreachable') return [decodeQuotedPacket(packet.icmp6.data)]
  return packet.icmp4?.type === 3 && packet.payload ? [decodeQuotedPacket(packet.payload)] : []
}

function fragment(packet: QuotedPacket) {
  return packet.ext?.find((header) => header.type === 'fragment')
}

function field(packet: QuotedPacket, name: string): Value {
  return (packet.icmp6 as { [field: string]: Value } | undefined)?.[name]
}

function named<N extends Parameters<typeof ndOptions>[1]>(packet: QuotedPacket, name: N) {
  return packet.icmp6 && 'options' in packet.icmp6 ? ndOptions(packet.icmp6, name) : []
}

function prefixes(packet: QuotedPacket): string[][] {
  return [...named(packet, 'prefix-information'), ...named(packet, 'route-information')].map((o) => o.prefix.split('/'))
}

function records(packet: QuotedPacket) {
  return packet.icmp6?.type === 'mld2-report' ? packet.icmp6.records : []
}

function comparable(value: Value): string {
  return String(typeof value === 'boolean' ? Number(value) : value)
}

/** TShark's text as a number where ours is one. */
function alike(text: string, ours: Value): Value {
  return typeof ours === 'string' ? text : Number(text)
}

/** Classic pcap, little-endian: a header of 24 octets, 16 before each frame. */
function framesOf(pcap: Buffer): Uint8Array[] {
  const frames: Uint8Array[] = []
  for (let at = 24; at < pcap.length; ) {
    const end = at + 16 + pcap.readUInt32LE(at + 8)
    frames.push(Uint8Array.from(pcap.subarray(at + 16, end)))
    at = end
  }
  return frames
}
