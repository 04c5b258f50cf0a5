import type { Frame } from '../recording/recording.ts'
import type { TcpOutcome } from '../suite/bench.ts'
import type { QuotedPacket } from '../wire/decode.ts'
import type { Packet, PacketInit, Tcp } from '../wire/packet.ts'
import { act, type NodeContext } from './context.ts'
import { between, type IpLayer } from './ip.ts'
import { type Connection, connection, type Segment, type TcpService } from './tcp-connection.ts'

const echo: TcpService = () => (fresh) => fresh

/** What is kept of a closed connection answers a repeated FIN (TIME-WAIT, much shortened). */
const LINGER = 10

/** TCP of one endpoint, RFC 9293 as far as a lab's echo client and echo server need it. */
export interface TcpPorts {
  connect(options: {
    to: string
    port: number
    /** By default the address that it would choose. */
    from?: string | undefined
    localPort: number
    data: Uint8Array
    /** It ends after this number of octets came back; by default as many as were sent. */
    enough?(received: Uint8Array): boolean
    within: number
  }): Promise<TcpOutcome & { complete?: Frame }>
  /** By default an echo. */
  serve(port: number, service?: TcpService): void
  /** Neither answers nor refuses what comes for this port. */
  ignore(port: number): void
  uses(port: number): boolean
  receive(packet: Packet, frame: Frame): void
  /** An ICMP error other than Packet Too Big quotes this packet of ours. */
  unreachable(quoted: QuotedPacket, frame: Frame): void
  /** The path to this destination has become narrower. */
  tooBig(destination: string): void
}

export interface TcpIo extends Pick<IpLayer, 'send' | 'sourceFor'> {
  mtu(destination: string): number
}

interface Entry {
  connection: Connection
  remote: string
  /** Forgets it: whatever still comes is refused. */
  drop(): void
  /** Called with each frame that the connection took. */
  took?(frame: Frame): void
  /** What a connecting client waits for. */
  answered?: (outcome: TcpOutcome['outcome'], answer: Frame) => void
}

export function tcpPorts(ctx: NodeContext, io: TcpIo): TcpPorts {
  const served = new Map<number, TcpService>()
  const ignored = new Set<number>()
  const entries = new Map<string, Entry>()
  const keyOf = (local: string, localPort: number, remote: string, remotePort: number): string =>
    `${local} ${localPort} ${remote} ${remotePort}`

  const transmit = (
    [local, localPort, remote, remotePort]: [string, number, string, number],
    { payload, ...tcp }: Segment,
    sent?: (frame: Frame) => void,
  ): Frame => {
    const packet: PacketInit = { ...between(local, remote), tcp: { srcPort: localPort, dstPort: remotePort, ...tcp } }
    return io.send(payload ? { ...packet, payload } : packet, undefined, sent)
  }

  const open = (
    tuple: [string, number, string, number],
    options: {
      service?: TcpService
      data: Uint8Array
      enough: (received: Uint8Array) => boolean
      sent?: (frame: Frame) => void
      closed?: () => void
    },
  ): Entry => {
    const key = keyOf(...tuple)
    const [, , remote] = tuple
    const made = connection(ctx, {
      ...options,
      transmit: (segment) => transmit(tuple, segment, options.sent),
      // The headers of IPv6 and TCP.
      segmentSize: () => io.mtu(remote) - 60,
      closed() {
        options.closed?.()
        ctx.clock.after(LINGER, () => {
          if (entries.get(key) === entry) entries.delete(key)
        })
      },
    })
    const entry: Entry = {
      connection: made,
      remote,
      drop() {
        made.drop()
        entries.delete(key)
      },
    }
    entries.set(key, entry)
    return entry
  }

  /** RFC 9293 section 3.10.7.1: no connection. */
  const refuse = (tuple: [string, number, string, number], tcp: Tcp, length: number): void => {
    if (tcp.flags.includes('rst')) return
    const answer = tcp.flags.includes('ack')
      ? { seq: tcp.ack, flags: 'rst' }
      : { seq: 0, ack: (tcp.seq + length) >>> 0, flags: 'rst+ack' }
    transmit(tuple, { ...answer, window: 0 })
  }

  return {
    connect({ to, port, from, localPort, data, enough = (received) => received.length >= data.length, within }) {
      const local = from ?? io.sourceFor(to) ?? '::'
      let syn: Frame | undefined
      let outcome: TcpOutcome['outcome'] = 'silent'
      let answer: Frame | undefined
      let complete: Frame | undefined
      // Until the neighbor has answered there is no SYN; should there never be one, this is what was sent.
      const result = () => ({
        outcome,
        syn: syn ?? first,
        localPort,
        ...(answer && { answer }),
        ...(complete && { complete }),
      })
      const done = act(ctx, within, () => {
        entry.drop()
        return result()
      })
      const entry = open([local, localPort, to, port], {
        data,
        enough,
        sent: (frame) => {
          syn ??= frame
        },
        closed: () => done.settle(result()),
      })
      entry.took = (frame) => {
        if (!complete && data.length > 0 && enough(entry.connection.received())) complete = frame
      }
      entry.answered = (what, frame) => {
        outcome = what
        answer = frame
        delete entry.answered
        if (what !== 'connected') {
          entry.drop()
          done.settle(result())
        }
      }
      const first = entry.connection.connect()
      return done.promise
    },
    serve: (port, service = echo) => void served.set(port, service),
    ignore: (port) => void ignored.add(port),
    uses: (port) => [...entries.keys()].some((key) => key.split(' ')[1] === String(port)),
    receive(packet, frame) {
      const { tcp } = packet
      const ip = packet.ip6 ?? packet.ip4
      if (!tcp || !ip || tcp.badChecksum || ignored.has(tcp.dstPort)) return
      const tuple: [string, number, string, number] = [ip.dst, tcp.dstPort, ip.src, tcp.srcPort]
      const payload = packet.payload ?? new Uint8Array(0)
      let entry = entries.get(keyOf(...tuple))
      // A new SYN on the ports of an old connection opens a new one.
      const service = served.get(tcp.dstPort)
      if (tcp.flags === 'syn' && service && (!entry || entry.connection.state() === 'closed')) {
        entry = open(tuple, { service, data: new Uint8Array(0), enough: () => false })
      }
      if (!entry) {
        const control = Number(tcp.flags.includes('syn')) + Number(tcp.flags.includes('fin'))
        return refuse(tuple, tcp, payload.length + control)
      }
      const before = entry.connection.state()
      if (before === 'syn-sent' && tcp.flags.includes('rst')) entry.answered?.('refused', frame)
      else if (before === 'syn-sent' && tcp.flags === 'syn+ack') entry.answered?.('connected', frame)
      entry.connection.receive(tcp, payload)
      entry.took?.(frame)
    },
    unreachable({ tcp, ip6, ip4, payload }, frame) {
      const ip = ip6 ?? ip4
      // A router may quote no more than eight octets of TCP (RFC 792): the ports are in the first four.
      const srcPort = tcp?.srcPort ?? portAt(payload, 0)
      const dstPort = tcp?.dstPort ?? portAt(payload, 2)
      const entry = ip && entries.get(keyOf(ip.src, srcPort, ip.dst, dstPort))
      if (entry?.connection.state() === 'syn-sent') entry.answered?.('unreachable', frame)
    },
    tooBig(destination) {
      for (const entry of entries.values()) if (entry.remote === destination) entry.connection.retransmit()
    },
  }
}

function portAt(bytes: Uint8Array | undefined, at: number): number {
  return ((bytes?.[at] ?? 0) << 8) | (bytes?.[at + 1] ?? 0)
}
