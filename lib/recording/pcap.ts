import type { Capture, CapturedFrame } from './capture.ts'
import { ETHERNET, otherLinkType, skipping } from './skipped.ts'

const FILE_HEADER = 24
const PACKET_HEADER = 16

/** Magic number to nanoseconds of one unit of the second word of a time. */
const UNITS = new Map([
  [0xa1b2c3d4, 1000n],
  [0xa1b23c4d, 1n],
])

/**
 * The older format, as in draft-ietf-opsawg-pcap: one interface, seconds and micro- or nanoseconds, either byte order.
 * Undefined where the file does not begin like one.
 */
export function readPcap(bytes: Uint8Array): Capture | undefined {
  if (bytes.length < 4) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const little = UNITS.has(view.getUint32(0, true))
  const unit = UNITS.get(view.getUint32(0, little))
  if (unit === undefined) return undefined
  const frames: CapturedFrame[] = []
  const { skip, all } = skipping()
  const port = 'if0'
  const read = (stopped?: Capture['stopped']): Capture => ({
    format: 'pcap',
    ports: [port],
    frames,
    drops: 0,
    skipped: all(),
    ...(stopped && { stopped }),
  })
  if (bytes.length < FILE_HEADER) return read({ offset: 0, because: 'the file ends in the middle of its header' })
  // The upper half is the length of frame check sequences.
  const linkType = view.getUint32(20, little) & 0xffff
  for (let offset = FILE_HEADER; offset < bytes.length; ) {
    const start = offset + PACKET_HEADER
    const captured = start <= bytes.length ? view.getUint32(offset + 8, little) : 0
    if (start + captured > bytes.length) return read({ offset, because: 'the file ends in the middle of a packet' })
    if (linkType !== ETHERNET) skip(otherLinkType(linkType), offset)
    else {
      const seconds = BigInt(view.getUint32(offset, little))
      const time = seconds * 1_000_000_000n + BigInt(view.getUint32(offset + 4, little)) * unit
      const frame: CapturedFrame = { port, time, bytes: bytes.slice(start, start + captured) }
      const length = view.getUint32(offset + 12, little)
      if (length > captured) frame.originalLength = length
      frames.push(frame)
    }
    offset = start + captured
  }
  return read()
}
