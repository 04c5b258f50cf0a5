import {
  EncodeError,
  inRange,
  left,
  type Reader,
  readBytes,
  reader,
  readRest,
  readU8,
  setU8,
  u16At,
  u32At,
  type Writer,
  writeBytes,
  writeU8,
  writeU16,
  writeU32,
  writeZeros,
} from './bytes.ts'
import type { ExtensionHeader, Packet, PacketInit, TlvOption } from './packet.ts'
import { PROTOCOL } from './protocol.ts'

type ExtensionInit = NonNullable<PacketInit['ext']>[number]

const CODES = {
  'hop-by-hop': 0,
  routing: 43,
  fragment: 44,
  authentication: PROTOCOL.authentication,
  'destination-options': 60,
} as const
const KNOWN = new Set<number>(Object.values(CODES))

/** Octets of AH before its ICV, RFC 4302 section 2. */
const AUTHENTICATION_HEADER = 12

/** RFC 8200 section 4.2, RFC 2711, RFC 6275 section 6.3. */
const TLV = { pad1: 0, padN: 1, routerAlert: 5, homeAddress: 201 } as const

export function extensionHeaderCode(type: ExtensionHeader['type'] | undefined): number {
  if (type === undefined) throw new EncodeError('ext: each extension header needs its type')
  return CODES[type]
}

/** RFC 8200 section 4; the one that IPv4 has as well is AH (RFC 4302 section 3.1). */
export function isExtensionHeader(nextHeader: number, version: 4 | 6): boolean {
  return version === 6 ? KNOWN.has(nextHeader) : nextHeader === CODES.authentication
}

/** Behind an Authentication Header: a receiver without the key discards it (RFC 4302 section 3.4.2). */
export function isAuthenticated({ ext }: Pick<Packet, 'ext'>): boolean {
  return ext?.some(({ type }) => type === 'authentication') === true
}

/** Octets of the header at `at`, or 0 when they are not all there. */
export function extensionHeaderLength(nextHeader: number, bytes: Uint8Array, at: number, end: number): number {
  if (end - at < 8) return 0
  const length = lengthOf(nextHeader, bytes[at + 1] as number)
  return length <= end - at ? length : 0
}

function lengthOf(nextHeader: number, field: number): number {
  if (nextHeader === CODES.fragment) return 8
  if (nextHeader !== CODES.authentication) return (field + 1) * 8
  // In units of 4 octets, less 2: RFC 4302 section 2.2.
  return field === 0 ? 0 : (field + 2) * 4
}

/** The header must be all there, and its code one of ours. */
export function decodeExtensionHeader(code: number, bytes: Uint8Array, at: number, end: number): ExtensionHeader {
  const nextHeader = bytes[at] as number
  if (code === CODES.fragment) return decodeFragment(nextHeader, bytes, at)
  if (code === CODES.authentication) return decodeAuthentication(nextHeader, bytes, at, end)
  if (code === CODES.routing) {
    return {
      type: 'routing',
      nextHeader,
      routingType: bytes[at + 2] as number,
      segmentsLeft: bytes[at + 3] as number,
      data: bytes.subarray(at + 4, end),
    }
  }
  const options = decodeTlvOptions(reader(bytes, at + 2, end))
  return { type: code === 0 ? 'hop-by-hop' : 'destination-options', nextHeader, options }
}

function decodeFragment(nextHeader: number, bytes: Uint8Array, at: number): ExtensionHeader {
  const reserved = bytes[at + 1] as number
  const word = u16At(bytes, at + 2)
  const reservedBits = (word >> 1) & 3
  return {
    type: 'fragment',
    nextHeader,
    ...(reserved !== 0 && { reserved }),
    offset: word & 0xfff8,
    more: (word & 1) === 1,
    ...(reservedBits !== 0 && { reservedBits }),
    id: u32At(bytes, at + 4),
  }
}

function decodeAuthentication(nextHeader: number, bytes: Uint8Array, at: number, end: number): ExtensionHeader {
  const reserved = u16At(bytes, at + 2)
  return {
    type: 'authentication',
    nextHeader,
    ...(reserved !== 0 && { reserved }),
    spi: u32At(bytes, at + 4),
    sequence: u32At(bytes, at + 8),
    icv: bytes.subarray(at + AUTHENTICATION_HEADER, end),
  }
}

function decodeTlvOptions(r: Reader): TlvOption[] {
  const options: TlvOption[] = []
  while (left(r) > 0) {
    const start = r.at
    const type = readU8(r)
    const data = readBytes(r, type === TLV.pad1 ? 0 : readU8(r))
    if (r.short) {
      options.push({ type: 'malformed', data: readRest(reader(r.bytes, start, r.end)) })
      return options
    }
    options.push({ type, data })
  }
  return options
}

