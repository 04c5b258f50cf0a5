import type { Part, PartConditions, PartEvent } from '../behavior/forwarding.ts'
import type { Context } from '../context.ts'

const whole: readonly Part[] = [
  'fragments',
  'Packet Too Big',
  'DNS',
  'DHCPv6',
  'pinhole',
  'filter',
  'sub-delegated prefix',
]

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
