import { vlan } from '../../router/attachment/vlan.ts'
import type { Behavior } from '../../router/behavior.ts'
import { type Asked, referenceRouter } from '../../router/router.ts'
import type { Clock } from '../../time/clock.ts'
import type { Seeded } from '../../time/seed.ts'
import type { WebUi } from '../../web-ui/port.ts'
import { type Line, tagsOf } from '../../wire/line.ts'
import type { MemoryCables } from '../cables/memory.ts'
import type { Power } from '../lab.ts'

export interface ReferenceOptions {
  clock: Clock
  random: Seeded
  cables: Pick<MemoryCables, 'dut' | 'raise'>
  line: Line
  settled(): void
  /** Where it differs from the compliant router. */
  behavior?: Partial<Behavior> | undefined
  /** Called for each decision that the router has to make. */
  asked?: Asked | undefined
  bridged?: boolean
  /** Seconds that a factory reset takes. */
  reset?: number | undefined
}

/** The reference router on cables of this process: its power, and its page. */
export function referencePower({ cables, line, reset = 0, ...options }: ReferenceOptions): {
  power: Power
  webUi: WebUi
} {
  const { wan, lan } = cables.dut
  const router = referenceRouter({
    ...options,
    wan: tagsOf(line).reduce(vlan, wan),
    pppoe: line.pppoe === true,
    lan,
    ports: cables.raise,
  })
  const passes = (seconds: number) =>
    new Promise<void>((resolve) => {
      options.clock.after(seconds, () => {
        resolve()
        options.settled()
      })
    })
  return {
    power: {
      on: async () => router.powerOn(),
      cut: async () => router.powerCut(),
      reboot: async () => router.reboot(),
      async reset() {
        router.factoryReset()
        if (reset > 0) await passes(reset)
        return 'off'
      },
    },
    webUi: router.webUi,
  }
}
