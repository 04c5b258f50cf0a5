import { EncodeError, setU16, u16At, type Writer, writeU16 } from './bytes.ts'
import { checksumOf, sum } from './checksum.ts'
import type { PacketInit, Udp } from './packet.ts'

export const UDP_HEADER = 8

/** The header must be all there. */
export function decodeUdp(bytes: Uint8Array, at: number): Udp {
  return {
    srcPort: u16At(bytes, at),
    dstPort: u16At(bytes, at + 2),
    length: u16At(bytes, at + 4),
    checksum: u16At(bytes, at + 6),
  }
}

/** Writes the header; `endUdp` fills in what depends on what follows. */
export function encodeUdp(w: Writer, udp: NonNullable<PacketInit['udp']>): void {
  if (udp.srcPort === undefined || udp.dstPort === undefined) {
    throw new EncodeError('udp.srcPort and udp.dstPort are needed')
  }
  writeU16(w, udp.srcPort)
  writeU16(w, udp.dstPort)
  writeU16(w, udp.length ?? 0)
  writeU16(w, udp.checksum ?? 0)
}

export function endUdp(w: Writer, at: number, udp: NonNullable<PacketInit['udp']>, pseudoHeader: number): void {
  if (udp.length === undefined) setU16(w, at + 4, w.at - at)
  // A computed zero is sent as all ones: zero means no checksum (RFC 768).
  if (udp.checksum === undefined) setU16(w, at + 6, checksumOf(sum(w.bytes, at, w.at, pseudoHeader)) || 0xffff)
}
