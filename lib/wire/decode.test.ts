import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decode, decodeQuotedPacket } from './decode.ts'
import { describe as describePacket, MAX_LINE } from './describe.ts'
import { encode } from './encode.ts'
import { ipOffset } from './ethernet.ts'
import { OURS } from './golden-ours.ts'
import type { Malformed } from './malformed.ts'
import { differences, matches, type Pattern } from './match.ts'
import type { Packet, PacketInit, TlvOption } from './packet.ts'
import { hex, looped, octets, SAMPLES } from './testing.ts'

const ETH6 = '333300000001 02de4a000001 86dd'
const ETH4 = 'ffffffffffff 02de4a000001 0800'
const SRC = 'fe800000000000000000000000000001'
const DST = 'ff020000000000000000000000000001'
const eth6 = { dst: '33:33:00:00:00:01', src: '02:de:4a:00:00:01', type: 0x86dd }
const eth4 = { dst: 'ff:ff:ff:ff:ff:ff', src: '02:de:4a:00:00:01', type: 0x0800 }
const ip6 = {
  trafficClass: 0,
  flowLabel: 0,
  payloadLength: 0,
  nextHeader: 59,
  hopLimit: 64,
  src: 'fe80::1',
  dst: 'ff02::1',
}

/** Whole frames; each row both ways. Checksums were computed apart from this code. */
const FRAMES: [name: string, bytes: string, packet: Packet][] = [
  [
    'an RS',
    `${ETH6} 60000000 0008 3a ff ${SRC} ${DST} 8500 7d37 00000000`,
    {
      eth: eth6,
      ip6: { ...ip6, payloadLength: 8, nextHeader: 58, hopLimit: 255 },
      icmp6: { type: 'router-solicitation', code: 0, checksum: 0x7d37, options: [] },
    },
  ],
  [
    'UDP with traffic class, flow label and Ethernet padding',
    `${ETH6} 6b8abcde 000a 11 40 ${SRC} ${DST} 1388 1389 000a da41 0102 ffff`,
    {
      eth: eth6,
      ip6: { ...ip6, trafficClass: 0xb8, flowLabel: 0xabcde, payloadLength: 10, nextHeader: 17 },
      udp: { srcPort: 5000, dstPort: 5001, length: 10, checksum: 0xda41 },
      payload: octets('0102'),
      trailer: octets('ffff'),
    },
  ],
  [
    'UDP over IPv4 with no checksum',
    `${ETH4} 45b8001d 12344000 4011a490 c0a80101 c0a80102 1388 1389 0009 0000 ff`,
    {
      eth: eth4,
      ip4: {
        dscp: 46,
        ecn: 0,
        totalLength: 29,
        id: 0x1234,
        dontFragment: true,
        moreFragments: false,
        fragmentOffset: 0,
        ttl: 64,
        protocol: 17,
        checksum: 0xa490,
        src: '192.168.1.1',
        dst: '192.168.1.2',
      },
      udp: { srcPort: 5000, dstPort: 5001, length: 9, checksum: 0 },
      payload: octets('ff'),
    },
  ],
  [
    'TCP, every flag and reserved bit',
    `${ETH6} 60000000 0018 06 40 ${SRC} ${DST} c350 01bb 00000001 00000002 6fff ffff 0000 0003 020405a0`,
    {
      eth: eth6,
      ip6: { ...ip6, payloadLength: 24, nextHeader: 6 },
      tcp: {
        srcPort: 50000,
        dstPort: 443,
        seq: 1,
        ack: 2,
        flags: 'fin+syn+rst+psh+ack+urg+ece+cwr',
        reserved: 15,
        window: 65535,
        checksum: 0,
        badChecksum: true,
        urgent: 3,
        options: octets('020405a0'),
      },
    },
  ],
  [
    'every extension header',
    `${ETH6} 60000000 0028 00 40 ${SRC} ${DST}
     2b 00 0502 0000 0100
     3c 00 fd 00 01020304
     2c 00 00 00 00 00 1e 00
     3b ff 0006 01020304
     0102030405060708`,
    {
      eth: eth6,
      ip6: { ...ip6, payloadLength: 40, nextHeader: 0 },
      ext: [
        {
          type: 'hop-by-hop',
          nextHeader: 43,
          options: [
            { type: 5, data: octets('0000') },
            { type: 1, data: octets('') },
          ],
        },
        { type: 'routing', nextHeader: 60, routingType: 253, segmentsLeft: 0, data: octets('01020304') },
        {
          type: 'destination-options',
          nextHeader: 44,
          options: [
            { type: 0, data: octets('') },
            { type: 0, data: octets('') },
            { type: 0, data: octets('') },
            { type: 0, data: octets('') },
            { type: 30, data: octets('') },
          ],
        },
        { type: 'fragment', nextHeader: 59, reserved: 255, offset: 0, more: false, reservedBits: 3, id: 0x01020304 },
      ],
      payload: octets('0102030405060708'),
    },
  ],
  [
    'AH, and what it authenticates',
    `${ETH6} 60000000 0020 33 40 ${SRC} ${DST}
     3a 04 0001 00001001 00000002 0102030405060708090a0b0c
     8000 822f 0007 0001`,
    {
      eth: eth6,
      ip6: { ...ip6, payloadLength: 32, nextHeader: 51 },
      ext: [
        {
          type: 'authentication',
          nextHeader: 58,
          reserved: 1,
          spi: 0x1001,
          sequence: 2,
          icv: octets('0102030405060708090a0b0c'),
        },
      ],
      icmp6: { type: 'echo-request', code: 0, checksum: 0x822f, id: 7, seq: 1, data: octets('') },
    },
  ],
  [
    'AH over IPv4, twice and without an ICV; other extension headers are none there',
    `${ETH4} 45000030 00000000 4033f747 c0a80101 c0a80102
     33 01 0000 00000001 00000001 3c 01 0000 00000002 00000001 3b00 0000`,
    {
      eth: eth4,
      ip4: {
        dscp: 0,
        ecn: 0,
        totalLength: 48,
        id: 0,
        dontFragment: false,
        moreFragments: false,
        fragmentOffset: 0,
        ttl: 64,
        protocol: 51,
        checksum: 0xf747,
        src: '192.168.1.1',
        dst: '192.168.1.2',
      },
      ext: [
        { type: 'authentication', nextHeader: 51, spi: 1, sequence: 1, icv: octets('') },
        { type: 'authentication', nextHeader: 60, spi: 2, sequence: 1, icv: octets('') },
      ],
      payload: octets('3b000000'),
    },
  ],
  [
    'a fragment that is not the first',
    `${ETH6} 60000000 000a 2c 40 ${SRC} ${DST} 3a 00 04d1 00000005 8000`,
    {
      eth: eth6,
      ip6: { ...ip6, payloadLength: 10, nextHeader: 44 },
      ext: [{ type: 'fragment', nextHeader: 58, offset: 1232, more: true, id: 5 }],
      payload: octets('8000'),
    },
  ],
  [
    'ARP',
    'ffffffffffff 02de4a000001 0806 0001 0800 06 04 0001 02de4a000001 c0a80101 000000000000 c0a80102 0000',
    {
      eth: { ...eth4, type: 0x0806 },
      arp: {
        operation: 'request',
        senderMac: '02:de:4a:00:00:01',
        sender: '192.168.1.1',
        targetMac: '00:00:00:00:00:00',
        target: '192.168.1.2',
      },
      trailer: octets('0000'),
    },
  ],
  [
    'ARP for IPv4 on IEEE 1394, whose addresses have 16 octets',
    `ffffffffffff 02de4a000001 0806 0018 0800 10 04 0002 ${'01'.repeat(16)} c0a80101 ${'02'.repeat(16)} c0a80102 0000`,
    {
      eth: { ...eth4, type: 0x0806 },
      otherArp: {
        hardware: 24,
        protocol: 0x0800,
        operation: 'reply',
        senderHardware: octets('01'.repeat(16)),
        sender: octets('c0a80101'),
        targetHardware: octets('02'.repeat(16)),
        target: octets('c0a80102'),
      },
      trailer: octets('0000'),
    },
  ],
  [
    'ARP of MACs for IEEE 802, as old hosts have it',
    'ffffffffffff 02de4a000001 0806 0006 0800 06 04 0001 02de4a000001 c0a80101 000000000000 c0a80102',
    {
      eth: { ...eth4, type: 0x0806 },
      otherArp: {
        hardware: 6,
        protocol: 0x0800,
        operation: 'request',
        senderHardware: octets('02de4a000001'),
        sender: octets('c0a80101'),
        targetHardware: octets('000000000000'),
        target: octets('c0a80102'),
      },
    },
  ],
  [
    'ARP without any address',
    'ffffffffffff 02de4a000001 0806 0000 0000 00 00 ffff',
    {
      eth: { ...eth4, type: 0x0806 },
      otherArp: {
        hardware: 0,
        protocol: 0,
        operation: 0xffff,
        senderHardware: octets(''),
        sender: octets(''),
        targetHardware: octets(''),
        target: octets(''),
      },
    },
  ],
  [
    'an 802.3 length for a type',
    'ffffffffffff 02de4a000001 0003 424203',
    { eth: { ...eth4, type: 3 }, payload: octets('424203') },
  ],
]

