import { expect, it, test } from 'vitest'
import type { Frame } from '../recording/recording.ts'
import type { PacketInit } from '../wire/packet.ts'
import { partOf } from './part.ts'
import { frame, recording } from './testing.ts'

const [host, far] = ['2001:db8:1::2', '2001:db8:9::1']
const udp = (src: string, dst: string): PacketInit => ({
  ip6: { src, dst, hopLimit: 64 },
  udp: { srcPort: 5000, dstPort: 5001 },
  payload: new Uint8Array(8),
})
const dhcpv6: PacketInit = {
  ip6: { src: 'fe80::1', dst: 'ff02::1:2', hopLimit: 64 },
  udp: { srcPort: 546, dstPort: 547 },
  dhcp6: { type: 'solicit', transactionId: 1, options: [{ type: 'ia-pd', iaid: 1, t1: 0, t2: 0, options: [] }] },
}
const ra: PacketInit = {
  ip6: { src: 'fe80::1', dst: 'ff02::1', hopLimit: 255 },
  icmp6: {
    type: 'router-advertisement',
    code: 0,
    ...{ hopLimit: 64, managed: false, other: false, routerLifetime: 1800, reachableTime: 0, retransTimer: 0 },
    options: [],
  },
}
const partIn = (frames: Frame[], ...looks: Frame[]) => partOf({ looks }, recording(frames))

it.each([
  ['a DHCPv6 message on the WAN', 'wan0', dhcpv6, 'wan-dhcpv6'],
  ['a DHCPv6 message on the LAN', 'lan0', dhcpv6, 'lan-dhcpv6'],
  ['an RA on the LAN', 'lan0', ra, 'lan-ra'],
] as const)('%s of the router points at what sends it', (_, port, packet, part) => {
  const wrong = frame(1, port, 'dut', packet)
  expect(partIn([wrong], wrong)).toBe(part)
})

test('what is missing is the part that was asked, not the one that sent a frame before', () => {
  const [before, asked] = [frame(1, 'wan0', 'dut', dhcpv6), frame(2, 'lan0', 'bench', dhcpv6)]
  expect(partOf({ looks: [before, asked], missing: true }, recording([before, asked]))).toBe('lan-dhcpv6')
})

test('a router that sends nothing at all is not blamed part by part', () => {
  const asked = frame(1, 'lan0', 'bench', dhcpv6)
  expect(partOf({ looks: [asked], missing: true }, recording([asked]))).toBe('link')
})

test('a packet from the Internet that does not come through points at the firewall, or at the routes where it goes back', () => {
  const given = frame(1, 'wan0', 'bench', udp(far, host), 1)
  expect(partIn([given], given)).toBe('firewall')
  expect(partIn([given, frame(2, 'wan0', 'dut', udp(far, host), 1.1)], given)).toBe('routes')
})

test('an unwanted packet on the LAN points at the firewall', () => {
  const [given, passed] = [frame(1, 'wan0', 'bench', udp(far, host)), frame(2, 'lan0', 'dut', udp(far, host))]
  expect(partIn([given, passed], passed, given)).toBe('firewall')
})

test('an answer that the router did not pass on decides, although its question was passed on', () => {
  const asked = frame(1, 'wan0', 'dut', udp(host, far), 1)
  const reply = frame(2, 'wan0', 'bench', udp(far, host), 1.1)
  expect(partIn([asked, reply], asked)).toBe('firewall')
  expect(partIn([asked, reply, frame(3, 'lan0', 'dut', udp(far, host), 1.2)], asked)).toBe('forwarding')
})
