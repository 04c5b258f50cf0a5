import type { Link } from '../../link/link.ts'
import type { Mark } from '../../recording/recording.ts'
import { claim, the } from '../../say/claim.ts'
import type { Clock } from '../../time/clock.ts'
import { LabTrouble, type Waits } from '../bench/waits.ts'

/** Watches the cables. Carrier comes and goes at every restart; elsewhere its loss is the lab's trouble. */
export interface Carriers {
  /** Until then a loss counts for no node. Seconds on the clock. */
  expectLoss(seconds: number): void
  up(port: string): boolean
}

export function carriers(
  links: readonly Link[],
  clock: Clock,
  waits: Waits,
  mark: (name: string, data: Record<string, unknown>) => Mark,
  onUp: (port: string) => void,
): Carriers {
  const state = new Map<string, boolean>()
  /** Until it is expected for the first time, a loss counts for no node either. */
  let restlessUntil: number | undefined
  for (const link of links)
    link.onCarrier((up) => {
      if (state.get(link.name) === up) return
      state.set(link.name, up)
      mark('carrier', { port: link.name, up })
      if (up) onUp(link.name)
      else if (restlessUntil !== undefined && clock.now() > restlessUntil)
        waits.fail(new LabTrouble(claim`carrier lost on ${the.name(link.name)} without a known cause: check the cable`))
    })
  return {
    expectLoss(seconds) {
      restlessUntil = Math.max(restlessUntil ?? 0, clock.now() + seconds)
    },
    up: (port) => state.get(port) ?? true,
  }
}