test.each(FRAMES)('%s, both ways', (_name, bytes, packet) => {
  expect(decode(octets(bytes))).toEqual(packet)
  expect(hex(encode(packet))).toBe(hex(octets(bytes)))
})

const V6 = `${ETH6} 60000000`
const ADDRESSES = `${SRC} ${DST}`

/** What can't be parsed is the raw payload of the layer before, and named. A fuzz find becomes a row. */
const MALFORMED: [name: string, bytes: string, malformed: Malformed, payload: string][] = [
  ['nothing', '', { layer: 'eth', offset: 0, reason: 'an Ethernet header has 14 octets' }, ''],
  [
    '13 octets',
    `${ETH6.slice(0, -2)}`,
    { layer: 'eth', offset: 0, reason: 'an Ethernet header has 14 octets' },
    `${ETH6.slice(0, -2)}`,
  ],
  ['half an IPv6 header', `${V6} 0000`, { layer: 'ip6', offset: 14, reason: 'header cut short' }, '60000000 0000'],
  [
    'IPv6 that says version 4',
    `${ETH6} 40000000 0000 3b 40 ${ADDRESSES}`,
    { layer: 'ip6', offset: 14, reason: 'version is not 6' },
    `40000000 0000 3b 40 ${ADDRESSES}`,
  ],
  [
    'IPv6 longer than the frame',
    `${V6} 0005 3b 40 ${ADDRESSES} 01020304`,
    { layer: 'ip6', offset: 14, reason: 'payload length 5, 4 octets there' },
    '01020304',
  ],
  [
    'half an extension header',
    `${V6} 0004 00 40 ${ADDRESSES} 3a000104`,
    { layer: 'ext', offset: 54, reason: 'extension header 0 cut short' },
    '3a000104',
  ],
  [
    'an extension header past the end',
    `${V6} 0008 3c 40 ${ADDRESSES} 3a01010400000000`,
    { layer: 'ext', offset: 54, reason: 'extension header 60 cut short' },
    '3a01010400000000',
  ],
  [
    'AH of 8 octets, which has no room for its sequence number',
    `${V6} 0010 33 40 ${ADDRESSES} 3b00 0000 00000001 00000001 00000000`,
    { layer: 'ext', offset: 54, reason: 'extension header 51 cut short' },
    '3b00 0000 00000001 00000001 00000000',
  ],
  [
    'AH past the end of its IPv4 packet',
    `${ETH4} 45000020${'00'.repeat(5)} 33${'00'.repeat(10)} 3b02 0000 00000001 00000001`,
    { layer: 'ext', offset: 34, reason: 'extension header 51 cut short' },
    '3b02 0000 00000001 00000001',
  ],
  [
    'an option past the end',
    `${V6} 0008 00 40 ${ADDRESSES} 3b00 0000 05040000`,
    { layer: 'ext', offset: 58, reason: 'no option has this length' },
    '',
  ],
  [
    'an option with no length',
    `${V6} 0008 00 40 ${ADDRESSES} 3b00 0000 0000 0005`,
    { layer: 'ext', offset: 61, reason: 'no option has this length' },
    '',
  ],
  [
    'ICMPv6 of 3 octets',
    `${V6} 0003 3a 40 ${ADDRESSES} 800000`,
    { layer: 'icmp6', offset: 54, reason: 'an ICMPv6 message has 4 octets or more' },
    '800000',
  ],
  [
    'an echo of 7 octets',
    `${V6} 0007 3a 40 ${ADDRESSES} 80000000000000`,
    { layer: 'icmp6', offset: 54, reason: 'Echo Request cut short' },
    '80000000000000',
  ],
  [
    'ICMPv6 with no room',
    `${V6} 0000 3a 40 ${ADDRESSES}`,
    { layer: 'icmp6', offset: 54, reason: 'an ICMPv6 message has 4 octets or more' },
    '',
  ],
  [
    'half a UDP header',
    `${V6} 0004 11 40 ${ADDRESSES} 00010002`,
    { layer: 'udp', offset: 54, reason: 'header cut short' },
    '00010002',
  ],
  [
    'UDP longer than its packet',
    `${V6} 0009 11 40 ${ADDRESSES} 0222 0223 000a 0000 01`,
    { layer: 'udp', offset: 54, reason: 'length 10, 9 octets there' },
    '01',
  ],
  [
    'UDP shorter than its packet',
    `${V6} 0009 11 40 ${ADDRESSES} 0222 0223 0008 0000 01`,
    { layer: 'udp', offset: 54, reason: 'length 8, 9 octets there' },
    '01',
  ],
  [
    'UDP of length 0',
    `${V6} 0008 11 40 ${ADDRESSES} 0222 0223 0000 0000`,
    { layer: 'udp', offset: 54, reason: 'length 0, 8 octets there' },
    '',
  ],
  [
    'DHCPv6 of 3 octets',
    `${V6} 000b 11 40 ${ADDRESSES} 0222 0223 000b 0000 010203`,
    { layer: 'dhcp6', offset: 62, reason: expect.any(String) as string },
    '010203',
  ],
  [
    'half a TCP header',
    `${V6} 0004 06 40 ${ADDRESSES} 00010002`,
    { layer: 'tcp', offset: 54, reason: 'header cut short' },
    '00010002',
  ],
  [
    'TCP with offset 4',
    `${V6} 0014 06 40 ${ADDRESSES} ${'00'.repeat(12)} 40 ${'00'.repeat(7)}`,
    { layer: 'tcp', offset: 54, reason: 'header cut short' },
    `${'00'.repeat(12)} 40 ${'00'.repeat(7)}`,
  ],
  [
    'TCP with offset 6, 20 octets',
    `${V6} 0014 06 40 ${ADDRESSES} ${'00'.repeat(12)} 60 ${'00'.repeat(7)}`,
    { layer: 'tcp', offset: 54, reason: 'header cut short' },
    `${'00'.repeat(12)} 60 ${'00'.repeat(7)}`,
  ],
  ['half an IPv4 header', `${ETH4} 45000014`, { layer: 'ip4', offset: 14, reason: 'header cut short' }, '45000014'],
  [
    'IPv4 with IHL 4',
    `${ETH4} 44${'00'.repeat(19)}`,
    { layer: 'ip4', offset: 14, reason: 'header cut short' },
    `44${'00'.repeat(19)}`,
  ],
  [
    'IPv4 that says version 6',
    `${ETH4} 65${'00'.repeat(19)}`,
    { layer: 'ip4', offset: 14, reason: 'version is not 4' },
    `65${'00'.repeat(19)}`,
  ],
  [
    'IPv4 of total length 19',
    `${ETH4} 45000013${'00'.repeat(18)}`,
    { layer: 'ip4', offset: 14, reason: 'total length 19, header 20, 22 octets there' },
    '0000',
  ],
  [
    'IPv4 longer than the frame',
    `${ETH4} 45000016${'00'.repeat(17)}`,
    { layer: 'ip4', offset: 14, reason: 'total length 22, header 20, 21 octets there' },
    '00',
  ],
  [
    'half of ICMPv4',
    `${ETH4} 4500001800000000 4001${'00'.repeat(10)} 08000000`,
    { layer: 'icmp4', offset: 34, reason: 'cut short' },
    '08000000',
  ],
  [
    'half of ARP',
    `ffffffffffff 02de4a000001 0806 0001 0800`,
    { layer: 'arp', offset: 14, reason: 'cut short' },
    '0001 0800',
  ],
  [
    'ARP that is shorter than its addresses',
    `ffffffffffff 02de4a000001 0806 0020 0800 14 04 0001 ${'00'.repeat(47)}`,
    { layer: 'arp', offset: 14, reason: 'cut short' },
    `0020 0800 14 04 0001 ${'00'.repeat(47)}`,
  ],
]

