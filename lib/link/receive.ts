import { type Libc, pinned } from './libc.ts'

/** Where the frame lies until the next call, and what the kernel says of it. */
export interface Received {
  bytes: Uint8Array
  /** CLOCK_REALTIME of arrival; seconds are 0 when the kernel gave none. */
  seconds: number
  nanoseconds: number
  /** Longer than the buffer: `bytes` is not the frame, and is empty. */
  truncated: boolean
  /** A checksum that the sender left to its network card: not the bytes that a wire would carry. */
  unsummed: boolean
}

export type Batch = { frames: Received[] } | { errno: number }

const batch = 64
/** struct msghdr and a length, 8 bytes aligned. */
const messageSize = 64
const controlSize = 128
const MSG_DONTWAIT = 0x40
const MSG_TRUNC = 0x20
const SOL_SOCKET = 1
const SCM_TIMESTAMPNS = 35
const SOL_PACKET = 263
const PACKET_AUXDATA = 8
const TP_STATUS_CSUMNOTREADY = 1 << 3
const TP_STATUS_VLAN_VALID = 1 << 4
const TP_STATUS_VLAN_TPID_VALID = 1 << 6

export const batchSize = batch

/** Reads up to 64 frames of a packet socket with one system call; each is copied out. */
export function receiver(c: Libc, fd: number, maxFrame: number): () => Batch {
  const slot = (maxFrame + 63) & ~63
  const data = pinned(batch * slot)
  const control = pinned(batch * controlSize)
  const vectors = pinned(batch * 16)
  const messages = pinned(batch * messageSize)
  const dataAt = c.address(data)
  const controlAt = c.address(control)
  const vectorsAt = c.address(vectors)
  for (let i = 0; i < batch; i++) {
    vectors.writeBigUInt64LE(dataAt + BigInt(i * slot), i * 16)
    vectors.writeBigUInt64LE(BigInt(maxFrame), i * 16 + 8)
    messages.writeBigUInt64LE(vectorsAt + BigInt(i * 16), i * messageSize + 16)
    messages.writeBigUInt64LE(1n, i * messageSize + 24)
    messages.writeBigUInt64LE(controlAt + BigInt(i * controlSize), i * messageSize + 32)
  }
  const memory = new Uint8Array(data.buffer)
  const words = new Uint32Array(messages.buffer)
  const controlView = new DataView(control.buffer)
  // The kernel only knows the addresses: these must not be collected while the closure lives.
  const keep = [data, vectors, control, messages] as const

  return () => {
    // The kernel writes the lengths that it used over those that it was offered.
    for (let i = 0; i < batch; i++) words[16 * i + 10] = controlSize
    const count = c.recvmmsg(fd, keep[3], batch, MSG_DONTWAIT | MSG_TRUNC, null)
    if (count < 0) return { errno: c.errno() }
    const frames: Received[] = []
    for (let i = 0; i < count; i++) {
      const controlLength = words[16 * i + 10] ?? 0
      const length = words[16 * i + 14] ?? 0
      const said = readControl(controlView, i * controlSize, controlLength)
      const truncated = length > maxFrame
      const bytes = truncated ? new Uint8Array() : copy(memory, i * slot, length, said.tag)
      frames.push({ ...said, bytes, truncated })
    }
    return { frames }
  }
}

interface Tag {
  protocol: number
  control: number
}

/** The kernel takes the outer VLAN tag out of each frame, and hands it over beside it. */
function copy(memory: Uint8Array, start: number, length: number, tag: Tag | undefined): Uint8Array {
  if (!tag || length < 12) return memory.slice(start, start + length)
  const frame = new Uint8Array(length + 4)
  frame.set(memory.subarray(start, start + 12))
  const view = new DataView(frame.buffer)
  view.setUint16(12, tag.protocol)
  view.setUint16(14, tag.control)
  frame.set(memory.subarray(start + 12, start + length), 16)
  return frame
}

function readControl(view: DataView, start: number, length: number) {
  let seconds = 0
  let nanoseconds = 0
  let unsummed = false
  let tag: Tag | undefined
  // struct cmsghdr: length of 8 bytes, level, type; the next one is 8 bytes aligned.
  for (let at = start; at + 16 <= start + length; ) {
    const size = view.getUint32(at, true)
    if (size < 16) break
    const level = view.getInt32(at + 8, true)
    const type = view.getInt32(at + 12, true)
    if (level === SOL_SOCKET && type === SCM_TIMESTAMPNS) {
      seconds = Number(view.getBigInt64(at + 16, true))
      nanoseconds = view.getUint32(at + 24, true)
    } else if (level === SOL_PACKET && type === PACKET_AUXDATA) {
      // struct tpacket_auxdata: status, length, captured length, offsets of 2 bytes, tag's control and protocol
      const status = view.getUint32(at + 16, true)
      unsummed = (status & TP_STATUS_CSUMNOTREADY) !== 0
      if (status & TP_STATUS_VLAN_VALID) {
        const protocol = status & TP_STATUS_VLAN_TPID_VALID ? view.getUint16(at + 34, true) : 0x8100
        tag = { protocol, control: view.getUint16(at + 32, true) }
      }
    }
    at += (size + 7) & ~7
  }
  return { seconds, nanoseconds, unsummed, tag }
}
