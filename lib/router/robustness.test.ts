import { expect, test } from 'vitest'
import { seeded } from '../time/seed.ts'
import { linkLocalOf } from '../wire/address.ts'
import { decode } from '../wire/decode.ts'
import { encodeDhcpv6 } from '../wire/dhcpv6.ts'
import { encode } from '../wire/encode.ts'
import type { PacketInit } from '../wire/packet.ts'
import { advertisement, delegated, grantAll, host, isp, question, testBed } from './testing.ts'

const random = seeded('robustness')

/** A few octets changed, and the checksum right again: a checksum stops nobody. */
function mutated(frame: Uint8Array): Uint8Array {
  const bytes = frame.slice(0, frame.length - random.int(3))
  for (let n = random.int(6); n >= 0; n--) bytes[54 + random.int(Math.max(1, bytes.length - 54))] = random.int(256)
  const { icmp6, udp, ...packet } = decode(bytes)
  const body = bytes.slice(58)
  if (icmp6)
    return encode({
      eth: packet.eth,
      ip6: { ...packet.ip6, payloadLength: undefined },
      icmp6: { type: bytes[54] ?? 0, code: bytes[55] ?? 0, body },
    })
  return udp
    ? encode({
        eth: packet.eth,
        ip6: { ...packet.ip6, payloadLength: undefined },
        udp: { srcPort: udp.srcPort, dstPort: udp.dstPort },
        payload: bytes.slice(62),
      })
    : bytes
}

test('whatever comes by a port, the router lives on and its LAN keeps its prefix', () => {
  const bed = testBed()
  bed.online()
  const router = bed.lan.seen.find(({ packet: { icmp6 } }) => icmp6?.type === 'router-advertisement')?.packet.eth
    .src as string
  const wanMac = bed.wan.seen.find(({ packet: { icmp6 } }) => icmp6?.type === 'router-solicitation')?.packet.eth
    .src as string
  const message = (type: 'solicit' | 'renew' | 'reply' | 'release') => ({
    type,
    transactionId: random.int(2 ** 24),
    options: grantAll({
      type,
      transactionId: 0,
      options: [
        { type: 'ia-na', iaid: 1, t1: 0, t2: 0, options: [] },
        { type: 'ia-pd', iaid: 1, t1: 0, t2: 0, options: [] },
      ],
    }).concat([
      { type: 'client-id', duid: '00030001bb' },
      { type: 'oro', codes: [23, 24] },
      { type: 'domain-list', domains: ['example.net'] },
    ]),
  })
  const lanPackets: PacketInit[] = [
    ...(['solicit', 'renew', 'release'] as const).map((type) => ({
      ip6: { src: host.linkLocal, dst: 'ff02::1:2' },
      udp: { srcPort: 546, dstPort: 547 },
      payload: encodeDhcpv6(message(type)),
    })),
    {
      ip6: { src: host.linkLocal, dst: 'ff02::2' },
      icmp6: { type: 'router-solicitation', options: [{ type: 'source-link-layer', mac: host.mac }] },
    },
    question('2d00:200:0:100::1', host),
  ]
  const fromLan = lanPackets.map((packet) => encode({ ...packet, eth: { src: host.mac } }))
  const fromWan = [
    advertisement([
      {
        type: 'prefix-information',
        prefix: '2d00:100::/64',
        onLink: false,
        autonomous: true,
        validLifetime: 7200,
        preferredLifetime: 3600,
      },
      { type: 'mtu', mtu: 1500 },
    ]),
    {
      ip6: { src: isp.linkLocal, dst: linkLocalOf(wanMac) },
      udp: { srcPort: 547, dstPort: 546 },
      payload: encodeDhcpv6(message('reply')),
    },
  ].map((packet) => encode({ ...packet, eth: { src: isp.mac, ...('udp' in packet && { dst: wanMac }) } }))
  for (let n = 0; n < 4000; n++) {
    bed.lan.end.send(mutated(random.pick(fromLan)))
    bed.wan.end.send(mutated(random.pick(fromWan)))
    bed.clock.advance(0.002)
  }
  bed.wan.send(advertisement())
  bed.clock.advance(5)
  bed.lan.take()
  bed.lan.send({
    eth: { dst: router },
    ip6: { src: host.linkLocal, dst: 'ff02::2' },
    icmp6: { type: 'router-solicitation', options: [] },
  })
  bed.clock.advance(1)
  const prefixes = bed.lan
    .take()
    .flatMap(({ icmp6 }) => (icmp6?.type === 'router-advertisement' ? icmp6.options : []))
    .flatMap((one) => (one.type === 'prefix-information' && one.validLifetime > 0 ? [one.prefix] : []))
  expect(prefixes).toContain(delegated.replace('/56', '/64'))
})