const ETH = '02de4a000002 02de4a000001'

/** What carries IP on a line other than plain Ethernet; offsets as above. */
const MALFORMED_LINES: typeof MALFORMED = [
  ['half a tag', `${ETH} 8100 0023 86`, { layer: 'tags', offset: 14, reason: 'cut short' }, '0023 86'],
  ['a tag, and half of another', `${ETH} 88a8 0064 8100 00`, { layer: 'tags', offset: 18, reason: 'cut short' }, '00'],
  ['nothing in a tag', `${ETH} 8100 0023 86dd`, { layer: 'ip6', offset: 18, reason: 'header cut short' }, ''],
  [
    'half a PPPoE header',
    `${ETH} 8863 1109 0000`,
    { layer: 'pppoe', offset: 14, reason: 'header cut short' },
    '1109 0000',
  ],
  [
    'PPPoE longer than the frame',
    `${ETH} 8863 1109 0000 0005 0101 0000`,
    { layer: 'pppoe', offset: 14, reason: 'length 5, 4 octets there' },
    '0101 0000',
  ],
  [
    'a tag past the end of PPPoE',
    `${ETH} 8863 1109 0000 0005 0103 0002 01 02`,
    { layer: 'pppoe', offset: 20, reason: 'none has this length' },
    '',
  ],
  [
    'PPP-Max-Payload of three octets',
    `${ETH} 8863 1109 0000 0007 0120 0003 010203`,
    { layer: 'pppoe', offset: 20, reason: "ppp-max-payload can't have 3 octets" },
    '',
  ],
  [
    'half a protocol',
    `${ETH} 8864 1100 0011 0001 c0`,
    { layer: 'ppp', offset: 20, reason: 'protocol cut short' },
    'c0',
  ],
  [
    'IPv6 that is longer than PPPoE says',
    `${ETH} 8864 1100 0011 002a 0057 60000000 0001 3b 40 ${ADDRESSES} 01`,
    { layer: 'ip6', offset: 22, reason: 'payload length 1, 0 octets there' },
    '',
  ],
  [
    'LCP that is longer than PPPoE says',
    `${ETH} 8864 1100 0011 0006 c021 0101 0005 00`,
    { layer: 'lcp', offset: 22, reason: 'length 5, 4 octets there' },
    '0101 0005',
  ],
  [
    'an option with no length',
    `${ETH} 8864 1100 0011 0008 c021 0101 0006 0100`,
    { layer: 'lcp', offset: 26, reason: 'none has this length' },
    '',
  ],
  [
    'an MRU of one octet',
    `${ETH} 8864 1100 0011 0009 c021 0101 0007 0103 05`,
    { layer: 'lcp', offset: 26, reason: "mru can't have 1 octets" },
    '',
  ],
  [
    'a password past the end',
    `${ETH} 8864 1100 0011 000a c023 0101 0008 01 61 02 62`,
    { layer: 'pap', offset: 22, reason: "authenticate-request can't have this body" },
    '',
  ],
]

