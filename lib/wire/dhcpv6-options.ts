import {
  left,
  type Reader,
  readInner,
  readRest,
  readU16,
  setU16,
  u16At,
  type Writer,
  writeBytes,
  writeU16,
} from './bytes.ts'
import { aftrName, domains } from './dhcpv6-names.ts'
import type { Dhcpv6Option, Dhcpv6OptionName, Dhcpv6OptionOf } from './dhcpv6-option.ts'
import {
  address,
  association,
  authentication,
  codes,
  duid,
  elapsedTime,
  empty,
  iaAddress,
  iaPrefix,
  octet,
  opaque,
  reconfigureMessage,
  relayMessage,
  type Shape,
  seconds,
  servers,
  statusCode,
  temporaryAssociation,
  userClass,
  vendorClass,
} from './dhcpv6-shapes.ts'
import type { Malformed } from './malformed.ts'
import { briefHex } from './printable.ts'

/** Three levels occur (message, IA, IA Address); an attacker could ask for as many as 4-octet headers fit. */
const MAX_DEPTH = 8

/** How many options of one list a line describes. */
const MAX_DESCRIBED = 24

/**
 * RFC 9915 section 21.13, by number. It obsoletes UseMulticast, which servers of RFC 8415 send. RFC 6603 section 4.2
 * has no entry.
 */
export const dhcpv6Status = {
  success: 0,
  unspecFail: 1,
  noAddrsAvail: 2,
  noBinding: 3,
  notOnLink: 4,
  useMulticast: 5,
  noPrefixAvail: 6,
} as const

const STATUS = Object.keys(dhcpv6Status).map((name) => name.replace(/^./, (first) => first.toUpperCase()))

type Codec<T extends Dhcpv6OptionName> = { code: number } & Shape<Omit<Dhcpv6OptionOf<T>, 'type'>>

/**
 * Every option that has a name. Codes from the IANA registry; unless stated, clauses are of RFC 9915 section 21, which
 * has the numbers and the formats of RFC 8415.
 */
const TABLE: { readonly [T in Dhcpv6OptionName]: Codec<T> } = {
  'client-id': { code: 1, ...duid('client') },
  'server-id': { code: 2, ...duid('server') },
  'ia-na': { code: 3, ...association('IA_NA') },
  /** RFC 8415 section 21.5: obsoleted by RFC 9915, and still sent. */
  'ia-ta': { code: 4, ...temporaryAssociation },
  'ia-addr': { code: 5, ...iaAddress },
  oro: { code: 6, ...codes('ORO', (code) => dhcpv6OptionName(code)) },
  preference: { code: 7, ...octet('preference') },
  'elapsed-time': { code: 8, ...elapsedTime },
  'relay-message': { code: 9, ...relayMessage },
  auth: { code: 11, ...authentication },
  /** RFC 8415 section 21.12: obsoleted by RFC 9915, and still sent. */
  'server-unicast': { code: 12, ...address('server-unicast') },
  'status-code': { code: 13, ...statusCode((status) => statusName(status)) },
  'rapid-commit': { code: 14, ...empty('rapid-commit') },
  'user-class': { code: 15, ...userClass },
  'vendor-class': { code: 16, ...vendorClass },
  'vendor-opts': { code: 17, ...opaque('vendor-opts') },
  'interface-id': { code: 18, ...opaque('interface-id') },
  'reconf-msg': { code: 19, ...reconfigureMessage },
  'reconf-accept': { code: 20, ...empty('reconf-accept') },
  /** RFC 3319. */
  'sip-domains': { code: 21, ...domains('SIP') },
  'sip-servers': { code: 22, ...servers('SIP') },
  /** RFC 3646. */
  'dns-servers': { code: 23, ...servers('DNS') },
  'domain-list': { code: 24, ...domains('search') },
  'ia-pd': { code: 25, ...association('IA_PD') },
  'ia-prefix': { code: 26, ...iaPrefix },
  /** RFC 4075. */
  'sntp-servers': { code: 31, ...servers('SNTP') },
  'information-refresh-time': { code: 32, ...seconds('refresh') },
  /** RFC 4704. */
  'client-fqdn': { code: 39, ...opaque('client-fqdn') },
  /** RFC 5908. */
  'ntp-server': { code: 56, ...opaque('NTP') },
  'aftr-name': { code: 64, ...aftrName },
  'pd-exclude': { code: 67, ...opaque('pd-exclude') },
  'sol-max-rt': { code: 82, ...seconds('SOL_MAX_RT') },
  'inf-max-rt': { code: 83, ...seconds('INF_MAX_RT') },
}

