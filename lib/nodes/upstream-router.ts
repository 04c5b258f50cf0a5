import type { Frame } from '../recording/recording.ts'
import type { Ipv6Address, Mac } from '../wire/address.ts'
import type { Packet, PacketInit } from '../wire/packet.ts'
import { ethernet } from './attachment/ethernet.ts'
import type { Port } from './attachment/port.ts'
import type { NodeContext } from './context.ts'
import { stack } from './stack.ts'
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
  /** Sends as it is, to the DUT; its link-local source is filled in. */
  send(packet: PacketInit, why?: string): Frame
  /** False: it answers and forwards nothing. */
  answers(on: boolean): void
}

export function upstreamRouter(ctx: NodeContext, options: UpstreamRouterOptions): EmulatedUpstreamRouter {
  const { port, mac, forward, variety = plain } = options
  const linkLocal = linkLocalBy(interfaceIds(variety, mac))
  let alive = true
  const net = stack(
    ctx,
    {
      attach: ethernet({ mac, port: () => port, accepts: ({ from }) => alive && from === 'dut' }),
      slaac: false,
      isRouter: true,
      variety,
      infrastructure: { linkLocal, addresses: () => [linkLocal], nextHop: (destination) => destination },
    },
    { deliver() {}, forward },
  )
  net.plugIn()

  return {
    mac,
    linkLocal,
    send: net.sendToPeer,
    answers(on) {
      alive = on
    },
  }
}
