import { Buffer } from 'node:buffer'

const FILE_HEADER = 24
const FRAME_HEADER = 16

/** A millisecond apart: their times have no effect on how they are read. */
export function writePcap(frames: readonly Uint8Array[]): Uint8Array {
  const header = Buffer.alloc(FILE_HEADER)
  header.writeUInt32LE(0xa1b2c3d4, 0)
  header.writeUInt16LE(2, 4)
  header.writeUInt16LE(4, 6)
  header.writeUInt32LE(0xffff, 16)
  header.writeUInt32LE(1, 20)
  const parts = frames.flatMap((frame, i) => {
    const head = Buffer.alloc(FRAME_HEADER)
    head.writeUInt32LE(Math.floor(i / 1000), 0)
    head.writeUInt32LE((i % 1000) * 1000, 4)
    head.writeUInt32LE(frame.length, 8)
    head.writeUInt32LE(frame.length, 12)
    return [head, frame]
  })
  return Buffer.concat([header, ...parts])
}