test.each([...MALFORMED, ...MALFORMED_LINES])('%s', (_name, bytes, malformed, payload) => {
  const packet = decode(octets(bytes))
  expect(packet.malformed).toEqual(malformed)
  expect(hex(packet.payload ?? octets(''))).toBe(hex(octets(payload)))
  expect(hex(encode(packet))).toBe(hex(octets(bytes)))
})

test('the first finding stays', () => {
  const both = octets(`${V6} 000b 00 40 ${ADDRESSES} 3a00 000000 000005 800000`)
  expect(decode(both).malformed).toMatchObject({ layer: 'ext', offset: 61 })
  expect(hex(encode(decode(both)))).toBe(hex(both))
})

const IP4 = { src: '192.168.1.1', dst: '192.168.1.2' }
const IP6 = { src: 'fe80::1', dst: 'ff02::1' }
const options = (...all: TlvOption[]): PacketInit['ext'] => [{ type: 'destination-options', options: all }]

describe('checksums', () => {
  const layerOf: { [name: string]: 'icmp6' | 'udp' | 'tcp' | 'icmp4' } = {
    'echo request': 'icmp6',
    'routing header': 'udp',
    'UDP over IPv4': 'udp',
    'TCP syn': 'tcp',
    'TCP over IPv4, padded frame': 'tcp',
    'ICMPv4 echo': 'icmp4',
  }

  test.each(Object.entries(layerOf))('%s: right as sent, wrong when a bit turns', (name, layer) => {
    const packet = looped(SAMPLES[name] ?? {})
    expect(packet[layer]).not.toHaveProperty('badChecksum')
    const { checksum = 0 } = packet[layer] ?? {}
    const turned = looped({ ...packet, [layer]: { ...packet[layer], checksum: checksum ^ 0x0100 } })
    expect(turned[layer]).toMatchObject({ badChecksum: true, checksum: checksum ^ 0x0100 })
  })

  test('zero is none for UDP over IPv4, and wrong over IPv6', () => {
    expect(looped({ ...SAMPLES['UDP over IPv4'], udp: { srcPort: 1, dstPort: 2, checksum: 0 } }).udp).toEqual({
      srcPort: 1,
      dstPort: 2,
      length: 11,
      checksum: 0,
    })
    expect(looped({ ...SAMPLES['routing header'], udp: { srcPort: 1, dstPort: 2, checksum: 0 } }).udp).toHaveProperty(
      'badChecksum',
      true,
    )
  })

  /** Right for TShark 4.0.17, and for whoever receives them: the packet is still on its way, or its sender is. */
  const ON_THE_WAY: [name: string, layer: 'udp' | 'icmp6', bytes: string][] = [
    [
      'the last stop of a loose source route is the destination',
      'udp',
      '02de4a000002 02de4a000001 0800 48000029 00000000 40116485 c0a80101 c0a80102' +
        '01 83 0b 04 c0a80109 c0a8010a 9c40 9c41 0009 42fe 01',
    ],
    [
      'a source route at its end names no stop',
      'udp',
      '02de4a000002 02de4a000001 0800 47000024 00000000 4011b8ac c0a80101 c0a80102 83 07 08 c0a80109 00' +
        '9c40 9c41 0008 4408',
    ],
    [
      'a Home Address is the source, the last stop of a type 2 Routing header the destination',
      'icmp6',
      '02de4a000002 02de4a000001 86dd 60000000 003c 2b 40 20010db8000000000000000000000001' +
        '20010db8000100000000000000000002 3c02 0201 00000000 20010db8000100000000000000000009' +
        '3a02 0102 0000 c910 20010db8000200000000000000000003 8000 01ec 0007 0001 00112233',
    ],
  ]

  test.each(ON_THE_WAY)('%s', (_name, layer, bytes) => {
    const packet = decode(octets(bytes))
    expect(packet.malformed).toBeUndefined()
    expect(packet[layer]).toHaveProperty('checksum')
    expect(packet[layer]).not.toHaveProperty('badChecksum')
    const computed = encode({ ...packet, [layer]: { ...packet[layer], checksum: undefined } })
    expect(hex(computed)).toBe(hex(octets(bytes)))
  })

  /** Each is one octet away from a source route or Home Address that counts: addresses are the header's then. */
  test.each<[string, PacketInit]>([
    ['a route that ends in the middle of an address', { ip4: { ...IP4, options: octets('83 08 04 c0a80109 00') } }],
    ['a route that is longer than the header', { ip4: { ...IP4, options: octets('83 0b 04 c0a80109 00') } }],
    ['a route behind the end of the options', { ip4: { ...IP4, options: octets('00 83 07 04 c0a80109') } }],
    ['an option of length 0 before the route', { ip4: { ...IP4, options: octets('44 00 83 07 04 c0a80109 000000') } }],
    ['a record of the route', { ip4: { ...IP4, options: octets('07 07 04 c0a80109 00') } }],
    ['a Home Address of 15 octets', { ip6: IP6, ext: options({ type: 201, data: new Uint8Array(15).fill(1) }) }],
    [
      'a Home Address that is hop by hop',
      { ip6: IP6, ext: [{ type: 'hop-by-hop', options: [{ type: 201, data: new Uint8Array(16).fill(1) }] }] },
    ],
    [
      'a Home Address in the padding of another option',
      { ip6: IP6, ext: options({ type: 1, data: octets(`c910 ${'01'.repeat(16)}`) }) },
    ],
  ])('%s', (_name, { ext, ...init }) => {
    const udp = { srcPort: 1, dstPort: 2 }
    const plain = looped({ eth: eth4, ...init, ...(init.ip4 && { ip4: IP4 }), udp })
    expect(looped({ eth: eth4, ...init, ...(ext && { ext }), udp }).udp).toEqual(plain.udp)
  })

  test('the IPv4 header has its own', () => {
    expect(looped(SAMPLES['IPv4 options'] ?? {}).ip4).not.toHaveProperty('badChecksum')
    expect(
      looped({ ...SAMPLES['UDP over IPv4'], ip4: { src: '1.1.1.1', dst: '1.1.1.2', checksum: 1 } }).ip4,
    ).toMatchObject({
      badChecksum: true,
    })
  })
})

