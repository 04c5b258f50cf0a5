import { describe, expect, test } from 'vitest'
import { describePattern } from './describe-pattern.ts'
import {
  absent,
  and,
  anyOf,
  condition,
  differences,
  matches,
  nearestMiss,
  none,
  type Pattern,
  within,
} from './match.ts'
import type { PacketInit } from './packet.ts'
import { dhcpv4, dhcpv6, echoReply, echoRequest, icmpv6, na, ns, ra, rs, tcp, udp } from './patterns.ts'
import { looped, octets, SAMPLES } from './testing.ts'

const sample = (name: string) => looped(SAMPLES[name] ?? {})
const RA = sample('router advertisement')
const SOLICIT = sample('DHCPv6 solicit')
const ECHO = sample('echo request')
const RENEW = looped({
  ...SAMPLES['DHCPv6 solicit'],
  dhcp6: {
    type: 'renew',
    transactionId: 5,
    options: [
      { type: 'server-id', duid: '0003000102de4a000009' },
      { type: 'ia-na', iaid: 1, t1: 0, t2: 0, options: [] },
      {
        type: 'ia-pd',
        iaid: 7,
        t1: 60,
        t2: 96,
        options: [
          { type: 'ia-prefix', prefix: '2001:db8::/56', preferredLifetime: 120, validLifetime: 180, options: [] },
        ],
      },
    ],
  },
} as PacketInit)

describe('a pattern', () => {
  test.each<[string, boolean, Pattern]>([
    ['nothing asked', true, {}],
    ['an equal value', true, { ip6: { hopLimit: 255 } }],
    ['another value', false, { ip6: { hopLimit: 64 } }],
    ['a layer that is there', true, { icmp6: {} }],
    ['a layer that is not there', false, { dhcp6: {} }],
    ['an absent layer', true, { dhcp6: absent }],
    ['an absent layer that is there', false, { icmp6: absent }],
    ['a predicate', true, { ip6: { src: (src) => src.startsWith('fe80:') } }],
    ['a predicate that says no', false, { ip6: { src: () => false } }],
    ['a predicate on nothing', false, { dhcp6: () => true }],
    ['one of several', true, { ip6: { hopLimit: anyOf(64, 255) } }],
    ['an address in a prefix', true, { ip6: { src: within('fe80::/10') } }],
    ['undefined is left out', true, { ip6: { src: undefined } }],
    ['elements of an array, in any order', true, { icmp6: { options: [{ type: 'mtu' }, { type: 'rdnss' }] } }],
    ['an element that differs', false, { icmp6: { options: [{ type: 'mtu', mtu: 1500 }] } }],
    ['no such element', true, { icmp6: { options: [none({ type: 'nonce' })] } }],
    ['such an element', false, { icmp6: { options: [none({ type: 'mtu' })] } }],
    ['plain elements', true, { icmp6: { options: [{ type: 'rdnss', servers: ['2001:db8::53'] }] } }],
    ['a predicate for an array', true, { icmp6: { options: (options) => options.length === 7 } }],
  ])('%s', (_name, expected, pattern) => {
    expect(matches(RA, pattern)).toBe(expected)
    expect(differences(RA, pattern).length === 0).toBe(expected)
  })

  test('octets', () => {
    expect(matches(ECHO, { icmp6: { type: 'echo-request', data: octets('0011223344') } })).toBe(true)
    expect(differences(ECHO, { icmp6: { type: 'echo-request', data: octets('00') } })).toEqual([
      { path: 'icmp6.data', expected: '00', seen: '0011223344' },
    ])
  })

  test('all of several', () => {
    expect(matches(RA, and({ ip6: { src: 'fe80::1' } }, { ip6: { dst: 'ff02::1' } }, ra()))).toBe(true)
    expect(matches(RA, and({ ip6: { src: 'fe80::1' } }, { ip6: { src: 'fe80::2' } }))).toBe(false)
    const both = and(ra({ mtu: { mtu: 1492 } }), ra({ mtu: { mtu: (mtu) => mtu > 1500 } }))
    expect(matches(RA, both)).toBe(false)
    expect(matches(RA, and({ ip6: { hopLimit: (n) => n > 1 } }, { ip6: { hopLimit: (n) => n < 256 } }))).toBe(true)
  })
})

