import type { Ipv6Address } from './address.ts'
import { reader, readIpv6, readU8, readU24, writeIpv6, writer, writeU8, writeU24, written } from './bytes.ts'
import type { Dhcpv6Option, Dhcpv6OptionName, Dhcpv6OptionOf } from './dhcpv6-option.ts'
import { describeOptions, type Reading, readOptions, writeOptions } from './dhcpv6-options.ts'
import type { Malformed } from './malformed.ts'
import { clip, printable } from './printable.ts'

/** A DHCPv6 message, RFC 9915 section 8; sections of RFC 8415 below have the same number there. */
export type Dhcpv6 = { type: Dhcpv6MessageType | number; transactionId: number; options: Dhcpv6Option[] } | Dhcpv6Relay

/** RFC 8415 section 9. */
export interface Dhcpv6Relay {
  type: 'relay-forward' | 'relay-reply'
  hopCount: number
  linkAddress: Ipv6Address
  peerAddress: Ipv6Address
  options: Dhcpv6Option[]
}

export type Dhcpv6MessageType =
  | 'solicit'
  | 'advertise'
  | 'request'
  | 'confirm'
  | 'renew'
  | 'rebind'
  | 'reply'
  | 'release'
  | 'decline'
  | 'reconfigure'
  | 'information-request'
/** RFC 8415 section 7.3: number and name in the specification. */
const MESSAGES: { readonly [T in Dhcpv6MessageType | Dhcpv6Relay['type']]: readonly [number, string] } = {
  solicit: [1, 'Solicit'],
  advertise: [2, 'Advertise'],
  request: [3, 'Request'],
  confirm: [4, 'Confirm'],
  renew: [5, 'Renew'],
  rebind: [6, 'Rebind'],
  reply: [7, 'Reply'],
  release: [8, 'Release'],
  decline: [9, 'Decline'],
  reconfigure: [10, 'Reconfigure'],
  'information-request': [11, 'Information-request'],
  'relay-forward': [12, 'Relay-forward'],
  'relay-reply': [13, 'Relay-reply'],
}

const TYPES = new Map(Object.entries(MESSAGES).map(([type, [code]]) => [code, type as keyof typeof MESSAGES]))

/** The longest line `describeDhcpv6` gives. */
const MAX_LINE = 300

/** What could be read of a message: at least one of the two. */
export type DecodedDhcpv6 = { message: Dhcpv6; malformed?: Malformed } | { message?: undefined; malformed: Malformed }

/** Any bytes; `baseOffset` is where they start in the frame. */
export function decodeDhcpv6(bytes: Uint8Array, baseOffset = 0): DecodedDhcpv6 {
  const reading: Reading = { base: baseOffset }
  const r = reader(bytes)
  const code = readU8(r)
  const type = TYPES.get(code) ?? code
  const message: Dhcpv6 = isRelayType(type)
    ? { type, hopCount: readU8(r), linkAddress: readIpv6(r), peerAddress: readIpv6(r), options: [] }
    : { type, transactionId: readU24(r), options: [] }
  if (r.short) {
    const reason = `${bytes.length} octets can't hold the header of a DHCPv6 message`
    return { malformed: { layer: 'dhcp6', offset: baseOffset, reason } }
  }
  message.options = readOptions(r, reading)
  return reading.malformed === undefined ? { message } : { message, malformed: reading.malformed }
}

export function encodeDhcpv6(message: Dhcpv6): Uint8Array {
  const w = writer()
  writeU8(w, typeof message.type === 'number' ? message.type : MESSAGES[message.type][0])
  if (isRelay(message)) {
    writeU8(w, message.hopCount)
    writeIpv6(w, message.linkAddress)
    writeIpv6(w, message.peerAddress)
  } else {
    writeU24(w, message.transactionId)
  }
  writeOptions(w, message.options)
  return written(w)
}

/** One line for people; what a peer wrote is escaped and cut. */
export function describeDhcpv6(message: Dhcpv6): string {
  const name = typeof message.type === 'number' ? `DHCPv6 message ${message.type}` : MESSAGES[message.type][1]
  const header = isRelay(message)
    ? `hop ${message.hopCount} link ${printable(message.linkAddress)} peer ${printable(message.peerAddress)}`
    : `xid ${message.transactionId.toString(16).padStart(6, '0')}`
  // DUIDs are long and rarely what one looks for.
  const isDuid = (o: Dhcpv6Option) => o.type === 'client-id' || o.type === 'server-id'
  const rest = message.options.filter((o) => !isDuid(o))
  const described = [...describeOptions(rest), ...describeOptions(message.options.filter(isDuid))]
  return clip(`${name} ${header}  ${described.join(', ')}`.trimEnd(), MAX_LINE)
}

/** A message, an IA or an IA Address or Prefix. */
interface OptionHolder {
  readonly options: readonly Dhcpv6Option[]
}

/** The first option of that name. */
export function option<T extends Dhcpv6OptionName>(holder: OptionHolder, type: T): Dhcpv6OptionOf<T> | undefined {
  return holder.options.find((o) => o.type === type) as Dhcpv6OptionOf<T> | undefined
}

/** All options of that name, in order. */
export function optionsOf<T extends Dhcpv6OptionName>(holder: OptionHolder, type: T): Dhcpv6OptionOf<T>[] {
  return holder.options.filter((o) => o.type === type) as Dhcpv6OptionOf<T>[]
}

/** RFC 8415 section 21.13: without a Status Code option it is Success, 0. */
export function statusOf(holder: OptionHolder): number {
  return option(holder, 'status-code')?.status ?? 0
}

export function isRelay(message: Dhcpv6): message is Dhcpv6Relay {
  return isRelayType(message.type)
}

function isRelayType(type: Dhcpv6['type']): type is Dhcpv6Relay['type'] {
  return type === 'relay-forward' || type === 'relay-reply'
}
