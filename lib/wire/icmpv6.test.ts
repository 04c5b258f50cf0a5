import { describe, expect, test } from 'vitest'
import { writer, written } from './bytes.ts'
import { decodeIcmpv6, defaultHopLimit, describeIcmpv6, encodeIcmpv6, type Icmpv6 } from './icmpv6.ts'
import { hex, octets } from './testing.ts'

const A = 'fe800000000000000000000000000001'
const B = '20010db8000000000000000000000002'
const GROUP = 'ff0200000000000000000001ff000001'
const head = { code: 0, checksum: 0xabcd }

/** Each row both ways. */
const MESSAGES: [name: string, bytes: string, message: Icmpv6, line: string][] = [
  [
    'destination unreachable',
    '01 05 abcd 00000000 60',
    { type: 'destination-unreachable', ...head, code: 5, data: octets('60') },
    'Destination Unreachable (failed ingress/egress policy)',
  ],
  [
    'destination unreachable, unassigned code',
    '01 09 abcd 00000001',
    { type: 'destination-unreachable', ...head, code: 9, unused: 1, data: octets('') },
    'Destination Unreachable (code 9)',
  ],
  [
    'packet too big',
    '02 00 abcd 00000500 60',
    { type: 'packet-too-big', ...head, mtu: 1280, data: octets('60') },
    'Packet Too Big MTU 1280',
  ],
  [
    'time exceeded',
    '03 00 abcd 00000000 60',
    { type: 'time-exceeded', ...head, data: octets('60') },
    'Time Exceeded (hop limit)',
  ],
  [
    'parameter problem',
    '04 01 abcd 00000028 60',
    { type: 'parameter-problem', ...head, code: 1, pointer: 40, data: octets('60') },
    'Parameter Problem code 1 pointer 40',
  ],
  [
    'echo request',
    '80 00 abcd 0007 0001 ff',
    { type: 'echo-request', ...head, id: 7, seq: 1, data: octets('ff') },
    'Echo Request id 7 seq 1',
  ],
  [
    'echo reply',
    '81 00 abcd 0007 0001',
    { type: 'echo-reply', ...head, id: 7, seq: 1, data: octets('') },
    'Echo Reply id 7 seq 1',
  ],
  [
    'MLD query',
    `82 00 abcd 2710 0000 ${GROUP}`,
    { type: 'mld-query', ...head, maxResponseDelay: 10000, group: 'ff02::1:ff00:1' },
    'MLD Query ff02::1:ff00:1',
  ],
  [
    'MLDv2 query',
    `82 00 abcd 2710 0001 ${GROUP} 027d0000`,
    {
      type: 'mld-query',
      ...head,
      maxResponseDelay: 10000,
      reserved: 1,
      group: 'ff02::1:ff00:1',
      data: octets('027d0000'),
    },
    'MLD Query ff02::1:ff00:1',
  ],
  [
    'MLDv1 report',
    `83 00 abcd 0000 0000 ${GROUP}`,
    { type: 'mld1-report', ...head, maxResponseDelay: 0, group: 'ff02::1:ff00:1' },
    'MLDv1 Report ff02::1:ff00:1',
  ],
  [
    'MLDv1 done',
    `84 00 abcd 0000 0000 ${GROUP}`,
    { type: 'mld1-done', ...head, maxResponseDelay: 0, group: 'ff02::1:ff00:1' },
    'MLDv1 Done ff02::1:ff00:1',
  ],
  [
    'router solicitation',
    '85 00 abcd 00000000 05 01 0000 00000500',
    { type: 'router-solicitation', ...head, options: [{ type: 'mtu', mtu: 1280 }] },
    'RS MTU 1280',
  ],
  [
    'router advertisement',
    '86 00 abcd 40 c0 0708 00007530 000003e8',
    {
      type: 'router-advertisement',
      ...head,
      hopLimit: 64,
      managed: true,
      other: true,
      preference: 'medium',
      routerLifetime: 1800,
      reachableTime: 30000,
      retransTimer: 1000,
      options: [],
    },
    'RA lifetime 1800 M=1 O=1',
  ],
  [
    'router advertisement, other flags',
    '86 00 abcd 00 3f 0000 00000000 00000000 05 01 0000 00000500',
    {
      type: 'router-advertisement',
      ...head,
      hopLimit: 0,
      managed: false,
      other: false,
      preference: 'low',
      reservedFlags: 0x27,
      routerLifetime: 0,
      reachableTime: 0,
      retransTimer: 0,
      options: [{ type: 'mtu', mtu: 1280 }],
    },
    'RA lifetime 0 M=0 O=0 Prf low MTU 1280',
  ],
  [
    'neighbor solicitation',
    `87 00 abcd 00000000 ${A} 01 01 02de4a000001`,
    {
      type: 'neighbor-solicitation',
      ...head,
      target: 'fe80::1',
      options: [{ type: 'source-link-layer', mac: '02:de:4a:00:00:01' }],
    },
    'NS fe80::1 SLLA 02:de:4a:00:00:01',
  ],
  [
    'neighbor advertisement',
    `88 00 abcd e0000000 ${A}`,
    {
      type: 'neighbor-advertisement',
      ...head,
      router: true,
      solicited: true,
      override: true,
      target: 'fe80::1',
      options: [],
    },
    'NA fe80::1 R=1 S=1 O=1',
  ],
  [
    'neighbor advertisement, reserved bits',
    `88 00 abcd 1fffffff ${A}`,
    {
      type: 'neighbor-advertisement',
      ...head,
      router: false,
      solicited: false,
      override: false,
      reserved: 0x1fffffff,
      target: 'fe80::1',
      options: [],
    },
    'NA fe80::1 R=0 S=0 O=0',
  ],
  [
    'redirect',
    `89 00 abcd 00000001 ${A} ${B}`,
    { type: 'redirect', ...head, reserved: 1, target: 'fe80::1', destination: '2001:db8::2', options: [] },
    'Redirect 2001:db8::2 via fe80::1',
  ],
  [
    'MLDv2 report',
    `8f 00 abcd 0000 0002 04 00 0000 ${GROUP} 05 01 0001 ${GROUP} ${B} 01020304 ff`,
    {
      type: 'mld2-report',
      ...head,
      records: [
        { type: 4, group: 'ff02::1:ff00:1', sources: [] },
        { type: 5, group: 'ff02::1:ff00:1', sources: ['2001:db8::2'], auxiliary: octets('01020304') },
      ],
      data: octets('ff'),
    },
    'MLDv2 Report to-exclude ff02::1:ff00:1 allow ff02::1:ff00:1 {2001:db8::2}',
  ],
  [
    'mobile prefix advertisement',
    '93 00 abcd 0007 8001 05 01 0000 00000500',
    {
      type: 'mobile-prefix-advertisement',
      ...head,
      id: 7,
      managed: true,
      other: false,
      reserved: 1,
      options: [{ type: 'mtu', mtu: 1280 }],
    },
    'Mobile Prefix Advertisement id 7 MTU 1280',
  ],
  [
    'an unknown type',
    'c8 03 abcd 0102',
    { type: 200, ...head, code: 3, body: octets('0102') },
    'ICMPv6 type 200 code 3',
  ],
]

