import type { Commands } from './driver.ts'
import type { Orders } from './orders.ts'

/** Programs of the lab's owner, such as labgrid-client, uhubctl, or what switches a relay. */
export function commandPower({ on, off, reboot, reset, 'reset-leaves': left }: Commands, { carryOut }: Orders) {
  return {
    ...(on && { on: () => carryOut(on, 'on') }),
    ...(off && { cut: () => carryOut(off, 'off') }),
    ...(reboot && { reboot: () => carryOut(reboot, 'reboot') }),
    ...(reset && {
      async reset() {
        await carryOut(reset, 'reset')
        return left
      },
    }),
  }
}
