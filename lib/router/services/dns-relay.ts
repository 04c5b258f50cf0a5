import type { Timer } from '../../time/clock.ts'
import type { Ipv6Address } from '../../wire/address.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import type { Context } from '../context.ts'

const maxConnections = 128
const firstPort = 49_152
const dnsPort = 53

interface Connection {
  host: Ipv6Address
  port: number
  /** The router's own address that the host sends to. */
  at: Ipv6Address
  resolver: Ipv6Address
  timer?: Timer
}

/**
 * DNS over TCP, RFC 5625 section 4.4: each segment from a host is relayed to the ISP's resolver, and back. The two ends
 * keep the state of the connection.
 */
export interface DnsRelay {
  fromHost(packet: Packet): void
  /** False where no connection is known to it. */
  fromResolver(packet: Packet): boolean
}

export function dnsRelay(
  { clock, random, behavior }: Context,
  needs: {
    resolvers(): Ipv6Address[]
    ask(resolver: Ipv6Address, segment: PacketInit): void
    answer(to: Ipv6Address, from: Ipv6Address, segment: PacketInit): void
  },
): DnsRelay {
  const connections = new Map<number, Connection>()

  const segment = ({ tcp, payload }: Packet, ports: { srcPort: number; dstPort: number }): PacketInit => ({
    tcp: { ...tcp, checksum: undefined, ...ports },
    ...(payload && { payload }),
  })

  function touch(own: number, one: Connection): void {
    one.timer?.cancel()
    one.timer = clock.after(behavior.dnsTcpIdle, () => connections.delete(own))
  }

  function open(host: Ipv6Address, port: number, at: Ipv6Address): [number, Connection] | undefined {
    const [resolver] = needs.resolvers()
    if (resolver === undefined || connections.size >= maxConnections) return undefined
    let own = firstPort + random.int(0x10000 - firstPort)
    while (connections.has(own)) own = firstPort + random.int(0x10000 - firstPort)
    const made = { host, port, at, resolver }
    connections.set(own, made)
    return [own, made]
  }

  return {
    fromHost(packet) {
      const { ip6, tcp } = packet
      if (!ip6 || !tcp || tcp.badChecksum) return
      const known = [...connections].find(([, one]) => one.host === ip6.src && one.port === tcp.srcPort)
      const [own, one] = known ?? (tcp.flags === 'syn' ? (open(ip6.src, tcp.srcPort, ip6.dst) ?? []) : [])
      if (own === undefined || !one) return
      touch(own, one)
      needs.ask(one.resolver, segment(packet, { srcPort: own, dstPort: dnsPort }))
    },
    fromResolver(packet) {
      const { ip6, tcp } = packet
      const one = tcp && connections.get(tcp.dstPort)
      if (!one || tcp.srcPort !== dnsPort || tcp.badChecksum || ip6?.src !== one.resolver) return false
      touch(tcp.dstPort, one)
      needs.answer(one.host, one.at, segment(packet, { srcPort: dnsPort, dstPort: one.port }))
      return true
    },
  }
}
