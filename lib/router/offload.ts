import type { Packet } from '../wire/packet.ts'
import type { Context } from './context.ts'
import { tupleOf } from './flows.ts'

/** What an engine that forwards by flows may lose of them; a sound one loses nothing. */
export interface Offload {
  /** The packet of a flow that it has lost. */
  loses(packet: Packet, way: 'out' | 'in'): boolean
  lineLost(): void
  /** Another prefix beside those that there are. */
  prefixAdded(): void
}

export function offload({ clock, behaviour }: Context): Offload {
  const begun = new Map<string, number>()
  let dead = new Set<string>()
  let deafUntil = 0
  return {
    loses(packet, way) {
      if (clock.now() < deafUntil) return true
      const tuple = packet.udp && tupleOf(packet, way)
      if (!tuple) return false
      const key = JSON.stringify(tuple)
      const since = begun.get(key) ?? clock.now()
      begun.set(key, since)
      return dead.has(key) || clock.now() - since > behaviour.udpFlowAge
    },
    lineLost() {
      if (behaviour.flowsOverLineCut === 'are dead') dead = new Set(begun.keys())
    },
    prefixAdded() {
      deafUntil = clock.now() + behaviour.deafWhilePrefixesChange
    },
  }
}
