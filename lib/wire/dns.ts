import { Buffer } from 'node:buffer'
import * as dnsPacket from 'dns-packet'
import { canonical, formatIpv4, parseIpv4 } from './address.ts'
import { EncodeError, type Reader, reader, readU8, readU16, skip } from './bytes.ts'
import { briefHex, clip, printable } from './printable.ts'

/**
 * What dns-packet reads of a UDP DNS message (RFC 1035 section 4); the bytes stay in `payload`. Hostile names are
 * data, not markup.
 */
export interface Dns {
  id: number
  type: 'query' | 'response'
  /** Set flags joined by `+` in the order aa tc rd ra ad cd. */
  flags: string
  /** NOERROR, NXDOMAIN, ...; without the upper bits that EDNS carries. */
  rcode: string
  questions: DnsQuestion[]
  answers: DnsRecord[]
  authorities?: DnsRecord[]
  additionals?: DnsRecord[]
  /** RFC 6891 section 6.1, where an OPT record is there. */
  edns?: { udpPayloadSize: number; dnssecOk: boolean }
}

export interface DnsQuestion {
  name: string
  type: string
}

/** `data` is an address as text for A and AAAA, a name for CNAME, NS and PTR, else as dns-packet gives it. */
export interface DnsRecord {
  name: string
  type: string
  ttl?: number
  data: unknown
}

/** What is asked of UDP at most (RFC 6891 section 6.2.5); it also bounds chains of compression pointers. */
const MAX_OCTETS = 4096

/** How many records a line describes. */
const MAX_DESCRIBED = 8

/** The longest line `describeDns` gives. */
const MAX_LINE = 300

const HEADER = 12

const FLAGS = { aa: 0x400, tc: 0x200, rd: 0x100, ra: 0x80, ad: 0x20, cd: 0x10 }

/** RFC 6895 section 2.3, from 0. */
const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED', 'YXDOMAIN', 'YXRRSET', 'NXRRSET']

/** DO of RFC 3225, in the flags of an OPT record. */
const DNSSEC_OK = 0x8000

/** Undefined where the records don't account for the message, it is too long, or dns-packet refuses it. */
export function decodeDns(bytes: Uint8Array): Dns | undefined {
  const end = recordsEnd(bytes)
  if (end === undefined) return undefined
  try {
    const decoded = dnsPacket.decode(Buffer.from(bytes.buffer, bytes.byteOffset, end)) as unknown as Decoded
    // It trusts a record's type over its length, and would read on in the middle of something.
    return dnsPacket.decode.bytes === end ? toDns(decoded) : undefined
  } catch {
    return undefined
  }
}

/** What is left out is 0, empty or NOERROR. */
export function encodeDns(dns: Partial<Dns>): Uint8Array {
  const additionals = (dns.additionals ?? []).map(toAnswer)
  if (dns.edns !== undefined) {
    const { udpPayloadSize, dnssecOk } = dns.edns
    additionals.push({ type: 'OPT', name: '.', udpPayloadSize, flags: dnssecOk ? DNSSEC_OK : 0, options: [] })
  }
  const packet = {
    id: dns.id ?? 0,
    type: dns.type ?? 'query',
    flags: flagBits(dns.flags ?? '') | rcodeBits(dns.rcode ?? 'NOERROR'),
    questions: (dns.questions ?? []).map(({ name, type }) => ({ name, type })),
    answers: (dns.answers ?? []).map(toAnswer),
    authorities: (dns.authorities ?? []).map(toAnswer),
    additionals,
  }
  return Uint8Array.from(dnsPacket.encode(packet as unknown as dnsPacket.Packet))
}

export function dnsQuery(query: { id: number; name: string; type: string; flags?: string; edns?: Dns['edns'] }): Dns {
  const { id, name, type, flags = 'rd', edns } = query
  return {
    id,
    type: 'query',
    flags,
    rcode: 'NOERROR',
    questions: [{ name, type }],
    answers: [],
    ...(edns && { edns }),
  }
}

/** A resolver's answer; no records and NOERROR says that the name has none of that type (RFC 2308 section 2.2). */
export function dnsAnswer(query: Dns, answers: DnsRecord[] = [], rcode = 'NOERROR'): Dns {
  const { id, questions } = query
  const flags = query.flags.split('+').includes('rd') ? 'rd+ra' : 'ra'
  // RFC 6891 section 6.1.1: OPT in the answer where it was in the query, and only there.
  const edns = query.edns && { edns: { udpPayloadSize: 1232, dnssecOk: query.edns.dnssecOk } }
  return { id, type: 'response', flags, rcode, questions, answers, ...edns }
}

/** One line for people; what a peer wrote is escaped and cut. */
export function describeDns(dns: Dns): string {
  const id = dns.id.toString(16).padStart(4, '0')
  const questions = dns.questions
    .slice(0, MAX_DESCRIBED)
    .map(({ name, type }) => `${printable(type)} ${printable(name)}`)
  const records = dns.answers.slice(0, MAX_DESCRIBED).map(describeRecord)
  if (dns.answers.length > MAX_DESCRIBED) records.push(`… (${dns.answers.length} records)`)
  const rcode = dns.type === 'response' ? ` ${printable(dns.rcode)}` : ''
  return clip(`DNS ${dns.type} id ${id}${rcode}  ${[...questions, ...records].join(', ')}`.trimEnd(), MAX_LINE)
}

