import { createRequire } from 'node:module'
import fc from 'fast-check'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Dhcpv4, decodeDhcpv4, describeDhcpv4, encodeDhcpv4, option4 } from './dhcpv4.ts'
import { type Dhcpv4Option, dhcpv4OptionCode, dhcpv4OptionName } from './dhcpv4-options.ts'

const octets = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ''), 'hex'))
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

const DISCOVER: Dhcpv4 = {
  op: 'request',
  htype: 1,
  hlen: 6,
  hops: 0,
  xid: 0x3903f326,
  secs: 4,
  flags: 0x8000,
  ciaddr: '0.0.0.0',
  yiaddr: '192.0.2.10',
  siaddr: '192.0.2.1',
  giaddr: '192.0.2.2',
  chaddr: '02:de:4a:00:00:01',
  options: [],
}
const HEADER = `01 01 06 00 3903f326 0004 8000 00000000 c000020a c0000201 c0000202 02de4a000001${'00'.repeat(202)}63825363`
const message = (...options: Dhcpv4Option[]): Dhcpv4 => ({ ...DISCOVER, options })

/** Each row both ways. */
const OPTIONS: [name: string, bytes: string, ...options: Dhcpv4Option[]][] = [
  ['subnet-mask', '01 04 ffffff00', { type: 'subnet-mask', address: '255.255.255.0' }],
  ['routers', '03 08 c0000201 c0000202', { type: 'routers', addresses: ['192.0.2.1', '192.0.2.2'] }],
  ['dns-servers', '06 04 c0000201', { type: 'dns-servers', addresses: ['192.0.2.1'] }],
  ['host-name', '0c 02 6877', { type: 'host-name', text: 'hw' }],
  ['domain-name', '0f 04 c3b60061', { type: 'domain-name', text: 'ö\0a' }],
  ['host-name that ends with a null', '0c 03 687700', { type: 'host-name', text: 'hw', raw: octets('687700') }],
  ['domain-name of nulls', '0f 02 0000', { type: 'domain-name', text: '', raw: octets('0000') }],
  ['ntp-servers, none', '2a 00', { type: 'ntp-servers', addresses: [] }],
  ['requested-address', '32 04 c000020a', { type: 'requested-address', address: '192.0.2.10' }],
  ['lease-time', '33 04 ffffffff', { type: 'lease-time', seconds: 0xffffffff }],
  ['message-type', '35 01 01', { type: 'message-type', value: 'discover' }],
  ['message-type of the last name', '35 01 08', { type: 'message-type', value: 'inform' }],
  ['message-type 0', '35 01 00', { type: 'message-type', value: 0 }],
  ['message-type without a name', '35 01 0d', { type: 'message-type', value: 13 }],
  ['server-id', '36 04 c0000201', { type: 'server-id', address: '192.0.2.1' }],
  ['parameter-list', '37 04 01 03 06 6c', { type: 'parameter-list', codes: [1, 3, 6, 108] }],
  ['message', '38 02 6e6f', { type: 'message', text: 'no' }],
  ['t1', '3a 04 0000003c', { type: 't1', seconds: 60 }],
  ['t2', '3b 04 00000060', { type: 't2', seconds: 96 }],
  ['client-id', '3d 07 01 02de4a000001', { type: 'client-id', data: octets('0102de4a000001') }],
  ['v6only-preferred', '6c 04 00000708', { type: 'v6only-preferred', seconds: 1800 }],
  ['option-overload of neither', '34 01 00', { type: 'option-overload', value: 0 }],
  ['option-overload without a meaning', '34 01 07', { type: 'option-overload', value: 7 }],
  ['unknown code', 'e0 00', { type: 224, data: octets('') }],
  [
    'pad and end in their places',
    '00 35 01 02 00 00 ff',
    { type: 'pad' },
    { type: 'message-type', value: 'offer' },
    { type: 'pad' },
    { type: 'pad' },
    { type: 'end' },
  ],
]

const raw = (type: number, data: string): Dhcpv4Option => ({ type, data: octets(data) })
const tail = (data: string): Dhcpv4Option => ({ type: 'malformed', data: octets(data) })

