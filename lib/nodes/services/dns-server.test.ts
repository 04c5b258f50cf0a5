import { describe, expect, test } from 'vitest'
import { decodeDns, dnsQuery, encodeDns } from '../../wire/dns.ts'
import { answerDns, dnsOverTcp } from './dns-server.ts'

const addresses = { aaaa: '2a0e:b107:2::80', a: '20.0.0.1' }

test.each<[string, string, string, unknown[]]>([
  ['www.example.com', 'AAAA', 'NOERROR', ['2a0e:b107:2::80']],
  ['www.example.com', 'A', 'NOERROR', ['20.0.0.1']],
  ['nx.example.com', 'AAAA', 'NXDOMAIN', []],
  ['NX.example.com', 'A', 'NXDOMAIN', []],
  ['ipv6only.example.com', 'AAAA', 'NOERROR', ['2a0e:b107:2::80']],
  ['ipv6only.example.com', 'A', 'NOERROR', []],
  ['ipv4only.arpa', 'AAAA', 'NOERROR', ['64:ff9b::c000:aa', '64:ff9b::c000:ab']],
  ['ipv4only.arpa', 'A', 'NOERROR', ['192.0.0.170', '192.0.0.171']],
  ['www.example.com', 'MX', 'NOERROR', []],
  ['www.example.com', 'UNKNOWN_65280', 'NOERROR', [Uint8Array.of(0, 1, 0)]],
  ['www.example.com', 'UNKNOWN_65', 'NOERROR', [Uint8Array.of(0, 1, 0)]],
])('%s %s', (name, type, rcode, data) => {
  const answer = answerDns(dnsQuery({ id: 7, name, type }), addresses)
  const read = decodeDns(encodeDns(answer))
  expect(read).toMatchObject({ id: 7, type: 'response', rcode, questions: [{ name, type }] })
  expect(read?.answers.map((record) => record.data)).toEqual(data)
})

test('the target of an alias is no alias', () => {
  const manners = { ttl: 60, alias: true, authority: false }
  const { answers } = answerDns(dnsQuery({ id: 7, name: 'www.example.com', type: 'AAAA' }), { ...addresses, manners })
  const target = answers.find(({ type }) => type === 'CNAME')?.data as string
  const asked = answerDns(dnsQuery({ id: 8, name: target, type: 'AAAA' }), { ...addresses, manners })
  expect(asked.answers.map(({ name, type }) => [name, type])).toEqual([[target, 'AAAA']])
})

test('what is no query is not implemented', () => {
  const update = { ...dnsQuery({ id: 3, name: 'www.example.com', type: 'SOA' }), opcode: 'UPDATE' }
  const answer = decodeDns(encodeDns(answerDns(update, addresses)))
  expect(answer).toMatchObject({ id: 3, type: 'response', opcode: 'UPDATE', rcode: 'NOTIMP', answers: [] })
})

test('no AAAA while no Internet host is there', () => {
  expect(answerDns(dnsQuery({ id: 1, name: 'a.example', type: 'AAAA' }), { a: '20.0.0.1' }).answers).toEqual([])
})

test('a query without a question', () => {
  expect(answerDns({ ...dnsQuery({ id: 1, name: 'a', type: 'A' }), questions: [] }, addresses).rcode).toBe('FORMERR')
})

describe('a long answer', () => {
  const query = (udpPayloadSize?: number) =>
    dnsQuery({
      id: 1,
      name: 'large.example',
      type: 'TXT',
      ...(udpPayloadSize && { edns: { udpPayloadSize, dnssecOk: true } }),
    })

  test.each([undefined, 512, 1232])('is cut where %s octets are taken', (size) => {
    const answer = answerDns(query(size), addresses)
    expect(answer.flags.split('+')).toContain('tc')
    expect(answer.answers).toEqual([])
  })

  test('keeps the records that fit, where its name asks for it', () => {
    const answer = answerDns(dnsQuery({ id: 1, name: 'truncated.example', type: 'TXT' }), addresses)
    expect(answer.flags.split('+')).toContain('tc')
    expect(answer.answers).toHaveLength(2)
    expect(encodeDns(answer).length).toBeLessThanOrEqual(512)
  })

  test('comes whole where there is room', () => {
    const answer = answerDns(query(4096), addresses)
    expect(answer.answers).toHaveLength(12)
    expect(answer.edns?.dnssecOk).toBe(true)
    expect(encodeDns(answer).length).toBeGreaterThan(1232)
  })
})

describe('over TCP', () => {
  const framed = (bytes: Uint8Array) => Uint8Array.of(bytes.length >> 8, bytes.length & 0xff, ...bytes)
  const query = encodeDns(dnsQuery({ id: 9, name: 'large.example', type: 'TXT' }))
  const answer = () => dnsOverTcp((one) => answerDns(one, addresses, 'TCP'))()

  test('a long answer comes whole, after its length', () => {
    const said = answer()(framed(query))
    expect(((said[0] ?? 0) << 8) | (said[1] ?? 0)).toBe(said.length - 2)
    const read = decodeDns(said.subarray(2))
    expect(read).toMatchObject({ id: 9, flags: 'rd+ra' })
    expect(read?.answers).toHaveLength(12)
  })

  test('a query in pieces is waited for, and two at once are both answered', () => {
    const respond = answer()
    const both = Uint8Array.of(...framed(query), ...framed(query))
    expect(respond(both.subarray(0, 1))).toHaveLength(0)
    const first = respond(both.subarray(1, query.length + 2))
    expect(first.length).toBeGreaterThan(1232)
    expect(respond(both.subarray(query.length + 2))).toEqual(first)
  })

  test('what makes no sense is not answered', () => {
    expect(answer()(framed(Uint8Array.of(1, 2, 3)))).toHaveLength(0)
  })
})
