import type { Frame, World } from './recording.ts'

const isOnWan = ({ port }: { port: string }): boolean => port.startsWith('wan')

/**
 * A frame of the bench that came out of the DUT on the other side: it went in on a LAN port and came out on the WAN, or
 * the other way round. A router that forwards a packet sends it from a MAC of its own.
 */
export function isBridged(frame: Frame, { stations }: Pick<World, 'stations'>): boolean {
  if (frame.direction === 'out' || frame.from !== 'bench') return false
  const senders = Object.values(stations).filter(({ mac }) => mac === frame.packet.eth.src)
  return senders.length > 0 && senders.every((sender) => isOnWan(sender) !== isOnWan(frame))
}
