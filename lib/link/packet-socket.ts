import type { RealClock } from '../time/real-clock.ts'
import { watchCarrier } from './carrier.ts'
import { droppedBy, interfaces, systemError } from './errno.ts'
import { type Libc, libc } from './libc.ts'
import { type Link, LinkError } from './link.ts'
import { inNetns } from './network-namespace.ts'
import { linkDetected } from './offload.ts'
import { type Arrival, batchSize, receiver } from './receive.ts'

export interface PacketSocketOptions {
  interface: string
  /** The named network namespace that holds the interface; without it, the one that we are in. */
  netns?: string
  clock: RealClock
  /** For messages; the interface's name by default. */
  name?: string
  /** Longest frame that is taken whole: jumbo frames with a tag. */
  maxFrame?: number
  /** Bytes that the kernel keeps for us while we are busy. */
  buffer?: number
}

export interface PortCounters {
  received: number
  sent: number
  /** Lost because the kernel's buffer was full, in either direction. */
  overflowed: number
  /** Lost by the interface or the kernel's backlog, before they could wait in our buffer. */
  dropped: number
  /** Lost because they were longer than `maxFrame`: merged by an offload, or larger than jumbo. */
  truncated: number
  /** Received with a checksum that the sender's kernel left to its card: an offload is on. */
  unsummed: number
}

export interface PacketSocket extends Link {
  counters(): PortCounters
}

const AF_PACKET = 17
const SOCK_RAW_NONBLOCK_CLOEXEC = 3 | 0o4000 | 0o2000000
const ETH_P_ALL = 3
const SOL_SOCKET = 1
const SO_SNDBUFFORCE = 32
const SO_RCVBUFFORCE = 33
const SO_TIMESTAMPNS = 35
const SOL_PACKET = 263
const PACKET_ADD_MEMBERSHIP = 1
const PACKET_MR_PROMISC = 1
const PACKET_STATISTICS = 6
const PACKET_AUXDATA = 8
const PACKET_IGNORE_OUTGOING = 23
const MSG_DONTWAIT = 0x40
const ENETDOWN = 100
const ENOBUFS = 105
/** Batches read at one go, so that a flood does not starve the timers. */
const batchesAtOnce = 16

/**
 * An Ethernet port of this machine, raw. It does not receive what it sends. Frames wait in the kernel's buffer until
 * there is a listener. The caller stamps what it sends *before* `send`.
 */
