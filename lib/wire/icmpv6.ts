import type { Ipv6Address } from './address.ts'
import {
  EncodeError,
  inRange,
  left,
  type Reader,
  readBytes,
  reader,
  readIpv6,
  readRest,
  readU8,
  readU16,
  readU32,
  setU16,
  type Writer,
  writeBytes,
  writeIpv6,
  writeU8,
  writeU16,
  writeU32,
  writeZeros,
} from './bytes.ts'
import { checksumOf, sum } from './checksum.ts'
import type { Loose } from './loose.ts'
import type { Malformed } from './malformed.ts'
import {
  decodeNdOptions,
  decodePreference,
  describeNdOption,
  encodeNdOptions,
  encodePreference,
  type NdOption,
  type Preference,
} from './nd-options.ts'

/** Fields of every ICMPv6 message, RFC 4443 section 2.1. */
interface Icmpv6Header {
  code: number
  checksum: number
  badChecksum?: true
}

/** ICMPv6 messages: RFC 4443, 4861, 2710, 3810, 6275. An unknown type is its number, with the body raw. */
export type Icmpv6 = Icmpv6Header & Icmpv6Body

export type Icmpv6Body =
  /** `data` quotes the packet that caused it; `unused` is the second word where it is not 0. */
  | { type: 'destination-unreachable' | 'time-exceeded'; unused?: number; data: Uint8Array }
  | { type: 'packet-too-big'; mtu: number; data: Uint8Array }
  | { type: 'parameter-problem'; pointer: number; data: Uint8Array }
  | { type: 'echo-request' | 'echo-reply'; id: number; seq: number; data: Uint8Array }
  | { type: 'router-solicitation'; reserved?: number; options: NdOption[] }
  | RouterAdvertisement
  | { type: 'neighbor-solicitation'; reserved?: number; target: Ipv6Address; options: NdOption[] }
  | NeighborAdvertisement
  | { type: 'redirect'; reserved?: number; target: Ipv6Address; destination: Ipv6Address; options: NdOption[] }
  /** RFC 2710; `data` is what follows the group (an MLDv2 query's own fields). */
  | {
      type: 'mld-query' | 'mld1-report' | 'mld1-done'
      maxResponseDelay: number
      reserved?: number
      group: Ipv6Address
      data?: Uint8Array
    }
  /** RFC 3810 section 5.2; `data` is what follows the records. */
  | { type: 'mld2-report'; reserved?: number; records: MulticastRecord[]; data?: Uint8Array }
  /** RFC 6275 section 6.8; `reserved` is the low 14 bits, where not 0. */
  | {
      type: 'mobile-prefix-advertisement'
      id: number
      managed: boolean
      other: boolean
      reserved?: number
      options: NdOption[]
    }
  | { type: number; body: Uint8Array }

/** RFC 4861 section 4.2, preference from RFC 4191. Lifetimes in seconds, timers in milliseconds. */
export interface RouterAdvertisement {
  type: 'router-advertisement'
  hopLimit: number
  managed: boolean
  other: boolean
  preference: Preference
  /** The flag bits besides M, O and Prf, in place (H is 0x20), where not 0. */
  reservedFlags?: number
  routerLifetime: number
  reachableTime: number
  retransTimer: number
  options: NdOption[]
}

/** RFC 4861 section 4.4. */
export interface NeighborAdvertisement {
  type: 'neighbor-advertisement'
  router: boolean
  solicited: boolean
  override: boolean
  /** The low 29 bits, where not 0. */
  reserved?: number
  target: Ipv6Address
  options: NdOption[]
}

export interface MulticastRecord {
  /** 1 is-include .. 4 to-exclude, 5 allow, 6 block. */
  type: number
  group: Ipv6Address
  sources: Ipv6Address[]
  auxiliary?: Uint8Array
}

export type Icmpv6Name = Extract<Icmpv6Body['type'], string>

/** The message of one name, without the header fields, also where several share a shape. */
export type Icmpv6Message<N extends Icmpv6Name> = Icmpv6Body extends infer M
  ? M extends { type: infer T }
    ? N extends T
      ? M
      : never
    : never
  : never

/** One kind of message; reader and writer are at the octet after the checksum. */
interface Codec<N extends Icmpv6Name> {
  code: number
  title: string
  decode(r: Reader): Omit<Icmpv6Message<N>, 'type'>
  encode(w: Writer, message: Partial<Icmpv6Message<N>>): void
  describe(message: Icmpv6Message<N>, code: number): string
}

const NONE = new Uint8Array(0)