export function encodeExtensionHeader(w: Writer, header: ExtensionInit, nextHeader: number): void {
  const at = w.at
  writeU8(w, header.nextHeader ?? nextHeader)
  switch (header.type) {
    case 'fragment':
      writeU8(w, header.reserved ?? 0)
      writeU16(w, fragmentWord(header.offset ?? 0, header.reservedBits ?? 0, header.more ?? false))
      writeU32(w, header.id ?? 0)
      return
    case 'authentication':
      writeU8(w, 0)
      writeU16(w, header.reserved ?? 0)
      writeU32(w, header.spi ?? 0)
      writeU32(w, header.sequence ?? 0)
      writeBytes(w, header.icv ?? new Uint8Array(0))
      writeZeros(w, (4 - ((w.at - at) % 4)) % 4)
      setU8(w, at + 1, (w.at - at) / 4 - 2)
      return
    case 'routing':
      writeU8(w, 0)
      writeU8(w, header.routingType ?? 0)
      writeU8(w, header.segmentsLeft ?? 0)
      writeBytes(w, header.data ?? new Uint8Array(0))
      writeZeros(w, gap(w.at - at))
      break
    case 'hop-by-hop':
    case 'destination-options':
      writeU8(w, 0)
      for (const option of header.options ?? []) encodeTlvOption(w, option)
      pad(w, gap(w.at - at))
      break
    default:
      extensionHeaderCode(header.type)
  }
  setU8(w, at + 1, Math.max(0, (w.at - at) / 8 - 1))
}

function fragmentWord(offset: number, reservedBits: number, more: boolean): number {
  return (inRange(offset / 8, 0x1fff) << 3) | (inRange(reservedBits, 3) << 1) | (more ? 1 : 0)
}

function encodeTlvOption(w: Writer, option: TlvOption): void {
  if (option.type === 'malformed') {
    writeBytes(w, option.data)
    return
  }
  writeU8(w, option.type)
  if (option.type === TLV.pad1) return
  writeU8(w, option.data.length)
  writeBytes(w, option.data)
}

/** Octets missing to a multiple of 8, of which no header has none. */
function gap(length: number): number {
  return (8 - (length % 8)) % 8
}

function pad(w: Writer, count: number): void {
  if (count === 0) return
  if (count === 1) {
    writeU8(w, TLV.pad1)
    return
  }
  writeU8(w, TLV.padN)
  writeU8(w, count - 2)
  writeZeros(w, count - 2)
}

/**
 * Where the pseudo-header's destination is found when a Routing header from `at` to `end` is there: its last stop
 * (RFC 8200 section 8.1), or -1 when the packet has arrived or the type is unknown.
 */
export function finalDestination(bytes: Uint8Array, at: number, end: number): number {
  const routingType = bytes[at + 2] as number
  if (bytes[at + 3] === 0 || end - at < 24) return -1
  // Type 0 (RFC 2460 section 4.4) and 2 (RFC 6275 section 6.4) end with it; segment lists are backwards (RFC 8754).
  if (routingType === 0 || routingType === 2) return end - 16
  return routingType === 4 ? at + 8 : -1
}

/**
 * Where the pseudo-header's source is found when a Destination Options header from `at` to `end` is there: the Home
 * Address option (RFC 6275 section 6.3), or -1 when there is none.
 */
export function homeAddress(bytes: Uint8Array, at: number, end: number): number {
  for (let option = at + 2; option + 2 <= end; ) {
    const length = bytes[option] === TLV.pad1 ? 1 : 2 + (bytes[option + 1] as number)
    if (bytes[option] === TLV.homeAddress && length === 18 && option + length <= end) return option + 2
    option += length
  }
  return -1
}

export function describeExtensionHeader(header: ExtensionHeader): string {
  switch (header.type) {
    case 'fragment':
      return `fragment id 0x${header.id.toString(16)} offset ${header.offset}${header.more ? ' more' : ''}`
    case 'routing':
      return `routing type ${header.routingType} left ${header.segmentsLeft}`
    case 'authentication':
      return `authentication SPI 0x${header.spi.toString(16)} sequence ${header.sequence}`
    default: {
      const options = header.options.filter(({ type }) => type !== TLV.pad1 && type !== TLV.padN)
      const names = options.map(({ type }) => (type === TLV.routerAlert ? 'router-alert' : type)).join(' ')
      return `${header.type}${names && ` (${names})`}`
    }
  }
}
