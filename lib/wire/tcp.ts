import {
  EncodeError,
  inRange,
  setU16,
  u16At,
  u32At,
  type Writer,
  writeBytes,
  writeU8,
  writeU16,
  writeU32,
  writeZeros,
} from './bytes.ts'
import { checksumOf, sum } from './checksum.ts'
import type { PacketInit, Tcp } from './packet.ts'

export const TCP_HEADER = 20

const FLAGS = ['fin', 'syn', 'rst', 'psh', 'ack', 'urg', 'ece', 'cwr']
const FLAG_TEXTS = Array.from({ length: 256 }, (_, bits) => FLAGS.filter((_, i) => bits & (1 << i)).join('+'))
const FLAG_BITS = new Map(FLAG_TEXTS.map((text, bits) => [text, bits]))

/** Octets of header, by the data offset. */
export function tcpHeaderLength(bytes: Uint8Array, at: number): number {
  return ((bytes[at + 12] as number) >> 4) * 4
}

/** The header must be all there. */
export function decodeTcp(bytes: Uint8Array, at: number): Tcp {
  const length = tcpHeaderLength(bytes, at)
  const reserved = (bytes[at + 12] as number) & 0x0f
  const tcp: Tcp = {
    srcPort: u16At(bytes, at),
    dstPort: u16At(bytes, at + 2),
    seq: u32At(bytes, at + 4),
    ack: u32At(bytes, at + 8),
    flags: FLAG_TEXTS[bytes[at + 13] as number] as string,
    window: u16At(bytes, at + 14),
    checksum: u16At(bytes, at + 16),
    urgent: u16At(bytes, at + 18),
  }
  if (reserved !== 0) tcp.reserved = reserved
  if (length > TCP_HEADER) tcp.options = bytes.subarray(at + TCP_HEADER, at + length)
  return tcp
}

/** Writes the header; `endTcp` fills in what depends on what follows. */
export function encodeTcp(w: Writer, tcp: NonNullable<PacketInit['tcp']>): void {
  const options = tcp.options ?? new Uint8Array(0)
  const words = Math.ceil(options.length / 4)
  if (tcp.srcPort === undefined || tcp.dstPort === undefined) {
    throw new EncodeError('tcp.srcPort and tcp.dstPort are needed')
  }
  writeU16(w, tcp.srcPort)
  writeU16(w, tcp.dstPort)
  writeU32(w, tcp.seq ?? 0)
  writeU32(w, tcp.ack ?? 0)
  writeU8(w, (inRange(5 + words, 0x0f) << 4) | inRange(tcp.reserved ?? 0, 0x0f))
  writeU8(w, flagBits(tcp.flags ?? ''))
  writeU16(w, tcp.window ?? 65535)
  writeU16(w, tcp.checksum ?? 0)
  writeU16(w, tcp.urgent ?? 0)
  writeBytes(w, options)
  writeZeros(w, words * 4 - options.length)
}

export function endTcp(w: Writer, at: number, tcp: NonNullable<PacketInit['tcp']>, pseudoHeader: number): void {
  if (tcp.checksum === undefined) setU16(w, at + 16, checksumOf(sum(w.bytes, at, w.at, pseudoHeader)))
}

function flagBits(flags: string): number {
  const bits = FLAG_BITS.get(flags)
  if (bits === undefined) {
    throw new EncodeError(`tcp.flags: expected some of ${FLAGS.join(' ')} in this order joined by +, seen ${flags}`)
  }
  return bits
}

export function describeTcp(tcp: Tcp): string {
  const flags = tcp.flags === '' ? 'no flags' : tcp.flags
  return `TCP ${tcp.srcPort} → ${tcp.dstPort} ${flags} seq ${tcp.seq} ack ${tcp.ack} window ${tcp.window}`
}
