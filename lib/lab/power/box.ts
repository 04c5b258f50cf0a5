import { quoted } from '../../say/claim.ts'
import type { Clock } from '../../time/clock.ts'
import { LabTrouble } from '../bench/waits.ts'
import type { Browser, Power } from '../lab.ts'
import { commandPower } from './command.ts'
import { type CommissionSpec, commissioner } from './commission.ts'
import { abilitiesOf, type Driver } from './driver.ts'
import { eventually } from './eventually.ts'
import { httpPlug } from './http.ts'
import { type AskPerson, manualPower } from './manual.ts'
import { type Command, orders } from './orders.ts'
import { snmpPlug } from './snmp.ts'
import { sshPower } from './ssh.ts'
import { pagePower } from './web-ui.ts'

export interface BoxOptions {
  clock: Clock
  environment: NodeJS.ProcessEnv
  /** What switches its power, and what resets it where that is another. */
  power: Driver
  reset?: Driver | undefined
  /** Runs a command where the router's LAN is reached. */
  within(command: Command): Command
  browser?: Browser | undefined
  askPerson: AskPerson
  commission?: CommissionSpec | undefined
}

/** The power of a router in a box. `close` ends what is still being carried out. */
export function boxPower(options: BoxOptions): { power: Power; close(): void } {
  const { clock, environment, power, reset = power } = options
  const closing: (() => void)[] = []
  const ordersIn = (patience: number, given = environment) => {
    const made = orders({ clock, environment: given, patience })
    closing.push(made.close)
    return made
  }
  const open = (driver: Driver): Partial<Power> => {
    const { command, http, snmp, ssh, manual, 'web-ui': page } = driver
    if (command) return commandPower(command, ordersIn(command.patience))
    if (http) return httpPlug(http, environment)
    if (snmp) return snmpPlug(snmp, clock, environment)
    if (ssh) return sshPower(ssh, ordersIn(ssh.patience), options.within)
    if (manual) return manualPower(manual, options.askPerson)
    return page && options.browser ? pagePower(options.browser) : {}
  }
  const plug = open(power)
  const button = reset === power ? plug : open(reset)
  const { commission } = options
  const on = plug.on ?? cannot('switch the router on')
  const press = button.reset ?? cannot('reset the router')
  /** It was given power, and that was not taken away since. */
  let isOn = false
  const switchOn = async (): Promise<void> => {
    await on()
    isOn = true
  }
  const { cut: pull } = plug
  const cut =
    pull &&
    (async (): Promise<void> => {
      await pull()
      isOn = false
    })
  return {
    power: {
      on: switchOn,
      ...(cut && { cut }),
      reboot:
        plug.reboot ??
        button.reboot ??
        (cut
          ? async () => {
              await cut()
              await switchOn()
            }
          : cannot('restart the router')),
      async reset() {
        // What reaches it over its LAN needs a router that runs.
        const needsPower = abilitiesOf(reset).throughLan && plug.on !== undefined && !isOn
        if (needsPower) await switchOn()
        const left = await (needsPower ? eventually(clock, reachedWithin, press) : press())
        isOn = left === 'booting'
        return left
      },
      ...(commission && {
        commission: commissioner(commission, { ...options, ordersIn: (given, patience) => ordersIn(patience, given) }),
      }),
      throughLan:
        [power, reset].some((driver) => abilitiesOf(driver).throughLan) ||
        commission?.['web-ui'] !== undefined ||
        commission?.ssh?.through === 'lan',
    },
    close() {
      for (const close of closing) close()
    },
  }
}

/** Seconds in which a router that was given power can be reached over its LAN. */
const reachedWithin = 300

const cannot = (what: string) => (): Promise<never> =>
  Promise.reject(new LabTrouble(quoted(`the power driver cannot ${what}`)))
