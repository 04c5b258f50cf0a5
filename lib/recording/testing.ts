import { concat } from './pcapng.ts'

/** For tests: captures as other tools write them, block by block. */

export interface ForeignBlocks {
  section(): Uint8Array
  described(linkType?: number, snapLength?: number): Uint8Array
  enhanced(bytes: Uint8Array, on?: { id?: number; high?: number; low?: number; length?: number }): Uint8Array
  /** The packet block of old, with its interface in 16 bits. */
  old(bytes: Uint8Array): Uint8Array
  simple(bytes: Uint8Array, length?: number): Uint8Array
  block(type: number, ...body: Uint8Array[]): Uint8Array
  words(...values: number[]): Uint8Array
  halves(...values: number[]): Uint8Array
}

/** Blocks of pcapng in one byte order. */
export function blocksOf(order: 'little' | 'big'): ForeignBlocks {
  const little = order === 'little'
  const numbers = (size: 2 | 4) => (values: number[]) => {
    const bytes = new Uint8Array(values.length * size)
    const view = new DataView(bytes.buffer)
    for (const [i, value] of values.entries())
      if (size === 2) view.setUint16(i * 2, value, little)
      else view.setUint32(i * 4, value, little)
    return bytes
  }
  const words = (...values: number[]) => numbers(4)(values)
  const halves = (...values: number[]) => numbers(2)(values)
  const block = (type: number, ...parts: Uint8Array[]) => {
    const body = together(...parts)
    const padding = new Uint8Array(-body.length & 3)
    const length = 12 + body.length + padding.length
    return together(words(type, length), body, padding, words(length))
  }
  return {
    words,
    halves,
    block,
    section: () => block(0x0a0d0d0a, words(0x1a2b3c4d), halves(1, 0), words(0xffffffff, 0xffffffff)),
    described: (linkType = 1, snapLength = 0) => block(1, halves(linkType, 0), words(snapLength)),
    enhanced: (bytes, { id = 0, high = 0, low = 0, length = bytes.length } = {}) =>
      block(6, words(id, high, low, bytes.length, length), bytes),
    old: (bytes) => block(2, halves(0, 0xffff), words(0, 0, bytes.length, bytes.length), bytes),
    simple: (bytes, length = bytes.length) => block(3, words(length), bytes),
  }
}

/** Classic pcap. */
export function pcapOf(
  frames: readonly Uint8Array[],
  { order = 'little' as 'little' | 'big', magic = 0xa1b2c3d4, linkType = 1, fraction = 0 } = {},
): Uint8Array {
  const { words, halves } = blocksOf(order)
  const packets = frames.map((bytes, i) =>
    together(words(1_767_225_600 + i, fraction, bytes.length, bytes.length), bytes),
  )
  return together(words(magic), halves(2, 4), words(0, 0, 0xffff, linkType), ...packets)
}

/** These frames in every format that there is; half of those that have an interface have a link type other than Ethernet. */
export function foreignCaptures(frames: readonly Uint8Array[]): Uint8Array[] {
  return (['little', 'big'] as const).flatMap((order) => {
    const { section, described, enhanced, old, simple, block } = blocksOf(order)
    return [
      pcapOf(frames, { order }),
      pcapOf(frames, { order, magic: 0xa1b23c4d }),
      pcapOf(frames, { order, linkType: 113 }),
      together(
        ...[section(), described(), described(113)],
        ...frames.map((bytes, i) => enhanced(bytes, { id: i % 2 })),
        block(0x0bad, new Uint8Array(5)),
        ...frames.map((bytes) => old(bytes)),
        ...[section(), described(1, 60)],
        ...frames.map((bytes) => simple(bytes.subarray(0, 60), bytes.length)),
      ),
    ]
  })
}

export const together = (...parts: readonly Uint8Array[]): Uint8Array => concat(parts)
