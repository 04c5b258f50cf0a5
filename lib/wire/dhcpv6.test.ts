import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Dhcpv6,
  decodeDhcpv6,
  describeDhcpv6,
  encodeDhcpv6,
  isRelay,
  option,
  optionsOf,
  statusOf,
} from './dhcpv6.ts'
import { describeDuid, duidLl, duidLlt, duidUuid } from './dhcpv6-duid.ts'
import { effort, hex, octets } from './testing.ts'

const plain = (type: Dhcpv6['type']) => ({ type, transactionId: 0xabcdef, options: [] }) as Dhcpv6
const relay = (type: 'relay-forward' | 'relay-reply', hopCount: number): Dhcpv6 => ({
  type,
  hopCount,
  linkAddress: '2001:db8::1',
  peerAddress: 'fe80::1',
  options: [],
})
const ADDRESSES = '20010db8000000000000000000000001 fe800000000000000000000000000001'

/** Each row both ways. */
const MESSAGES: [name: string, bytes: string, message: Dhcpv6][] = [
  ['solicit', '01 abcdef', plain('solicit')],
  ['advertise', '02 abcdef', plain('advertise')],
  ['request', '03 abcdef', plain('request')],
  ['confirm', '04 abcdef', plain('confirm')],
  ['renew', '05 abcdef', plain('renew')],
  ['rebind', '06 abcdef', plain('rebind')],
  ['reply', '07 abcdef', plain('reply')],
  ['release', '08 abcdef', plain('release')],
  ['decline', '09 abcdef', plain('decline')],
  ['reconfigure', '0a abcdef', plain('reconfigure')],
  ['information-request', '0b abcdef', plain('information-request')],
  ['relay-forward', `0c 00 ${ADDRESSES}`, relay('relay-forward', 0)],
  ['relay-reply', `0d ff ${ADDRESSES}`, relay('relay-reply', 255)],
  ['an unknown type', 'fe abcdef', plain(254)],
]

const REPLY: Dhcpv6 = {
  type: 'reply',
  transactionId: 0x1a2b3c,
  options: [
    { type: 'client-id', duid: duidLl('02:de:4a:00:00:01') },
    {
      type: 'ia-pd',
      iaid: 1,
      t1: 60,
      t2: 96,
      options: [
        { type: 'ia-prefix', preferredLifetime: 120, validLifetime: 180, prefix: '2a0e:b107:10::/56', options: [] },
      ],
    },
    { type: 'ia-na', iaid: 2, t1: 0, t2: 0, options: [{ type: 'status-code', status: 3, message: 'gone' }] },
    { type: 'dns-servers', servers: ['2a0e:b107::53'] },
    { type: 'domain-list', domains: ['example.com'] },
  ],
}

describe('DHCPv6 messages', () => {
  test.each(MESSAGES)('%s is read', (_, bytes, message) => {
    expect(decodeDhcpv6(octets(bytes))).toEqual({ message })
  })

  test.each(MESSAGES)('%s is written', (_, bytes, message) => {
    expect(hex(encodeDhcpv6(message))).toBe(hex(octets(bytes)))
  })

  test.each([
    ['no octets', ''],
    ['half a transaction id', '01 abcd'],
    ['a relay message without its addresses', `0c 00 ${ADDRESSES.slice(0, -2)}`],
  ])('%s is no message', (_, bytes) => {
    expect(decodeDhcpv6(octets(bytes), 62)).toEqual({
      malformed: { layer: 'dhcp6', offset: 62, reason: expect.stringContaining("can't hold the header") },
    })
  })

  test('cut at any length: read as far as it goes, and written again', () => {
    const whole = encodeDhcpv6(REPLY)
    // After the header and after each option nothing shows that something is missing.
    const ends = new Set(
      REPLY.options.map((_, i) => encodeDhcpv6({ ...REPLY, options: REPLY.options.slice(0, i) }).length),
    )
    for (let length = 0; length < whole.length; length++) {
      const bytes = whole.slice(0, length)
      const { message, malformed } = decodeDhcpv6(bytes)
      expect(malformed === undefined, `cut at ${length}`).toBe(ends.has(length))
      expect(message === undefined).toBe(length < 4)
      if (message) expect(encodeDhcpv6(message)).toEqual(bytes)
    }
  })

  test('octets are found inside larger ones', () => {
    const bytes = encodeDhcpv6(REPLY)
    const frame = new Uint8Array(bytes.length + 100).fill(0xff)
    frame.set(bytes, 62)
    expect(decodeDhcpv6(frame.subarray(62, 62 + bytes.length), 62)).toEqual({ message: REPLY })
  })
})

