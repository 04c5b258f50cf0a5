import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Dns, decodeDns, describeDns, dnsAnswer, dnsQuery, encodeDns } from './dns.ts'
import type { DnsRecord } from './dns-records.ts'
import { effort, hex, octets } from './testing.ts'

const NAME = '07 6578616d706c65 03 636f6d 00'
const QUERY = dnsQuery({ id: 0x1a2b, name: 'example.com', type: 'AAAA' })
const UPDATE: Dns = {
  id: 7,
  type: 'query',
  opcode: 'UPDATE',
  flags: '',
  rcode: 'NOERROR',
  questions: [{ name: 'example.com', type: 'SOA' }],
  answers: [{ name: 'a', type: 'ANY', class: 'NONE', ttl: 0, data: octets('') }],
  authorities: [
    { name: 'a', type: 'AAAA', class: 'ANY', ttl: 0, data: octets('') },
    { name: 'a', type: 'A', class: 'NONE', ttl: 0, data: '192.0.2.1' },
    { name: 'a', type: 'AAAA', ttl: 60, data: '2001:db8::1' },
  ],
}
const EDNS = { udpPayloadSize: 1232, dnssecOk: true }

/** Each row both ways. */
const ROWS: [name: string, bytes: string, dns: Dns][] = [
  ['a query', `1a2b 0100 0001 0000 0000 0000 ${NAME} 001c 0001`, QUERY],
  [
    'a query with EDNS',
    `1a2b 0100 0001 0000 0000 0001 ${NAME} 0001 0001  00 0029 04d0 00 00 8000 0000`,
    dnsQuery({ id: 0x1a2b, name: 'example.com', type: 'A', edns: EDNS }),
  ],
  [
    'an AAAA answer',
    `1a2b 8180 0001 0001 0000 0000 ${NAME} 001c 0001 ${NAME} 001c 0001 0000003c 0010 20010db8000000000000000000000001`,
    dnsAnswer(QUERY, [{ name: 'example.com', type: 'AAAA', ttl: 60, data: '2001:db8::1' }]),
  ],
  [
    'an A answer',
    `1a2b 8180 0001 0001 0000 0000 ${NAME} 001c 0001 ${NAME} 0001 0001 00000000 0004 c0000201`,
    dnsAnswer(QUERY, [{ name: 'example.com', type: 'A', ttl: 0, data: '192.0.2.1' }]),
  ],
  ['an empty answer', `1a2b 8180 0001 0000 0000 0000 ${NAME} 001c 0001`, dnsAnswer(QUERY)],
  ['no such name', `1a2b 8183 0001 0000 0000 0000 ${NAME} 001c 0001`, dnsAnswer(QUERY, [], 'NXDOMAIN')],
  ['an rcode without a name', `1a2b 818f 0001 0000 0000 0000 ${NAME} 001c 0001`, dnsAnswer(QUERY, [], 'RCODE_15')],
  [
    'an answer to EDNS',
    `1a2b 8180 0001 0000 0000 0001 ${NAME} 001c 0001  00 0029 04d0 00 00 8000 0000`,
    dnsAnswer({ ...QUERY, edns: { udpPayloadSize: 4096, dnssecOk: true } }),
  ],
  [
    'all flags, an authority, and a type without a name',
    `0000 87b0 0000 0000 0001 0001 01 61 00 0002 0001 00000001 0003 01 62 00  00 0041 0001 00000002 0001 ff`,
    {
      id: 0,
      type: 'response',
      flags: 'aa+tc+rd+ra+ad+cd',
      rcode: 'NOERROR',
      questions: [],
      answers: [],
      authorities: [{ name: 'a', type: 'NS', ttl: 1, data: 'b' }],
      additionals: [{ name: '.', type: 'UNKNOWN_65', ttl: 2, data: octets('ff') }],
    },
  ],
  [
    'an UPDATE: nobody has the name, its addresses go, one of another type goes, one comes',
    `0007 2800 0001 0001 0003 0000 ${NAME} 0006 0001 01 61 00 00ff 00fe 00000000 0000
     01 61 00 001c 00ff 00000000 0000 01 61 00 0001 00fe 00000000 0004 c0000201
     01 61 00 001c 0001 0000003c 0010 20010db8000000000000000000000001`,
    UPDATE,
  ],
  [
    'a refused UPDATE',
    '0007 a809 0000 0000 0000 0000',
    { id: 7, type: 'response', opcode: 'UPDATE', flags: '', rcode: 'NOTAUTH', questions: [], answers: [] },
  ],
  [
    'a NOTIFY',
    `0007 2400 0001 0000 0000 0000 ${NAME} 0006 0001`,
    {
      id: 7,
      type: 'query',
      opcode: 'NOTIFY',
      flags: 'aa',
      rcode: 'NOERROR',
      questions: [{ name: 'example.com', type: 'SOA' }],
      answers: [],
    },
  ],
  [
    'an opcode without a name',
    '0007 7800 0000 0000 0000 0000',
    { id: 7, type: 'query', opcode: 'OPCODE_15', flags: '', rcode: 'NOERROR', questions: [], answers: [] },
  ],
  [
    'other classes',
    '0007 8000 0001 0001 0000 0000 01 61 00 0010 0003 01 61 00 0010 fe00 00000000 0003 02 6f6b',
    {
      id: 7,
      type: 'response',
      flags: '',
      rcode: 'NOERROR',
      questions: [{ name: 'a', type: 'TXT', class: 'CH' }],
      answers: [{ name: 'a', type: 'TXT', class: 'CLASS65024', ttl: 0, data: [octets('6f6b')] }],
    },
  ],
  [
    'TXT',
    `0000 8000 0000 0001 0000 0000 01 61 00 0010 0001 00000001 0003 02 6f6b`,
    {
      id: 0,
      type: 'response',
      flags: '',
      rcode: 'NOERROR',
      questions: [],
      answers: [{ name: 'a', type: 'TXT', ttl: 1, data: [octets('6f6b')] }],
    },
  ],
]

