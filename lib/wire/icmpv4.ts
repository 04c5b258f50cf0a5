import { setU16, u16At, u32At, type Writer, writeU8, writeU16, writeU32 } from './bytes.ts'
import { checksumOf, sum } from './checksum.ts'
import type { Icmpv4, PacketInit } from './packet.ts'

export const ICMPV4_HEADER = 8

const NAMES: Record<number, string> = {
  0: 'Echo Reply',
  3: 'Destination Unreachable',
  5: 'Redirect',
  8: 'Echo Request',
  9: 'Router Advertisement',
  10: 'Router Solicitation',
  11: 'Time Exceeded',
  12: 'Parameter Problem',
}

/** The header must be all there. */
export function decodeIcmpv4(bytes: Uint8Array, at: number): Icmpv4 {
  return {
    type: bytes[at] as number,
    code: bytes[at + 1] as number,
    checksum: u16At(bytes, at + 2),
    rest: u32At(bytes, at + 4),
  }
}

/** Writes the header; `endIcmpv4` fills in what depends on what follows. */
export function encodeIcmpv4(w: Writer, icmp4: NonNullable<PacketInit['icmp4']>): void {
  writeU8(w, icmp4.type ?? 0)
  writeU8(w, icmp4.code ?? 0)
  writeU16(w, icmp4.checksum ?? 0)
  writeU32(w, icmp4.rest ?? 0)
}

export function endIcmpv4(w: Writer, at: number, icmp4: NonNullable<PacketInit['icmp4']>): void {
  if (icmp4.checksum === undefined) setU16(w, at + 2, checksumOf(sum(w.bytes, at, w.at)))
}

export function describeIcmpv4(icmp4: Icmpv4): string {
  const name = NAMES[icmp4.type] ?? `type ${icmp4.type}`
  const echo = icmp4.type === 0 || icmp4.type === 8
  const detail = echo ? `id ${icmp4.rest >>> 16} seq ${icmp4.rest & 0xffff}` : `code ${icmp4.code}`
  return `ICMP ${name} ${detail}`
}