describe('builders', () => {
  test.each<[string, boolean, Pattern]>([
    ['a Renew', true, dhcpv6('renew')],
    ['not a Rebind', false, dhcpv6('rebind')],
    ['an option', true, dhcpv6('renew', { iaPd: {} })],
    ['the option of one IAID', true, dhcpv6('renew', { iaPd: { iaid: 7, t1: 60 } })],
    ['a nested option', true, dhcpv6('renew', { iaPd: { iaPrefix: { prefix: '2001:db8::/56' } } })],
    ['another nested option', false, dhcpv6('renew', { iaPd: { iaPrefix: { validLifetime: 0 } } })],
    ['a nested option in the wrong place', false, dhcpv6('renew', { iaNa: { iaAddr: {} } })],
    ['no nested option', true, dhcpv6('renew', { iaNa: { iaAddr: absent } })],
    ['an option that is not there', true, dhcpv6('renew', { rapidCommit: absent, serverId: {} })],
    ['one of each', true, dhcpv6('renew', { iaPd: [{ iaid: 7 }, { t2: 96 }] })],
    ['not one of each', false, dhcpv6('renew', { iaPd: [{ iaid: 7 }, { iaid: 8 }] })],
    ['the transaction', true, dhcpv6('renew', { transactionId: 5 }, { ip6: { dst: 'ff02::1:2' } })],
  ])('DHCPv6: %s', (_name, expected, pattern) => {
    expect(matches(RENEW, pattern)).toBe(expected)
  })

  test.each<[string, string, Pattern]>([
    ['RS', 'router solicitation', rs({ sourceLinkLayer: {} })],
    ['RA', 'router advertisement', ra({ routerLifetime: 1800, prefixInformation: { onLink: true }, nonce: absent })],
    ['NS', 'neighbor solicitation', ns({ target: 'fe80::1' }, { ip6: { src: '::' } })],
    ['NA', 'neighbor advertisement', na({ solicited: true })],
    ['echo', 'echo request', echoRequest({ id: 7 }, { ip6: { dst: '2001:db8:1::2' } })],
    ['echo reply', 'atomic fragment', echoReply({ id: 1 })],
    ['packet too big', 'packet too big', icmpv6('packet-too-big', { mtu: 1280 })],
    ['UDP', 'UDP over IPv4', udp({ dstPort: 2 }, { ip4: { src: '192.168.1.1' } })],
    ['TCP', 'TCP syn', tcp({ flags: 'syn' })],
    ['DHCPv4', 'DHCPv4 discover', dhcpv4('discover', { xid: 0x01020304 })],
  ])('%s', (_name, name, pattern) => {
    for (const other of Object.keys(SAMPLES)) expect(matches(sample(other), pattern), other).toBe(other === name)
  })
})

describe('differences', () => {
  test('are named by path, in words', () => {
    expect(
      differences(RA, ra({ routerLifetime: 0, rdnss: { lifetime: 0 }, nonce: {} }, { ip6: { src: 'fe80::2' } })),
    ).toEqual([
      { path: 'icmp6.routerLifetime', expected: '0', seen: '1800' },
      { path: 'icmp6.options[rdnss].lifetime', expected: '0', seen: '600' },
      {
        path: 'icmp6.options',
        expected: 'nonce',
        seen: expect.stringContaining('[prefix-information (prefix 2001:db8::/64'),
      },
      { path: 'ip6.src', expected: 'fe80::2', seen: 'fe80::1' },
    ])
  })

  test('of nested options', () => {
    expect(differences(RENEW, dhcpv6('renew', { iaPd: { iaPrefix: { validLifetime: 0 } } }))).toEqual([
      { path: 'dhcp6.options[ia-pd].options[ia-prefix].validLifetime', expected: '0', seen: '180' },
    ])
    expect(differences(RENEW, dhcpv6('renew', { iaPd: absent }))).toMatchObject([
      { path: 'dhcp6.options', expected: 'no ia-pd' },
    ])
  })

  test('of a whole layer', () => {
    expect(differences(ECHO, ra())).toEqual([
      { path: 'icmp6.type', expected: 'router-advertisement', seen: 'echo-request' },
    ])
    expect(differences(ECHO, dhcpv6('solicit'))).toEqual([{ path: 'dhcp6', expected: 'solicit', seen: 'nothing' }])
    expect(differences(ECHO, { icmp6: absent })).toMatchObject([{ path: 'icmp6', expected: 'nothing' }])
  })

  test('say what a predicate wants', () => {
    expect(
      differences(ECHO, {
        ip6: { src: within('fe80::/10'), hopLimit: condition('an odd number', (n) => n % 2 === 1) },
      }),
    ).toEqual([
      { path: 'ip6.src', expected: 'in fe80::/10', seen: '2001:db8::1' },
      { path: 'ip6.hopLimit', expected: 'an odd number', seen: '64' },
    ])
  })
})