const MISSHAPEN: [name: string, bytes: string, option: Dhcpv4Option, reason: string][] = [
  [
    'subnet-mask of 3 octets',
    '01 03 ffffff',
    raw(1, 'ffffff'),
    "subnet-mask (1) can't have these 3 octets, at octet 282",
  ],
  ['routers of 5 octets', '03 05 c000020100', raw(3, 'c000020100'), 'routers (3)'],
  ['lease-time of 5 octets', '33 05 0000000000', raw(51, '0000000000'), 'lease-time (51)'],
  ['message-type of no octets', '35 00', raw(53, ''), 'message-type (53)'],
  ['host-name in latin-1', '0c 01 f6', raw(12, 'f6'), 'host-name (12)'],
  ['code without length', '35', tail('35'), 'message-type (53) lacks its length'],
  ['length past the end', '35 05 01', tail('350501'), 'message-type (53) lacks 4 octets'],
]

describe('DHCPv4 messages', () => {
  test.each(OPTIONS)('%s is read', (_, bytes, ...options) => {
    expect(decodeDhcpv4(octets(HEADER + bytes))).toEqual({ message: message(...options) })
  })

  test.each(OPTIONS)('%s is written', (_, bytes, ...options) => {
    expect(hex(encodeDhcpv4(message(...options)))).toBe(hex(octets(HEADER + bytes)))
  })

  test('every name has a row', () => {
    const names = Array.from({ length: 256 }, (_, code) => dhcpv4OptionName(code)).filter((name) => !/^\d/.test(name))
    const rows = new Set<unknown>(OPTIONS.flatMap(([, , ...options]) => options.map((option) => option.type)))
    expect(names.length).toBeGreaterThan(12)
    expect(names.filter((name) => !rows.has(name))).toEqual([])
    expect(dhcpv4OptionCode('v6only-preferred')).toBe(108)
  })

  test.each(MISSHAPEN)('%s stays raw', (_, bytes, option, reason) => {
    expect(decodeDhcpv4(octets(HEADER + bytes), 42)).toEqual({
      message: message(option),
      malformed: { layer: 'dhcp4', offset: 282, reason: expect.stringContaining(reason) },
    })
    expect(hex(encodeDhcpv4(message(option)))).toBe(hex(octets(HEADER + bytes)))
  })

  test('fields that are mostly zero are there where they are not, and what follows End is padding', () => {
    const full: Dhcpv4 = {
      ...message({ type: 'end' }),
      op: 3,
      chaddrPadding: octets('00112233445566778899'),
      sname: new Uint8Array(64).fill(0x61),
      file: new Uint8Array(128).fill(0x62),
      padding: octets('0000ff35'),
    }
    const bytes = encodeDhcpv4(full)
    expect(hex(bytes)).toContain('02de4a000001001122334455667788996161')
    expect(decodeDhcpv4(bytes)).toEqual({ message: full })
  })

  const RENEWAL: Dhcpv4Option = { type: 't1', seconds: 60 }
  const END: Dhcpv4Option = { type: 'end' }
  const overloaded = (value: number) => message({ type: 'option-overload', value }, RENEWAL, END)
  const field = (hex: string, length: number): Uint8Array => {
    const bytes = new Uint8Array(length)
    bytes.set(octets(hex))
    return bytes
  }
  const sname = field('0c 02 6877 ff', 64)
  const file = field('0f 01 61 36 04 c0000201 ff', 128)
  const snameOptions: Dhcpv4Option[] = [{ type: 'host-name', text: 'hw' }, END]
  const fileOptions: Dhcpv4Option[] = [
    { type: 'domain-name', text: 'a' },
    { type: 'server-id', address: '192.0.2.1' },
    END,
  ]

  test.each<[value: number, read: Partial<Dhcpv4>]>([
    [0, { sname, file }],
    [1, { sname, fileOptions }],
    [2, { snameOptions, file }],
    [3, { snameOptions, fileOptions }],
    [4, { sname, file }],
    [7, { sname, file }],
  ])('option-overload %i: what file and sname hold', (value, read) => {
    const bytes = encodeDhcpv4({ ...overloaded(value), sname, file })
    expect(decodeDhcpv4(bytes)).toEqual({ message: { ...overloaded(value), ...read } })
    expect(hex(encodeDhcpv4({ ...overloaded(value), ...read }))).toBe(hex(bytes))
  })

  test('options are found in file before sname, and before both where options are', () => {
    const both = { ...overloaded(3), snameOptions: [...snameOptions, RENEWAL], fileOptions }
    expect(option4({ ...both, fileOptions: [{ type: 'host-name', text: 'of file' }, END] }, 'host-name')?.text).toBe(
      'of file',
    )
    expect(option4(both, 'host-name')?.text).toBe('hw')
    expect(option4({ ...both, snameOptions: [{ type: 't1', seconds: 1 }] }, 't1')?.seconds).toBe(60)
    expect(describeDhcpv4(both)).toContain('overload of file and sname, T1 60, domain a, server 192.0.2.1, host hw')
  })

  test.each<[name: string, sname: string, options: Dhcpv4Option[], offset?: number]>([
    ['no End', '0c02 6877', [{ type: 'host-name', text: 'hw' }, ...Array(60).fill({ type: 'pad' })]],
    ['octets behind End', '0c02 6877 ff 00 01', [...snameOptions, tail(`0001${'00'.repeat(57)}`)]],
    [
      'an option that goes on in file',
      `${'00'.repeat(60)} 0c05 6877`,
      [...Array(60).fill({ type: 'pad' }), tail('0c056877')],
      146,
    ],
    ['another overload', '34 01 03 ff', [{ type: 'option-overload', value: 3 }, END]],
  ])('sname that holds options, and %s', (_name, octetsOfSname, expected, offset) => {
    const bytes = encodeDhcpv4({ ...overloaded(2), sname: field(octetsOfSname, 64), file })
    const read = decodeDhcpv4(bytes, 42)
    expect(read.message).toEqual({ ...overloaded(2), snameOptions: expected, file })
    expect(read.malformed?.offset).toBe(offset)
    expect(hex(encodeDhcpv4(read.message ?? DISCOVER))).toBe(hex(bytes))
  })

  test('more options than a field holds are refused', () => {
    expect(() => encodeDhcpv4({ ...overloaded(2), snameOptions: [raw(224, '00'.repeat(63))] })).toThrow(
      "a field of 64 octets can't hold 65 octets of options",
    )
  })

  test('op 2 is a reply', () => {
    const bytes = encodeDhcpv4({ ...DISCOVER, op: 'reply' })
    expect(bytes[0]).toBe(2)
    expect(decodeDhcpv4(bytes).message?.op).toBe('reply')
  })

  test('cut at any length: read as far as it goes, and written again', () => {
    const whole = octets(`${HEADER} 35 01 01 3d 07 01 02de4a000001 ff 00 00`)
    const ends = new Set([240, 243, 252, 253, 254])
    for (let length = 0; length < whole.length; length++) {
      const bytes = whole.slice(0, length)
      const { message, malformed } = decodeDhcpv4(bytes)
      expect(malformed === undefined, `cut at ${length}`).toBe(ends.has(length))
      expect(message === undefined).toBe(length < 240)
      if (message) expect(hex(encodeDhcpv4(message))).toBe(hex(bytes))
    }
  })

  test('BOOTP without the magic cookie is not DHCP', () => {
    const bytes = octets(HEADER)
    bytes[236] = 0
    expect(decodeDhcpv4(bytes, 42)).toEqual({
      malformed: { layer: 'dhcp4', offset: 278, reason: 'no magic cookie before the options' },
    })
  })

  test('a value above its field is refused', () => {
    expect(() => encodeDhcpv4({ ...DISCOVER, hops: 256 })).toThrow(/expected/)
    expect(() => encodeDhcpv4(message({ type: 224, data: new Uint8Array(256) }))).toThrow(/expected/)
  })

  test('options by name', () => {
    const offer = message({ type: 'pad' }, { type: 't1', seconds: 1 }, { type: 't1', seconds: 2 }, raw(59, '00'))
    expect(option4(offer, 't1')?.seconds).toBe(1)
    expect(option4(offer, 't2')).toBeUndefined()
  })
})