const error = (code: number, title: string, reasons: string[]) => ({
  code,
  title,
  decode(r: Reader) {
    const unused = readU32(r)
    return { ...(unused !== 0 && { unused }), data: readRest(r) }
  },
  encode(w: Writer, message: { unused?: number; data?: Uint8Array }) {
    writeU32(w, message.unused ?? 0)
    writeBytes(w, message.data ?? NONE)
  },
  describe: (_: unknown, reason: number) => `(${reasons[reason] ?? `code ${reason}`})`,
})

const echo = (code: number, title: string) => ({
  code,
  title,
  decode: (r: Reader) => ({ id: readU16(r), seq: readU16(r), data: readRest(r) }),
  encode(w: Writer, message: { id?: number; seq?: number; data?: Uint8Array }) {
    writeU16(w, message.id ?? 0)
    writeU16(w, message.seq ?? 0)
    writeBytes(w, message.data ?? NONE)
  },
  describe: (message: { id: number; seq: number }) => `id ${message.id} seq ${message.seq}`,
})

const mld = (code: number, title: string) => ({
  code,
  title,
  decode(r: Reader) {
    const maxResponseDelay = readU16(r)
    const reserved = readU16(r)
    const group = readIpv6(r)
    return {
      maxResponseDelay,
      ...(reserved !== 0 && { reserved }),
      group,
      ...(left(r) > 0 && { data: readRest(r) }),
    }
  },
  encode(w: Writer, message: { maxResponseDelay?: number; reserved?: number; group?: Ipv6Address; data?: Uint8Array }) {
    writeU16(w, message.maxResponseDelay ?? 0)
    writeU16(w, message.reserved ?? 0)
    writeIpv6(w, message.group ?? '::')
    writeBytes(w, message.data ?? NONE)
  },
  describe: (message: { group: Ipv6Address }) => message.group,
})