describe('the nearest miss', () => {
  test('is of the right kind before it has the right values', () => {
    const packets = [ECHO, SOLICIT, RENEW, RA]
    const pattern = dhcpv6('renew', { transactionId: 9, iaPd: { iaid: 8, t1: 1 } }, { ip6: { dst: 'ff02::1:2' } })
    expect(nearestMiss(packets, pattern)).toEqual({ packet: RENEW, differences: differences(RENEW, pattern) })
    expect(nearestMiss([SOLICIT, ECHO], echoRequest({ id: 7, seq: 2 }))?.packet).toBe(ECHO)
  })

  test('has the layers and the ICMPv6 type that are asked for, or is an error', () => {
    expect(nearestMiss([ECHO, RA], rs())).toBeUndefined()
    expect(nearestMiss([ECHO, RA], dhcpv6('renew'))).toBeUndefined()
    expect(nearestMiss([RENEW], dhcpv6('rebind'))?.packet).toBe(RENEW)
    const error = sample('packet too big')
    expect(nearestMiss([RA, error], echoRequest({ id: 1, seq: 2 }))?.packet).toBe(error)
  })

  test('has half of the values that are asked for', () => {
    const src = '2001:db8::1'
    const datagram = looped({
      ...SAMPLES['echo request'],
      icmp6: undefined,
      udp: { srcPort: 1, dstPort: 2 },
    } as PacketInit)
    const asking = (srcPort: number, dstPort: number) => udp({ srcPort, dstPort }, { ip6: { src } })
    expect(nearestMiss([datagram], asking(1, 3))?.packet).toBe(datagram)
    expect(nearestMiss([datagram], asking(4, 3))).toBeUndefined()
  })

  test('of nothing is nothing', () => {
    expect(nearestMiss([], rs())).toBeUndefined()
  })
})

test.each<[string, Pattern]>([
  ['a packet', {}],
  ['an RA', ra()],
  [
    'an RA with routerLifetime 0, rdnss (lifetime 0), from fe80::1',
    ra({ routerLifetime: 0, rdnss: { lifetime: 0 } }, { ip6: { src: 'fe80::1' } }),
  ],
  ['a Renew with IA_PD', dhcpv6('renew', { iaPd: {} })],
  ['an Information-request with no rapid-commit', dhcpv6('information-request', { rapidCommit: absent })],
  [
    'a Reply with IA_PD (options [ia-prefix (prefix 2001:db8::/56)])',
    dhcpv6('reply', { iaPd: { iaPrefix: { prefix: '2001:db8::/56' } } }),
  ],
  [
    'an Echo Request with id 7, from in 2001:db8::/32, to ff02::1',
    echoRequest({ id: 7 }, { ip6: { src: within('2001:db8::/32'), dst: 'ff02::1' } }),
  ],
  ['a Redirect', icmpv6('redirect')],
  ['a UDP datagram with dstPort one of 1, 2', udp({ dstPort: anyOf(1, 2) })],
  ['a DHCPv6 message with type one of renew, rebind', { dhcp6: { type: anyOf('renew', 'rebind') } }],
  [
    'an Echo Reply with eth.src 02:00:00:00:00:01, hopLimit 1',
    echoReply({}, { eth: { src: '02:00:00:00:00:01' }, ip6: { hopLimit: 1 } }),
  ],
  ['a TCP segment with flags syn, payload nothing', tcp({ flags: 'syn' }, { payload: absent })],
])('reads as "%s"', (text, pattern) => {
  expect(describePattern(pattern)).toBe(text)
})
