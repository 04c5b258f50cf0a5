import { expect, test } from 'vitest'
import { encode } from '../../wire/encode.ts'
import { fragment } from '../../wire/fragment.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import { host, isp, type TestBed, testBed } from '../testing.ts'

const inside = '2d00:200:0:100::b0'
const outside = '2d00:300::80'
const other = '2d00:300::81'

function out(bed: TestBed, packet: PacketInit, dst = outside): void {
  const router = bed.lan.seen.find(({ packet: { icmp6 } }) => icmp6?.type === 'router-advertisement')?.packet.eth.src
  bed.lan.send({ ...packet, eth: { dst: router }, ip6: { src: inside, dst } })
  bed.clock.advance(0.01)
}

function comesIn(bed: TestBed, packet: PacketInit, src = outside): boolean {
  const router = bed.wan.seen.find(({ packet: { icmp6 } }) => icmp6?.type === 'router-solicitation')?.packet.eth.src
  bed.lan.take()
  bed.wan.send({ ...packet, eth: { dst: router, src: isp.mac }, ip6: { src, dst: inside } })
  bed.clock.advance(0.01)
  return bed.lan.take().some(({ ip6, eth }) => ip6?.src === src && eth.dst === host.mac)
}

const udp = (srcPort: number, dstPort: number): PacketInit => ({
  udp: { srcPort, dstPort },
  payload: new Uint8Array(4),
})
const tcp = (srcPort: number, dstPort: number, flags: string): PacketInit => ({
  tcp: { srcPort, dstPort, seq: 1, ack: 1, flags },
})

function online(behavior = {}): TestBed {
  const bed = testBed(behavior)
  bed.online()
  return bed
}

test('what nobody inside asked for stays outside', () => {
  const bed = online()
  expect(comesIn(bed, udp(53, 40000))).toBe(false)
  expect(comesIn(bed, tcp(80, 40000, 'syn'))).toBe(false)
  expect(comesIn(bed, tcp(80, 40000, 'ack'))).toBe(false)
  expect(comesIn(bed, { icmp6: { type: 'echo-request', id: 1, seq: 1 } })).toBe(false)
})

test('UDP state lasts 300 s from the last packet, whoever answers (RFC 6092 REC-14, REC-17)', () => {
  const bed = online()
  out(bed, udp(40000, 5000))
  expect(comesIn(bed, udp(5000, 40000))).toBe(true)
  expect(comesIn(bed, udp(6000, 40000), other)).toBe(true)
  expect(comesIn(bed, udp(6000, 40001), other)).toBe(false)
  bed.clock.advance(299)
  expect(comesIn(bed, udp(5000, 40000))).toBe(true)
  bed.clock.advance(301)
  expect(comesIn(bed, udp(5000, 40000))).toBe(false)
})

test('an established TCP connection may rest for 2 h 4 min, one that is being opened for 4 (REC-35)', () => {
  const bed = online()
  out(bed, tcp(40000, 80, 'syn'))
  expect(comesIn(bed, tcp(80, 40000, 'syn+ack'))).toBe(true)
  out(bed, tcp(40000, 80, 'ack'))
  bed.clock.advance(7430)
  expect(comesIn(bed, tcp(80, 40000, 'ack'))).toBe(true)
  out(bed, tcp(40001, 80, 'syn'))
  bed.clock.advance(241)
  expect(comesIn(bed, tcp(80, 40001, 'syn+ack'))).toBe(false)
})

test('simultaneous open passes (REC-31)', () => {
  const bed = online()
  out(bed, tcp(40000, 4000, 'syn'))
  expect(comesIn(bed, tcp(4000, 40000, 'syn'))).toBe(true)
})

