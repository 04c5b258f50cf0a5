import type { Frame } from '../recording/recording.ts'
import type { TcpOutcome } from '../suite/bench.ts'
import { isMulticast } from '../wire/address.ts'
import { decodeQuotedPacket, type QuotedPacket } from '../wire/decode.ts'
import { isAuthenticated } from '../wire/extension-headers.ts'
import { fragment } from '../wire/fragment.ts'
import type { Packet, PacketInit } from '../wire/packet.ts'
import { type Act, act, listeners, type NodeContext } from './context.ts'
import { reassembler } from './fragments.ts'
import { between, ETHERNET_MTU, type IpLayer, isGroup, isIpv4, MINIMUM_MTU, quote } from './ip.ts'
import { tcpPorts } from './tcp.ts'
import { plain, type Variety } from './variety.ts'

const PORT_UNREACHABLE = 4

/** Takes a datagram that came to one UDP port. */
export type UdpHandler = (packet: Packet, frame: Frame) => void

/** A host above IP: echo, UDP, TCP. Whatever carries its packets is not its business. */
export interface IpEndpoint {
  readonly name: string
  ping(
    to: string,
    options?: { from?: string; hopLimit?: number; size?: number; within?: number },
  ): Promise<Frame | undefined>
  udp(
    to: string,
    ports: { from: number; to: number },
    options?: { data?: Uint8Array; src?: string; hopLimit?: number },
  ): Frame
  connect(
    to: string,
    port: number,
    options?: { from?: string; localPort?: number; bytes?: number; data?: Uint8Array; within?: number },
  ): Promise<TcpOutcome>
  /** A TCP connection that sends these octets; `complete` is the frame that completed the answer. */
  ask(
    to: string,
    port: number,
    options: { data: Uint8Array; enough(heard: Uint8Array): boolean; within: number },
  ): Promise<TcpOutcome & { complete?: Frame }>
  serveTcp(port: number): void
  /** Does not answer segments for this port. */
  ignoreTcp(port: number): void
  serveUdp(port: number): void
  discardUdp(port: number): void
  shape(rule?: (packet: PacketInit) => PacketInit): void
  /** Gives a UDP port to a protocol of this host's. Returns how to close it. */
  bindUdp(port: number, handler: UdpHandler): () => void
  /** An unused port of the dynamic range, RFC 6335 section 6. */
  freePort(): number
  /** A packet for one of its addresses or groups. */
  receive(packet: Packet, frame: Frame): void
  /** Called with each packet that reaches it. Returns how to stop. */
  onPacket(listener: (packet: Packet, frame: Frame) => void): () => void
}

