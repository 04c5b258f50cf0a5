import { u16At } from '../bytes.ts'

/** A length, count or pointer in a frame: where a decoder relies on a value of the frame. */
export interface LengthField {
  at: number
  octets: 1 | 2
}

const IPV6 = 40

/** The last EtherType, and where its content begins: behind tags, and where it is IP behind PPPoE and PPP. */
export interface Inner {
  type: number
  at: number
  pppoe?: number
}

/** Found by walking the octets, apart from the decoder that is to be misled. */
export function innerOf(frame: Uint8Array): Inner {
  const word = (offset: number) => (offset + 2 <= frame.length ? u16At(frame, offset) : 0)
  let at = 14
  let type = word(12)
  for (; type === 0x8100 || type === 0x88a8; at += 4) type = word(at + 2)
  if ((type !== 0x8863 && type !== 0x8864) || at + 8 > frame.length) return { type, at }
  const protocol = type === 0x8864 ? word(at + 6) : 0
  return { type: protocol === 0x57 ? 0x86dd : protocol === 0x21 ? 0x0800 : type, at: at + 8, pppoe: at }
}

export function lengthFields(frame: Uint8Array): LengthField[] {
  const fields: LengthField[] = []
  const { type, at, pppoe } = innerOf(frame)
  if (pppoe !== undefined) fields.push({ at: pppoe + 4, octets: 2 })
  if (type === 0x8863) walkTags(frame, at - 2, fields)
  if (type === 0x8864) walkControl(frame, at, fields)
  if (type === 0x86dd && frame.length >= at + IPV6) walkIpv6(frame, at, fields)
  if (type === 0x0800 && frame.length >= at + 20) walkIpv4(frame, at, fields)
  if (type === 0x0806) fields.push({ at: at + 4, octets: 1 }, { at: at + 5, octets: 1 })
  return fields.filter((field) => field.at + field.octets <= frame.length)
}

/** Of PPPoE discovery. */
function walkTags(frame: Uint8Array, start: number, fields: LengthField[]): void {
  for (let at = start; at + 4 <= frame.length; at += 4 + u16At(frame, at + 2)) fields.push({ at: at + 2, octets: 2 })
}

/** A control packet of PPP and its options. */
function walkControl(frame: Uint8Array, start: number, fields: LengthField[]): void {
  fields.push({ at: start + 2, octets: 2 })
  for (let at = start + 4; at + 2 <= frame.length; at += Math.max(1, frame[at + 1] as number))
    fields.push({ at: at + 1, octets: 1 })
}

function walkIpv6(frame: Uint8Array, start: number, fields: LengthField[]): void {
  fields.push({ at: start + 4, octets: 2 })
  let at = start + IPV6
  let next = frame[start + 6] as number
  while ([0, 43, 44, 51, 60].includes(next) && at + 8 <= frame.length) {
    const length = next === 44 ? 8 : next === 51 ? authentication(frame, at) : ((frame[at + 1] as number) + 1) * 8
    fields.push({ at: at + 1, octets: 1 })
    if (next === 0 || next === 60) walkTlvs(frame, at + 2, at + length, fields)
    next = frame[at] as number
    at += length
  }
  walkUpper(frame, at, next, fields)
}

function walkIpv4(frame: Uint8Array, start: number, fields: LengthField[]): void {
  fields.push({ at: start, octets: 1 }, { at: start + 2, octets: 2 }, { at: start + 6, octets: 2 })
  let at = start + ((frame[start] as number) & 15) * 4
  walkIpv4Options(frame, start + 20, at, fields)
  let next = frame[start + 9] as number
  while (next === 51 && at + 8 <= frame.length) {
    fields.push({ at: at + 1, octets: 1 })
    next = frame[at] as number
    at += authentication(frame, at)
  }
  walkUpper(frame, at, next, fields)
}

/** Octets of an Authentication Header: RFC 4302 section 2.2. */
function authentication(frame: Uint8Array, at: number): number {
  return ((frame[at + 1] as number) + 2) * 4
}

