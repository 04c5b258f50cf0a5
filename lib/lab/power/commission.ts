import { z } from 'zod'
import { quoted } from '../../say/claim.ts'
import type { Clock } from '../../time/clock.ts'
import type { Commissioning } from '../../web-ui/port.ts'
import { LabTrouble } from '../bench/waits.ts'
import type { Browser } from '../lab.ts'
import { program, shell, variable } from './driver.ts'
import { eventually } from './eventually.ts'
import type { AskPerson } from './manual.ts'
import type { Command, Orders } from './orders.ts'
import { sshCommand } from './ssh.ts'
import { onPage } from './web-ui.ts'

/** What a router needs after a factory reset before it is a router, and by what means it gets it. No setting of IPv6 is among it. */
export const commissionSchema = z
  .strictObject({
    'web-ui': z.strictObject({}).optional(),
    /** With DENAT_WAN, DENAT_VLAN, DENAT_FIRST_PASSWORD, DENAT_USER and DENAT_PASSWORD in its environment. */
    command: program.optional(),
    ssh: shell
      .omit({ reboot: true, reset: true })
      .extend({ run: z.string().min(1) })
      .optional(),
    manual: z.strictObject({ patience: z.number().positive().default(600) }).optional(),
    wan: z.enum(['dhcp', 'pppoe', 'static']).default('dhcp'),
    vlan: z.int().min(1).max(4094).optional(),
    /** Environment variables: the first password of the page, and the credentials of the line. */
    'first-password-env': variable.optional(),
    'user-env': variable.optional(),
    'password-env': variable.optional(),
    /** Seconds in which it must have been reached and be done. */
    patience: z.number().positive().default(300),
  })
  .refine((one) => [one['web-ui'], one.command, one.ssh, one.manual].filter(Boolean).length === 1, {
    error: 'expected one of web-ui, command, ssh, manual',
  })
export type CommissionSpec = z.output<typeof commissionSchema>

export const commissionSecrets = (spec: CommissionSpec): string[] =>
  [spec['first-password-env'], spec['user-env'], spec['password-env']].filter((name) => name !== undefined)

export interface CommissionOptions {
  clock: Clock
  environment: NodeJS.ProcessEnv
  ordersIn(environment: NodeJS.ProcessEnv, patience: number): Orders
  within(command: Command): Command
  browser?: Browser | undefined
  askPerson: AskPerson
}

/** Brings a router with factory settings to where it can be used. Throws `LabTrouble`. */
export function commissioner(spec: CommissionSpec, options: CommissionOptions): () => Promise<void> {
  const { clock, environment, askPerson, browser } = options
  const of = (name: string | undefined) => (name === undefined ? undefined : environment[name])
  const settings: Commissioning = {
    wan: spec.wan,
    vlan: spec.vlan,
    firstPassword: of(spec['first-password-env']),
    user: of(spec['user-env']),
    password: of(spec['password-env']),
  }
  const { ssh, command } = spec
  const orders = options.ordersIn({ ...environment, ...variablesOf(settings) }, spec.patience)
  const attempt = async (): Promise<void> => {
    if (command) return orders.carryOut(command, 'commission')
    if (ssh) {
      const whole = sshCommand(ssh, ssh.run)
      return orders.carryOut(ssh.through === 'lan' ? options.within(whole) : whole, 'ssh: commission')
    }
    if (!browser) throw new LabTrouble(quoted('the router is commissioned by its page, and this lab has no browser'))
    return onPage(browser, async (ui) => {
      if (!ui.commission) throw new LabTrouble(quoted('web-ui.ts has no method commission'))
      await ui.commission(settings)
    })
  }
  return async () => {
    if (spec.manual) {
      const vlan = spec.vlan === undefined ? '' : `, VLAN ${spec.vlan}`
      const what = `Set the router up: a first password, and its WAN: ${spec.wan}${vlan}. Change no setting of IPv6.`
      if (await askPerson(what, spec.manual.patience)) return
      throw new LabTrouble(quoted('the person at the terminal could not set the router up'))
    }
    await eventually(clock, spec.patience, attempt)
  }
}

const variablesOf = ({ wan, vlan, firstPassword, user, password }: Commissioning): NodeJS.ProcessEnv => ({
  DENAT_WAN: wan,
  ...(vlan !== undefined && { DENAT_VLAN: String(vlan) }),
  ...(firstPassword !== undefined && { DENAT_FIRST_PASSWORD: firstPassword }),
  ...(user !== undefined && { DENAT_USER: user }),
  ...(password !== undefined && { DENAT_PASSWORD: password }),
})