describe('DHCPv6 accessors', () => {
  test('options by name, with the fields of that name', () => {
    expect(option(REPLY, 'ia-pd')?.t2).toBe(96)
    expect(option(REPLY, 'dns-servers')?.servers).toEqual(['2a0e:b107::53'])
    expect(option(REPLY, 'ia-ta')).toBeUndefined()
    expect(optionsOf(REPLY, 'ia-na').map((ia) => ia.iaid)).toEqual([2])
    expect(optionsOf(REPLY, 'oro')).toEqual([])
  })

  test('without a status code all is well', () => {
    expect(statusOf(REPLY)).toBe(0)
    expect(optionsOf(REPLY, 'ia-na').map(statusOf)).toEqual([3])
  })

  test('a misshapen option is not found by its name', () => {
    expect(
      option(decodeDhcpv6(octets('07abcdef 000e0001ff')).message ?? plain('reply'), 'rapid-commit'),
    ).toBeUndefined()
  })

  test('relay messages', () => {
    expect([isRelay(REPLY), isRelay(relay('relay-reply', 1))]).toEqual([false, true])
  })
})

describe('DHCPv6 in one line', () => {
  test('a reply', () => {
    expect(describeDhcpv6(REPLY)).toBe(
      'Reply xid 1a2b3c  IA_PD(1) T1 60 T2 96 2a0e:b107:10::/56 120/180, IA_NA(2) T1 0 T2 0 status NoBinding "gone", ' +
        'DNS 2a0e:b107::53, search example.com, client DUID-LL 02:de:4a:00:00:01',
    )
  })

  test.each<[string, string]>([
    [
      '01 000001 0006 0006 0017 0052 005e 0008 0002 0096',
      'Solicit xid 000001  ORO dns-servers sol-max-rt 94, elapsed 1.5s',
    ],
    [`0c 00 ${ADDRESSES} 0009 0001 01`, 'Relay-forward hop 0 link 2001:db8::1 peer fe80::1  relay-message (1 octets)'],
    ['fe 000001', 'DHCPv6 message 254 xid 000001'],
    ['07 000001 0020 0004 ffffffff 000e 0000', 'Reply xid 000001  refresh infinity, rapid-commit'],
    ['07 000001 000e 0001 ff ff', 'Reply xid 000001  option 14 ff, malformed ff'],
    [
      '07 000001 000d 000b 0003 1b5b324a 0a e280ae 41',
      'Reply xid 000001  status NoBinding "\\u{1b}[2J\\u{a}\\u{202e}A"',
    ],
    ['07 000001 0018 0004 02 1b0a 00', 'Reply xid 000001  search \\u{1b}\\u{a}'],
  ])('%s', (bytes, line) => {
    const { message } = decodeDhcpv6(octets(bytes))
    expect(message && describeDhcpv6(message)).toBe(line)
  })

  test('many long options are cut', () => {
    const text = describeDhcpv6({
      ...REPLY,
      options: Array.from({ length: 5000 }, () => ({ type: 'status-code', status: 1, message: '😀'.repeat(9999) })),
    })
    expect(text.length).toBeLessThanOrEqual(300)
    expect(text.endsWith('…')).toBe(true)
    expect(text).not.toMatch(/\p{Surrogate}/u)
  })
})