/** Length, and the pointer of a source route. */
function walkIpv4Options(frame: Uint8Array, start: number, end: number, fields: LengthField[]): void {
  for (let at = start; at + 3 <= Math.min(end, frame.length) && frame[at] !== 0; ) {
    if (frame[at] !== 1) fields.push({ at: at + 1, octets: 1 }, { at: at + 2, octets: 1 })
    at += frame[at] === 1 ? 1 : Math.max(1, frame[at + 1] as number)
  }
}

function walkTlvs(frame: Uint8Array, start: number, end: number, fields: LengthField[]): void {
  for (let at = start; at + 2 <= Math.min(end, frame.length); ) {
    if (frame[at] === 0) {
      at++
      continue
    }
    fields.push({ at: at + 1, octets: 1 })
    at += 2 + (frame[at + 1] as number)
  }
}

function walkUpper(frame: Uint8Array, at: number, protocol: number, fields: LengthField[]): void {
  if (protocol === 6) fields.push({ at: at + 12, octets: 1 })
  if (protocol === 58) walkIcmpv6(frame, at, fields)
  if (protocol !== 17 || at + 8 > frame.length) return
  fields.push({ at: at + 4, octets: 2 })
  const ports = [u16At(frame, at), u16At(frame, at + 2)]
  if (ports.includes(546) || ports.includes(547)) walkDhcpv6(frame, at + 12, frame.length, fields)
  // The options, and sname and file, which may hold some as well.
  if (ports.includes(67) || ports.includes(68)) {
    for (const [start, end] of [
      [at + 248, frame.length],
      [at + 52, at + 116],
      [at + 116, at + 244],
    ] as const)
      walkDhcpv4(frame, start, Math.min(end, frame.length), fields)
  }
  if (ports.includes(53)) for (let count = 0; count < 4; count++) fields.push({ at: at + 12 + 2 * count, octets: 2 })
}

/** Octets before the options, by type of message. */
const ND_OPTIONS: { readonly [type: number]: number } = { 133: 8, 134: 16, 135: 24, 136: 24, 137: 40, 147: 8 }

function walkIcmpv6(frame: Uint8Array, start: number, fields: LengthField[]): void {
  const type = frame[start] as number
  if (type === 143)
    fields.push({ at: start + 6, octets: 2 }, { at: start + 9, octets: 1 }, { at: start + 10, octets: 2 })
  const before = ND_OPTIONS[type]
  if (before === undefined) return
  for (let at = start + before; at + 2 <= frame.length; ) {
    fields.push({ at: at + 1, octets: 1 })
    at += Math.max(1, frame[at + 1] as number) * 8
  }
}

/** Octets of a container before the options that it holds. */
const CONTAINERS: { readonly [code: number]: number } = { 3: 12, 4: 4, 5: 24, 25: 12, 26: 25 }

/** Octets of a User or Vendor Class option before its classes, each of which has a length. */
const CLASSES: { readonly [code: number]: number } = { 15: 0, 16: 4 }

function walkClasses(frame: Uint8Array, start: number, end: number, fields: LengthField[]): void {
  for (let at = start; at + 2 <= end; at += 2 + u16At(frame, at)) fields.push({ at, octets: 2 })
}

function walkDhcpv6(frame: Uint8Array, start: number, end: number, fields: LengthField[], depth = 0): void {
  for (let at = start; at + 4 <= end && depth < 20; ) {
    fields.push({ at: at + 2, octets: 2 })
    const length = u16At(frame, at + 2)
    const before = CONTAINERS[u16At(frame, at)]
    const inner = Math.min(end, at + 4 + length)
    if (before !== undefined) walkDhcpv6(frame, at + 4 + before, inner, fields, depth + 1)
    const classes = CLASSES[u16At(frame, at)]
    if (classes !== undefined) walkClasses(frame, at + 4 + classes, inner, fields)
    at += 4 + length
  }
}

function walkDhcpv4(frame: Uint8Array, start: number, end: number, fields: LengthField[]): void {
  for (let at = start; at + 2 <= end && frame[at] !== 255; ) {
    if (frame[at] !== 0) fields.push({ at: at + 1, octets: 1 })
    at += frame[at] === 0 ? 1 : 2 + (frame[at + 1] as number)
  }
}
