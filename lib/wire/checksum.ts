import { u16At } from './bytes.ts'

/** The Internet checksum's sum, RFC 1071: 16-bit words added up, not yet folded. A last octet without a partner is the high one. */
export function sum(bytes: Uint8Array, start: number, end: number, initial = 0): number {
  let total = initial
  const even = end - 1
  let at = start
  for (; at < even; at += 2) total += u16At(bytes, at)
  if (at < end) total += (bytes[at] as number) << 8
  return total
}

function fold(total: number): number {
  let folded = total
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000)
  return folded
}

/** The value for a checksum field that was zero while its octets were summed. */
export function checksumOf(total: number): number {
  return ~fold(total) & 0xffff
}

/** Whether octets that include their checksum add up, RFC 1071 section 1. */
export function addsUp(total: number): boolean {
  return fold(total) === 0xffff
}

/** Pseudo-header for upper layers over IPv6, RFC 8200 section 8.1. `src` and `dst` are offsets of the addresses. */
export function pseudoHeader6(bytes: Uint8Array, src: number, dst: number, length: number, protocol: number): number {
  return sum(bytes, src, src + 16, sum(bytes, dst, dst + 16, length + protocol))
}

/** Pseudo-header for upper layers over IPv4, RFC 768. `src` and `dst` are offsets of the addresses. */
export function pseudoHeader4(bytes: Uint8Array, src: number, dst: number, length: number, protocol: number): number {
  return sum(bytes, src, src + 4, sum(bytes, dst, dst + 4, length + protocol))
}
