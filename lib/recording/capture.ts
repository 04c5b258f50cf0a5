export interface CapturedFrame {
  port: string
  /** Nanoseconds since 1970; absent where the file has none (a Simple Packet Block). */
  time?: bigint
  /** Seen from the bench; absent where the file does not contain it. */
  direction?: 'in' | 'out'
  bytes: Uint8Array
  /** Octets on the wire, where `bytes` holds fewer. */
  originalLength?: number
  comment?: string
}

export type TimedFrame = CapturedFrame & { time: bigint }

export interface Capture {
  format: 'pcapng' | 'pcap'
  /** Interface names in the order of the file. */
  ports: string[]
  /** Ethernet frames. */
  frames: CapturedFrame[]
  /** The sum of the interfaces' drop counts. */
  drops: number
  /** Packets of the file that are not among `frames`. */
  skipped: Skipped[]
  /** Where and why reading ended before the file did; what came before is good. */
  stopped?: { offset: number; because: string }
}

/** Packets that were passed over for one reason: how many, and where in the file the first one is. */
export interface Skipped {
  packets: number
  because: string
  offset: number
}

/** A file that is no capture at all, or none that can be read. */
export class CaptureError extends Error {
  override readonly name = 'CaptureError'
  readonly offset: number
  readonly expected: string
  readonly seen: string
  readonly remedy: string

  constructor(offset: number, expected: string, seen: string, remedy: string) {
    super(`at offset ${offset}: expected ${expected}, saw ${seen}`)
    this.offset = offset
    this.expected = expected
    this.seen = seen
    this.remedy = remedy
  }
}

/** How many reasons are listed one by one. */
const MAX_REASONS = 4

/** `3 packets: link type 113 is not Ethernet (first at offset 96)`, by reason; and where reading stopped. */
export function notRead({ skipped, stopped }: Capture): string[] {
  const reasons = skipped
    .slice(0, MAX_REASONS)
    .map(({ packets, because, offset }) => `${packetsOf(packets)}: ${because} (first at offset ${offset})`)
  const [other, ...more] = skipped.slice(MAX_REASONS)
  if (other) {
    const packets = more.reduce((sum, one) => sum + one.packets, other.packets)
    reasons.push(`${packetsOf(packets)}: ${more.length + 1} other reasons (first at offset ${other.offset})`)
  }
  return stopped ? [...reasons, `all from offset ${stopped.offset}: ${stopped.because}`] : reasons
}

const packetsOf = (count: number): string => `${count} ${count === 1 ? 'packet' : 'packets'}`