const MESSAGES: { [N in Icmpv6Name]: Codec<N> } = {
  'destination-unreachable': error(1, 'Destination Unreachable', [
    'no route',
    'administratively prohibited',
    'beyond scope of source',
    'address unreachable',
    'port unreachable',
    'failed ingress/egress policy',
    'reject route',
  ]),
  'packet-too-big': {
    code: 2,
    title: 'Packet Too Big',
    decode: (r) => ({ mtu: readU32(r), data: readRest(r) }),
    encode(w, message) {
      writeU32(w, message.mtu ?? 0)
      writeBytes(w, message.data ?? NONE)
    },
    describe: (message) => `MTU ${message.mtu}`,
  },
  'time-exceeded': error(3, 'Time Exceeded', ['hop limit', 'reassembly']),
  'parameter-problem': {
    code: 4,
    title: 'Parameter Problem',
    decode: (r) => ({ pointer: readU32(r), data: readRest(r) }),
    encode(w, message) {
      writeU32(w, message.pointer ?? 0)
      writeBytes(w, message.data ?? NONE)
    },
    describe: (message, code) => `code ${code} pointer ${message.pointer}`,
  },
  'echo-request': echo(128, 'Echo Request'),
  'echo-reply': echo(129, 'Echo Reply'),
  'mld-query': mld(130, 'MLD Query'),
  'mld1-report': mld(131, 'MLDv1 Report'),
  'mld1-done': mld(132, 'MLDv1 Done'),
  'router-solicitation': {
    code: 133,
    title: 'RS',
    decode(r) {
      const reserved = readU32(r)
      return { ...(reserved !== 0 && { reserved }), options: decodeNdOptions(r) }
    },
    encode(w, message) {
      writeU32(w, message.reserved ?? 0)
      encodeNdOptions(w, message.options ?? [])
    },
    describe: (message) => describeOptions(message.options),
  },
  'router-advertisement': {
    code: 134,
    title: 'RA',
    decode(r) {
      const hopLimit = readU8(r)
      const flags = readU8(r)
      const reservedFlags = flags & 0x27
      return {
        hopLimit,
        managed: (flags & 0x80) !== 0,
        other: (flags & 0x40) !== 0,
        preference: decodePreference(flags),
        ...(reservedFlags !== 0 && { reservedFlags }),
        routerLifetime: readU16(r),
        reachableTime: readU32(r),
        retransTimer: readU32(r),
        options: decodeNdOptions(r),
      }
    },
    encode(w, message) {
      const named = (message.managed ? 0x80 : 0) | (message.other ? 0x40 : 0)
      writeU8(w, message.hopLimit ?? 64)
      writeU8(w, named | encodePreference(message.preference ?? 'medium') | inRange(message.reservedFlags ?? 0, 0xff))
      writeU16(w, message.routerLifetime ?? 0)
      writeU32(w, message.reachableTime ?? 0)
      writeU32(w, message.retransTimer ?? 0)
      encodeNdOptions(w, message.options ?? [])
    },
    describe(message) {
      const preference = message.preference === 'medium' ? '' : ` Prf ${message.preference}`
      const flags = `M=${message.managed ? 1 : 0} O=${message.other ? 1 : 0}${preference}`
      return `lifetime ${message.routerLifetime} ${flags} ${describeOptions(message.options)}`
    },
  },
  'neighbor-solicitation': {
    code: 135,
    title: 'NS',
    decode(r) {
      const reserved = readU32(r)
      return { ...(reserved !== 0 && { reserved }), target: readIpv6(r), options: decodeNdOptions(r) }
    },
    encode(w, message) {
      writeU32(w, message.reserved ?? 0)
      writeIpv6(w, needed(message.target, 'target'))
      encodeNdOptions(w, message.options ?? [])
    },
    describe: (message) => `${message.target} ${describeOptions(message.options)}`,
  },
  'neighbor-advertisement': {
    code: 136,
    title: 'NA',
    decode(r) {
      const flags = readU32(r)
      const reserved = flags & 0x1fffffff
      return {
        router: flags >>> 31 === 1,
        solicited: (flags & 0x40000000) !== 0,
        override: (flags & 0x20000000) !== 0,
        ...(reserved !== 0 && { reserved }),
        target: readIpv6(r),
        options: decodeNdOptions(r),
      }
    },
    encode(w, message) {
      const { router, solicited, override } = message
      const named = (router ? 0x80000000 : 0) | (solicited ? 0x40000000 : 0) | (override ? 0x20000000 : 0)
      writeU32(w, (named | inRange(message.reserved ?? 0, 0x1fffffff)) >>> 0)
      writeIpv6(w, needed(message.target, 'target'))
      encodeNdOptions(w, message.options ?? [])
    },
    describe(message) {
      const { router, solicited, override } = message
      const flags = `R=${router ? 1 : 0} S=${solicited ? 1 : 0} O=${override ? 1 : 0}`
      return `${message.target} ${flags} ${describeOptions(message.options)}`
    },
  },
  redirect: {
    code: 137,
    title: 'Redirect',
    decode(r) {
      const reserved = readU32(r)
      return {
        ...(reserved !== 0 && { reserved }),
        target: readIpv6(r),
        destination: readIpv6(r),
        options: decodeNdOptions(r),
      }
    },
    encode(w, message) {
      writeU32(w, message.reserved ?? 0)
      writeIpv6(w, needed(message.target, 'target'))
      writeIpv6(w, needed(message.destination, 'destination'))
      encodeNdOptions(w, message.options ?? [])
    },
    describe: (message) => `${message.destination} via ${message.target} ${describeOptions(message.options)}`,
  },
  'mld2-report': {
    code: 143,
    title: 'MLDv2 Report',
    decode(r) {
      const reserved = readU16(r)
      const count = readU16(r)
      const records: MulticastRecord[] = []
      while (records.length < count && !r.short) records.push(decodeRecord(r))
      return { ...(reserved !== 0 && { reserved }), records, ...(left(r) > 0 && { data: readRest(r) }) }
    },
    encode(w, message) {
      const records = message.records ?? []
      writeU16(w, message.reserved ?? 0)
      writeU16(w, records.length)
      for (const record of records) encodeRecord(w, record)
      writeBytes(w, message.data ?? NONE)
    },
    describe: (message) => message.records.map(describeRecord).join(' '),
  },
  'mobile-prefix-advertisement': {
    code: 147,
    title: 'Mobile Prefix Advertisement',
    decode(r) {
      const id = readU16(r)
      const flags = readU16(r)
      const reserved = flags & 0x3fff
      return {
        id,
        managed: (flags & 0x8000) !== 0,
        other: (flags & 0x4000) !== 0,
        ...(reserved !== 0 && { reserved }),
        options: decodeNdOptions(r),
      }
    },
    encode(w, message) {
      const named = (message.managed ? 0x8000 : 0) | (message.other ? 0x4000 : 0)
      writeU16(w, message.id ?? 0)
      writeU16(w, named | inRange(message.reserved ?? 0, 0x3fff))
      encodeNdOptions(w, message.options ?? [])
    },
    describe: (message) => `id ${message.id} ${describeOptions(message.options)}`,
  },
}

function decodeRecord(r: Reader): MulticastRecord {
  const type = readU8(r)
  const auxiliaryWords = readU8(r)
  const count = readU16(r)
  const group = readIpv6(r)
  const sources: Ipv6Address[] = []
  while (sources.length < count && !r.short) sources.push(readIpv6(r))
  return { type, group, sources, ...(auxiliaryWords > 0 && { auxiliary: readBytes(r, auxiliaryWords * 4) }) }
}