describe('DUIDs', () => {
  const MAC = '02:de:4a:00:00:01'
  test.each([
    [duidLl(MAC), '0003000102de4a000001', 'DUID-LL 02:de:4a:00:00:01'],
    [duidLlt(MAC, 86400), '000100010001518002de4a000001', 'DUID-LLT 02:de:4a:00:00:01 2000-01-02'],
    [duidUuid('F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6'), '0004f81d4fae7dec11d0a76500a0c91e6bf6', undefined],
    ['0002000001370102', '0002000001370102', 'DUID-EN 311 0102'],
    ['000300010102', '000300010102', 'DUID 000300010102'],
    ['', '', 'DUID '],
    ['zz\n', 'zz\n', 'DUID "zz\\n"'],
  ])('%s', (duid, expected, text) => {
    expect(duid).toBe(expected)
    expect(describeDuid(duid)).toBe(text ?? `DUID-UUID ${duid.slice(4)}`)
  })

  test('a long one is cut', () => {
    expect(describeDuid('ab'.repeat(60000)).length).toBe(60)
  })

  test('what is none is refused', () => {
    expect(() => duidUuid('f81d4fae')).toThrow('expected a UUID')
    expect(() => duidLlt(MAC, -1)).toThrow()
    expect(() => duidLl('02:de')).toThrow()
  })
})

/** Options that reach into every reader: real codes, lengths that often fit, containers in containers. */
const { tree } = fc.letrec<{ tree: number[]; leaf: number[]; container: number[] }>((tie) => ({
  leaf: fc
    .tuple(fc.integer({ min: 0, max: 100 }), fc.array(fc.integer({ min: 0, max: 255 }), { maxLength: 40 }))
    .map(([code, body]) => [0, code, 0, body.length, ...body]),
  container: fc
    .tuple(
      fc.constantFrom([3, 12], [4, 4], [5, 24], [25, 12], [26, 25]),
      fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 25, maxLength: 25 }),
      tie('tree'),
    )
    .map(([[code = 0, fixed = 0], fields, inner]) => {
      const length = fixed + inner.length
      return [0, code, length >> 8, length & 0xff, ...fields.slice(0, fixed), ...inner]
    }),
  tree: fc
    .array(fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('container')), { maxLength: 4 })
    .map((options) => options.flat()),
}))

const mutation = fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 })

function mutate(bytes: Uint8Array, changes: [number, number][]): Uint8Array {
  const mutated = bytes.slice()
  for (const [at, octet] of changes) mutated[at % mutated.length] = octet
  return mutated
}

function survives(bytes: Uint8Array): void {
  const { message } = decodeDhcpv6(bytes, 62)
  if (message === undefined) return
  expect(hex(encodeDhcpv6(message))).toBe(hex(bytes))
  const line = describeDhcpv6(message)
  expect(line.length).toBeLessThanOrEqual(300)
  expect(line).not.toMatch(/\p{Cc}/u)
}

describe('DHCPv6 on any octets', () => {
  test('random octets', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survives), { numRuns: 1000 })
  })

  test('options of real codes in one another', () => {
    const message = fc.tuple(fc.integer({ min: 0, max: 15 }), tree).map(([type, options]) => {
      const header = type === 12 || type === 13 ? 33 : 3
      return Uint8Array.of(type, ...new Uint8Array(header), ...options)
    })
    fc.assert(fc.property(message, survives), { numRuns: 1000 })
    fc.assert(
      fc.property(message, mutation, (bytes, changes) => survives(mutate(bytes, changes))),
      { numRuns: 1000 },
    )
  })

  test('a real message with octets changed', () => {
    const bytes = encodeDhcpv6(REPLY)
    fc.assert(
      fc.property(mutation, (changes) => survives(mutate(bytes, changes))),
      { numRuns: 2000 },
    )
  })

  test('the largest datagram, full of empty options, is read at once', () => {
    const bytes = new Uint8Array(65500)
    bytes[0] = 1
    for (let at = 4; at < bytes.length; at += 4) bytes[at + 1] = 24
    expect(effort(() => survives(bytes))).toBeLessThan(500)
  })
})