test('what a session carries is where it says, whatever the padding', () => {
  const padded = `${ETH} 8864 1100 0011 002d 0057 60000000 0000 3b 40 ${ADDRESSES} 000000 ffff`
  const packet = decode(octets(padded))
  expect(packet).toMatchObject({ pppoe: { length: 45 }, ip6: { payloadLength: 0 }, trailer: octets('000000ffff') })
  expect(packet.malformed).toBeUndefined()
  expect(hex(encode(packet))).toBe(hex(octets(padded)))
})

test.each(['echo request', 'customer VLAN', 'service and customer VLAN, padded', 'PPPoE session, IPv6', 'PADI'])(
  '%s: the IP packet begins behind all that carries it',
  (name) => {
    const frame = encode(SAMPLES[name] ?? {})
    const { ip6 } = decode(frame)
    const { ip6: quoted } = decodeQuotedPacket(frame.subarray(ipOffset(decode(frame))))
    expect(quoted).toEqual(ip6)
  },
)

test.each(['echo request', 'customer VLAN', 'PPPoE session, IPv6'])('%s, cut on purpose', (name) => {
  const frame = encode(SAMPLES[name] ?? {})
  const packet = decode(frame.subarray(0, ipOffset(decode(frame)) + 40), { cut: true })
  expect(packet.ip6).toEqual(decode(frame).ip6)
  expect(packet.tags).toEqual(decode(frame).tags)
  expect(packet.malformed?.layer).not.toBe('ip6')
})