describe('DNS messages', () => {
  test.each(ROWS)('%s is read', (_, bytes, dns) => {
    expect(decodeDns(octets(bytes))).toStrictEqual(dns)
  })

  test.each(ROWS)('%s is written', (_, bytes, dns) => {
    expect(hex(encodeDns(dns))).toBe(hex(octets(bytes)))
  })

  test('compression is read', () => {
    const bytes = octets(`1a2b 8180 0001 0001 0000 0000 ${NAME} 0005 0001 c00c 0005 0001 0000003c 0004 01 77 c00c`)
    expect(decodeDns(bytes)?.answers).toEqual([{ name: 'example.com', type: 'CNAME', ttl: 60, data: 'w.example.com' }])
  })

  test('octets behind the last record are counted, and do no harm', () => {
    const bytes = Uint8Array.of(...encodeDns(QUERY), 1, 2, 3)
    expect(decodeDns(bytes)).toEqual({ ...QUERY, behind: 3 })
  })

  test('an AAAA record is in RFC 5952 form', () => {
    const message = (address: string) => octets(`0000 8000 0000 0001 0000 0000 00 001c 0001 00000001 0010 ${address}`)
    expect(decodeDns(message('20010db8000000010000000000000000'))?.answers[0]?.data).toBe('2001:db8:0:1::')
    const mapped = decodeDns(message('00000000000000000000ffffc0000201'))
    expect(mapped?.answers[0]?.data).toBe('::ffff:192.0.2.1')
    expect(hex(encodeDns(mapped ?? {}))).toBe(hex(message('00000000000000000000ffffc0000201')))
  })

  test('what is left out is empty', () => {
    expect(hex(encodeDns({}))).toBe('00'.repeat(12))
  })

  test('an answer has the opcode of what it answers', () => {
    expect(dnsAnswer(UPDATE, [], 'NOTIMP')).toMatchObject({ type: 'response', opcode: 'UPDATE', rcode: 'NOTIMP' })
    expect(dnsAnswer(QUERY)).not.toHaveProperty('opcode')
  })

  test('an answer has EDNS only where the query had it, and RA always', () => {
    expect(dnsAnswer(QUERY).edns).toBeUndefined()
    expect(dnsAnswer({ ...QUERY, flags: 'cd' }).flags).toBe('ra')
  })

  test.each<[string, Partial<Dns>]>([
    ['an AAAA that is none', { answers: [{ name: 'a', type: 'AAAA', data: '192.0.2.1' }] }],
    ['an A that is none', { answers: [{ name: 'a', type: 'A', data: '2001:db8::1' }] }],
    ['a flag that is none', { flags: 'rd+xx' }],
    ['an rcode that is none', { rcode: 'RCODE_16' }],
    ['an rcode that has no number', { rcode: 'NOPE' }],
    ['an opcode that is none', { opcode: 'OPCODE_16' }],
    ['an opcode that has no number', { opcode: 'NOPE' }],
    ['a class that is none', { questions: [{ name: 'a', type: 'A', class: 'CLASS65536' }] }],
    ['a class that has no number', { questions: [{ name: 'a', type: 'A', class: 'NOPE' }] }],
  ])('%s is refused', (_, dns) => {
    expect(() => encodeDns(dns)).toThrow(/expected/)
  })
})

