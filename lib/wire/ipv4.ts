import { formatIpv4 } from './address.ts'
import {
  EncodeError,
  inRange,
  setU16,
  u16At,
  type Writer,
  writeBytes,
  writeIpv4,
  writeU8,
  writeU16,
  writeZeros,
} from './bytes.ts'
import { addsUp, checksumOf, sum } from './checksum.ts'
import type { Ipv4, PacketInit } from './packet.ts'

export const IPV4_HEADER = 20

/** Octets of header, by the IHL field. */
export function ipv4HeaderLength(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) & 0x0f) * 4
}

/** The header must be all there. */
export function decodeIpv4(bytes: Uint8Array, at: number): Ipv4 {
  const length = ipv4HeaderLength(bytes, at)
  const tos = bytes[at + 1] as number
  const fragment = u16At(bytes, at + 6)
  const ip4: Ipv4 = {
    dscp: tos >> 2,
    ecn: tos & 3,
    totalLength: u16At(bytes, at + 2),
    id: u16At(bytes, at + 4),
    dontFragment: (fragment & 0x4000) !== 0,
    moreFragments: (fragment & 0x2000) !== 0,
    fragmentOffset: (fragment & 0x1fff) * 8,
    ttl: bytes[at + 8] as number,
    protocol: bytes[at + 9] as number,
    checksum: u16At(bytes, at + 10),
    src: formatIpv4(bytes, at + 12),
    dst: formatIpv4(bytes, at + 16),
  }
  if ((fragment & 0x8000) !== 0) ip4.reservedFlag = true
  if (!addsUp(sum(bytes, at, at + length))) ip4.badChecksum = true
  if (length > IPV4_HEADER) ip4.options = bytes.subarray(at + IPV4_HEADER, at + length)
  return ip4
}

/** Writes the header; `endIpv4` fills in what depends on what follows. */
export function encodeIpv4(w: Writer, ip4: NonNullable<PacketInit['ip4']>, protocol: number): void {
  if (ip4.src === undefined || ip4.dst === undefined) throw new EncodeError('ip4.src and ip4.dst are needed')
  const options = ip4.options ?? new Uint8Array(0)
  const words = Math.ceil(options.length / 4)
  const offset = (ip4.fragmentOffset ?? 0) / 8
  const flags = (ip4.reservedFlag ? 0x8000 : 0) | (ip4.dontFragment ? 0x4000 : 0) | (ip4.moreFragments ? 0x2000 : 0)
  writeU8(w, 0x40 | inRange(5 + words, 0x0f))
  writeU8(w, (inRange(ip4.dscp ?? 0, 0x3f) << 2) | inRange(ip4.ecn ?? 0, 3))
  writeU16(w, ip4.totalLength ?? 0)
  writeU16(w, ip4.id ?? 0)
  writeU16(w, flags | inRange(offset, 0x1fff))
  writeU8(w, ip4.ttl ?? 64)
  writeU8(w, ip4.protocol ?? protocol)
  writeU16(w, ip4.checksum ?? 0)
  writeIpv4(w, ip4.src)
  writeIpv4(w, ip4.dst)
  writeBytes(w, options)
  writeZeros(w, words * 4 - options.length)
}

/** RFC 791 section 3.1: options of one octet, and those that name the way. */
const OPTION = { end: 0, noOperation: 1, looseSourceRoute: 131, strictSourceRoute: 137 } as const

/**
 * Where the pseudo-header's destination is found in the header at `at`, which must be all there: the last stop of a
 * source route that has not been travelled to its end (RFC 791 section 3.1), else the Destination Address.
 */
export function finalDestination4(bytes: Uint8Array, at: number): number {
  const end = at + ipv4HeaderLength(bytes, at)
  for (let option = at + IPV4_HEADER; option < end && bytes[option] !== OPTION.end; ) {
    const type = bytes[option] as number
    const length = type === OPTION.noOperation ? 1 : option + 1 < end ? (bytes[option + 1] as number) : 0
    if (length === 0 || option + length > end) break
    const isRoute = type === OPTION.looseSourceRoute || type === OPTION.strictSourceRoute
    // The pointer counts from 1; a pointer behind the route means that all addresses were visited.
    if (isRoute && length >= 7 && length % 4 === 3 && (bytes[option + 2] as number) < length) return option + length - 4
    option += length
  }
  return at + 16
}

export function endIpv4(w: Writer, at: number, ip4: NonNullable<PacketInit['ip4']>): void {
  if (ip4.totalLength === undefined) setU16(w, at + 2, w.at - at)
  if (ip4.checksum === undefined) {
    setU16(w, at + 10, checksumOf(sum(w.bytes, at, at + ipv4HeaderLength(w.bytes, at))))
  }
}
