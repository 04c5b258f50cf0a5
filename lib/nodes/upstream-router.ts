import type { Frame } from '../recording/recording.ts'
import { isMulticast } from '../wire/address.ts'
import type { Ipv6Address, Mac, Packet, PacketInit } from '../wire/packet.ts'
import { isValidDiscovery } from './discovery-checks.ts'
import type { Port, Station } from './port.ts'
import { interfaceIds, linkLocalBy, plain, type Variety } from './variety.ts'

export interface UpstreamRouterOptions {
  port: Port
  mac: Mac
  variety?: Variety
  /** Takes what the DUT sends by way of this router. */
  forward(packet: Packet, frame: Frame): void
}

/** Another router on the DUT's access line: a neighbor that forwards. Its RAs are its owner's to send. */
export interface EmulatedUpstreamRouter {
  readonly mac: Mac
  readonly linkLocal: Ipv6Address
  /** Sends as it is; its link-local source is filled in. */
  send(packet: PacketInit, why?: string): Frame
  /** False: it is dead, to questions and to packets. */
  answers(on: boolean): void
}

export function upstreamRouter(options: UpstreamRouterOptions): EmulatedUpstreamRouter {
  const { port, mac, forward, variety = plain } = options
  const linkLocal = linkLocalBy(interfaceIds(variety, mac))
  let alive = true

  const station: Station = {
    mac,
    receive(packet, frame) {
      const { icmp6, ip6 } = packet
      if (!alive || frame.from !== 'dut' || !ip6) return
      const asks = icmp6?.type === 'neighbor-solicitation' && isValidDiscovery(packet)
      if (asks && icmp6.target === linkLocal) answer(packet.eth.src, ip6.src)
      else if (packet.eth.dst === mac && !isMulticast(ip6.dst)) forward(packet, frame)
    },
  }
  port.attach(station)

  /** RFC 4861 section 7.2.4: to all nodes where DAD asks. */
  function answer(askerMac: Mac, asker: Ipv6Address): void {
    const solicited = asker !== '::'
    port.send(station, {
      ...(solicited && { eth: { dst: askerMac } }),
      ip6: { src: linkLocal, dst: solicited ? asker : 'ff02::1' },
      icmp6: {
        type: 'neighbor-advertisement',
        router: true,
        solicited,
        override: true,
        target: linkLocal,
        options: [{ type: 'target-link-layer', mac }],
      },
    })
  }

  return {
    mac,
    linkLocal,
    send: (packet, why) =>
      port.send(station, { ...packet, ...(packet.ip6 && { ip6: { src: linkLocal, ...packet.ip6 } }) }, why),
    answers(on) {
      alive = on
    },
  }
}