describe('DHCPv4 in one line', () => {
  test.each<[string, Dhcpv4, string]>([
    [
      'an offer',
      message({ type: 'message-type', value: 'offer' }, { type: 'lease-time', seconds: 3600 }, { type: 'end' }),
      'Offer xid 3903f326 yiaddr 192.0.2.10  lease 3600',
    ],
    [
      'a discover that prefers IPv6 only',
      {
        ...message({ type: 'message-type', value: 'discover' }, { type: 'parameter-list', codes: [1, 108, 121] }),
        yiaddr: '0.0.0.0',
      },
      'Discover xid 3903f326  wants subnet-mask v6only-preferred 121',
    ],
    [
      'no DHCP',
      message(raw(224, '01'), tail('3505')),
      'BOOTP request xid 3903f326 yiaddr 192.0.2.10  option 224 01, malformed 3505',
    ],
    [
      'hostile text',
      {
        ...message({ type: 'message-type', value: 13 }, { type: 'host-name', text: '\u001b[2J\n' }),
        ciaddr: '192.0.2.9',
      },
      'DHCPv4 message 13 xid 3903f326 ciaddr 192.0.2.9 yiaddr 192.0.2.10  host \\u{1b}[2J\\u{a}',
    ],
  ])('%s', (_, given, line) => {
    expect(describeDhcpv4(given)).toBe(line)
  })

  test.each(OPTIONS)('%s', (_, __, ...options) => {
    expect(describeDhcpv4(message(...options))).toMatch(/^[A-Z]\w+ [^\p{Cc}]+$/u)
  })

  test('many options are cut', () => {
    const line = describeDhcpv4(message(...Array.from({ length: 9999 }, () => raw(1, 'ff'.repeat(200)))))
    expect(line.length).toBe(300)
  })
})