function encodeRecord(w: Writer, record: MulticastRecord): void {
  const auxiliary = record.auxiliary ?? NONE
  const words = Math.ceil(auxiliary.length / 4)
  writeU8(w, record.type)
  writeU8(w, words)
  writeU16(w, record.sources.length)
  writeIpv6(w, record.group)
  for (const source of record.sources) writeIpv6(w, source)
  writeBytes(w, auxiliary)
  writeZeros(w, words * 4 - auxiliary.length)
}

const RECORD_TITLES = ['', 'is-include', 'is-exclude', 'to-include', 'to-exclude', 'allow', 'block']

function describeRecord(record: MulticastRecord): string {
  const title = RECORD_TITLES[record.type] || `type ${record.type}`
  return `${title} ${record.group}${record.sources.length > 0 ? ` {${record.sources.join(' ')}}` : ''}`
}

function describeOptions(options: NdOption[]): string {
  return options.map(describeNdOption).join(' ')
}

function needed<T>(value: T | undefined, field: string): T {
  if (value === undefined) throw new EncodeError(`icmp6.${field} is needed`)
  return value
}

const BY_CODE = new Map<number, { name: Icmpv6Name; codec: Codec<Icmpv6Name> }>()
for (const [name, codec] of Object.entries(MESSAGES)) {
  BY_CODE.set(codec.code, { name: name as Icmpv6Name, codec: codec as unknown as Codec<Icmpv6Name> })
}

/** The type's number on the wire. */
export function icmpv6Code(type: Icmpv6['type']): number {
  return typeof type === 'number' ? type : MESSAGES[type].code
}

/** Without a message there was too little to read one. */
export type DecodedIcmpv6 = { message: Icmpv6; malformed?: Malformed } | { message?: undefined; malformed: Malformed }

/** Reads the message from `start` to `end`; the checksum is checked by the caller, which has the addresses. */
export function decodeIcmpv6(bytes: Uint8Array, start: number, end: number): DecodedIcmpv6 {
  const r = reader(bytes, start, end)
  const type = readU8(r)
  const head = { code: readU8(r), checksum: readU16(r) }
  if (r.short) return malformed(start, 'an ICMPv6 message has 4 octets or more')
  const known = BY_CODE.get(type)
  if (known === undefined) return { message: { type, ...head, body: readRest(r) } }
  const message = { type: known.name, ...head, ...known.codec.decode(r) } as Icmpv6
  if (r.short) return malformed(start, `${known.codec.title} cut short`)
  const last = 'options' in message ? message.options.at(-1) : undefined
  if (last?.type !== 'malformed') return { message }
  return { message, ...malformed(end - (last as { data: Uint8Array }).data.length, 'no ND option has this length') }
}

function malformed(offset: number, reason: string): { malformed: Malformed } {
  return { malformed: { layer: 'icmp6', offset, reason } }
}

/** Writes the message; `endIcmpv6` fills in the checksum. */
export function encodeIcmpv6(w: Writer, message: Loose<Icmpv6>): void {
  if (message.type === undefined) throw new EncodeError('icmp6.type is needed')
  writeU8(w, icmpv6Code(message.type))
  writeU8(w, message.code ?? 0)
  writeU16(w, message.checksum ?? 0)
  if (typeof message.type === 'number') writeBytes(w, (message as { body?: Uint8Array }).body ?? NONE)
  else (MESSAGES[message.type] as Codec<Icmpv6Name>).encode(w, message as Partial<Icmpv6Message<Icmpv6Name>>)
}

export function endIcmpv6(w: Writer, at: number, message: Loose<Icmpv6>, pseudoHeader: number): void {
  if (message.checksum === undefined) setU16(w, at + 2, checksumOf(sum(w.bytes, at, w.at, pseudoHeader)))
}

/** ND is sent with 255 (RFC 4861 section 3.1), MLD with 1 (RFC 3810 section 5). */
export function defaultHopLimit(type: Icmpv6['type'] | undefined): number {
  if (type === undefined) return 64
  const code = icmpv6Code(type)
  if (code >= 133 && code <= 137) return 255
  return (code >= 130 && code <= 132) || code === 143 ? 1 : 64
}

/** The name in short: `RA`, `Echo Request`. */
export function icmpv6Title(type: Icmpv6['type']): string {
  return typeof type === 'number' ? `ICMPv6 type ${type}` : MESSAGES[type].title
}

/** `RA lifetime 1800 M=1 O=1 PIO ...`; what an error quotes is left to the caller. */
export function describeIcmpv6(message: Icmpv6): string {
  const title = icmpv6Title(message.type)
  if (typeof message.type === 'number') return `${title} code ${message.code}`
  const codec = MESSAGES[message.type] as Codec<Icmpv6Name>
  return `${title} ${codec.describe(message as Icmpv6Message<Icmpv6Name>, message.code)}`.trimEnd()
}
