import { describe, expect, test } from 'vitest'
import { decode } from './decode.ts'
import { encode } from './encode.ts'
import type { PacketInit } from './packet.ts'
import { hex, looped, octets, SAMPLES } from './testing.ts'

const eth = { src: '02:de:4a:00:00:01', dst: '02:de:4a:00:00:02' }
const ip6 = { src: 'fe80::1', dst: 'fe80::2' }
const ip4 = { src: '192.168.1.1', dst: '192.168.1.2' }
const echo = { type: 'echo-request' } as const
const udp = { srcPort: 1, dstPort: 2 }

test.each(Object.entries(SAMPLES))('%s comes back as it was given, and well-formed', (_name, packet) => {
  const { payload, ...layers } = packet
  const back = looped(packet)
  expect(back).toMatchObject(layers)
  if (payload) expect(back.payload).toEqual(payload)
  expect(back.malformed).toBeUndefined()
  expect(JSON.stringify(back)).not.toContain('badChecksum')
})

describe('what is left out', () => {
  test.each<[string, PacketInit, string]>([
    ['IPv6 multicast', { eth: { src: eth.src }, ip6: { src: '::', dst: 'ff02::1:ff12:3456' } }, '33:33:ff:12:34:56'],
    [
      'IPv4 multicast',
      { eth: { src: eth.src }, ip4: { ...ip4, dst: '239.129.2.3', protocol: 2 } },
      '01:00:5e:01:02:03',
    ],
    [
      'IPv4 broadcast',
      { eth: { src: eth.src }, ip4: { ...ip4, dst: '255.255.255.255', protocol: 2 } },
      'ff:ff:ff:ff:ff:ff',
    ],
    ['an ARP request', { arp: { senderMac: eth.src, sender: '1.1.1.1', target: '1.1.1.2' } }, 'ff:ff:ff:ff:ff:ff'],
    ['an ARP reply', { arp: { operation: 'reply', senderMac: eth.src, targetMac: eth.dst } }, eth.dst],
  ])('the Ethernet destination of %s', (_name, packet, dst) => {
    expect(looped(packet).eth).toMatchObject({ dst, src: eth.src })
  })

  test('the hop limit is what the protocol asks for', () => {
    const hopLimit = (icmp6: PacketInit['icmp6']) => looped({ eth, ip6, icmp6 }).ip6?.hopLimit
    expect(hopLimit({ type: 'router-solicitation' })).toBe(255)
    expect(hopLimit({ type: 'mld2-report' })).toBe(1)
    expect(hopLimit(echo)).toBe(64)
    expect(looped({ eth, ip6 }).ip6).toMatchObject({ nextHeader: 59, payloadLength: 0, trafficClass: 0, flowLabel: 0 })
  })

  test('the chain of next headers', () => {
    const { ip6: ip, ext = [] } = looped({
      eth,
      ip6,
      ext: [
        { type: 'hop-by-hop', options: [{ type: 5, data: octets('0000') }] },
        { type: 'routing', routingType: 2, segmentsLeft: 0, data: octets('01') },
        { type: 'fragment', id: 1 },
        { type: 'destination-options' },
      ],
      udp,
    })
    expect([ip?.nextHeader, ...ext.map((header) => header.nextHeader)]).toEqual([0, 43, 44, 60, 17])
    expect(ext[0]).toHaveProperty('options', [
      { type: 5, data: octets('0000') },
      { type: 1, data: octets('') },
    ])
    expect(ext[1]).toHaveProperty('data', octets('01000000'))
    expect(ext[3]).toHaveProperty('options', [{ type: 1, data: octets('00000000') }])
  })

  test('one octet of padding is Pad1', () => {
    const ext = [{ type: 'hop-by-hop' as const, options: [{ type: 30, data: octets('010203') }] }]
    expect(looped({ eth, ip6, ext }).ext?.[0]).toHaveProperty('options', [
      { type: 30, data: octets('010203') },
      { type: 0, data: octets('') },
    ])
  })

  test('lengths and checksums', () => {
    expect(looped({ eth, ip6, udp, payload: octets('010203') })).toMatchObject({
      ip6: { payloadLength: 11 },
      udp: { length: 11 },
    })
    expect(looped({ eth, ip4: { ...ip4, options: octets('01') }, udp })).toMatchObject({
      ip4: { totalLength: 32, options: octets('01000000') },
    })
  })

  test('a UDP checksum that comes to 0 is sent as ffff', () => {
    const { checksum = 0 } = looped({ eth, ip6, udp, payload: octets('0000') }).udp ?? {}
    const zero = looped({ eth, ip6, udp, payload: octets(checksum.toString(16).padStart(4, '0')) }).udp
    expect(zero).toEqual({ ...udp, length: 10, checksum: 0xffff })
  })
})

