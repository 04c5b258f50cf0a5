import type { Context } from '../context.ts'

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

/** Under which conditions it happens. */
export interface PartConditions {
  /** Of the line. */
  mtu: number
  /** Downstream routers hold prefixes. */
  routers: boolean
  /** How often it has happened: a restart ever, all else since the last start. */
  times: number
}

/** Parts that stop after an event; a correct router loses none. */
export interface Parts {
  happened(event: PartEvent): void
  isLost(part: Part): boolean
}

export function parts({ behavior }: Context, restarts: number, conditions: () => Omit<PartConditions, 'times'>): Parts {
  const lost = new Set<Part>()
  const counts = new Map<PartEvent, number>([['restart', restarts]])
  const lose = (event: PartEvent) => {
    const about = { ...conditions(), times: counts.get(event) ?? 0 }
    for (const part of whole) if (behavior.partLost(part, event, about)) lost.add(part)
  }
  return {
    happened(event) {
      // Only with an RA is the line's MTU known.
      if (event === 'RA' && !counts.has(event) && restarts > 0) lose('restart')
      counts.set(event, (counts.get(event) ?? 0) + 1)
      lose(event)
    },
    isLost: (part) => lost.has(part),
  }
}