export function ipEndpoint(name: string, ctx: NodeContext, carrier: IpLayer, variety = plain): IpEndpoint {
  let shaped = (packet: PacketInit): PacketInit => packet
  const labelled = flowLabels(variety)
  const ip: IpLayer = { ...carrier, send: (packet, why, sent) => carrier.send(shaped(labelled(packet)), why, sent) }
  const heard = listeners<[Packet, Frame]>()
  const reassemble = reassembler(ctx)
  const udpPorts = new Map<number, UdpHandler>()
  const echoes = new Map<string, { to: string; reply: Act<Frame | undefined> }>()
  const pathMtu = new Map<string, number>()
  const mtu = (destination: string): number => Math.min(ip.mtu(), pathMtu.get(destination) ?? ETHERNET_MTU)
  const echoId = ctx.random.int(0x10000)
  let echoSeq = 0

  const send = (packet: PacketInit, why?: string): Frame => {
    const parts = packet.ip6 ? fragment(packet, mtu(packet.ip6.dst ?? ''), ctx.random.int(2 ** 32)) : [packet]
    const [first, ...rest] = parts.map((part) => ip.send(part, why))
    return rest.at(-1) ?? (first as Frame)
  }
  const header = (to: string, from?: string, hopLimit?: number): PacketInit =>
    between(from ?? ip.sourceFor(to) ?? (isIpv4(to) ? '0.0.0.0' : '::'), to, hopLimit)
  const tcp = tcpPorts(ctx, { send: ip.send, sourceFor: ip.sourceFor, mtu })

  const freePort = (): number => {
    for (;;) {
      const port = 49152 + ctx.random.int(16384)
      if (!udpPorts.has(port) && !tcp.uses(port)) return port
    }
  }

  /** An answer comes from the address that was asked, a group's member answers from its own. */
  const back = (packet: Packet): PacketInit => {
    const { src, dst } = (packet.ip6 ?? packet.ip4) as { src: string; dst: string }
    return header(src, ip.owns(dst) ? dst : undefined)
  }

  const echoReply = (id: number, seq: number, src: string, frame: Frame): void => {
    const echo = echoes.get(`${id} ${seq}`)
    if (!echo || (echo.to !== src && !isGroup(echo.to))) return
    echoes.delete(`${id} ${seq}`)
    echo.reply.settle(frame)
  }

  const icmpError = (quoted: QuotedPacket, frame: Frame, ptb?: number): void => {
    const { src, dst } = quoted.ip6 ?? quoted.ip4 ?? {}
    if (src === undefined || dst === undefined || !ip.owns(src)) return
    if (ptb === undefined) {
      tcp.unreachable(quoted, frame)
    } else {
      // RFC 8201 section 4: a reported MTU below the least one doesn't go below it.
      pathMtu.set(dst, Math.min(mtu(dst), Math.max(ptb, MINIMUM_MTU)))
      tcp.tooBig(dst)
    }
  }

  const receiveIcmp6 = (packet: Packet, frame: Frame): void => {
    const { icmp6, ip6 } = packet
    if (!icmp6 || !ip6 || icmp6.badChecksum) return
    switch (icmp6.type) {
      case 'echo-request': {
        const { id, seq, data } = icmp6
        send({ ...back(packet), icmp6: { type: 'echo-reply', code: 0, id, seq, data } })
        break
      }
      case 'echo-reply':
        echoReply(icmp6.id, icmp6.seq, ip6.src, frame)
        break
      case 'destination-unreachable':
      case 'time-exceeded':
        icmpError(decodeQuotedPacket(icmp6.data), frame)
        break
      case 'packet-too-big':
        icmpError(decodeQuotedPacket(icmp6.data), frame, icmp6.mtu)
        break
    }
  }

  const receiveIcmp4 = (packet: Packet, frame: Frame): void => {
    const { icmp4, ip4, payload } = packet
    if (!icmp4 || !ip4 || icmp4.badChecksum) return
    if (icmp4.type === 8) {
      send({ ...back(packet), icmp4: { type: 0, code: 0, rest: icmp4.rest }, ...(payload && { payload }) })
    } else if (icmp4.type === 0) {
      echoReply(icmp4.rest >>> 16, icmp4.rest & 0xffff, ip4.src, frame)
    } else if ((icmp4.type === 3 || icmp4.type === 11) && payload) {
      icmpError(decodeQuotedPacket(payload), frame)
    }
  }

  const receiveUdp = (packet: Packet, frame: Frame): void => {
    const { udp, ip6, icmp6 } = packet
    if (!udp || icmp6 || udp.badChecksum) return
    const handler = udpPorts.get(udp.dstPort)
    if (handler) {
      handler(packet, frame)
    } else if (ip6 && !isMulticast(ip6.dst) && ip6.src !== '::') {
      const data = quote(packet)
      send({ ...back(packet), icmp6: { type: 'destination-unreachable', code: PORT_UNREACHABLE, data } })
    }
  }

  return {
    name,
    ping(to, { from, hopLimit, size = 56, within = 3 } = {}) {
      const seq = echoSeq++ & 0xffff
      const data = pattern(size)
      const key = `${echoId} ${seq}`
      const reply = act<Frame | undefined>(ctx, within, () => {
        echoes.delete(key)
        return undefined
      })
      echoes.set(key, { to, reply })
      const ping: PacketInit = isIpv4(to)
        ? { icmp4: { type: 8, code: 0, rest: echoId * 0x10000 + seq }, payload: data }
        : { icmp6: { type: 'echo-request', code: 0, id: echoId, seq, data } }
      send({ ...header(to, from, hopLimit), ...ping })
      return reply.promise
    },
    udp(to, ports, { data = pattern(16), src, hopLimit } = {}) {
      // Answers to a port that was sent from are not refused.
      if (!udpPorts.has(ports.from)) udpPorts.set(ports.from, () => {})
      return send({ ...header(to, src, hopLimit), udp: { srcPort: ports.from, dstPort: ports.to }, payload: data })
    },
    connect(to, port, { from, localPort = freePort(), bytes = 0, data = pattern(bytes), within = 5 } = {}) {
      return tcp.connect({ to, port, from, localPort, data, within })
    },
    ask: (to, port, options) => tcp.connect({ to, port, localPort: freePort(), ...options }),
    serveTcp: (port) => tcp.serve(port),
    ignoreTcp: tcp.ignore,
    serveUdp(port) {
      udpPorts.set(port, (packet) => {
        const { udp, payload } = packet
        if (!udp) return
        const echo = { srcPort: udp.dstPort, dstPort: udp.srcPort }
        send({ ...back(packet), udp: echo, ...(payload && { payload }) })
      })
    },
    discardUdp: (port) => void udpPorts.set(port, () => {}),
    shape(rule = (packet) => packet) {
      shaped = rule
    },
    bindUdp(port, handler) {
      udpPorts.set(port, handler)
      return () => void udpPorts.delete(port)
    },
    freePort,
    receive(received, frame) {
      heard.call(received, frame)
      if (received.malformed) return
      const packet = reassemble(received)
      if (!packet || packet.malformed || isAuthenticated(packet)) return
      if (packet.icmp6) receiveIcmp6(packet, frame)
      else if (packet.icmp4) receiveIcmp4(packet, frame)
      else if (packet.udp) receiveUdp(packet, frame)
      else if (packet.tcp) tcp.receive(packet, frame)
    },
    onPacket: heard.add,
  }
}

/** RFC 6437 section 3: none, or one for each flow. */
function flowLabels(variety: Variety): (packet: PacketInit) => PacketInit {
  if (variety.pick('flow label', ['none', 'for each flow']) === 'none') return (packet) => packet
  return (packet) => {
    const { ip6, udp, tcp } = packet
    if (!ip6 || ip6.flowLabel !== undefined) return packet
    const flow = [ip6.src, ip6.dst, udp?.srcPort ?? tcp?.srcPort, udp?.dstPort ?? tcp?.dstPort].join(' ')
    const [a = 0, b = 0, c = 0] = variety.octets(`flow ${flow}`, 3)
    return { ...packet, ip6: { ...ip6, flowLabel: ((a & 0x0f) << 16) | (b << 8) | c | 1 } }
  }
}

/** Data that shows where it was cut or shifted. */
function pattern(size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => i & 0xff)
}
