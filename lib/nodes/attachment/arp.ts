import type { Frame } from '../../recording/recording.ts'
import type { Ipv4Address, Mac } from '../../wire/address.ts'
import type { Arp, PacketInit } from '../../wire/packet.ts'
import type { NodeContext } from '../context.ts'
import { type Neighbors, neighbors } from './neighbors.ts'

const unknownMac = '00:00:00:00:00:00'

/** Resolves IPv4 neighbors: RFC 826. */
export interface ArpCache extends Pick<Neighbors, 'deliver' | 'isSilent' | 'clear'> {
  receive(message: Arp): void
}

export function arpCache(
  ctx: NodeContext,
  mac: Mac,
  own: { sourceFor(neighbor: Ipv4Address): Ipv4Address | undefined; owns(address: Ipv4Address): boolean },
  transmit: (packet: PacketInit) => Frame,
): ArpCache {
  const cache = neighbors(ctx, (target, known) =>
    transmit({
      ...(known && { eth: { dst: known } }),
      arp: {
        operation: 'request',
        senderMac: mac,
        sender: own.sourceFor(target) ?? '0.0.0.0',
        targetMac: unknownMac,
        target,
      },
    }),
  )
  return {
    ...cache,
    receive(message) {
      const { operation, senderMac, sender, target } = message
      if (operation === 'reply') cache.answered(sender, senderMac, { solicited: true, override: true })
      else if (operation === 'request' && own.owns(target)) {
        cache.received(sender, senderMac)
        transmit({ arp: { operation: 'reply', senderMac: mac, sender: target, targetMac: senderMac, target: sender } })
      }
    },
  }
}
