import type { Ipv4Address, Ipv6Address } from '../../wire/address.ts'
import { type Dns, decodeDns, dnsAnswer, encodeDns } from '../../wire/dns.ts'
import type { DnsRecord } from '../../wire/dns-records.ts'
import type { TcpService } from '../tcp-connection.ts'
import { plain, type Variety } from '../variety.ts'

/** RFC 7050 section 2.2. */
const SYNTHESISED = 'ipv4only.arpa'
const ZONE = 'example.net'
const ALIASED = `alias.${ZONE}`
const SERVER = `ns.${ZONE}`
/** RFC 1035 section 4.2.1; more only with EDNS. */
const UDP_OCTETS = 512

/** The addresses of all names, and the form of the answers. */
export interface DnsAddresses {
  aaaa?: Ipv6Address
  a: Ipv4Address
  manners?: DnsManners
}

/** What a resolver's answer contains in addition to the requested records, RFC 1034 sections 3.6.2 and 4.3.2. */
export interface DnsManners {
  ttl: number
  /** The name is an alias of another. */
  alias: boolean
  /** Name servers of the zone, with an address. */
  authority: boolean
}

export const dnsManners = (variety: Variety): DnsManners => ({
  ttl: variety.pick('DNS TTL', [60, 1, 300, 86_400]),
  alias: variety.pick('DNS alias', [false, true]),
  authority: variety.pick('DNS authority', [false, true]),
})

/**
 * A resolver that knows every name: AAAA and A are the Internet host's. By name: `nx.*` does not exist, `ipv6only.*`
 * has no A, `medium.*` has a TXT that needs EDNS and `large.*` one that needs TCP, of `truncated.*` a part comes with TC, `ipv4only.arpa` is what a DNS64 makes of it (RFC 7050 section 2.2).
 */
export function answerDns(query: Dns, addresses: DnsAddresses, over: 'UDP' | 'TCP' = 'UDP'): Dns {
  // RFC 1035 section 4.1.1: this server does not support that kind of query.
  if (query.opcode) return dnsAnswer(query, [], 'NOTIMP')
  const [question] = query.questions
  if (!question) return dnsAnswer(query, [], 'FORMERR')
  const name = question.name.toLowerCase()
  if (name.startsWith('nx.')) return dnsAnswer(query, [], 'NXDOMAIN')
  const data = dataOf(name, question.type, addresses)
  const { ttl, alias, authority } = addresses.manners ?? dnsManners(plain)
  // A resolver that asks for the target by itself would else never come to an end.
  const hasAlias = name !== SYNTHESISED && name !== ALIASED
  const isAlias = alias && hasAlias && data.length > 0 && ['A', 'AAAA'].includes(question.type)
  const owner = isAlias ? ALIASED : question.name
  const records = data.map((one): DnsRecord => ({ name: owner, type: question.type, ttl, data: one }))
  const chain: DnsRecord[] = isAlias ? [{ name: question.name, type: 'CNAME', ttl, data: ALIASED }] : []
  const zone: DnsRecord[] = authority && data.length > 0 ? [{ name: ZONE, type: 'NS', ttl, data: SERVER }] : []
  const answer = {
    ...dnsAnswer(query, [...chain, ...records]),
    ...(zone.length > 0 && {
      authorities: zone,
      additionals: [{ name: SERVER, type: 'A', ttl, data: addresses.a }],
    }),
  }
  const room = over === 'TCP' ? 0xffff : Math.max(UDP_OCTETS, query.edns?.udpPayloadSize ?? 0)
  if (encodeDns(answer).length <= room) return answer
  // RFC 2181 section 9: TC, and nothing that is incomplete; what fits of a set may stay.
  const truncated: Dns = { ...dnsAnswer(query), flags: `tc+${answer.flags}` }
  if (!name.startsWith('truncated.')) return truncated
  const fits = (count: number) => encodeDns({ ...truncated, answers: records.slice(0, count) }).length <= room
  return { ...truncated, answers: records.filter((_, index) => fits(index + 1)) }
}

/** RFC 1035 section 4.2.2: each message after its length. */
export const dnsOverTcp =
  (answer: (query: Dns) => Dns): TcpService =>
  () => {
    let waiting: number[] = []
    return (fresh) => {
      waiting = [...waiting, ...fresh]
      const sizes: number[] = []
      for (let end = endOf(waiting); waiting.length >= end; end = endOf(waiting)) {
        const query = decodeDns(Uint8Array.from(waiting.slice(2, end)))
        waiting = waiting.slice(end)
        const bytes = query ? encodeDns(answer(query)) : new Uint8Array(0)
        if (bytes.length > 0) sizes.push(bytes.length >> 8, bytes.length & 0xff, ...bytes)
      }
      return Uint8Array.from(sizes)
    }
  }

/** Where the first message ends; beyond all that can come while its length is not there yet. */
function endOf([high, low]: readonly number[]): number {
  return high === undefined || low === undefined ? Number.POSITIVE_INFINITY : 2 + high * 0x100 + low
}

function dataOf(name: string, type: string, addresses: DnsAddresses): unknown[] {
  const synthesised = name === SYNTHESISED
  switch (type) {
    case 'AAAA':
      if (synthesised) return ['64:ff9b::c000:aa', '64:ff9b::c000:ab']
      return addresses.aaaa === undefined ? [] : [addresses.aaaa]
    case 'A':
      if (synthesised) return ['192.0.0.170', '192.0.0.171']
      return name.startsWith('ipv6only.') ? [] : [addresses.a]
    case 'TXT':
      return longText(/^(large|truncated)\./.test(name) ? 12 : name.startsWith('medium.') ? 4 : 0)
  }
  // Types that dns-packet has no name for, HTTPS (65) among them, in the form of RFC 3597: priority 1, target `.`.
  return type.startsWith('UNKNOWN_') ? [Uint8Array.of(0, 1, 0)] : []
}

const longText = (strings: number): string[] =>
  strings === 0 ? ['denat'] : Array.from({ length: strings }, (_, n) => `${n} `.padEnd(200, 'x'))
