import {
  formatIpv4,
  formatIpv6,
  formatMac,
  formatPrefix,
  type Ipv4Address,
  type Ipv6Address,
  type Mac,
  type Prefix,
  parseIpv4Into,
  parseIpv6Into,
  parseMacInto,
  parsePrefix,
} from './address.ts'

/** A value that no octets can hold. It is the caller's slip: what is merely wrong is sent as it is. */
export class EncodeError extends Error {
  override readonly name = 'EncodeError'
}

/**
 * A place in bytes, read straight through: past the end everything reads as zero or empty and `short` stays set, so
 * a codec asks once, when it is done.
 */
export interface Reader {
  readonly bytes: Uint8Array
  at: number
  readonly end: number
  short: boolean
}

export function reader(bytes: Uint8Array, start = 0, end = bytes.length): Reader {
  return { bytes, at: start, end, short: false }
}

/** Octets not yet read. */
export function left(r: Reader): number {
  return r.end - r.at
}

/** The offset of `count` octets, or -1 when they are not all there. */
function advance(r: Reader, count: number): number {
  const at = r.at
  if (count > r.end - at || count < 0) {
    r.short = true
    r.at = r.end
    return -1
  }
  r.at = at + count
  return at
}

export function readU8(r: Reader): number {
  const at = advance(r, 1)
  return at < 0 ? 0 : (r.bytes[at] as number)
}

export function readU16(r: Reader): number {
  const at = advance(r, 2)
  return at < 0 ? 0 : u16At(r.bytes, at)
}

export function readU24(r: Reader): number {
  const at = advance(r, 3)
  return at < 0 ? 0 : ((r.bytes[at] as number) << 16) | u16At(r.bytes, at + 1)
}

export function readU32(r: Reader): number {
  const at = advance(r, 4)
  return at < 0 ? 0 : u32At(r.bytes, at)
}

/** A view, not a copy. */
export function readBytes(r: Reader, count: number): Uint8Array {
  const at = advance(r, count)
  return at < 0 ? r.bytes.subarray(r.end, r.end) : r.bytes.subarray(at, at + count)
}

/** All that is left; a view. */
export function readRest(r: Reader): Uint8Array {
  return readBytes(r, r.end - r.at)
}

export function skip(r: Reader, count: number): void {
  advance(r, count)
}

/** A reader of the next `count` octets alone; as many as there are when they are not all there. */
export function readInner(r: Reader, count: number): Reader {
  const start = r.at
  const at = advance(r, count)
  return reader(r.bytes, at < 0 ? start : at, r.at)
}

export function readIpv6(r: Reader): Ipv6Address {
  const at = advance(r, 16)
  return at < 0 ? '::' : formatIpv6(r.bytes, at)
}

export function readIpv4(r: Reader): Ipv4Address {
  const at = advance(r, 4)
  return at < 0 ? '0.0.0.0' : formatIpv4(r.bytes, at)
}

export function readMac(r: Reader): Mac {
  const at = advance(r, 6)
  return at < 0 ? '00:00:00:00:00:00' : formatMac(r.bytes, at)
}

/** Sixteen octets of prefix, whose length came earlier. */
export function readPrefixBits(r: Reader, length: number): Prefix {
  const at = advance(r, 16)
  return at < 0 ? `::/${length}` : formatPrefix(r.bytes, at, length)
}

export function u16At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number)
}

export function u32At(bytes: Uint8Array, at: number): number {
  return (((bytes[at] as number) << 24) | ((bytes[at + 1] as number) << 16) | u16At(bytes, at + 2)) >>> 0
}

/** Octets in the making; `bytes` has room beyond `at`. */
export interface Writer {
  bytes: Uint8Array
  at: number
}

const usualRoom = 2048
const noRoom = new Uint8Array()
/** Zeroed buffers of writers that are done: making one for each was most of what encoding cost. */
const spare: Uint8Array[] = []

export function writer(room = usualRoom): Writer {
  return { bytes: (room === usualRoom && spare.pop()) || new Uint8Array(room), at: 0 }
}

/** What was written, in a buffer of its own. The writer is done with. */
export function written(w: Writer): Uint8Array {
  const { bytes, at } = w
  const result = bytes.slice(0, at)
  w.bytes = noRoom
  if (bytes.length === usualRoom) spare.push(bytes.fill(0, 0, at))
  return result
}

/** The offset of `count` fresh zero octets. */
function grow(w: Writer, count: number): number {
  const at = w.at
  const end = at + count
  if (end > w.bytes.length) {
    const bytes = new Uint8Array(Math.max(end, w.bytes.length * 2))
    bytes.set(w.bytes)
    w.bytes = bytes
  }
  w.at = end
  return at
}

export function writeU8(w: Writer, value: number): void {
  // First the room: growing replaces `bytes`.
  const at = grow(w, 1)
  w.bytes[at] = inRange(value, 0xff)
}

export function writeU16(w: Writer, value: number): void {
  const at = grow(w, 2)
  setU16(w, at, value)
}

export function writeU24(w: Writer, value: number): void {
  const at = grow(w, 3)
  const v = inRange(value, 0xffffff)
  w.bytes[at] = v >> 16
  w.bytes[at + 1] = v >> 8
  w.bytes[at + 2] = v
}

export function writeU32(w: Writer, value: number): void {
  const at = grow(w, 4)
  const v = inRange(value, 0xffffffff)
  w.bytes[at] = v >>> 24
  w.bytes[at + 1] = v >>> 16
  w.bytes[at + 2] = v >>> 8
  w.bytes[at + 3] = v
}

export function writeBytes(w: Writer, bytes: Uint8Array): void {
  const at = grow(w, bytes.length)
  w.bytes.set(bytes, at)
}

export function writeZeros(w: Writer, count: number): void {
  grow(w, count)
}

export function writeIpv6(w: Writer, address: Ipv6Address): void {
  const at = grow(w, 16)
  parseIpv6Into(address, w.bytes, at)
}

export function writeIpv4(w: Writer, address: Ipv4Address): void {
  const at = grow(w, 4)
  parseIpv4Into(address, w.bytes, at)
}

export function writeMac(w: Writer, mac: Mac): void {
  const at = grow(w, 6)
  parseMacInto(mac, w.bytes, at)
}

/** The sixteen octets of a prefix, host bits and all; its length is the caller's to write. */
export function writePrefixBits(w: Writer, prefix: Prefix): void {
  writeBytes(w, parsePrefix(prefix).address)
}

/** Fills in a length or checksum that was left open. */
export function setU16(w: Writer, at: number, value: number): void {
  const v = inRange(value, 0xffff)
  w.bytes[at] = v >> 8
  w.bytes[at + 1] = v
}

export function setU8(w: Writer, at: number, value: number): void {
  w.bytes[at] = inRange(value, 0xff)
}

/** The value, if a field that holds up to `max` can hold it. */
export function inRange(value: number, max: number): number {
  if (!Number.isInteger(value) || value < 0 || value > max) {
    throw new EncodeError(`expected a whole number from 0 to ${max}, seen ${value}`)
  }
  return value
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
