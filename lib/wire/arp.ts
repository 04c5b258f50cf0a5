import { formatIpv4, formatMac } from './address.ts'
import {
  EncodeError,
  type Reader,
  readBytes,
  readU8,
  readU16,
  u16At,
  u32At,
  type Writer,
  writeBytes,
  writeIpv4,
  writeMac,
  writeU8,
  writeU16,
  writeU32,
} from './bytes.ts'
import type { Arp, OtherArp, PacketInit } from './packet.ts'
import { briefHex } from './printable.ts'

export const ARP_LENGTH = 28

/** Hardware type 1 (Ethernet), protocol type 0x0800. */
const TYPES = 0x00010800
/** Address lengths: 6 and 4 octets. */
const LENGTHS = 0x0604

/** Undefined when it is not ARP for IPv4 on Ethernet. `ARP_LENGTH` octets must be there. */
export function decodeArp(bytes: Uint8Array, at: number): Arp | undefined {
  if (u32At(bytes, at) !== TYPES || u16At(bytes, at + 4) !== LENGTHS) return undefined
  return {
    operation: operationOf(u16At(bytes, at + 6)),
    senderMac: formatMac(bytes, at + 8),
    sender: formatIpv4(bytes, at + 14),
    targetMac: formatMac(bytes, at + 18),
    target: formatIpv4(bytes, at + 24),
  }
}

/** The reader runs short where the lengths that it states are not all there. */
export function decodeOtherArp(r: Reader): OtherArp {
  const [hardware, protocol] = [readU16(r), readU16(r)]
  const [hardwareLength, protocolLength] = [readU8(r), readU8(r)]
  return {
    hardware,
    protocol,
    operation: operationOf(readU16(r)),
    senderHardware: readBytes(r, hardwareLength),
    sender: readBytes(r, protocolLength),
    targetHardware: readBytes(r, hardwareLength),
    target: readBytes(r, protocolLength),
  }
}

function operationOf(code: number): Arp['operation'] {
  return code === 1 ? 'request' : code === 2 ? 'reply' : code
}

function operationCode(operation: Arp['operation'] = 'request'): number {
  return operation === 'request' ? 1 : operation === 'reply' ? 2 : operation
}

export function encodeOtherArp(w: Writer, arp: NonNullable<PacketInit['otherArp']>): void {
  const { senderHardware, sender, targetHardware, target } = arp
  if (
    !senderHardware ||
    !sender ||
    targetHardware?.length !== senderHardware.length ||
    target?.length !== sender.length
  )
    throw new EncodeError('otherArp needs four addresses, of the same lengths for sender and target')
  writeU16(w, arp.hardware ?? 1)
  writeU16(w, arp.protocol ?? 0x0800)
  writeU8(w, senderHardware.length)
  writeU8(w, sender.length)
  writeU16(w, operationCode(arp.operation))
  for (const address of [senderHardware, sender, targetHardware, target]) writeBytes(w, address)
}

export function encodeArp(w: Writer, arp: NonNullable<PacketInit['arp']>): void {
  writeU32(w, TYPES)
  writeU16(w, LENGTHS)
  writeU16(w, operationCode(arp.operation))
  writeMac(w, arp.senderMac ?? '00:00:00:00:00:00')
  writeIpv4(w, arp.sender ?? '0.0.0.0')
  writeMac(w, arp.targetMac ?? '00:00:00:00:00:00')
  writeIpv4(w, arp.target ?? '0.0.0.0')
}

export function describeOtherArp(arp: OtherArp): string {
  const { hardware, protocol, operation, sender, target } = arp
  const kind = `ARP for hardware ${hardware}, protocol 0x${protocol.toString(16).padStart(4, '0')}`
  return `${kind}: ${typeof operation === 'number' ? `operation ${operation}` : operation} ${briefHex(sender)} → ${briefHex(target)}`
}

export function describeArp(arp: Arp): string {
  if (arp.operation === 'request') return `ARP request for ${arp.target} from ${arp.sender}`
  if (arp.operation === 'reply') return `ARP ${arp.sender} is at ${arp.senderMac}`
  return `ARP operation ${arp.operation} ${arp.sender} → ${arp.target}`
}
