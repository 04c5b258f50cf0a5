import type { Packet } from '../wire/packet.ts'
import type { Context } from './context.ts'
import { tupleOf } from './flows.ts'

/** A flow that rests for so long is handled by the engine no more, and begins anew. Seconds. */
const idle = 60

/** What an engine that forwards by flows may lose of them; a sound one loses nothing. */
export interface Offload {
  /** The packet of a flow that it has lost. */
  loses(packet: Packet, way: 'out' | 'in'): boolean
  lineLost(): void
  /** Another prefix beside those that there are. */
  prefixAdded(): void
}

export function offload({ clock, behaviour }: Context): Offload {
  const known = new Map<string, { begun: number; last: number }>()
  let dead = new Set<string>()
  let deafUntil = 0
  return {
    loses(packet, way) {
      if (clock.now() < deafUntil) return true
      const transport = packet.udp ? 'udp' : packet.tcp ? 'tcp' : undefined
      const tuple = transport && tupleOf(packet, way)
      if (!tuple) return false
      const key = JSON.stringify(tuple)
      const now = clock.now()
      const before = known.get(key)
      const begun = before && now - before.last < idle ? before.begun : now
      known.set(key, { begun, last: now })
      return dead.has(key) || now - begun > behaviour.flowAge(transport)
    },
    lineLost() {
      if (behaviour.flowsOverLineCut === 'are dead') dead = new Set(known.keys())
    },
    prefixAdded() {
      deafUntil = clock.now() + behaviour.deafWhilePrefixesChange
    },
  }
}
