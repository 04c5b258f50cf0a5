import { expect, test } from 'vitest'
import { decode } from '../../wire/decode.ts'
import { encode } from '../../wire/encode.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import { answerIpv4 } from './ipv4-gateway.ts'

const mac = '02:de:4a:00:00:01'
const dutMac = '00:11:22:33:44:55'
const dut = '100.64.3.4'
const gateway = '100.64.0.1'
const payload = Uint8Array.of(1, 2, 3)

/** Through bytes both ways, as on the line. */
function ask(packet: PacketInit): Packet | undefined {
  const question = decode(encode({ ...packet, eth: { src: dutMac, dst: mac, ...packet.eth } }))
  const answer = answerIpv4(question, ({ udp }) => (udp?.dstPort === 53 ? { payload } : undefined))
  return answer && decode(encode({ ...answer, eth: { src: mac, dst: dutMac } }))
}

test.each([gateway, '8.8.8.8'])('echo reply from %s', (dst) => {
  expect(ask({ ip4: { src: dut, dst }, icmp4: { type: 8, rest: 0x10002 }, payload })).toMatchObject({
    ip4: { src: dst, dst: dut },
    icmp4: { type: 0, rest: 0x10002 },
    payload,
  })
})

test('UDP as the services answer, from where it was sent to', () => {
  expect(ask({ ip4: { src: dut, dst: '9.9.9.9' }, udp: { srcPort: 4000, dstPort: 53 }, payload })).toMatchObject({
    ip4: { src: '9.9.9.9', dst: dut },
    udp: { srcPort: 53, dstPort: 4000 },
    payload,
  })
  expect(ask({ ip4: { src: dut, dst: gateway }, udp: { srcPort: 4000, dstPort: 7 }, payload })).toBeUndefined()
})

test('what is broken is left alone', () => {
  const echo: PacketInit = { ip4: { src: dut, dst: gateway }, icmp4: { type: 8, rest: 0 } }
  expect(ask({ ...echo, icmp4: { type: 8, rest: 0, checksum: 1 } })).toBeUndefined()
})

test.each([
  [0, /^100\.64\./],
  [0x8000, /^255\.255\.255\.255$/],
])('DHCPv4 with flags %i goes to %s', (flags, address) => {
  const answer = ask({
    eth: { dst: 'ff:ff:ff:ff:ff:ff' },
    ip4: { src: '0.0.0.0', dst: '255.255.255.255' },
    udp: { srcPort: 68, dstPort: 67 },
    dhcp4: {
      op: 'request',
      htype: 1,
      hlen: 6,
      hops: 0,
      xid: 5,
      secs: 0,
      flags,
      ciaddr: '0.0.0.0',
      yiaddr: '0.0.0.0',
      siaddr: '0.0.0.0',
      giaddr: '0.0.0.0',
      chaddr: dutMac,
      options: [{ type: 'message-type', value: 'discover' }, { type: 'end' }],
    },
  })
  expect(answer).toMatchObject({ udp: { srcPort: 67, dstPort: 68 }, dhcp4: { op: 'reply', xid: 5 } })
  expect(answer?.ip4?.dst).toMatch(address)
})
