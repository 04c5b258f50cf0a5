import { formatIpv6 } from './address.ts'
import {
  EncodeError,
  inRange,
  setU16,
  u16At,
  u32At,
  type Writer,
  writeIpv6,
  writeU8,
  writeU16,
  writeU32,
} from './bytes.ts'
import type { Ipv6, PacketInit } from './packet.ts'

export const IPV6_HEADER = 40

/** The header must be all there. */
export function decodeIpv6(bytes: Uint8Array, at: number): Ipv6 {
  const word = u32At(bytes, at)
  return {
    trafficClass: (word >>> 20) & 0xff,
    flowLabel: word & 0xfffff,
    payloadLength: u16At(bytes, at + 4),
    nextHeader: bytes[at + 6] as number,
    hopLimit: bytes[at + 7] as number,
    src: formatIpv6(bytes, at + 8),
    dst: formatIpv6(bytes, at + 24),
  }
}

/** Writes the header; `endIpv6` fills in what depends on what follows. */
export function encodeIpv6(w: Writer, ip6: NonNullable<PacketInit['ip6']>, nextHeader: number, hopLimit: number): void {
  if (ip6.src === undefined || ip6.dst === undefined) throw new EncodeError('ip6.src and ip6.dst are needed')
  const trafficClass = inRange(ip6.trafficClass ?? 0, 0xff)
  writeU32(w, (0x60000000 | (trafficClass << 20) | inRange(ip6.flowLabel ?? 0, 0xfffff)) >>> 0)
  writeU16(w, ip6.payloadLength ?? 0)
  writeU8(w, ip6.nextHeader ?? nextHeader)
  writeU8(w, ip6.hopLimit ?? hopLimit)
  writeIpv6(w, ip6.src)
  writeIpv6(w, ip6.dst)
}

export function endIpv6(w: Writer, at: number, ip6: NonNullable<PacketInit['ip6']>): void {
  if (ip6.payloadLength === undefined) setU16(w, at + 4, w.at - at - IPV6_HEADER)
}
