import type { Ipv4Address, Mac } from './address.ts'
import {
  EncodeError,
  readBytes,
  reader,
  readIpv4,
  readMac,
  readRest,
  readU8,
  readU16,
  readU32,
  type Writer,
  writeBytes,
  writeIpv4,
  writeMac,
  writer,
  writeU8,
  writeU16,
  writeU32,
  writeZeros,
  written,
} from './bytes.ts'
import {
  type Dhcpv4Option,
  type Dhcpv4OptionName,
  type Dhcpv4OptionOf,
  describeOptions,
  type Reading,
  readOptions,
  writeOptions,
} from './dhcpv4-options.ts'
import type { Malformed } from './malformed.ts'
import { clip, printable } from './printable.ts'

/** RFC 2131 section 2. `sname` and `file` are raw and given only where not all zero. */
export interface Dhcpv4 {
  op: 'request' | 'reply' | number
  htype: number
  hlen: number
  hops: number
  xid: number
  secs: number
  flags: number
  ciaddr: Ipv4Address
  yiaddr: Ipv4Address
  siaddr: Ipv4Address
  giaddr: Ipv4Address
  chaddr: Mac
  /** The ten bytes after the MAC, where not all zero. */
  chaddrPadding?: Uint8Array
  sname?: Uint8Array
  file?: Uint8Array
  options: Dhcpv4Option[]
  /** In place of `file` and `sname` where options overflow into them (RFC 2132 section 9.3). Zeros follow the last. */
  fileOptions?: Dhcpv4Option[]
  snameOptions?: Dhcpv4Option[]
  /** Bytes after the End option (padding, as a rule). */
  padding?: Uint8Array
}

/** RFC 2131 section 3: the first four octets of the options field. */
const MAGIC_COOKIE = 0x63825363

/** RFC 2131 section 2: where the fields are that may hold options, and the bit of option 52 for each. */
const FILE = { start: 108, end: 236, bit: 1 }
const SNAME = { start: 44, end: 108, bit: 2 }

/** The longest line `describeDhcpv4` gives. */
const MAX_LINE = 300

/** What could be read of a message: at least one of the two. */
export type DecodedDhcpv4 = { message: Dhcpv4; malformed?: Malformed } | { message?: undefined; malformed: Malformed }

/** Any bytes; `baseOffset` is where they start in the frame. */
export function decodeDhcpv4(bytes: Uint8Array, baseOffset = 0): DecodedDhcpv4 {
  const r = reader(bytes)
  const op = readU8(r)
  const message: Dhcpv4 = {
    op: op === 1 ? 'request' : op === 2 ? 'reply' : op,
    htype: readU8(r),
    hlen: readU8(r),
    hops: readU8(r),
    xid: readU32(r),
    secs: readU16(r),
    flags: readU16(r),
    ciaddr: readIpv4(r),
    yiaddr: readIpv4(r),
    siaddr: readIpv4(r),
    giaddr: readIpv4(r),
    chaddr: readMac(r),
    ...unlessZero('chaddrPadding', readBytes(r, 10)),
    ...unlessZero('sname', readBytes(r, 64)),
    ...unlessZero('file', readBytes(r, 128)),
    options: [],
  }
  const cookie = readU32(r)
  if (r.short || cookie !== MAGIC_COOKIE) {
    const reason = r.short ? `${bytes.length} octets can't hold a DHCPv4 message` : 'no magic cookie before the options'
    return { malformed: { layer: 'dhcp4', offset: r.short ? baseOffset : baseOffset + 236, reason } }
  }
  const reading: Reading = { base: baseOffset }
  message.options = readOptions(r, reading)
  const padding = readRest(r)
  if (padding.length > 0) message.padding = padding
  const overload = message.options.find((o) => o.type === 'option-overload')?.value ?? 0
  if (overload <= 3 && overload & FILE.bit) {
    delete message.file
    message.fileOptions = readField(bytes, FILE, reading)
  }
  if (overload <= 3 && overload & SNAME.bit) {
    delete message.sname
    message.snameOptions = readField(bytes, SNAME, reading)
  }
  return reading.malformed === undefined ? { message } : { message, malformed: reading.malformed }
}