function describeRecord(record: DnsRecord): string {
  const { data } = record
  const value = typeof data === 'string' ? data : data instanceof Uint8Array ? briefHex(data) : JSON.stringify(data)
  return `${printable(record.type)} ${printable(value ?? '')} ttl ${record.ttl ?? 0}`
}

/** What its decoder gives, so far as it is used; its types only say what its encoder takes. */
interface Decoded {
  id: number
  type: 'query' | 'response'
  flags: number
  questions: DnsQuestion[]
  answers: DecodedRecord[]
  authorities: DecodedRecord[]
  additionals: DecodedRecord[]
}

interface DecodedRecord {
  name: string
  type: string
  ttl?: number
  data?: unknown
  udpPayloadSize?: number
  flag_do?: boolean
  options?: unknown
}

function toDns(decoded: Decoded): Dns {
  const opt = decoded.additionals.find((record) => record.type === 'OPT')
  const additionals = decoded.additionals.filter((record) => record !== opt)
  const dns: Dns = {
    id: decoded.id,
    type: decoded.type,
    flags: Object.entries(FLAGS)
      .filter(([, bit]) => (decoded.flags & bit) !== 0)
      .map(([flag]) => flag)
      .join('+'),
    rcode: RCODES[decoded.flags & 0xf] ?? `RCODE_${decoded.flags & 0xf}`,
    questions: decoded.questions.map(({ name, type }) => ({ name, type })),
    answers: decoded.answers.map(toRecord),
  }
  if (decoded.authorities.length > 0) dns.authorities = decoded.authorities.map(toRecord)
  if (additionals.length > 0) dns.additionals = additionals.map(toRecord)
  if (opt) dns.edns = { udpPayloadSize: opt.udpPayloadSize ?? 0, dnssecOk: opt.flag_do === true }
  return dns
}

function toRecord({ name, type, ttl, data, options }: DecodedRecord): DnsRecord {
  const value = type === 'AAAA' ? canonical(String(data)) : plain(data ?? options)
  return ttl === undefined ? { name, type, data: value } : { name, type, ttl, data: value }
}

/** Addresses are checked here: dns-packet writes whatever it can make of a text. */
function toAnswer({ name, type, ttl, data }: DnsRecord): object {
  if (type === 'AAAA') return { name, type, ttl, data: canonical(String(data)) }
  if (type === 'A') return { name, type, ttl, data: formatIpv4(parseIpv4(String(data))) }
  return { name, type, ttl, data: buffered(data) }
}

/** Its octets are Buffers, ours are not. */
function plain(data: unknown): unknown {
  return mapOctets(data, (octets) => new Uint8Array(octets.buffer, octets.byteOffset, octets.length))
}

function buffered(data: unknown): unknown {
  return mapOctets(data, (octets) => Buffer.from(octets))
}

function mapOctets(data: unknown, map: (octets: Uint8Array) => Uint8Array): unknown {
  if (data instanceof Uint8Array) return map(data)
  if (Array.isArray(data)) return data.map((item) => mapOctets(item, map))
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, mapOctets(value, map)]))
}

function flagBits(flags: string): number {
  let bits = 0
  for (const flag of flags === '' ? [] : flags.split('+')) {
    if (!(flag in FLAGS)) throw new EncodeError(`expected flags of ${Object.keys(FLAGS).join('+')}, seen ${flag}`)
    bits |= FLAGS[flag as keyof typeof FLAGS]
  }
  return bits
}

function rcodeBits(rcode: string): number {
  const named = RCODES.indexOf(rcode)
  const code = named >= 0 ? named : Number(/^RCODE_(\d+)$/.exec(rcode)?.[1] ?? 16)
  if (code > 15) throw new EncodeError(`expected an rcode like NXDOMAIN or RCODE_15, seen ${rcode}`)
  return code
}

/** Where the last record ends, by lengths alone; undefined where they don't fit into the message. */
function recordsEnd(bytes: Uint8Array): number | undefined {
  if (bytes.length < HEADER || bytes.length > MAX_OCTETS) return undefined
  const r = reader(bytes, 4)
  const questions = readU16(r)
  const records = readU16(r) + readU16(r) + readU16(r)
  for (let i = 0; i < questions && !r.short; i++) {
    skipName(r)
    skip(r, 4)
  }
  for (let i = 0; i < records && !r.short; i++) {
    skipName(r)
    skip(r, 8)
    skip(r, readU16(r))
  }
  return r.short ? undefined : r.at
}

function skipName(r: Reader): void {
  for (let length = readU8(r); length !== 0; length = readU8(r)) {
    if (length >= 0xc0) {
      skip(r, 1)
      return
    }
    skip(r, length)
  }
}
