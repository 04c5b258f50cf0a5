import {
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
import { describeOptions, type Reading, readOptions, writeOptions } from './dhcpv4-options.ts'
import type { Ipv4Address, Mac, Malformed } from './packet.ts'
import { clip, printable } from './printable.ts'

/**
 * RFC 2131 section 2. `sname` and `file` are raw and given only where not all zero; they stay so when option 52
 * says that options overflow into them.
 */
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
  /** Bytes after the End option (padding, as a rule). */
  padding?: Uint8Array
}

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
  | { type: 'host-name' | 'domain-name' | 'message'; text: string }
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

/** RFC 2131 section 3: the first four octets of the options field. */
const MAGIC_COOKIE = 0x63825363

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
  writeField(w, message.sname, 64)
  writeField(w, message.file, 128)
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
  const options = describeOptions(message.options.filter((o) => o.type !== 'message-type'))
  const xid = message.xid.toString(16).padStart(8, '0')
  const title = `${name[0]?.toUpperCase()}${name.slice(1)}`
  return clip(`${title} xid ${xid}${yourself}${yours}  ${options.join(', ')}`.trimEnd(), MAX_LINE)
}

/** The first option of that name. */
export function option4<T extends Dhcpv4OptionName>(message: Dhcpv4, type: T): Dhcpv4OptionOf<T> | undefined {
  return message.options.find((o) => o.type === type) as Dhcpv4OptionOf<T> | undefined
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