describe('a quoted packet', () => {
  const whole = encode(SAMPLES['TCP syn'] ?? {}).subarray(14)

  test('is read as far as it goes', () => {
    const { eth: _, ...packet } = decode(encode(SAMPLES['TCP syn'] ?? {}))
    expect(decodeQuotedPacket(whole)).toEqual(packet)
    const cut = decodeQuotedPacket(encode(SAMPLES['echo request'] ?? {}).subarray(14, 14 + 48))
    expect(cut.icmp6).toEqual({
      type: 'echo-request',
      code: 0,
      checksum: expect.any(Number),
      id: 7,
      seq: 1,
      data: octets(''),
    })
    expect(cut.malformed).toBeUndefined()
    const udp = decodeQuotedPacket(encode(SAMPLES['DHCPv6 solicit'] ?? {}).subarray(14, 14 + 50))
    expect(udp).toMatchObject({ udp: { srcPort: 546, dstPort: 547 }, payload: octets('011a') })
    expect(udp.malformed).toBeUndefined()
  })

  test('may be IPv4, and may end in a header', () => {
    expect(decodeQuotedPacket(encode(SAMPLES['UDP over IPv4'] ?? {}).subarray(14)).udp?.srcPort).toBe(1)
    expect(decodeQuotedPacket(whole.subarray(0, 50)).malformed).toEqual({
      layer: 'tcp',
      offset: 40,
      reason: 'header cut short',
    })
    expect(decodeQuotedPacket(new Uint8Array(0)).malformed?.layer).toBe('ip6')
  })
})

