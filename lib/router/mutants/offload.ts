import type { Packet } from '../../wire/packet.ts'
import type { Context } from '../context.ts'
import { tupleOf } from '../transit/flows.ts'

/** What happens beside a flow. */
export type BesideFlow = 'line cut' | 'RA' | 'Renew' | 'sub-delegation' | 'Release on the LAN' | 'LAN port down'

/** A flow that rests for so long is handled by the engine no more, and begins anew. Seconds. */
const idle = 60

/** What an engine that forwards by flows may lose of them; a sound one loses nothing. */
export interface Offload {
  /** The packet of a flow that it has lost. */
  loses(packet: Packet, way: 'out' | 'in'): boolean
  happened(event: BesideFlow): void
  /** Another prefix beside those that there are. */
  prefixAdded(): void
}

interface Known {
  transport: 'udp' | 'tcp'
  openedBy: 'inside' | 'outside'
  begun: number
  last: number
}

export function offload({ clock, behavior }: Context): Offload {
  const known = new Map<string, Known>()
  const dead = new Set<string>()
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
      const isSame = before && now - before.last < idle
      const openedBy = way === 'out' ? 'inside' : 'outside'
      const flow: Known = isSame ? { ...before, last: now } : { transport, openedBy, begun: now, last: now }
      known.set(key, flow)
      return dead.has(key) || now - flow.begun > behavior.flowAge(transport)
    },
    happened(event) {
      for (const [key, { transport, openedBy }] of known)
        if (behavior.flowEndsAt(event, transport, openedBy)) dead.add(key)
    },
    prefixAdded() {
      deafUntil = clock.now() + behavior.deafWhilePrefixesChange
    },
  }
}
