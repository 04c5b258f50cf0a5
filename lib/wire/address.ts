import { Address6 } from 'ip-address'

/** Lower-case, colon-separated: `02:de:4a:00:00:01`. */
export type Mac = string

/** RFC 5952 text: `2a0e:b107:1::1`. */
export type Ipv6Address = string

/** Dotted quad. */
export type Ipv4Address = string

/** `address/length`; host bits are kept as they came from the wire. */
export type Prefix = string

/** An address or prefix that can't be read. States what was expected and what was seen. */
export class AddressError extends Error {
  override readonly name = 'AddressError'
  readonly expected: string
  readonly seen: string
  constructor(expected: string, seen: string) {
    super(`expected ${expected}, seen ${JSON.stringify(seen)}`)
    this.expected = expected
    this.seen = seen
  }
}

/** A prefix in bytes. A length above 128 can come from the wire; comparisons treat it as 128. */
export interface PrefixBytes {
  address: Uint8Array
  length: number
}

export const BROADCAST_MAC: Mac = 'ff:ff:ff:ff:ff:ff'

const SHORT_HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16))
const FULL_HEX = SHORT_HEX.map((text) => text.padStart(2, '0'))

const COLON = 0x3a
const DOT = 0x2e

/** How many texts of addresses are kept. A power of 2. */
const texts = 4096
const keptTexts: (Ipv6Address | undefined)[] = new Array(texts).fill(undefined)
/** Of each text that is kept, the address in four words. */
const keptWords = new Int32Array(texts * 4)

/** In the form of RFC 5952. A lab has few addresses, and each frame names several: what was written lately is kept. */
export function formatIpv6(bytes: Uint8Array, offset = 0): Ipv6Address {
  const a = wordAt(bytes, offset)
  const b = wordAt(bytes, offset + 4)
  const c = wordAt(bytes, offset + 8)
  const d = wordAt(bytes, offset + 12)
  const mixed = Math.imul(Math.imul(Math.imul(Math.imul(a, 31) + b, 0x9e3779b1) + c, 0x85ebca6b) + d, 0xc2b2ae35)
  const slot = (mixed ^ (mixed >>> 16)) & (texts - 1)
  const at = slot * 4
  const kept = keptTexts[slot]
  const isKept = keptWords[at] === a && keptWords[at + 1] === b && keptWords[at + 2] === c && keptWords[at + 3] === d
  if (kept !== undefined && isKept) return kept
  const text = textOf(bytes, offset)
  keptTexts[slot] = text
  keptWords.set([a, b, c, d], at)
  return text
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  )
}

/**
 * RFC 5952 section 4: lower case, the first longest run of two or more zero groups as `::`. Section 5: an IPv4-mapped
 * address (RFC 4291 section 2.5.5.2) ends with its IPv4 address.
 */
function textOf(bytes: Uint8Array, offset: number): Ipv6Address {
  if (isMapped(bytes, offset)) return `::ffff:${formatIpv4(bytes, offset + 12)}`
  let bestStart = -1
  let bestLength = 1
  let start = -1
  for (let group = 0; group < 8; group++) {
    const at = offset + group * 2
    if (bytes[at] === 0 && bytes[at + 1] === 0) {
      if (start < 0) start = group
      if (group - start + 1 > bestLength) {
        bestStart = start
        bestLength = group - start + 1
      }
    } else {
      start = -1
    }
  }
  let text = ''
  for (let group = 0; group < 8; group++) {
    if (group === bestStart) {
      text += '::'
      group += bestLength - 1
      continue
    }
    if (group > 0 && group !== bestStart + bestLength) text += ':'
    const high = bytes[offset + group * 2] as number
    const low = bytes[offset + group * 2 + 1] as number
    text += high === 0 ? SHORT_HEX[low] : (SHORT_HEX[high] as string) + FULL_HEX[low]
  }
  return text
}

function isMapped(bytes: Uint8Array, offset: number): boolean {
  if (bytes[offset + 10] !== 0xff || bytes[offset + 11] !== 0xff) return false
  for (let i = 0; i < 10; i++) if (bytes[offset + i] !== 0) return false
  return true
}

/** Any RFC 4291 section 2.2 form, without a zone. */
export function parseIpv6(text: Ipv6Address): Uint8Array {
  return octetsOf(text).slice()
}

/** Like `parseIpv6`, into 16 octets that are there already. */
export function parseIpv6Into(text: Ipv6Address, bytes: Uint8Array, offset: number): void {
  bytes.set(octetsOf(text), offset)
}