const NAMES = new Map(Object.entries(TABLE).map(([name, codec]) => [codec.code, name as Dhcpv6OptionName]))

/** Reading, with the first thing that made no sense. `base` is where the message starts in the frame. */
export interface Reading {
  readonly base: number
  malformed?: Malformed
}

export function dhcpv6OptionCode(name: Dhcpv6OptionName): number {
  return TABLE[name].code
}

export function isDhcpv6OptionName(name: string): name is Dhcpv6OptionName {
  return Object.hasOwn(TABLE, name)
}

/** The name, or the number as text where this table has none. */
export function dhcpv6OptionName(code: number): Dhcpv6OptionName | `${number}` {
  return NAMES.get(code) ?? `${code}`
}

/** The registry's name, or the number as text. */
export function statusName(status: number): string {
  return STATUS[status] ?? String(status)
}

export function readOptions(r: Reader, reading: Reading, depth = 0): Dhcpv6Option[] {
  const options: Dhcpv6Option[] = []
  while (left(r) > 0) {
    const start = r.at
    const missing = missingOctets(r)
    if (missing > 0) {
      note(reading, start, `option ${left(r) < 4 ? 'header' : label(u16At(r.bytes, start))} lacks ${missing} octets`)
      options.push({ type: 'malformed', data: readRest(r) })
    } else {
      const code = readU16(r)
      options.push(readOption(code, readInner(r, readU16(r)), reading, depth))
    }
  }
  return options
}

function missingOctets(r: Reader): number {
  return left(r) < 4 ? 4 - left(r) : 4 + u16At(r.bytes, r.at + 2) - left(r)
}

function readOption(code: number, body: Reader, reading: Reading, depth: number): Dhcpv6Option {
  const name = NAMES.get(code)
  if (name === undefined) return { type: code, data: readRest(body) }
  const { at: start, end } = body
  const codec: Shape<object> = TABLE[name]
  const tooDeep = codec.nests === true && depth >= MAX_DEPTH
  const fields = tooDeep ? undefined : codec.read(body, (r) => readOptions(r, reading, depth + 1))
  if (fields !== undefined && !body.short && left(body) === 0) return { type: name, ...fields } as Dhcpv6Option
  note(
    reading,
    start - 4,
    `option ${label(code)} ${tooDeep ? 'is nested too deep' : `can't have these ${end - start} octets`}`,
  )
  return { type: code, data: body.bytes.subarray(start, end) }
}

function label(code: number): string {
  const name = NAMES.get(code)
  return name === undefined ? `${code}` : `${name} (${code})`
}

function note(reading: Reading, at: number, reason: string): void {
  const offset = reading.base + at
  reading.malformed ??= { layer: 'dhcp6', offset, reason: `${reason}, at octet ${offset}` }
}

export function writeOptions(w: Writer, options: readonly Dhcpv6Option[]): void {
  for (const option of options) {
    if (option.type === 'malformed') {
      writeBytes(w, option.data)
      continue
    }
    const raw = isRaw(option)
    writeU16(w, raw ? option.type : TABLE[option.type].code)
    writeU16(w, 0)
    const start = w.at
    if (raw) writeBytes(w, option.data)
    else (TABLE[option.type] as Shape<object>).write(w, option, writeOptions)
    setU16(w, start - 2, w.at - start)
  }
}

export function describeOptions(options: readonly Dhcpv6Option[]): string[] {
  const texts = options.slice(0, MAX_DESCRIBED).map(describeOption)
  return options.length > MAX_DESCRIBED ? [...texts, `… (${options.length} options)`] : texts
}

function describeOption(option: Dhcpv6Option): string {
  if (option.type === 'malformed') return `malformed ${briefHex(option.data)}`
  if (isRaw(option)) return `option ${option.type} ${briefHex(option.data)}`
  return (TABLE[option.type] as Shape<object>).describe(option, (inner) =>
    describeOptions(inner)
      .map((t) => ` ${t}`)
      .join(''),
  )
}

function isRaw(option: Dhcpv6Option): option is Extract<Dhcpv6Option, { type: number }> {
  return typeof option.type === 'number'
}