/** Written by others: the package `dhcp` 0.2.20. */
interface Other {
  parse(buffer: Buffer): Record<string, unknown> & { options: Record<string, unknown> }
  format(data: object): { _data: Buffer; _w: number }
}
const other: Other = createRequire(import.meta.url)('dhcp/lib/protocol.js')
const otherMac = (mac: string) => mac.toUpperCase().replaceAll(':', '-')

describe('DHCPv4 as the package dhcp 0.2.20 sees it', () => {
  afterEach(() => vi.restoreAllMocks())

  const address = fc.ipV4()
  const seconds = fc.nat(0xffffffff)
  const text = fc.string({ minLength: 1, maxLength: 30, unit: fc.constantFrom(...'abcxyz019-.') })
  const lease = fc.record({
    xid: seconds,
    secs: fc.nat(0xffff),
    flags: fc.nat(0xffff),
    ciaddr: address,
    yiaddr: address,
    siaddr: address,
    giaddr: address,
    mask: address,
    routers: fc.array(address, { minLength: 1, maxLength: 4 }),
    servers: fc.array(address, { minLength: 1, maxLength: 4 }),
    host: text,
    domain: text,
    requested: address,
    lease: seconds,
    type: fc.constantFrom('discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'),
    server: address,
    codes: fc.uniqueArray(fc.integer({ min: 1, max: 254 }), { minLength: 1, maxLength: 20 }),
    message: text,
    t1: seconds,
    t2: seconds,
  })
  type Lease = typeof lease extends fc.Arbitrary<infer T> ? T : never

  const header = ({ xid, secs, flags, ciaddr, yiaddr, siaddr, giaddr }: Lease) =>
    ({ htype: 1, hlen: 6, hops: 0, xid, secs, flags, ciaddr, yiaddr, siaddr, giaddr }) as const
  const typeCode = (type: string) =>
    ['discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'].indexOf(type) + 1

  /** In the order of codes, because that is how it writes them. */
  const ours = (l: Lease): Dhcpv4 => ({
    ...header(l),
    op: 'reply',
    chaddr: DISCOVER.chaddr,
    options: [
      { type: 'subnet-mask', address: l.mask },
      { type: 'routers', addresses: l.routers },
      { type: 'dns-servers', addresses: l.servers },
      { type: 'host-name', text: l.host },
      { type: 'domain-name', text: l.domain },
      { type: 'requested-address', address: l.requested },
      { type: 'lease-time', seconds: l.lease },
      { type: 'message-type', value: l.type as 'offer' },
      { type: 'server-id', address: l.server },
      { type: 'parameter-list', codes: l.codes },
      { type: 'message', text: l.message },
      { type: 't1', seconds: l.t1 },
      { type: 't2', seconds: l.t2 },
      { type: 'end' },
    ],
  })
  const theirs = (l: Lease) => ({
    ...header(l),
    op: 2,
    chaddr: otherMac(DISCOVER.chaddr),
    sname: '',
    file: '',
    options: {
      1: l.mask,
      3: l.routers,
      6: l.servers,
      12: l.host,
      15: l.domain,
      50: l.requested,
      51: l.lease,
      53: typeCode(l.type),
      54: l.server,
      55: l.codes,
      56: l.message,
      58: l.t1,
      59: l.t2,
    },
  })

  test('it reads what we write', () => {
    fc.assert(
      fc.property(lease, (l) => {
        expect(other.parse(Buffer.from(encodeDhcpv4(ours(l))))).toEqual({ ...theirs(l), magicCookie: 0x63825363 })
      }),
    )
  })

  test('we read what it writes, and write the same octets', () => {
    fc.assert(
      fc.property(lease, (l) => {
        const { _data, _w } = other.format(theirs(l))
        const bytes = Uint8Array.from(_data.subarray(0, _w))
        expect(decodeDhcpv4(bytes)).toEqual({ message: ours(l) })
        expect(hex(encodeDhcpv4(ours(l)))).toBe(hex(bytes))
      }),
    )
  })

  // Where it is wrong: each of these fails when the package mends it, and then goes.
  const bothRead = (...options: Dhcpv4Option[]) => {
    const bytes = encodeDhcpv4(message(...options))
    return { options: other.parse(Buffer.from(bytes)).options, message: decodeDhcpv4(bytes).message }
  }
  const NEXT: Dhcpv4Option = { type: 't1', seconds: 60 }
  const END: Dhcpv4Option = { type: 'end' }

  test('its client-id is text that ends at the first zero; RFC 2132 section 9.14 has opaque octets', () => {
    const clientId: Dhcpv4Option = { type: 'client-id', data: octets('0100de4a000001') }
    expect(bothRead(clientId)).toEqual({ options: { 61: '\u0001' }, message: message(clientId) })
  })

  test('its Pad takes the next octet with it; RFC 2132 section 3.1 has one octet', () => {
    const seen = bothRead({ type: 'pad' }, NEXT, END)
    expect(seen.options).not.toHaveProperty('58')
    expect(seen.message).toEqual(message({ type: 'pad' }, NEXT, END))
  })

  test('it drops what it does not know, and says so on the console', () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {})
    expect(bothRead(raw(224, '0102'), NEXT)).toEqual({ options: { 58: 60 }, message: message(raw(224, '0102'), NEXT) })
    expect(said).toHaveBeenCalledWith('Option 224 not known')
  })

  test('it reads a subnet-mask of three octets on into the next option', () => {
    const seen = bothRead(raw(1, 'ffffff'), NEXT, END)
    expect(seen.options).toHaveProperty('1', '255.255.255.58')
    expect(seen.message).toEqual(message(raw(1, 'ffffff'), NEXT, END))
  })

  test('it throws on an option that is cut short', () => {
    const bytes = octets(`${HEADER} 33 04 0000`)
    expect(() => other.parse(Buffer.from(bytes))).toThrow(RangeError)
    expect(decodeDhcpv4(bytes).message).toEqual(message(tail('33040000')))
  })

  test('it takes any magic cookie', () => {
    const bytes = octets(HEADER)
    bytes[236] = 0
    expect(other.parse(Buffer.from(bytes))).toHaveProperty('magicCookie', 0x00825363)
    expect(decodeDhcpv4(bytes).message).toBeUndefined()
  })

  test('it refuses other hardware than Ethernet; we keep the octets', () => {
    const bytes = encodeDhcpv4({ ...DISCOVER, htype: 6, hlen: 16, chaddrPadding: octets('00010203040506070809') })
    expect(() => other.parse(Buffer.from(bytes))).toThrow('Invalid hardware address')
    expect(hex(decodeDhcpv4(bytes).message?.chaddrPadding ?? octets(''))).toBe('00010203040506070809')
  })
})

