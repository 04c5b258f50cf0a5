import { quoted } from '../../say/claim.ts'
import { LabTrouble } from '../bench/waits.ts'
import type { LeftAs } from '../lab.ts'
import type { Manual } from './driver.ts'

/** Asks the person at the terminal, within this time in seconds. False: it can't be done. Rejects without an answer. */
export type AskPerson = (what: string, seconds: number) => Promise<boolean>

/** The person at the terminal, and the environment with all credentials. */
export interface Around {
  askPerson: AskPerson
  environment: NodeJS.ProcessEnv
}

/** A person pulls the plug and presses the reset button. */
export function manualPower({ patience, 'reset-leaves': left, cut }: Manual, askPerson: AskPerson) {
  const does = async (what: string): Promise<void> => {
    if (!(await askPerson(what, patience)))
      throw new LabTrouble(quoted(`the person at the terminal could not: ${what}`))
  }
  const waits = left === 'off' ? 'Then take its power away.' : 'Press Enter as soon as it restarts.'
  return {
    on: () => does('Give the router power. Press Enter at the same time.'),
    ...(cut && { cut: () => does('Take the power away from the router.') }),
    reboot: () => does('Restart the router by its menu. Press Enter as soon as it restarts.'),
    async reset(): Promise<LeftAs> {
      await does(`Reset the router to factory settings: hold its reset button until it restarts. ${waits}`)
      return left
    },
  }
}
