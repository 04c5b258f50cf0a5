import { Buffer } from 'node:buffer'
import type { Clock } from '../../time/clock.ts'
import { type Dns, decodeDns, encodeDns } from '../../wire/dns.ts'
import type { DnsRecord } from '../../wire/dns-records.ts'

/** Answers that are kept. */
const most = 256
/** Records whose data holds no name that another encoding could break. */
const plain = new Set(['A', 'AAAA', 'TXT'])

/** Answers of the ISP's resolver, each for as long as its records live: RFC 1035 section 6.1.2. */
export interface DnsCache {
  /** To a question that is the same but for its identifier; TTLs are what is left of them. */
  answer(query: Uint8Array): Uint8Array | undefined
  learn(query: Uint8Array, answer: Uint8Array): void
}

const keyOf = (query: Uint8Array): string => Buffer.from(query.subarray(2)).toString('latin1')

export function dnsCache({ now }: Pick<Clock, 'now'>): DnsCache {
  const kept = new Map<string, { dns: Dns; at: number }>()
  return {
    answer(query) {
      const one = kept.get(keyOf(query))
      if (!one) return undefined
      const age = Math.floor(now() - one.at)
      if (one.dns.answers.some(({ ttl = 0 }) => ttl <= age)) return undefined
      const older = (record: DnsRecord): DnsRecord => ({ ...record, ttl: (record.ttl ?? 0) - age })
      const id = ((query[0] as number) << 8) | (query[1] as number)
      return encodeDns({ ...one.dns, id, answers: one.dns.answers.map(older) })
    },
    learn(query, answer) {
      const dns = decodeDns(answer)
      if (dns?.rcode !== 'NOERROR' || dns.flags.includes('tc') || dns.answers.length === 0) return
      const { answers, authorities = [], additionals = [] } = dns
      if (kept.size >= most || [...answers, ...authorities, ...additionals].some(({ type }) => !plain.has(type))) return
      kept.set(keyOf(query), { dns, at: now() })
    },
  }
}
