import { describe, expect, test } from 'vitest'
import type { PacketInit } from '../wire/packet.ts'
import { isOneHopOn } from './read.ts'
import { frame } from './testing.ts'

const payload = Uint8Array.of(1, 2, 3, 4)
const packet: PacketInit = {
  ip6: { src: '2a0e:b107:1::5', dst: '2a0e:b107:2::80', hopLimit: 64 },
  udp: { srcPort: 4000, dstPort: 5000 },
  payload,
}
const sent = frame(1, 'lan0', 'bench', packet)
const seen = (change: PacketInit) => isOneHopOn(frame(2, 'wan0', 'dut', { ...packet, ...change }), sent)

describe('a packet one hop on', () => {
  test('is known by its addresses and by what it carries, whatever its hop limit and traffic class', () => {
    expect(seen({ ip6: { ...packet.ip6, hopLimit: 63, trafficClass: 8 } })).toBe(true)
  })

  test('is known with its source translated or its checksum spoilt', () => {
    expect(seen({ ip6: { ...packet.ip6, src: '2a0e:b107:3::1' } })).toBe(true)
    expect(seen({ udp: { ...packet.udp, checksum: 0xbad } })).toBe(true)
  })

  test('is another where ports, payload, length or protocol differ, or both addresses', () => {
    expect(seen({ udp: { srcPort: 4001, dstPort: 5000 } })).toBe(false)
    expect(seen({ payload: Uint8Array.of(1, 2, 3, 5) })).toBe(false)
    expect(seen({ payload: Uint8Array.of(1, 2, 3) })).toBe(false)
    expect(seen({ udp: undefined, ip6: { ...packet.ip6, nextHeader: 253 } })).toBe(false)
    expect(seen({ ip6: { src: '2a0e:b107:3::1', dst: '2a0e:b107:4::1' } })).toBe(false)
  })
})
