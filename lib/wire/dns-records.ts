import { Buffer } from 'node:buffer'
import * as dnsPacket from 'dns-packet'
import { canonical, formatIpv4, parseIpv4 } from './address.ts'
import {
  EncodeError,
  type Reader,
  reader,
  readU8,
  readU16,
  skip,
  u16At,
  u32At,
  writeBytes,
  writer,
  writeU16,
  writeU32,
  written,
} from './bytes.ts'

export interface Edns {
  udpPayloadSize: number
  dnssecOk: boolean
}

export interface DnsQuestion {
  name: string
  type: string
  /** RFC 6895 section 3.2, where it is not IN: CH, HS, NONE, ANY, or CLASS2. */
  class?: string
}

/**
 * `data` is an address as text for A and AAAA, a name for CNAME, NS and PTR, else as dns-packet gives it; no octets
 * where an UPDATE names records without saying what is in them.
 */
export interface DnsRecord {
  name: string
  type: string
  class?: string
  ttl?: number
  data: unknown
}

/** What is asked of UDP at most (RFC 6891 section 6.2.5); it also bounds chains of compression pointers. */
const MAX_OCTETS = 4096

/** Octets of the header: RFC 1035 section 4.1.1. */
export const HEADER = 12

/** RFC 6895 section 3.2. */
const CLASSES = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 }

/** DO of RFC 3225, in the flags of an OPT record. */
const DNSSEC_OK = 0x8000

/** A question or a record; its type and class are at `fields`, behind the name. */
export interface Place {
  start: number
  fields: number
  end: number
}

/** Questions, answers, authorities, additionals. */
export type Sections = [Place[], Place[], Place[], Place[]]

/** Where everything is, by lengths alone; undefined where they don't fit into the message. */
export function sectionsOf(bytes: Uint8Array): Sections | undefined {
  if (bytes.length < HEADER || bytes.length > MAX_OCTETS) return undefined
  const r = reader(bytes, HEADER)
  const sections: Sections = [[], [], [], []]
  for (const [i, section] of sections.entries()) {
    const count = u16At(bytes, 4 + 2 * i)
    while (section.length < count && !r.short) section.push(readPlace(r, i > 0))
  }
  return r.short ? undefined : sections
}

function readPlace(r: Reader, isRecord: boolean): Place {
  const start = r.at
  skipName(r)
  const fields = r.at
  skip(r, isRecord ? 8 : 4)
  if (isRecord) skip(r, readU16(r))
  return { start, fields, end: r.at }
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

/** dns-packet's codecs of one question and one record, which its types leave out. */
const { question: questions, answer: records } = dnsPacket as unknown as {
  question: Part<DnsQuestion>
  answer: Part<DecodedRecord>
}

interface Part<T> {
  encodingLength(one: object): number
  encode: ((one: object, buffer: Buffer, at: number) => void) & { bytes: number }
  decode: ((buffer: Buffer, at: number) => T) & { bytes: number }
}

/** What dns-packet gives of a record, so far as it is used. */
interface DecodedRecord {
  name: string
  type: string
  ttl?: number
  data?: unknown
  udpPayloadSize?: number
  flag_do?: boolean
  options?: unknown
}

/** Throws what dns-packet throws. */
export function readQuestion(buffer: Buffer, place: Place): DnsQuestion {
  const { name, type } = questions.decode(buffer, place.start)
  return { name, type, ...classAt(buffer, place) }
}

/** Throws what dns-packet throws. `edns` is the content of an OPT record. */
export function readRecord(buffer: Buffer, place: Place, isUpdate: boolean): DnsRecord & { edns?: Edns } {
  // RFC 2136 sections 2.4 and 2.5: an UPDATE names records by type alone, with no data whatever the type.
  if (isUpdate && place.end === place.fields + 10)
    return { ...readQuestion(buffer, place), ttl: u32At(buffer, place.fields + 4), data: new Uint8Array(0) }
  const { name, type, ttl, data, options, udpPayloadSize, flag_do } = records.decode(buffer, place.start)
  // It trusts a record's type over its length, and would read on in the middle of something.
  if (records.decode.bytes !== place.end - place.start) throw new RangeError('a record of another length')
  const value = type === 'AAAA' ? canonical(String(data)) : plain(data ?? options)
  const record = { name, type, ...classAt(buffer, place), ...(ttl !== undefined && { ttl }), data: value }
  if (type !== 'OPT') return record
  return { ...record, edns: { udpPayloadSize: udpPayloadSize ?? 0, dnssecOk: flag_do === true } }
}

function classAt(buffer: Buffer, { fields }: Place): { class?: string } {
  const code = u16At(buffer, fields + 2)
  if (code === CLASSES.IN) return {}
  const name = Object.keys(CLASSES).find((one) => CLASSES[one as keyof typeof CLASSES] === code)
  return { class: name ?? `CLASS${code}` }
}

function octetsOf<T>(part: Part<T>, one: object): Uint8Array {
  const buffer = Buffer.alloc(part.encodingLength(one))
  part.encode(one, buffer, 0)
  return buffer.subarray(0, part.encode.bytes)
}

/** The class is ours: dns-packet has no number for most. */
export function questionOctets({ name, type, class: its = 'IN' }: DnsQuestion): Uint8Array {
  const octets = octetsOf(questions, { name, type })
  const code = CLASSES[its as keyof typeof CLASSES] ?? Number(/^CLASS(\d+)$/.exec(its)?.[1] ?? -1)
  if (code < 0 || code > 0xffff) throw new EncodeError(`expected a class like CH or CLASS2, seen ${its}`)
  octets.set([code >> 8, code & 0xff], octets.length - 2)
  return octets
}

export function recordOctets(record: DnsRecord): Uint8Array {
  const head = questionOctets(record)
  if (record.data instanceof Uint8Array && record.data.length === 0) {
    const w = writer()
    writeBytes(w, head)
    writeU32(w, record.ttl ?? 0)
    writeU16(w, 0)
    return written(w)
  }
  const octets = octetsOf(records, toAnswer(record))
  octets.set(head)
  return octets
}

/** The OPT record, RFC 6891 section 6.1. */
export function ednsOctets({ udpPayloadSize, dnssecOk }: Edns): Uint8Array {
  return octetsOf(records, {
    type: 'OPT',
    name: '.',
    udpPayloadSize,
    flags: dnssecOk ? DNSSEC_OK : 0,
    options: [],
  })
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
