import type { Frame } from '../recording/recording.ts'
import type { Timer } from '../time/clock.ts'
import type { Tcp } from '../wire/packet.ts'
import type { NodeContext } from './context.ts'

/** Fits the least IPv6 MTU: a path MTU problem shows only where a test asks for one. */
const MSS = 1220
const MSS_OPTION = Uint8Array.of(2, 4, MSS >> 8, MSS & 0xff)
const RETRANSMISSION_TIMEOUT = 1
const RETRANSMISSIONS = 5
/** Segments in flight. */
const BURST = 10

export interface Segment extends Partial<Tcp> {
  payload?: Uint8Array
}

/** The answer of a server to the octets that just arrived; a new one for each connection. */
export type TcpService = () => (fresh: Uint8Array) => Uint8Array

/** One side of a connection: sends its data or answers the peer's, then closes in order. */
export interface Connection {
  state(): 'idle' | 'syn-sent' | 'syn-received' | 'open' | 'closed'
  /** All that came so far, in order. */
  received(): Uint8Array
  connect(): Frame
  receive(tcp: Tcp, payload: Uint8Array): void
  /** Sends what is not acknowledged again, now. */
  retransmit(): void
  /** Ends without a word. */
  drop(): void
}

export interface ConnectionOptions {
  /** Answers what comes, and ends when the peer does. */
  service?: TcpService
  /** Without a service: sends this, and ends when enough came back. */
  data: Uint8Array
  enough(heard: Uint8Array): boolean
  transmit(segment: Segment): Frame
  /** What a segment may hold on this path. */
  segmentSize(): number
  closed(): void
}

export function connection(
  ctx: NodeContext,
  { service, data, enough, transmit, segmentSize, closed }: ConnectionOptions,
): Connection {
  const initial = ctx.random.int(2 ** 32)
  let state: ReturnType<Connection['state']> = 'idle'
  let out = data
  // Counted from the initial sequence number: 0 is the SYN, 1 the first octet, out.length + 1 the FIN.
  let acknowledged = 0
  let next = 0
  let sent = 0
  let expected = 0
  let peerMss = MSS
  let window = 65535
  let received: Uint8Array = new Uint8Array(0)
  const respond = service?.()
  let peerEnded = false
  let ending = false
  let retransmissions = 0
  let timer: Timer | undefined

  const segment = (flags: string, offset: number, more: Segment = {}): Frame =>
    transmit({ seq: (initial + offset) >>> 0, flags, ...(flags !== 'syn' && { ack: expected }), ...more })
  const synchronize = (): Frame => {
    next = sent = 1
    arm()
    return segment(state === 'syn-sent' ? 'syn' : 'syn+ack', 0, { options: MSS_OPTION })
  }
  const close = (): void => {
    if (state === 'closed') return
    state = 'closed'
    timer?.cancel()
    closed()
  }
  const arm = (): void => {
    timer?.cancel()
    if (acknowledged < next) timer = ctx.clock.after(RETRANSMISSION_TIMEOUT, retransmit)
  }
  const retransmit = (): void => {
    if (state === 'closed') return
    if (++retransmissions > RETRANSMISSIONS) {
      close()
    } else if (state !== 'open') {
      synchronize()
    } else {
      next = acknowledged
      pump()
    }
  }
  /** Sends what may be sent. */
  const pump = (): void => {
    const size = Math.min(segmentSize(), peerMss)
    const limit = acknowledged + Math.max(1, Math.min(window, BURST * size))
    while (next < out.length + 1 && next < limit) {
      const payload = out.slice(next - 1, Math.min(next - 1 + size, limit - 1))
      segment('psh+ack', next, { payload })
      next += payload.length
    }
    if (ending && next === out.length + 1) segment('fin+ack', next++)
    sent = Math.max(sent, next)
    arm()
  }
  const acknowledge = (tcp: Tcp): void => {
    const offset = (tcp.ack - initial) >>> 0
    if (offset <= acknowledged || offset > sent) return
    acknowledged = offset
    next = Math.max(next, acknowledged)
    retransmissions = 0
  }
  /** Takes what comes in order; true when there was anything to acknowledge. */
  const take = (tcp: Tcp, payload: Uint8Array): boolean => {
    const ended = tcp.flags.includes('fin')
    if (payload.length === 0 && !ended) return false
    const known = (expected - tcp.seq) | 0
    const fresh = known >= 0 ? payload.subarray(known) : undefined
    if (!fresh || known > payload.length) return true
    expected = (expected + fresh.length) >>> 0
    received = joined(received, fresh)
    if (respond) out = joined(out, respond(fresh))
    if (ended && !peerEnded) {
      expected = (expected + 1) >>> 0
      peerEnded = true
    }
    return true
  }

  return {
    state: () => state,
    received: () => received,
    connect() {
      state = 'syn-sent'
      return synchronize()
    },
    receive(tcp, payload) {
      if (tcp.flags.includes('rst')) return close()
      window = tcp.window
      if (state === 'idle') {
        peerMss = mssOf(tcp)
        expected = (tcp.seq + 1) >>> 0
        state = 'syn-received'
        synchronize()
        return
      }
      if (tcp.flags === 'syn') return state === 'syn-received' ? void synchronize() : undefined
      acknowledge(tcp)
      if (tcp.flags === 'syn+ack') {
        if (state === 'syn-sent' && acknowledged === 1) {
          peerMss = mssOf(tcp)
          expected = (tcp.seq + 1) >>> 0
          state = 'open'
        }
        segment('ack', next)
      } else if (state === 'syn-sent') {
        return
      } else if (state === 'syn-received' && acknowledged === 1) {
        state = 'open'
      }
      if (take(tcp, payload)) segment('ack', sent)
      ending ||= peerEnded || (!respond && enough(received))
      if (state !== 'open') return
      pump()
      if (peerEnded && acknowledged === out.length + 2) close()
    },
    retransmit() {
      if (state === 'open' && acknowledged < next) retransmit()
    },
    drop() {
      state = 'closed'
      timer?.cancel()
    },
  }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

/** The MSS option, RFC 9293 section 3.7.1. */
function mssOf({ options = new Uint8Array(0) }: Tcp): number {
  for (let at = 0; at < options.length; ) {
    const kind = options[at] as number
    if (kind === 0) break
    if (kind === 2) return Math.min(MSS, ((options[at + 2] ?? 0) << 8) | (options[at + 3] ?? 0))
    at += kind === 1 ? 1 : Math.max(2, options[at + 1] ?? 2)
  }
  return MSS
}
