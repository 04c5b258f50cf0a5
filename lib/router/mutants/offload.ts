import type { Packet } from '../../wire/packet.ts'
import type { DuringFlow } from '../behavior/forwarding.ts'
import type { Context } from '../context.ts'
import { tupleKey, tupleOf } from '../transit/flows.ts'

/** After this idle time the engine no longer handles a flow, and it starts as a new one. Seconds. */
const idle = 60

/** Flows that an offload engine may lose; a correct one loses none. */
export interface Offload {
  /** The packet of a flow that it has lost. */
  loses(packet: Packet, way: 'out' | 'in'): boolean
  happened(event: DuringFlow): void
  /** One more prefix. */
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
  const lost = new Set<string>()
  let deafUntil = 0
  return {
    loses(packet, way) {
      if (clock.now() < deafUntil) return true
      const transport = packet.udp ? 'udp' : packet.tcp ? 'tcp' : undefined
      const tuple = transport && tupleOf(packet, way)
      if (!tuple) return false
      const key = tupleKey(tuple)
      const now = clock.now()
      const before = known.get(key)
      const isSame = before && now - before.last < idle
      const openedBy = way === 'out' ? 'inside' : 'outside'
      const flow: Known = isSame ? { ...before, last: now } : { transport, openedBy, begun: now, last: now }
      known.set(key, flow)
      return lost.has(key) || now - flow.begun > behavior.flowAge(transport)
    },
    happened(event) {
      for (const [key, { transport, openedBy }] of known)
        if (behavior.flowEndsAt(event, transport, openedBy)) lost.add(key)
    },
    prefixAdded() {
      deafUntil = clock.now() + behavior.deafWhilePrefixesChange
    },
  }
}