test('what is given is sent so, however wrong', () => {
  const wrong: PacketInit = {
    eth: { ...eth, type: 0x86dd },
    ip6: { ...ip6, payloadLength: 8, nextHeader: 58, hopLimit: 0, trafficClass: 1, flowLabel: 2 },
    udp: { srcPort: 1, dstPort: 2, length: 9999, checksum: 0xdead },
  }
  expect(hex(encode(wrong))).toBe(
    hex(
      octets(`02de4a000002 02de4a000001 86dd 60100002 0008 3a 00
        fe800000000000000000000000000001 fe800000000000000000000000000002 0001 0002 270f dead`),
    ),
  )
  expect(
    looped({ eth, ip4: { ...ip4, totalLength: 20, checksum: 1, protocol: 6, reservedFlag: true }, udp }).ip4,
  ).toMatchObject({
    totalLength: 20,
    checksum: 1,
    protocol: 6,
    reservedFlag: true,
  })
})

test('`dns` is written where there is no payload', () => {
  const question = { name: 'example.com', type: 'AAAA' }
  const dns = { id: 7, type: 'query' as const, questions: [question] }
  const sent = looped({ eth, ip6, udp: { srcPort: 5000, dstPort: 53 }, dns })
  expect(sent.dns).toMatchObject({ id: 7, questions: [question] })
  expect(looped({ ...sent, dns: { ...sent.dns, id: 8 } }).dns?.id).toBe(7)
})

test('changed in flight: a checksum set to undefined is computed again', () => {
  const { icmp6, ...rest } = looped({ eth, ip6, icmp6: { ...echo, id: 1 } })
  const changed = { ...rest, icmp6: { ...icmp6, id: 2, checksum: undefined } } as PacketInit
  expect(looped(changed).icmp6).not.toHaveProperty('badChecksum')
})

test.each<[string, PacketInit]>([
  ['eth.src is needed', { ip6 }],
  ['eth.dst is needed where the packet is not to a group', { eth: { src: eth.src }, ip6 }],
  ['eth.type is needed', { eth }],
  ['ip6.src and ip6.dst are needed', { eth, ip6: { dst: '::1' } }],
  ['ip4.protocol is needed', { eth, ip4 }],
  ['udp.srcPort and udp.dstPort are needed', { eth, ip6, udp: { srcPort: 1 } }],
  ['tcp.srcPort and tcp.dstPort are needed', { eth, ip6, tcp: {} }],
  ['tcp.flags', { eth, ip6, tcp: { srcPort: 1, dstPort: 2, flags: 'ack+syn' } }],
  ['each extension header needs its type', { eth, ip6, ext: [{ nextHeader: 1 }] }],
  ['expected an IPv6 address, seen "fe80::x"', { eth, ip6: { src: 'fe80::x', dst: '::' } }],
  ['from 0 to 255, seen 256', { eth, ip6: { ...ip6, hopLimit: 256 } }],
  ['from 0 to 65535, seen 65536', { eth, ip6, payload: new Uint8Array(65536) }],
])('refused: %s', (message, packet) => {
  expect(() => encode(packet)).toThrow(message)
})

test('views of a frame are not the frame: encode copies', () => {
  const frame = encode(SAMPLES['UDP over IPv4'] ?? {})
  const again = encode(decode(frame))
  again.fill(0)
  expect(frame.some((byte) => byte !== 0)).toBe(true)
})