describe('what is no DNS message', () => {
  test.each([
    ['no octets', ''],
    ['a header cut short', '1a2b 0100 0001 0000 0000 00'],
    ['counts that nothing is behind', '0000 0000 ffff ffff ffff ffff'],
    ['a name without end', '0000 0000 0001 0000 0000 0000 01 61'],
    ['a label with reserved bits', '0000 0000 0001 0000 0000 0000 80 00 0001 0001'],
    ['a pointer to itself', '0000 0000 0001 0000 0000 0000 c00c 0001 0001'],
    ['a pointer forward', '0000 0000 0001 0000 0000 0000 c012 0001 0001 00'],
    ['a record past the end', '0000 8000 0000 0001 0000 0000 00 0001 0001 00000001 0004 c00002'],
    // dns-packet alone reads "192.0.2.undefined" here.
    ['an A record of three octets', '0000 8000 0000 0001 0000 0000 00 0001 0001 00000001 0003 c00002'],
    ['an AAAA record of four octets', '0000 8000 0000 0001 0000 0000 00 001c 0001 00000001 0004 c0000201'],
    ['an A record of no octets', '0000 8000 0000 0001 0000 0000 00 0001 0001 00000001 0000'],
    ['an UPDATE with an A record of three octets', '0000 2800 0000 0000 0001 0000 00 0001 00fe 00000000 0003 c00002'],
    ['more than 4096 octets', `0000 0000 0000 0000 0000 0000 ${'00'.repeat(4085)}`],
  ])('%s', (_, bytes) => {
    expect(decodeDns(octets(bytes))).toBeUndefined()
  })

  test('a message cut at any length', () => {
    const whole = encodeDns(dnsAnswer(QUERY, [{ name: 'example.com', type: 'AAAA', data: '2001:db8::1' }]))
    for (let length = 0; length < whole.length; length++) expect(decodeDns(whole.slice(0, length))).toBeUndefined()
  })
})

describe('DNS in one line', () => {
  test.each<[Dns, string]>([
    [QUERY, 'DNS query id 1a2b  AAAA example.com'],
    [dnsAnswer(QUERY, [], 'NXDOMAIN'), 'DNS response id 1a2b NXDOMAIN  AAAA example.com'],
    [
      dnsAnswer(QUERY, [
        { name: 'example.com', type: 'AAAA', ttl: 60, data: '2001:db8::1' },
        { name: 'example.com', type: 'UNKNOWN_65', data: octets('01') },
        { name: 'example.com', type: 'MX', ttl: 1, data: { preference: 1, exchange: 'a' } },
      ]),
      'DNS response id 1a2b NOERROR  AAAA example.com, AAAA 2001:db8::1 ttl 60, UNKNOWN_65 01 ttl 0, ' +
        'MX {"preference":1,"exchange":"a"} ttl 1',
    ],
    [
      UPDATE,
      'DNS UPDATE request id 0007  SOA example.com, NONE ANY  ttl 0, ANY AAAA  ttl 0, NONE A 192.0.2.1 ttl 0, ' +
        'AAAA 2001:db8::1 ttl 60',
    ],
    [dnsAnswer(UPDATE, [], 'REFUSED'), 'DNS UPDATE response id 0007 REFUSED  SOA example.com'],
    [dnsQuery({ id: 1, name: '\u001b[2J\n\u202e', type: 'A' }), 'DNS query id 0001  A \\u{1b}[2J\\u{a}\\u{202e}'],
  ])('%#', (dns, line) => {
    expect(describeDns(dns)).toBe(line)
  })

  test('many records are cut', () => {
    const answer = dnsAnswer(QUERY, new Array<DnsRecord>(999).fill({ name: 'a', type: 'A', data: '\n'.repeat(9999) }))
    expect(describeDns(answer).length).toBe(300)
  })
})

