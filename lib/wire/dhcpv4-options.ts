import type { Ipv4Address } from './address.ts'
import {
  left,
  type Reader,
  readInner,
  readIpv4,
  readRest,
  readU8,
  readU32,
  sameBytes,
  setU8,
  type Writer,
  writeBytes,
  writeIpv4,
  writeU8,
  writeU32,
} from './bytes.ts'
import type { Malformed } from './malformed.ts'
import { describeLifetime } from './nd-options.ts'
import { briefHex, briefList, printable } from './printable.ts'

/** RFC 2132, in wire order. Unknown or misshapen options keep code and bytes; `end` is sent where it is given. */
export type Dhcpv4Option =
  | {
      type: 'message-type'
      value: 'discover' | 'offer' | 'request' | 'decline' | 'ack' | 'nak' | 'release' | 'inform' | number
    }
  | { type: 'subnet-mask' | 'requested-address' | 'server-id'; address: Ipv4Address }
  | { type: 'routers' | 'dns-servers' | 'ntp-servers'; addresses: Ipv4Address[] }
  | { type: 'lease-time' | 't1' | 't2' | 'v6only-preferred'; seconds: number }
  | { type: 'parameter-list'; codes: number[] }
  /** RFC 2132 section 2: closing nulls are no text; `raw` keeps them, and is what is sent. */
  | { type: 'host-name' | 'domain-name' | 'message'; text: string; raw?: Uint8Array }
  /** RFC 2132 section 9.3: 1 `file`, 2 `sname`, 3 both hold options. */
  | { type: 'option-overload'; value: number }
  | { type: 'client-id'; data: Uint8Array }
  | { type: 'pad' }
  | { type: 'end' }
  | { type: 'malformed'; data: Uint8Array }
  | { type: number; data: Uint8Array }

/** The names of typed options that carry a value. */
export type Dhcpv4OptionName = Exclude<Dhcpv4Option['type'], number | 'malformed' | 'pad' | 'end'>

/** The option of one name, also where several share a shape. */
export type Dhcpv4OptionOf<T extends Dhcpv4OptionName> = Dhcpv4Option extends infer O
  ? O extends { type: unknown }
    ? T extends O['type']
      ? O & { type: T }
      : never
    : never
  : never

const PAD = 0
const END = 255

/** RFC 2132 section 9.6, from 1. */
const MESSAGE_TYPES = ['discover', 'offer', 'request', 'decline', 'ack', 'nak', 'release', 'inform'] as const

/** The body of an option, as `Shape` of DHCPv6: what is left, short or undefined does not have this shape. */
interface Shape<Fields> {
  read(r: Reader): Fields | undefined
  write(w: Writer, fields: Fields): void
  describe(fields: Fields): string
}

type Codec<T extends Dhcpv4OptionName> = { code: number } & Shape<Omit<Dhcpv4OptionOf<T>, 'type'>>

/** Every option that has a name; clauses are of RFC 2132 unless stated. */
const TABLE: { readonly [T in Dhcpv4OptionName]: Codec<T> } = {
  'subnet-mask': { code: 1, ...address('mask') },
  routers: { code: 3, ...addresses('router') },
  'dns-servers': { code: 6, ...addresses('DNS') },
  'host-name': { code: 12, ...text('host') },
  'domain-name': { code: 15, ...text('domain') },
  'ntp-servers': { code: 42, ...addresses('NTP') },
  'requested-address': { code: 50, ...address('requested') },
  'lease-time': { code: 51, ...seconds('lease') },
  'option-overload': { code: 52, ...overload() },
  'message-type': { code: 53, ...messageType() },
  'server-id': { code: 54, ...address('server') },
  'parameter-list': { code: 55, ...codes() },
  message: { code: 56, ...text('message') },
  t1: { code: 58, ...seconds('T1') },
  t2: { code: 59, ...seconds('T2') },
  'client-id': { code: 61, ...opaque('client') },
  /** RFC 8925 section 3.1. */
  'v6only-preferred': { code: 108, ...seconds('v6only') },
}

const NAMES = new Map(Object.entries(TABLE).map(([name, codec]) => [codec.code, name as Dhcpv4OptionName]))

/** How many options a line describes. */
const MAX_DESCRIBED = 24

/** Reading, with the first thing that made no sense. `base` is where the message starts in the frame. */
export interface Reading {
  readonly base: number
  malformed?: Malformed
}

export function dhcpv4OptionCode(name: Dhcpv4OptionName): number {
  return TABLE[name].code
}

/** The name, or the number as text where this table has none. */
export function dhcpv4OptionName(code: number): Dhcpv4OptionName | `${number}` {
  return NAMES.get(code) ?? `${code}`
}

/** Up to and with the End option; the reader is behind it then. */
export function readOptions(r: Reader, reading: Reading): Dhcpv4Option[] {
  const options: Dhcpv4Option[] = []
  while (left(r) > 0) {
    const start = r.at
    const code = r.bytes[start] as number
    const length = 2 + (r.bytes[start + 1] as number)
    if (code === PAD || code === END) {
      options.push({ type: code === PAD ? 'pad' : 'end' })
      r.at++
      if (code === END) break
    } else if (left(r) < 2 || length > left(r)) {
      note(reading, start, `option ${label(code)} lacks ${left(r) < 2 ? 'its length' : `${length - left(r)} octets`}`)
      options.push({ type: 'malformed', data: readRest(r) })
    } else {
      r.at += 2
      options.push(readOption(code, readInner(r, length - 2), reading))
    }
  }
  return options
}

