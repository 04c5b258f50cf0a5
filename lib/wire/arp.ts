import { formatIpv4, formatMac } from './address.ts'
import { u16At, u32At, type Writer, writeIpv4, writeMac, writeU16, writeU32 } from './bytes.ts'
import type { Arp, PacketInit } from './packet.ts'

export const ARP_LENGTH = 28

/** Hardware type 1 (Ethernet), protocol type 0x0800. */
const TYPES = 0x00010800
/** Address lengths: 6 and 4 octets. */
const LENGTHS = 0x0604

/** Undefined when it is not ARP for IPv4 on Ethernet. */
export function decodeArp(bytes: Uint8Array, at: number): Arp | undefined {
  if (u32At(bytes, at) !== TYPES || u16At(bytes, at + 4) !== LENGTHS) return undefined
  const operation = u16At(bytes, at + 6)
  return {
    operation: operation === 1 ? 'request' : operation === 2 ? 'reply' : operation,
    senderMac: formatMac(bytes, at + 8),
    sender: formatIpv4(bytes, at + 14),
    targetMac: formatMac(bytes, at + 18),
    target: formatIpv4(bytes, at + 24),
  }
}

export function encodeArp(w: Writer, arp: NonNullable<PacketInit['arp']>): void {
  const operation = arp.operation ?? 'request'
  writeU32(w, TYPES)
  writeU16(w, LENGTHS)
  writeU16(w, operation === 'request' ? 1 : operation === 'reply' ? 2 : operation)
  writeMac(w, arp.senderMac ?? '00:00:00:00:00:00')
  writeIpv4(w, arp.sender ?? '0.0.0.0')
  writeMac(w, arp.targetMac ?? '00:00:00:00:00:00')
  writeIpv4(w, arp.target ?? '0.0.0.0')
}

export function describeArp(arp: Arp): string {
  if (arp.operation === 'request') return `ARP who has ${arp.target}? tell ${arp.sender}`
  if (arp.operation === 'reply') return `ARP ${arp.sender} is at ${arp.senderMac}`
  return `ARP operation ${arp.operation} ${arp.sender} → ${arp.target}`
}
