import { type Dns, decodeDns, encodeDns } from '../../wire/dns.ts'
import type { DnsRecord } from '../../wire/dns-records.ts'
import type { Behavior } from '../behavior.ts'

type Rewriting = Pick<
  Behavior,
  'dnsTtlAtMost' | 'dnsRecordOrder' | 'dnsNames' | 'dnsRecursionAvailable' | 'dnsEdnsSize' | 'dnsSections'
>

/** An answer as a forwarder that decodes messages encodes it, with the same meaning; unchanged by default. */
export function rewritten(answer: Uint8Array, behavior: Rewriting): Uint8Array {
  const { dnsTtlAtMost, dnsRecordOrder, dnsNames, dnsRecursionAvailable, dnsEdnsSize, dnsSections } = behavior
  const leavesAll =
    dnsTtlAtMost === Number.POSITIVE_INFINITY &&
    dnsRecordOrder === 'as received' &&
    dnsNames === 'as received' &&
    dnsRecursionAvailable === 'as received' &&
    dnsEdnsSize === undefined &&
    dnsSections === 'all'
  const whole = leavesAll ? undefined : decodeDns(answer)
  const dns = whole && dnsSections !== 'all' ? { ...whole, authorities: [], additionals: [] } : whole
  // What can't be read goes as it came: RFC 5625 section 4.
  if (!dns || !isPlain(dns)) return answer
  const capped = (record: DnsRecord): DnsRecord =>
    record.ttl === undefined ? record : { ...record, ttl: Math.min(record.ttl, dnsTtlAtMost) }
  const answers = dns.answers.map(capped)
  return encodeDns({
    ...dns,
    answers: dnsRecordOrder === 'as received' ? answers : answers.reverse(),
    flags: dnsRecursionAvailable === 'as received' || dns.flags.includes('ra') ? dns.flags : withRa(dns.flags),
    ...(dns.edns && dnsEdnsSize !== undefined && { edns: { ...dns.edns, udpPayloadSize: dnsEdnsSize } }),
  })
}

/** Records whose data holds no name that another encoding could break. */
const plainTypes = new Set(['A', 'AAAA', 'TXT', 'CNAME'])
const isPlain = ({ type, answers, authorities = [], additionals = [] }: Dns): boolean =>
  type === 'response' && [...answers, ...authorities, ...additionals].every((one) => plainTypes.has(one.type))

const order = ['aa', 'tc', 'rd', 'ra', 'ad', 'cd']
const withRa = (flags: string): string =>
  order.filter((flag) => flag === 'ra' || flags.split('+').includes(flag)).join('+')