function readOption(code: number, body: Reader, reading: Reading): Dhcpv4Option {
  const name = NAMES.get(code)
  if (name === undefined) return { type: code, data: readRest(body) }
  const { at: start, end } = body
  const codec: Shape<object> = TABLE[name]
  const fields = codec.read(body)
  if (fields !== undefined && !body.short && left(body) === 0) return { type: name, ...fields } as Dhcpv4Option
  note(reading, start - 2, `option ${label(code)} can't have these ${end - start} octets`)
  return { type: code, data: body.bytes.subarray(start, end) }
}

function label(code: number): string {
  const name = NAMES.get(code)
  return name === undefined ? `${code}` : `${name} (${code})`
}

function note(reading: Reading, at: number, reason: string): void {
  const offset = reading.base + at
  reading.malformed ??= { layer: 'dhcp4', offset, reason: `${reason}, at octet ${offset}` }
}

export function writeOptions(w: Writer, options: readonly Dhcpv4Option[]): void {
  for (const option of options) {
    if (option.type === 'pad') writeU8(w, PAD)
    else if (option.type === 'end') writeU8(w, END)
    else if (option.type === 'malformed') writeBytes(w, option.data)
    else if (isRaw(option)) writeOption(w, option.type, () => writeBytes(w, option.data))
    else writeOption(w, TABLE[option.type].code, () => (TABLE[option.type] as Shape<object>).write(w, option))
  }
}

function writeOption(w: Writer, code: number, writeBody: () => void): void {
  writeU8(w, code)
  writeU8(w, 0)
  const start = w.at
  writeBody()
  setU8(w, start - 1, w.at - start)
}

export function describeOptions(options: readonly Dhcpv4Option[]): string[] {
  const present = options.filter((o) => o.type !== 'pad' && o.type !== 'end')
  const texts = present.slice(0, MAX_DESCRIBED).map(describeOption)
  return present.length > MAX_DESCRIBED ? [...texts, `… (${present.length} options)`] : texts
}

function describeOption(option: Dhcpv4Option): string {
  if (option.type === 'pad' || option.type === 'end') return option.type
  if (option.type === 'malformed') return `malformed ${briefHex(option.data)}`
  if (isRaw(option)) return `option ${option.type} ${briefHex(option.data)}`
  return (TABLE[option.type] as Shape<object>).describe(option)
}

function isRaw(option: Dhcpv4Option): option is Extract<Dhcpv4Option, { type: number }> {
  return typeof option.type === 'number'
}

function address(name: string): Shape<{ address: Ipv4Address }> {
  return {
    read: (r) => ({ address: readIpv4(r) }),
    write: (w, o) => writeIpv4(w, o.address),
    describe: (o) => `${name} ${printable(o.address)}`,
  }
}

function addresses(name: string): Shape<{ addresses: Ipv4Address[] }> {
  return {
    read: (r) => ({ addresses: readAll(r, readIpv4) }),
    write: (w, o) => writeAll(w, o.addresses, writeIpv4),
    describe: (o) => `${name} ${briefList(o.addresses.map((one) => printable(one)))}`,
  }
}

function seconds(name: string): Shape<{ seconds: number }> {
  return {
    read: (r) => ({ seconds: readU32(r) }),
    write: (w, o) => writeU32(w, o.seconds),
    describe: (o) => `${name} ${describeLifetime(o.seconds)}`,
  }
}

/** The specification requires NVT ASCII, hosts send UTF-8; text that is neither keeps its bytes. */
function text(name: string): Shape<{ text: string; raw?: Uint8Array }> {
  return {
    read(r) {
      const raw = readRest(r)
      let end = raw.length
      while (end > 0 && raw[end - 1] === 0) end--
      const bytes = raw.subarray(0, end)
      const decoded = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
      if (!sameBytes(new TextEncoder().encode(decoded), bytes)) return undefined
      return end === raw.length ? { text: decoded } : { text: decoded, raw }
    },
    write: (w, o) => writeBytes(w, o.raw ?? new TextEncoder().encode(o.text)),
    describe: (o) => `${name} ${printable(o.text)}`,
  }
}

function overload(): Shape<{ value: number }> {
  return {
    read: (r) => ({ value: readU8(r) }),
    write: (w, o) => writeU8(w, o.value),
    describe: (o) => `overload of ${['', 'file', 'sname', 'file and sname'][o.value] || o.value}`,
  }
}

function messageType(): Shape<{ value: (typeof MESSAGE_TYPES)[number] | number }> {
  return {
    read(r) {
      const code = readU8(r)
      return { value: MESSAGE_TYPES[code - 1] ?? code }
    },
    write: (w, o) => writeU8(w, typeof o.value === 'number' ? o.value : MESSAGE_TYPES.indexOf(o.value) + 1),
    describe: (o) => `message-type ${o.value}`,
  }
}

function codes(): Shape<{ codes: number[] }> {
  return {
    read: (r) => ({ codes: readAll(r, readU8) }),
    write: (w, o) => writeAll(w, o.codes, writeU8),
    describe: (o) => `wants ${briefList(o.codes.map(dhcpv4OptionName), 16)}`,
  }
}

function opaque(name: string): Shape<{ data: Uint8Array }> {
  return {
    read: (r) => ({ data: readRest(r) }),
    write: (w, o) => writeBytes(w, o.data),
    describe: (o) => `${name} ${briefHex(o.data)}`,
  }
}

function readAll<T>(r: Reader, read: (r: Reader) => T): T[] {
  const all: T[] = []
  while (left(r) > 0) all.push(read(r))
  return all
}

function writeAll<T>(w: Writer, all: readonly T[], write: (w: Writer, one: T) => void): void {
  for (const one of all) write(w, one)
}