export function openPacketSocket(options: PacketSocketOptions): PacketSocket {
  const { clock, maxFrame = 9234, name = options.interface } = options
  const c = libc()
  let notifyCarrier = (_up: boolean) => {}
  let carrier: boolean | undefined
  let carrierUntold = false
  const counters: PortCounters = { received: 0, sent: 0, overflowed: 0, dropped: 0, truncated: 0, unsummed: 0 }
  /** Of what the interface dropped, what is none of ours: what came before, or while there was no carrier. */
  let lostBefore = 0
  /** No other socket takes most frames with a tag, so the kernel counts them as dropped, though we have them. */
  let tagged = 0
  const { fd, watch } = inNetns(options.netns, () => {
    const index = c.if_nametoindex(options.interface)
    if (index === 0) throw noSuchInterface(options)
    const fd = openSocket(c, name, index, options.buffer ?? 32 << 20)
    try {
      const watch = watchCarrier(c, index, (up) => {
        if (carrier !== undefined) lostBefore = lostByInterface() - counters.dropped
        carrier = up
        carrierUntold = false
        try {
          notifyCarrier(up)
        } catch (error) {
          throwLater(error)
        }
      })
      lostBefore = lostByInterface()
      return { fd, watch }
    } catch (error) {
      c.close(fd)
      throw error
    }
  })

  const receive = receiver(c, fd, maxFrame, hear)
  const originSeconds = Number(clock.origin / 1_000_000_000n)
  const originNanoseconds = Number(clock.origin % 1_000_000_000n)
  let poll: { close(): void } | undefined
  let listener = (_frame: Uint8Array, _at: number) => {}
  let closed = false

  const put = (frame: Uint8Array) => c.send(fd, frame, frame.length, MSG_DONTWAIT)

  function at(arrival: Arrival): number {
    if (arrival.seconds === 0) return clock.now()
    return arrival.seconds - originSeconds + (arrival.nanoseconds - originNanoseconds) / 1e9
  }

  function hear(bytes: Uint8Array, arrival: Arrival) {
    if (closed) return
    if (arrival.tag !== 0) tagged++
    if (arrival.truncated) {
      counters.truncated++
      return
    }
    counters.received++
    if (arrival.unsummed) counters.unsummed++
    try {
      listener(bytes, at(arrival))
    } catch (error) {
      throwLater(error)
    }
  }

  function read() {
    for (let i = 0; i < batchesAtOnce && !closed; i++) {
      // Below 0: nothing to read, or ENETDOWN, which is reported once, cleared by reading, and better reported by the carrier.
      if (receive() < batchSize) return
    }
  }

  /**
   * What a handler throws is thrown outside of the call from C: there it would surface in whatever call is next, and
   * cost the frames behind the one that the handler choked on.
   */
  function throwLater(error: unknown) {
    clock.after(0, () => {
      throw error
    })
  }

  /**
   * A port without carrier loses what it is given, as an unplugged card does, and its kernel calls that a full queue.
   * Asked a moment later, as the carrier goes after the port at the other end; with carrier it is a drop.
   */
  function refused() {
    clock.after(0.01, () => {
      if (!closed && linkDetected(c, fd, options.interface)) counters.overflowed++
    })
  }

  /** The kernel forgets its count when it is read. */
  function countOverflow() {
    if (closed) return
    const statistics = Buffer.alloc(8)
    if (c.getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, statistics, int(statistics.length)) < 0) {
      throw systemError(`${name}: reading the drop counter`, c.errno())
    }
    counters.overflowed += statistics.readUInt32LE(4)
    counters.dropped = Math.max(counters.dropped, lostByInterface() - lostBefore)
  }

  /** An interface that is gone has lost nothing more. */
  function lostByInterface(): number {
    try {
      return inNetns(options.netns, () => droppedBy(options.interface) ?? 0) - tagged
    } catch (error) {
      if (error instanceof LinkError) return 0
      throw error
    }
  }

  return {
    name,
    send(frame) {
      if (closed) throw new LinkError(`${name}: expected an open port, but it was closed: send before close()`)
      if (put(frame) < 0) {
        // The first call after an interface was down gets that error, even though it is up again.
        const errno = c.errno()
        if (errno === ENOBUFS) {
          refused()
          return
        }
        if (errno !== ENETDOWN || put(frame) < 0) {
          throw systemError(`${name}: sending a frame of ${frame.length} bytes`, errno)
        }
      }
      counters.sent++
    },
    onFrame(next) {
      listener = next
      if (!closed) poll ??= c.watch(fd, read)
    },
    onCarrier(next) {
      notifyCarrier = next
      carrierUntold = true
      clock.after(0, () => {
        if (closed || !carrierUntold || carrier === undefined) return
        carrierUntold = false
        next(carrier)
      })
    },
    drops() {
      countOverflow()
      return counters.overflowed + counters.dropped + counters.truncated
    },
    unsummed: () => counters.unsummed,
    counters() {
      countOverflow()
      return { ...counters }
    },
    close() {
      if (closed) return
      countOverflow()
      closed = true
      poll?.close()
      watch.close()
      c.close(fd)
    },
  }
}

function openSocket(c: Libc, name: string, index: number, buffer: number): number {
  // Protocol 0 until bound, so that nothing of other interfaces is queued first.
  const fd = c.socket(AF_PACKET, SOCK_RAW_NONBLOCK_CLOEXEC, 0)
  if (fd < 0) throw systemError(`${name}: opening a raw port`, c.errno())
  const set = (what: string, level: number, option: number, value: Buffer) => {
    if (c.setsockopt(fd, level, option, value, value.length) < 0) throw systemError(`${name}: ${what}`, c.errno())
  }
  try {
    set('getting a receive buffer', SOL_SOCKET, SO_RCVBUFFORCE, int(buffer))
    set('getting a send buffer', SOL_SOCKET, SO_SNDBUFFORCE, int(4 << 20))
    set('asking for timestamps', SOL_SOCKET, SO_TIMESTAMPNS, int(1))
    set('asking for VLAN tags', SOL_PACKET, PACKET_AUXDATA, int(1))
    set('leaving out what is sent', SOL_PACKET, PACKET_IGNORE_OUTGOING, int(1))
    // struct packet_mreq: index, type, and an address that promiscuity does not need
    const membership = Buffer.alloc(16)
    membership.writeInt32LE(index, 0)
    membership.writeUInt16LE(PACKET_MR_PROMISC, 4)
    set('listening to all addresses', SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership)
    // struct sockaddr_ll: family, protocol in network order, index
    const address = Buffer.alloc(20)
    address.writeUInt16LE(AF_PACKET, 0)
    address.writeUInt16BE(ETH_P_ALL, 2)
    address.writeInt32LE(index, 4)
    if (c.bind(fd, address, address.length) < 0) throw systemError(`${name}: binding to the interface`, c.errno())
    return fd
  } catch (error) {
    c.close(fd)
    throw error
  }
}

function noSuchInterface(options: PacketSocketOptions): LinkError {
  const where = options.netns ? ` in the network namespace ${options.netns}` : ''
  return new LinkError(
    `Expected an interface ${options.interface}${where}, there are: ${interfaces().join(', ')}. Name one of these, or make it`,
  )
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}
