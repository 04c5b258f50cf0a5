import { Buffer } from 'node:buffer'
import { EncodeError, u16At, writeBytes, writer, writeU16, written } from './bytes.ts'
import {
  type DnsQuestion,
  type DnsRecord,
  type Edns,
  ednsOctets,
  HEADER,
  type Place,
  questionOctets,
  readQuestion,
  readRecord,
  recordOctets,
  type Sections,
  sectionsOf,
} from './dns-records.ts'
import { briefHex, clip, printable } from './printable.ts'

/**
 * What dns-packet reads of a UDP DNS message (RFC 1035 section 4); the bytes stay in `payload`. Hostile names are
 * data, not markup. An UPDATE (RFC 2136 section 2) has its zone in `questions`, its prerequisites in `answers` and what
 * it changes in `authorities`.
 */
export interface Dns {
  id: number
  /** The QR bit: of another opcode, too, what asks is a query. */
  type: 'query' | 'response'
  /** RFC 6895 section 2.2, where it is not QUERY: IQUERY, STATUS, NOTIFY, UPDATE, DSO, or OPCODE_3. */
  opcode?: string
  /** Set flags joined by `+` in the order aa tc rd ra ad cd. */
  flags: string
  /** NOERROR, NXDOMAIN, ...; without the upper bits that EDNS carries. */
  rcode: string
  questions: DnsQuestion[]
  answers: DnsRecord[]
  authorities?: DnsRecord[]
  additionals?: DnsRecord[]
  /** RFC 6891 section 6.1, where an OPT record is there. */
  edns?: Edns
  /** Octets behind the last record, where there are any. */
  behind?: number
}

/** How many records a line describes. */
const MAX_DESCRIBED = 8

/** The longest line `describeDns` gives. */
const MAX_LINE = 300

const FLAGS = { aa: 0x400, tc: 0x200, rd: 0x100, ra: 0x80, ad: 0x20, cd: 0x10 }

/** RFC 6895 section 2.2. */
const OPCODES = { QUERY: 0, IQUERY: 1, STATUS: 2, NOTIFY: 4, UPDATE: 5, DSO: 6 }

/** RFC 6895 section 2.3, from 0. */
const RCODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'].concat([
  'YXDOMAIN',
  'YXRRSET',
  'NXRRSET',
  'NOTAUTH',
  'NOTZONE',
])

/** The QR bit, RFC 1035 section 4.1.1. */
const RESPONSE = 0x8000

/** Undefined where the records don't account for the message, it is too long, or dns-packet refuses it. */
export function decodeDns(bytes: Uint8Array): Dns | undefined {
  const sections = sectionsOf(bytes)
  if (sections === undefined) return undefined
  try {
    return toDns(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), sections)
  } catch {
    return undefined
  }
}

/** What is left out is 0, empty or NOERROR. */
export function encodeDns(dns: Partial<Dns>): Uint8Array {
  const sections = [
    (dns.questions ?? []).map(questionOctets),
    (dns.answers ?? []).map(recordOctets),
    (dns.authorities ?? []).map(recordOctets),
    [...(dns.additionals ?? []).map(recordOctets), ...(dns.edns ? [ednsOctets(dns.edns)] : [])],
  ]
  const w = writer()
  writeU16(w, dns.id ?? 0)
  writeU16(w, (dns.type === 'response' ? RESPONSE : 0) | opcodeBits(dns.opcode ?? 'QUERY') | flagsOf(dns))
  for (const section of sections) writeU16(w, section.length)
  for (const octets of sections.flat()) writeBytes(w, octets)
  return written(w)
}

