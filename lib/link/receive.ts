import { type Libc, pinned } from './libc.ts'

/** What the kernel reports of a frame. One object for all frames: read it, don't keep it. */
export interface Arrival {
  /** CLOCK_REALTIME of arrival; seconds are 0 when the kernel gave none. */
  seconds: number
  nanoseconds: number
  /** The outer VLAN tag, 0 when there is none: protocol in the upper, control in the lower two bytes. */
  tag: number
  /** A checksum that the sender left to its network card: not the bytes that a wire would carry. */
  unsummed: boolean
  /** Longer than the buffer: there are no bytes. */
  truncated: boolean
}

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

/**
 * Reads up to 64 frames of a packet socket with one system call and hands each over as a copy. Gives their number, or
 * minus the error's.
 */
export function receiver(
  c: Libc,
  fd: number,
  maxFrame: number,
  receive: (bytes: Uint8Array, arrival: Arrival) => void,
) {
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
    messages.writeUInt32LE(controlSize, i * messageSize + 40)
  }
  const memory = new Uint8Array(data.buffer)
  const words = new Uint32Array(messages.buffer)
  const controlWords = new Uint32Array(control.buffer)
  const arrival: Arrival = { seconds: 0, nanoseconds: 0, tag: 0, unsummed: false, truncated: false }
  // The kernel only knows addresses: what they point at must live as long as this does.
  const kept = { data, control, vectors, messages }

  return (): number => {
    const count = c.recvmmsg(fd, kept.messages, batch, MSG_DONTWAIT | MSG_TRUNC, null)
    if (count < 0) return -c.errno()
    for (let i = 0; i < count; i++) {
      readControl(controlWords, (i * controlSize) >> 2, words[16 * i + 10] ?? 0, arrival)
      // The kernel wrote the length that it used over the one that it was offered.
      words[16 * i + 10] = controlSize
      const length = words[16 * i + 14] ?? 0
      arrival.truncated = length > maxFrame
      receive(arrival.truncated ? nothing : copy(memory, i * slot, length, arrival.tag), arrival)
    }
    return count
  }
}

const nothing = new Uint8Array()

/** The kernel takes the outer VLAN tag out of each frame and delivers it as separate data. */
function copy(memory: Uint8Array, start: number, length: number, tag: number): Uint8Array {
  if (tag === 0 || length < 12) return memory.slice(start, start + length)
  const frame = new Uint8Array(length + 4)
  frame.set(memory.subarray(start, start + 12))
  new DataView(frame.buffer).setUint32(12, tag)
  frame.set(memory.subarray(start + 12, start + length), 16)
  return frame
}

/** `start` counts words of 4 bytes; struct cmsghdr is length (8 bytes), level, type, and the next one is 8 bytes aligned. */
function readControl(words: Uint32Array, start: number, length: number, into: Arrival) {
  into.seconds = 0
  into.nanoseconds = 0
  into.tag = 0
  into.unsummed = false
  const end = start + (length >> 2)
  const word = (at: number) => words[at] ?? 0
  for (let at = start; at + 4 <= end; ) {
    const size = word(at)
    if (size < 16) return
    const level = word(at + 2)
    const type = word(at + 3)
    if (level === SOL_SOCKET && type === SCM_TIMESTAMPNS) {
      into.seconds = word(at + 4) + word(at + 5) * 2 ** 32
      into.nanoseconds = word(at + 6)
    } else if (level === SOL_PACKET && type === PACKET_AUXDATA) {
      // struct tpacket_auxdata: status, length, captured length, two offsets of 2 bytes, tag's control and protocol
      const status = word(at + 4)
      into.unsummed = (status & TP_STATUS_CSUMNOTREADY) !== 0
      if (status & TP_STATUS_VLAN_VALID) {
        const tag = word(at + 8)
        const protocol = status & TP_STATUS_VLAN_TPID_VALID ? tag >>> 16 : 0x8100
        into.tag = protocol * 65_536 + (tag & 0xffff)
      }
    }
    at += ((size + 7) & ~7) >> 2
  }
}