test('an error is let in where it quotes a packet of a flow (REC-10, REC-18)', () => {
  const bed = online()
  out(bed, udp(40000, 5000))
  const tooBig = (srcPort: number): PacketInit => ({
    icmp6: {
      type: 'packet-too-big',
      mtu: 1280,
      data: encode({
        eth: { src: host.mac, dst: isp.mac },
        ip6: { src: inside, dst: outside },
        ...udp(srcPort, 5000),
      }).subarray(14),
    },
  })
  expect(comesIn(bed, tooBig(40000), other)).toBe(true)
  expect(comesIn(bed, tooBig(40001), other)).toBe(false)
})

test('IKE, ESP and AH come in unasked (REC-21 to REC-24)', () => {
  const bed = online()
  expect(comesIn(bed, udp(500, 500))).toBe(true)
  const raw = (nextHeader: number): boolean => {
    bed.lan.take()
    const router = bed.wan.seen.find(({ packet: { icmp6 } }) => icmp6?.type === 'router-solicitation')?.packet.eth.src
    bed.wan.send({ eth: { dst: router }, ip6: { src: outside, dst: inside, nextHeader }, payload: new Uint8Array(16) })
    bed.clock.advance(0.01)
    return bed.lan.take().some(({ ip6 }) => ip6?.nextHeader === nextHeader)
  }
  expect([50, 51, 132].map(raw)).toEqual([true, true, false])
})

test('what AH covers is not looked at (REC-21)', () => {
  const bed = online()
  const ext: PacketInit['ext'] = [{ type: 'authentication', spi: 1, sequence: 1, icv: new Uint8Array(12) }]
  const answers = () => bed.wan.take().filter(({ icmp6, tcp: segment }) => icmp6 || segment)
  for (const covered of [
    tcp(80, 40000, 'syn'),
    tcp(80, 40000, 'rst'),
    udp(53, 40000),
    { icmp6: { type: 'echo-request', id: 1, seq: 1 } } as const,
    { icmp6: { type: 'destination-unreachable', data: new Uint8Array(48) } } as const,
  ])
    expect(comesIn(bed, { ...covered, ext }), JSON.stringify(covered)).toBe(true)
  expect(comesIn(bed, tcp(80, 40000, 'ack'))).toBe(false)
  bed.clock.advance(10)
  expect(answers()).toEqual([])
})

const errors = (packets: Packet[]) => packets.filter(({ icmp6 }) => icmp6?.type === 'destination-unreachable')

test('an unsolicited SYN is told of after 6 s, and not where the host meets it (REC-34)', () => {
  const bed = online()
  bed.wan.take()
  comesIn(bed, tcp(80, 4000, 'syn'))
  comesIn(bed, tcp(81, 4001, 'syn'))
  bed.clock.advance(3)
  out(bed, tcp(4001, 81, 'syn'))
  bed.clock.advance(2.9)
  expect(errors(bed.wan.take())).toEqual([])
  bed.clock.advance(1)
  expect(errors(bed.wan.take()).map(({ icmp6 }) => icmp6?.code)).toEqual([1])
})

test('fragments share the fate of their datagram, in whichever order they come', () => {
  const bed = online()
  out(bed, udp(40000, 5000))
  const pieces = (port: number, id: number): PacketInit[] =>
    fragment(
      { ip6: { src: outside, dst: inside }, udp: { srcPort: 5000, dstPort: port }, payload: new Uint8Array(2000) },
      1280,
      id,
    )
  const cameIn = (of: PacketInit[]): number => {
    const router = bed.wan.seen.find(({ packet: { icmp6 } }) => icmp6?.type === 'router-solicitation')?.packet.eth.src
    bed.lan.take()
    for (const piece of of) bed.wan.send({ ...piece, eth: { dst: router, src: isp.mac } })
    bed.clock.advance(0.01)
    return bed.lan.take().filter(({ ext }) => ext).length
  }
  expect(cameIn(pieces(40000, 1))).toBe(2)
  expect(cameIn(pieces(40000, 2).reverse())).toBe(2)
  expect(cameIn(pieces(40001, 3))).toBe(0)
  expect(cameIn(pieces(40001, 4).reverse())).toBe(0)
})
