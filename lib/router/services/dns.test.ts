import { expect, test } from 'vitest'
import { decodeDns, dnsQuery, encodeDns } from '../../wire/dns.ts'
import type { PacketInit } from '../../wire/packet.ts'
import { grantAll, testBed } from '../testing.ts'

const resolver = '2d00:100::1'
const lanAddress = '2d00:200:0:100::1'
const hostAddress = '2d00:200:0:100::b'

function online() {
  const bed = testBed()
  bed.online((message) => [...grantAll(message), { type: 'dns-servers', servers: [resolver] }])
  const lanMac = bed.lan.seen.find(({ packet: { icmp6 } }) => icmp6?.type === 'router-advertisement')?.packet.eth.src
  const wanMac = bed.wan.seen.find(({ packet: { icmp6 } }) => icmp6?.type === 'router-solicitation')?.packet.eth.src
  const say = (packet: PacketInit) =>
    bed.lan.send({ ...packet, eth: { dst: lanMac ?? '' }, ip6: { src: hostAddress, dst: lanAddress } })
  const back = (packet: PacketInit, dst: string) =>
    bed.wan.send({ ...packet, eth: { dst: wanMac ?? '' }, ip6: { src: resolver, dst } })
  return { bed, say, back }
}

test('a query is passed on as it is, but for its identifier, and so is the answer', () => {
  const { bed, say, back } = online()
  const query = dnsQuery({ id: 7, name: 'www.example.com', type: 'UNKNOWN_65280', flags: 'rd+cd' })
  say({ udp: { srcPort: 4000, dstPort: 53 }, payload: encodeDns(query) })
  bed.clock.advance(0.1)
  const asked = bed.wan.take().find(({ udp }) => udp?.dstPort === 53)
  expect(asked?.ip6?.dst).toBe(resolver)
  expect(asked?.dns).toMatchObject({ flags: 'rd+cd', questions: [{ name: 'www.example.com', type: 'UNKNOWN_65280' }] })
  const answer = encodeDns({ ...query, id: asked?.dns?.id ?? 0, type: 'response', rcode: 'NXDOMAIN' })
  back({ udp: { srcPort: 53, dstPort: asked?.udp?.srcPort ?? 0 }, payload: answer }, asked?.ip6?.src ?? '')
  bed.clock.advance(0.1)
  const answered = bed.lan.take().find(({ udp }) => udp?.srcPort === 53)
  expect(answered?.ip6).toMatchObject({ src: lanAddress, dst: hostAddress })
  expect(decodeDns(answered?.payload ?? new Uint8Array())).toMatchObject({ id: 7, rcode: 'NXDOMAIN' })
})

test('a TCP connection to port 53 is one to the resolver of the ISP', () => {
  const { bed, say, back } = online()
  const segment = { seq: 100, window: 1000 }
  say({ tcp: { ...segment, srcPort: 4001, dstPort: 53, flags: 'syn' } })
  bed.clock.advance(0.1)
  const syn = bed.wan.take().find(({ tcp }) => tcp?.dstPort === 53)
  expect(syn).toMatchObject({ ip6: { dst: resolver }, tcp: { seq: 100, flags: 'syn' } })
  const port = syn?.tcp?.srcPort ?? 0
  back({ tcp: { ...segment, srcPort: 53, dstPort: port, flags: 'syn+ack', ack: 101 } }, syn?.ip6?.src ?? '')
  bed.clock.advance(0.1)
  const answered = bed.lan.take().find(({ tcp }) => tcp?.srcPort === 53)
  expect(answered).toMatchObject({
    ip6: { src: lanAddress, dst: hostAddress },
    tcp: { dstPort: 4001, flags: 'syn+ack', ack: 101 },
  })
})

test('a segment of a connection that nobody began goes nowhere', () => {
  const { bed, say } = online()
  say({ tcp: { srcPort: 4002, dstPort: 53, seq: 5, ack: 1, flags: 'ack', window: 1000 } })
  bed.clock.advance(0.1)
  expect(bed.wan.take().filter(({ tcp }) => tcp)).toEqual([])
})

test('nobody on the WAN is a host', () => {
  const { bed, back } = online()
  back({ tcp: { srcPort: 4003, dstPort: 53, seq: 1, flags: 'syn', window: 1000 } }, lanAddress)
  bed.clock.advance(0.1)
  expect(bed.wan.take().filter(({ tcp }) => tcp?.flags.includes('syn+ack'))).toEqual([])
})