describe('whatever the octets', () => {
  const samples = { ...SAMPLES, ...OURS }
  const frames = Object.values(samples).map(encode)
  const pattern = patternOfSamples()

  /** Decodes, and gives the same bytes back; describing and comparing survive it. */
  function survives(frame: Uint8Array): void {
    const packet = decode(frame)
    expect(hex(encode(packet))).toBe(hex(frame))
    const line = describePacket(packet)
    expect(line.length).toBeLessThanOrEqual(MAX_LINE)
    expect(line).not.toMatch(/\p{C}|\p{Zl}|\p{Zp}/u)
    expect(differences(packet, pattern).length === 0).toBe(matches(packet, pattern))
    decodeQuotedPacket(frame.subarray(ipOffset(packet)))
  }

  test.each(Object.keys(samples))('%s, cut at every length', (name) => {
    const frame = encode(samples[name] ?? {})
    for (let length = 0; length <= frame.length; length++) {
      survives(frame.subarray(0, length))
      survives(shortened(frame, length))
    }
  })

  test('random', () => {
    const type = fc.constantFrom('86dd', '0800', '0806', '8100', '88a8', '8863', '8864', '0000').map(octets)
    const frame = fc.tuple(fc.uint8Array({ minLength: 12, maxLength: 12 }), type, fc.uint8Array({ maxLength: 120 }))
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), survives), { numRuns: 300 })
    fc.assert(
      fc.property(frame, (parts) => survives(Uint8Array.from(parts.flatMap((part) => [...part])))),
      { numRuns: 500 },
    )
  })

  test('mutated', () => {
    const octet = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0, 1, 0x40, 0x80, 0xff))
    const changes = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), octet), {
      minLength: 1,
      maxLength: 6,
    })
    const length = fc.oneof(fc.constant(1), fc.double({ min: 0, max: 1, noNaN: true }))
    fc.assert(
      fc.property(fc.constantFrom(...frames), changes, length, (frame, edits, share) => {
        const mutant = frame.slice()
        for (const [place, value] of edits) mutant[12 + Math.floor(place * (frame.length - 13))] = value
        survives(mutant)
        survives(shortened(mutant, Math.floor(mutant.length * share)))
      }),
      { numRuns: 3000 },
    )
  })
})

/** Cut, with the IPv6 and UDP lengths set right, so that the cut is the upper layer's to find. */
function shortened(frame: Uint8Array, length: number): Uint8Array {
  const cut = frame.slice(0, length)
  if (length < 62 || cut[12] !== 0x86) return cut
  const octetsLeft = length - 54
  cut.set([octetsLeft >> 8, octetsLeft & 0xff], 18)
  if (cut[20] === 17) cut.set([octetsLeft >> 8, octetsLeft & 0xff], 58)
  return cut
}

function patternOfSamples(): Pattern {
  return {
    ip6: { hopLimit: 255, src: (src) => src.startsWith('fe80') },
    icmp6: { type: 'router-advertisement', options: [{ type: 'rdnss', servers: ['fe80::1'] }] },
    ext: [{ type: 'hop-by-hop' }],
    payload: octets('00'),
  }
}