export function encodeDhcpv4(message: Dhcpv4): Uint8Array {
  const w = writer()
  writeU8(w, message.op === 'request' ? 1 : message.op === 'reply' ? 2 : message.op)
  writeU8(w, message.htype)
  writeU8(w, message.hlen)
  writeU8(w, message.hops)
  writeU32(w, message.xid)
  writeU16(w, message.secs)
  writeU16(w, message.flags)
  writeIpv4(w, message.ciaddr)
  writeIpv4(w, message.yiaddr)
  writeIpv4(w, message.siaddr)
  writeIpv4(w, message.giaddr)
  writeMac(w, message.chaddr)
  writeField(w, message.chaddrPadding, 10)
  writeField(w, message.sname ?? optionField(message.snameOptions, SNAME), 64)
  writeField(w, message.file ?? optionField(message.fileOptions, FILE), 128)
  writeU32(w, MAGIC_COOKIE)
  writeOptions(w, message.options)
  if (message.padding !== undefined) writeBytes(w, message.padding)
  return written(w)
}

/** One line for people; what a peer wrote is escaped and cut. */
export function describeDhcpv4(message: Dhcpv4): string {
  const kind = option4(message, 'message-type')?.value
  const name = kind === undefined ? `BOOTP ${message.op}` : typeof kind === 'number' ? `DHCPv4 message ${kind}` : kind
  const yours = message.yiaddr === '0.0.0.0' ? '' : ` yiaddr ${printable(message.yiaddr)}`
  const yourself = message.ciaddr === '0.0.0.0' ? '' : ` ciaddr ${printable(message.ciaddr)}`
  const options = describeOptions(optionsOf4(message).filter((o) => o.type !== 'message-type'))
  const xid = message.xid.toString(16).padStart(8, '0')
  const title = `${name[0]?.toUpperCase()}${name.slice(1)}`
  return clip(`${title} xid ${xid}${yourself}${yours}  ${options.join(', ')}`.trimEnd(), MAX_LINE)
}

/** The first option of that name. */
export function option4<T extends Dhcpv4OptionName>(message: Dhcpv4, type: T): Dhcpv4OptionOf<T> | undefined {
  return optionsOf4(message).find((o) => o.type === type) as Dhcpv4OptionOf<T> | undefined
}

/** All options, in the order in which RFC 2131 section 4.1 has them interpreted. */
export function optionsOf4({ options, fileOptions = [], snameOptions = [] }: Dhcpv4): Dhcpv4Option[] {
  return [...options, ...fileOptions, ...snameOptions]
}

/** Octets behind End that are not Pad are kept as a malformed option. */
function readField(bytes: Uint8Array, { start, end }: typeof FILE, reading: Reading): Dhcpv4Option[] {
  const r = reader(bytes, start, end)
  const options = readOptions(r, reading)
  const rest = readRest(r)
  return rest.some((octet) => octet !== 0) ? [...options, { type: 'malformed', data: rest }] : options
}

function optionField(options: Dhcpv4Option[] | undefined, { start, end }: typeof FILE): Uint8Array | undefined {
  if (options === undefined) return undefined
  const w = writer()
  writeOptions(w, options)
  if (w.at > end - start) throw new EncodeError(`a field of ${end - start} octets can't hold ${w.at} octets of options`)
  writeZeros(w, end - start - w.at)
  return written(w)
}

function unlessZero<K extends string>(key: K, bytes: Uint8Array): { [P in K]?: Uint8Array } {
  const found: { [P in K]?: Uint8Array } = {}
  if (bytes.some((octet) => octet !== 0)) found[key] = bytes
  return found
}

function writeField(w: Writer, bytes: Uint8Array | undefined, length: number): void {
  if (bytes === undefined) writeZeros(w, length)
  else writeBytes(w, bytes)
}
