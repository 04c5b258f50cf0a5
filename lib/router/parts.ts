import type { Context } from './context.ts'

/** What a router must go on doing whatever happens. */
const whole = ['fragments', 'Packet Too Big', 'DNS', 'DHCPv6', 'pinhole', 'filter', 'sub-delegated prefix'] as const
export type Part = (typeof whole)[number]
export type PartEvent =
  | 'RA'
  | 'Renew'
  | 'Rebind'
  | 'line cut'
  | 'restart'
  | 'new prefix'
  | 'default router lost'
  | 'prefix lost'

/** Under which conditions it happens: the MTU of the line, and whether downstream routers hold prefixes. */
export interface PartConditions {
  mtu: number
  routers: boolean
}

/** Parts that an event has cost; a sound router loses none. */
export interface Parts {
  happened(event: PartEvent): void
  isLost(part: Part): boolean
}

export function parts({ behaviour }: Context, restarted: boolean, conditions: () => PartConditions): Parts {
  const lost = new Set<Part>()
  let isFirst = true
  return {
    happened(event) {
      // Only with an RA is the line's MTU known.
      const all: PartEvent[] = event === 'RA' && isFirst && restarted ? ['restart', event] : [event]
      if (event === 'RA') isFirst = false
      for (const part of whole) if (all.some((one) => behaviour.partLost(part, one, conditions()))) lost.add(part)
    },
    isLost: (part) => lost.has(part),
  }
}
