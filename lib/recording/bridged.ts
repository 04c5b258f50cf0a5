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

/** Copies of a frame come out of the ports of a switch within this time of each other. Seconds. */
export const copyWindow = 0.05

type Sent = Pick<Frame, 'at' | 'bytes'>

export const isCopy = (one: Sent, other: Sent): boolean =>
  Math.abs(one.at - other.at) <= copyWindow && Buffer.compare(one.bytes, other.bytes) === 0

/**
 * A frame on the WAN that came out on the LAN as well, just before: of another node on the LAN, which the DUT bridged.
 * `frames` are in the order of their numbers.
 */
export function isBridgedCopy(frame: Frame, frames: readonly Frame[]): boolean {
  if (frame.from !== 'dut' || !isOnWan(frame)) return false
  for (let number = frame.number - 1; number > 0; number--) {
    const other = frames[number - 1] as Frame
    if (frame.at - other.at > copyWindow) return false
    if (!isOnWan(other) && other.from === 'dut' && isCopy(frame, other)) return true
  }
  return false
}