/** What was read is kept: a lab has few addresses, and reads them with every packet. No caller writes to these. */
const octetsOf = remembered((text: Ipv6Address): Readonly<Uint8Array> => {
  const bytes = new Uint8Array(16)
  if (!parseGroups(text, bytes, 0)) throw new AddressError('an IPv6 address', text)
  return bytes
})

function remembered<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>()
  return (text) => {
    const before = known.get(text)
    if (before !== undefined) return before
    const now = read(text)
    // Addresses come from the wire too, without end.
    if (known.size === 4096) known.clear()
    known.set(text, now)
    return now
  }
}

function parseGroups(text: string, bytes: Uint8Array, offset: number): boolean {
  if (typeof text !== 'string') return false
  const end = text.length
  let at = 0
  let group = 0
  let gap = -1
  if (text.charCodeAt(0) === COLON) {
    if (text.charCodeAt(1) !== COLON) return false
    gap = 0
    at = 2
  }
  while (at < end) {
    if (group === 8) return false
    const start = at
    let value = 0
    for (; at < end; at++) {
      const digit = hexDigit(text.charCodeAt(at))
      if (digit < 0) break
      if (at - start === 4) return false
      value = value * 16 + digit
    }
    if (at < end && text.charCodeAt(at) === DOT) {
      if (group > 6 || !parseQuad(text, start, bytes, offset + group * 2)) return false
      group += 2
      at = end
      break
    }
    if (at === start) return false
    bytes[offset + group * 2] = value >> 8
    bytes[offset + group * 2 + 1] = value & 0xff
    group++
    if (at === end) break
    if (text.charCodeAt(at++) !== COLON) return false
    if (at === end) return false
    if (text.charCodeAt(at) === COLON) {
      if (gap >= 0) return false
      gap = group
      at++
    }
  }
  if (gap < 0) return group === 8
  if (group === 8) return false
  const tail = (group - gap) * 2
  bytes.copyWithin(offset + 16 - tail, offset + gap * 2, offset + gap * 2 + tail)
  bytes.fill(0, offset + gap * 2, offset + 16 - tail)
  return true
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const lower = code | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

export function formatIpv4(bytes: Uint8Array, offset = 0): Ipv4Address {
  return `${bytes[offset]}.${bytes[offset + 1]}.${bytes[offset + 2]}.${bytes[offset + 3]}`
}

export function parseIpv4(text: Ipv4Address): Uint8Array {
  const bytes = new Uint8Array(4)
  parseIpv4Into(text, bytes, 0)
  return bytes
}

export function parseIpv4Into(text: Ipv4Address, bytes: Uint8Array, offset: number): void {
  if (typeof text !== 'string' || !parseQuad(text, 0, bytes, offset)) throw new AddressError('an IPv4 address', text)
}

function parseQuad(text: string, from: number, bytes: Uint8Array, offset: number): boolean {
  let at = from
  for (let i = 0; i < 4; i++) {
    const start = at
    let value = 0
    for (; at < text.length; at++) {
      const digit = text.charCodeAt(at) - 0x30
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
      if (value > 255) return false
    }
    const digits = at - start
    // A leading zero is octal to some readers and decimal to others (RFC 6943 section 3.1.1).
    if (digits === 0 || (digits > 1 && text.charCodeAt(start) === 0x30)) return false
    bytes[offset + i] = value
    if (i < 3 && text.charCodeAt(at++) !== DOT) return false
  }
  return at === text.length
}

export function formatMac(bytes: Uint8Array, offset = 0): Mac {
  let text = FULL_HEX[bytes[offset] as number] as string
  for (let i = 1; i < 6; i++) text += `:${FULL_HEX[bytes[offset + i] as number]}`
  return text
}

/** Multicast or broadcast: the lowest bit of the first octet, IEEE 802. */
export function isGroupMac(mac: Mac): boolean {
  const digit = hexDigit(mac.charCodeAt(1))
  return digit > 0 && (digit & 1) === 1
}

export function parseMac(text: Mac): Uint8Array {
  const bytes = new Uint8Array(6)
  parseMacInto(text, bytes, 0)
  return bytes
}

export function parseMacInto(text: Mac, bytes: Uint8Array, offset: number): void {
  let good = typeof text === 'string' && text.length === 17
  for (let i = 0; good && i < 6; i++) {
    const high = hexDigit(text.charCodeAt(i * 3))
    const low = hexDigit(text.charCodeAt(i * 3 + 1))
    good = high >= 0 && low >= 0 && (i === 5 || text.charCodeAt(i * 3 + 2) === COLON)
    bytes[offset + i] = high * 16 + low
  }
  if (!good) throw new AddressError('a MAC address like 02:de:4a:00:00:01', String(text))
}

/** Host bits are kept. Lengths up to 255 are read, because the wire can hold them. */
export function parsePrefix(text: Prefix): PrefixBytes {
  const { address, length } = prefixOf(text)
  return { address: address.slice(), length }
}

const prefixOf = remembered((text: Prefix): Readonly<PrefixBytes> => {
  const slash = typeof text === 'string' ? text.indexOf('/') : -1
  const digits = slash < 0 ? '' : text.slice(slash + 1)
  const length = Number(digits)
  const address = new Uint8Array(16)
  if (!/^\d{1,3}$/.test(digits) || length > 255 || !parseGroups(text.slice(0, slash), address, 0)) {
    throw new AddressError('an IPv6 prefix like 2001:db8::/56', String(text))
  }
  return { address, length }
})

export function formatPrefix(bytes: Uint8Array, offset: number, length: number): Prefix {
  return `${formatIpv6(bytes, offset)}/${length}`
}

export function prefixLength(prefix: Prefix): number {
  return prefixOf(prefix).length
}

/** The prefix with its host bits cleared. */
export function network(prefix: Prefix): Prefix {
  const { address, length } = parsePrefix(prefix)
  clearFrom(address, length)
  return formatPrefix(address, 0, length)
}

export function inPrefix(address: Ipv6Address, prefix: Prefix): boolean {
  const { address: base, length } = prefixOf(prefix)
  return sameBits(octetsOf(address), base, length)
}

/** A prefix contains itself. */
export function prefixContains(outer: Prefix, inner: Prefix): boolean {
  const a = prefixOf(outer)
  const b = prefixOf(inner)
  return b.length >= a.length && sameBits(a.address, b.address, a.length)
}

/** `nthSubnet('2001:db8::/56', 64, 1)` is `2001:db8:0:1::/64`. */
export function nthSubnet(prefix: Prefix, length: number, n: number): Prefix {
  const { address, length: outer } = parsePrefix(prefix)
  const bits = length - outer
  if (bits < 0 || length > 128 || !Number.isSafeInteger(n) || n < 0 || (bits < 53 && n >= 2 ** bits)) {
    throw new AddressError(`a /${length} subnet of ${prefix}`, `number ${n}`)
  }
  clearFrom(address, outer)
  let rest = n
  for (let bit = length - 1; rest > 0; bit--) {
    const index = bit >> 3
    if (rest % 2 === 1) address[index] = (address[index] as number) | (0x80 >> (bit & 7))
    rest = Math.floor(rest / 2)
  }
  return formatPrefix(address, 0, length)
}

/** Which subnets of this length of `outer` share addresses with another prefix: the first and the last number. */
export function subnetsSharedWith(other: Prefix, outer: Prefix, length: number): [number, number] | undefined {
  const its = prefixOf(other)
  const { address, length: from } = prefixOf(outer)
  if (!sameBits(its.address, address, Math.min(from, its.length))) return undefined
  const to = Math.min(length, Math.max(from, its.length))
  let part = 0
  for (let bit = from; bit < to; bit++) part = part * 2 + (((its.address[bit >> 3] as number) >> (7 - (bit & 7))) & 1)
  const count = 2 ** (length - to)
  return [part * count, (part + 1) * count - 1]
}

/** The prefix of the same length right behind it; behind the last one comes the first. */
export function nextPrefix(prefix: Prefix): Prefix {
  const { address, length } = parsePrefix(prefix)
  clearFrom(address, length)
  for (let bit = length - 1; bit >= 0; bit--) {
    const mask = 0x80 >> (bit & 7)
    const byte = (address[bit >> 3] as number) ^ mask
    address[bit >> 3] = byte
    if (byte & mask) break
  }
  return formatPrefix(address, 0, length)
}

/** The address in the prefix with these low bits: `addressIn('2001:db8::/64', '::1')`, or a small number. */
export function addressIn(prefix: Prefix, iid: Ipv6Address | number): Ipv6Address {
  const { address, length } = parsePrefix(prefix)
  const low = typeof iid === 'number' ? numberBytes(iid) : parseIpv6(iid)
  clearFrom(address, length)
  clearTo(low, length)
  for (let i = 0; i < 16; i++) address[i] = (address[i] as number) | (low[i] as number)
  return formatIpv6(address)
}

/** Modified EUI-64 interface identifier, RFC 4291 appendix A, as the low half of an address. */
export const eui64 = remembered((mac: Mac): Ipv6Address => {
  const bytes = new Uint8Array(16)
  const m = parseMac(mac)
  bytes.set(m.subarray(0, 3), 8)
  bytes.set([0xff, 0xfe], 11)
  bytes.set(m.subarray(3), 13)
  bytes[8] = (bytes[8] as number) ^ 0x02
  return formatIpv6(bytes)
})

export function linkLocalOf(mac: Mac): Ipv6Address {
  return addressIn('fe80::/64', eui64(mac))
}

/** RFC 4291 section 2.7.1. */
export const solicitedNode = remembered((address: Ipv6Address): Ipv6Address => addressIn('ff02::1:ff00:0/104', address))

/** RFC 2464 section 7: 33:33 and the last four octets. */
export const multicastMac = remembered((group: Ipv6Address): Mac => {
  const bytes = parseIpv6(group)
  bytes[10] = bytes[11] = 0x33
  return formatMac(bytes, 10)
})

/** RFC 1112 section 6.4: 01:00:5e and the last 23 bits. */
export function ipv4MulticastMac(group: Ipv4Address): Mac {
  const bytes = parseIpv4(group)
  return formatMac(Uint8Array.of(0x01, 0x00, 0x5e, (bytes[1] as number) & 0x7f, bytes[2] as number, bytes[3] as number))
}

/** fe80::/10, RFC 4291 section 2.4. */
export function isLinkLocal(address: Ipv6Address): boolean {
  return (firstGroup(address) & 0xffc0) === 0xfe80
}

/** fc00::/7, RFC 4193 section 3.1. */
export function isUla(address: Ipv6Address): boolean {
  return (firstGroup(address) & 0xfe00) === 0xfc00
}

/** ff00::/8, RFC 4291 section 2.7. */
export function isMulticast(address: Ipv6Address): boolean {
  return firstGroup(address) >= 0xff00
}

/** 2000::/3, the global unicast space that IANA assigns from. */
export function isGua(address: Ipv6Address): boolean {
  return (firstGroup(address) & 0xe000) === 0x2000
}

/** The RFC 5952 form. */
export function canonical(text: Ipv6Address): Ipv6Address {
  return formatIpv6(parseIpv6(text))
}

/** An address as a person wrote it, in RFC 5952 form. */
export function readAddress(text: string): Ipv6Address {
  try {
    const address = new Address6(text)
    if (address.zone === '' && !text.includes('/')) return formatIpv6(Uint8Array.from(address.toUnsignedByteArray()))
  } catch {
    // Claim below in our words.
  }
  throw new AddressError('an IPv6 address like 2001:db8::1', text)
}

/** A prefix as a person wrote it. Host bits are refused: from a person they are a slip. */
export function readPrefix(text: string): Prefix {
  const expected = 'an IPv6 prefix like 2001:db8::/56'
  const [address = '', digits = '', ...more] = text.split('/')
  if (more.length > 0 || !/^\d{1,3}$/.test(digits) || Number(digits) > 128) throw new AddressError(expected, text)
  const prefix = `${readPart(address, expected, text)}/${Number(digits)}`
  if (network(prefix) !== prefix) throw new AddressError(`no bits after the length, as in ${network(prefix)}`, text)
  return prefix
}

function readPart(address: string, expected: string, whole: string): Ipv6Address {
  try {
    return readAddress(address)
  } catch {
    throw new AddressError(expected, whole)
  }
}

function firstGroup(address: Ipv6Address): number {
  const bytes = octetsOf(address)
  return ((bytes[0] as number) << 8) | (bytes[1] as number)
}

function numberBytes(n: number): Uint8Array {
  if (!Number.isSafeInteger(n) || n < 0) throw new AddressError('an interface identifier', String(n))
  const bytes = new Uint8Array(16)
  let rest = n
  for (let i = 15; rest > 0; i--) {
    bytes[i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return bytes
}

function sameBits(a: Uint8Array, b: Uint8Array, length: number): boolean {
  const bits = Math.min(length, 128)
  const whole = bits >> 3
  for (let i = 0; i < whole; i++) if (a[i] !== b[i]) return false
  const mask = (0xff00 >> (bits & 7)) & 0xff
  return mask === 0 || ((a[whole] as number) & mask) === ((b[whole] as number) & mask)
}

function clearFrom(bytes: Uint8Array, length: number): void {
  if (length >= 128) return
  const whole = length >> 3
  bytes[whole] = (bytes[whole] as number) & (0xff00 >> (length & 7))
  bytes.fill(0, whole + 1)
}

function clearTo(bytes: Uint8Array, length: number): void {
  const bits = Math.min(length, 128)
  const whole = bits >> 3
  bytes.fill(0, 0, whole)
  if (whole < 16) bytes[whole] = (bytes[whole] as number) & (0xff >> (bits & 7))
}