function survives(bytes: Uint8Array): void {
  const dns = decodeDns(bytes)
  if (dns === undefined) return
  expect(describeDns(dns).length).toBeLessThanOrEqual(300)
  expect(describeDns(dns)).not.toMatch(/\p{Cc}/u)
  // Whatever was asked can be answered.
  encodeDns(dnsAnswer(dns, [{ name: dns.questions[0]?.name ?? '.', type: 'AAAA', data: '2001:db8::1' }]))
}

describe('DNS on any octets', () => {
  test('random octets', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), survives), { numRuns: 500 })
  })

  test('records of any type and octets', () => {
    const octet = fc.nat(255)
    const name = fc.oneof(
      fc.constantFrom([0], [0xc0, 12], [1, 97, 0], [3, 0x1b, 46, 0xff, 0]),
      fc.array(octet, { minLength: 1, maxLength: 6 }),
    )
    const record = fc
      .tuple(name, fc.oneof(fc.nat(60), fc.constantFrom(65, 257)), fc.array(octet, { maxLength: 30 }))
      .map(([owner, type, data]) => [...owner, type >> 8, type & 0xff, 0, 254, 0, 0, 0, 9, 0, data.length, ...data])
    const message = fc
      .tuple(fc.constantFrom(0x81, 0x28), name, fc.array(record, { maxLength: 5 }))
      .map(([flags, asked, records]) =>
        Uint8Array.of(0, 1, flags, 0x80, 0, 1, 0, records.length, 0, 0, 0, 0, ...asked, 0, 1, 0, 1, ...records.flat()),
      )
    fc.assert(fc.property(message, survives), { numRuns: 2000 })
  })

  test('messages with octets changed', () => {
    const change = fc.tuple(fc.nat(), fc.nat(255))
    const index = fc.nat(ROWS.length - 1)
    fc.assert(
      fc.property(index, fc.array(change, { maxLength: 5 }), (row, changes) => {
        const mutated = octets(ROWS[row]?.[1] ?? '')
        for (const [at, value] of changes) mutated[at % mutated.length] = value
        survives(mutated)
      }),
      { numRuns: 2000 },
    )
  })

  test('the longest chains of pointers are followed at once', () => {
    // Half the message is pointers to the pointer before, half is records whose names start at its end.
    const bytes = new Uint8Array(4096)
    const chain = 2040
    const records = Math.floor((bytes.length - chain - 17) / 12)
    bytes.set([0, 1, 0x80, 0, 0, 0, (records + 1) >> 8, (records + 1) & 0xff])
    // A first record of type NULL holds the chain.
    bytes.set([0, 0, 10, 0, 1, 0, 0, 0, 0, chain >> 8, chain & 0xff, 0], 12)
    for (let at = 25; at < 23 + chain - 1; at += 2) bytes.set([0xc0 | ((at - 2) >> 8), (at - 2) & 0xff], at)
    bytes[23] = 0
    const end = 23 + chain - 2
    for (let i = 0, at = 23 + chain; i < records; i++, at += 12) {
      bytes.set([0xc0 | (end >> 8), end & 0xff, 0, 10, 0, 1], at)
    }
    expect(decodeDns(bytes)?.answers).toHaveLength(records + 1)
    expect(effort(() => decodeDns(bytes))).toBeLessThan(500)
  })
})