describe.each(MESSAGES)('%s', (_name, bytes, message, line) => {
  test('both ways, and as a line', () => {
    const b = octets(bytes)
    expect(decodeIcmpv6(b, 0, b.length)).toEqual({ message })
    expect(encoded(message)).toBe(hex(b))
    expect(describeIcmpv6(message)).toBe(line)
  })

  test('cut at every length', () => {
    const b = octets(`00 ${bytes}`)
    for (let end = 1; end < b.length; end++) {
      const result = decodeIcmpv6(b, 1, end)
      if (result.message === undefined) expect(result.malformed).toMatchObject({ layer: 'icmp6', offset: 1 })
      else expect(encoded(result.message)).toBe(hex(b.subarray(1, end)))
    }
  })
})

test('whatever type it has, it gives the same octets back', () => {
  const bodies = ['', '00', '00000000', '0007 4000 05 01 0000 00000500', 'ff'.repeat(24), `${'00'.repeat(20)} 19 03`]
  for (let type = 0; type < 256; type++)
    for (const body of bodies) {
      const bytes = octets(`${type.toString(16).padStart(2, '0')} 01 abcd ${body}`)
      const { message, malformed } = decodeIcmpv6(bytes, 0, bytes.length)
      expect(message ? encoded(message) : malformed?.offset, `type ${type}, ${body}`).toBe(message ? hex(bytes) : 0)
      expect(message && describeIcmpv6(message)).not.toBe('')
    }
})

test('an options tail is kept, and named', () => {
  const bytes = octets('85 00 abcd 00000000 05 01 0000 00000500 01 00')
  expect(decodeIcmpv6(bytes, 0, bytes.length)).toEqual({
    message: {
      type: 'router-solicitation',
      ...head,
      options: [
        { type: 'mtu', mtu: 1280 },
        { type: 'malformed', data: octets('0100') },
      ],
    },
    malformed: { layer: 'icmp6', offset: 16, reason: 'no ND option has this length' },
  })
})

test('a report that counts more records than it holds is not one', () => {
  const bytes = octets(`8f 00 0000 0000 0002 04 00 0000 ${GROUP}`)
  expect(decodeIcmpv6(bytes, 0, bytes.length)).toEqual({
    malformed: { layer: 'icmp6', offset: 0, reason: 'MLDv2 Report cut short' },
  })
})

test('what is left out has a default', () => {
  const w = writer()
  encodeIcmpv6(w, { type: 'router-advertisement' })
  expect(hex(written(w))).toBe('86000000 40 00 0000 00000000 00000000'.replaceAll(' ', ''))
  expect(() => encodeIcmpv6(writer(), { type: 'neighbor-solicitation' })).toThrow('icmp6.target is needed')
  expect(() => encodeIcmpv6(writer(), { code: 0 })).toThrow('icmp6.type is needed')
})

test('ND goes out with 255, MLD with 1', () => {
  expect((['redirect', 'mld2-report', 'mld-query', 'echo-request', 134, 200] as const).map(defaultHopLimit)).toEqual([
    255, 1, 1, 64, 255, 64,
  ])
})

function encoded(message: Icmpv6): string {
  const w = writer()
  encodeIcmpv6(w, message)
  return hex(written(w))
}