function survives(bytes: Uint8Array): void {
  const { message } = decodeDhcpv4(bytes, 42)
  if (message === undefined) return
  expect(hex(encodeDhcpv4(message))).toBe(hex(bytes))
  const line = describeDhcpv4(message)
  expect(line.length).toBeLessThanOrEqual(300)
  expect(line).not.toMatch(/\p{Cc}/u)
}

describe('DHCPv4 on any octets', () => {
  test('random octets', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survives), { numRuns: 500 })
  })

  test('a good header and random options', () => {
    const header = octets(HEADER)
    const option = fc
      .tuple(fc.integer({ min: 0, max: 120 }), fc.uint8Array({ maxLength: 12 }))
      .map(([code, body]) => [code, body.length, ...body])
    const tail = fc.array(
      fc.oneof(option, fc.constant([0]), fc.constant([255]), fc.array(fc.nat(255), { maxLength: 3 })),
    )
    fc.assert(
      fc.property(tail, (options) => survives(Uint8Array.of(...header, ...options.flat()))),
      { numRuns: 1500 },
    )
  })

  test('a message with octets changed', () => {
    const bytes = octets(HEADER + OPTIONS.map(([, option]) => option).join(''))
    const mutation = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 6 })
    fc.assert(
      fc.property(mutation, (changes) => {
        const mutated = bytes.slice()
        for (const [at, octet] of changes) mutated[at] = octet
        survives(mutated)
      }),
      { numRuns: 500 },
    )
  })
})