function flagsOf({ flags = '', rcode = 'NOERROR' }: Partial<Dns>): number {
  return flagBits(flags) | rcodeBits(rcode)
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

/** A resolver's answer; no records and NOERROR means that the name has none of that type (RFC 2308 section 2.2). */
export function dnsAnswer(query: Dns, answers: DnsRecord[] = [], rcode = 'NOERROR'): Dns {
  const { id, opcode, questions } = query
  const flags = query.flags.split('+').includes('rd') ? 'rd+ra' : 'ra'
  // RFC 6891 section 6.1.1: OPT in the answer where it was in the query, and only there.
  const edns = query.edns && { edns: { udpPayloadSize: 1232, dnssecOk: query.edns.dnssecOk } }
  return { id, type: 'response', ...(opcode && { opcode }), flags, rcode, questions, answers, ...edns }
}

/** One line for people; what a peer wrote is escaped and cut. */
export function describeDns(dns: Dns): string {
  const id = dns.id.toString(16).padStart(4, '0')
  const questions = dns.questions
    .slice(0, MAX_DESCRIBED)
    .map(({ name, type }) => `${printable(type)} ${printable(name)}`)
  const all = dns.opcode === 'UPDATE' ? [...dns.answers, ...(dns.authorities ?? [])] : dns.answers
  const records = all.slice(0, MAX_DESCRIBED).map(describeRecord)
  if (all.length > MAX_DESCRIBED) records.push(`… (${all.length} records)`)
  const rcode = dns.type === 'response' ? ` ${printable(dns.rcode)}` : ''
  const kind = dns.opcode ? `${printable(dns.opcode)} ${dns.type === 'query' ? 'request' : dns.type}` : dns.type
  return clip(`DNS ${kind} id ${id}${rcode}  ${[...questions, ...records].join(', ')}`.trimEnd(), MAX_LINE)
}

function describeRecord(record: DnsRecord): string {
  const { data } = record
  const value = typeof data === 'string' ? data : data instanceof Uint8Array ? briefHex(data) : JSON.stringify(data)
  const type = record.class ? `${printable(record.class)} ${printable(record.type)}` : printable(record.type)
  return `${type} ${printable(value ?? '')} ttl ${record.ttl ?? 0}`
}

function toDns(buffer: Buffer, [asked, answered, authority, additional]: Sections): Dns {
  const [last] = [...asked, ...answered, ...authority, ...additional].slice(-1)
  const behind = buffer.length - (last?.end ?? HEADER)
  const bits = u16At(buffer, 2)
  const opcode = opcodeName(bits)
  const read = (place: Place) => readRecord(buffer, place, opcode === 'UPDATE')
  const all = additional.map(read)
  const opt = all.find(({ type }) => type === 'OPT')
  const additionals = all.filter((record) => record !== opt)
  return {
    id: u16At(buffer, 0),
    type: (bits & RESPONSE) === 0 ? 'query' : 'response',
    ...(opcode !== 'QUERY' && { opcode }),
    flags: Object.entries(FLAGS)
      .filter(([, bit]) => (bits & bit) !== 0)
      .map(([flag]) => flag)
      .join('+'),
    rcode: RCODES[bits & 0xf] ?? `RCODE_${bits & 0xf}`,
    questions: asked.map((place) => readQuestion(buffer, place)),
    answers: answered.map(read),
    ...(authority.length > 0 && { authorities: authority.map(read) }),
    ...(additionals.length > 0 && { additionals }),
    ...(opt?.edns && { edns: opt.edns }),
    ...(behind > 0 && { behind }),
  }
}

function opcodeName(bits: number): string {
  const code = (bits >> 11) & 0xf
  return Object.keys(OPCODES).find((name) => OPCODES[name as keyof typeof OPCODES] === code) ?? `OPCODE_${code}`
}

function flagBits(flags: string): number {
  let bits = 0
  for (const flag of flags === '' ? [] : flags.split('+')) {
    if (!(flag in FLAGS)) throw new EncodeError(`expected flags of ${Object.keys(FLAGS).join('+')}, seen ${flag}`)
    bits |= FLAGS[flag as keyof typeof FLAGS]
  }
  return bits
}

function opcodeBits(opcode: string): number {
  const code = OPCODES[opcode as keyof typeof OPCODES] ?? Number(/^OPCODE_(\d+)$/.exec(opcode)?.[1] ?? 16)
  if (code > 15) throw new EncodeError(`expected an opcode like UPDATE or OPCODE_3, seen ${opcode}`)
  return code << 11
}

function rcodeBits(rcode: string): number {
  const named = RCODES.indexOf(rcode)
  const code = named >= 0 ? named : Number(/^RCODE_(\d+)$/.exec(rcode)?.[1] ?? 16)
  if (code > 15) throw new EncodeError(`expected an rcode like NXDOMAIN or RCODE_15, seen ${rcode}`)
  return code
}
