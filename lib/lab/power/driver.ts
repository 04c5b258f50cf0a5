import { createHash } from 'node:crypto'
import { resolve } from 'node:path'
import { z } from 'zod'

export const program = z.tuple([z.string().min(1)], z.string(), {
  error: 'expected a list: a program and its arguments',
})
export const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'expected the name of an environment variable')
const left = z.enum(['off', 'booting']).default('off')
const patience = z.number().positive().default(120)

/** One HTTP request and what a device that obeyed answers. `${NAME}` stands for an environment variable. */
const request = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.string().optional(),
  /** Status of the answer, and a text that it contains. */
  expect: z.strictObject({ status: z.int().default(200), text: z.string().optional() }).default({ status: 200 }),
})
export type Request = z.output<typeof request>

/** The outlet of a managed PDU: an object whose integer value is its state. */
const outlet = z.strictObject({
  host: z.string().min(1),
  oid: z
    .string()
    .regex(/^\.?[A-Za-z0-9:.-]+$/, 'expected an object identifier such as .1.3.6.1.4.1.318.1.1.4.4.2.1.3.1'),
  on: z.int(),
  off: z.int(),
  version: z.enum(['1', '2c']).default('2c'),
  'community-env': variable,
  patience: z.number().positive().default(20),
})
export type Outlet = z.output<typeof outlet>

/** A shell on the router. `through`: it is reached over the lab's LAN, or from this machine. */
export const shell = z.strictObject({
  host: z.string().regex(/^[^-\s][^\s]*$/),
  user: z
    .string()
    .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/)
    .default('root'),
  port: z.int().min(1).max(65_535).default(22),
  key: z.string().optional(),
  'known-hosts': z.string().optional(),
  through: z.enum(['lan', 'machine']).default('lan'),
  reboot: z.string().default('reboot'),
  reset: z.string().optional(),
  patience,
})
export type Shell = z.output<typeof shell>

const commands = z.strictObject({
  on: program.optional(),
  off: program.optional(),
  reboot: program.optional(),
  reset: program.optional(),
  /** How `reset` leaves the router. */
  'reset-leaves': left,
  patience,
})
export type Commands = z.output<typeof commands>

const web = z.strictObject({ on: request, off: request, patience: z.number().positive().default(20) })
export type Web = z.output<typeof web>

const manual = z.strictObject({
  /** Seconds that a person may take. */
  patience: z.number().positive().default(300),
  'reset-leaves': z.enum(['off', 'booting']).default('booting'),
  /** False: the plug cannot be pulled. */
  cut: z.boolean().default(true),
})
export type Manual = z.output<typeof manual>

/** One key names the driver. */
export const driverSchema = z
  .strictObject({
    command: commands.optional(),
    http: web.optional(),
    snmp: outlet.optional(),
    ssh: shell.optional(),
    'web-ui': z.strictObject({}).optional(),
    manual: manual.optional(),
  })
  .refine((driver) => Object.keys(driver).length === 1, {
    error: 'expected one driver: command, http, snmp, ssh, web-ui or manual',
  })
export type Driver = z.output<typeof driverSchema>

/** What a driver can do. */
export interface Abilities {
  cut: boolean
  reset: boolean
  /** It asks a person. */
  asks: boolean
  /** It reaches the router over the lab's LAN. */
  throughLan: boolean
}

export function abilitiesOf({ command, http, snmp, ssh, manual, 'web-ui': page }: Driver): Abilities {
  return {
    cut:
      (command?.off !== undefined && command.on !== undefined) ||
      http !== undefined ||
      snmp !== undefined ||
      manual?.cut === true,
    reset: command?.reset !== undefined || ssh?.reset !== undefined || page !== undefined || manual !== undefined,
    asks: manual !== undefined,
    throughLan: ssh?.through === 'lan' || page !== undefined,
  }
}

/** A name for what switches the power; undefined where that reaches only the router which is connected. Has no credentials. */
export function plugOf({ command, http, snmp, ssh }: Driver): string | undefined {
  const plug = command?.on ?? http?.on ?? snmp ?? (ssh?.through === 'machine' ? ssh : undefined)
  return plug && createHash('sha256').update(JSON.stringify(plug)).digest('hex')
}

/** Environment variables that hold credentials. */
export function secretsOf({ http, snmp }: Driver): string[] {
  const requests = http ? [http.on, http.off] : []
  const texts = requests.flatMap(({ url, headers, body }) => [url, ...Object.values(headers), body ?? ''])
  const named = texts.flatMap((text) => [...text.matchAll(placeholder)].map(([, name]) => name as string))
  return [...named, ...(snmp ? [snmp['community-env']] : [])]
}

/** The same, where each text that begins with `./` or `../` is a path from this folder: that of the file with the text. */
export function withPathsFrom<T>(folder: string, spec: T): T {
  if (typeof spec === 'string') return (/^\.\.?\//.test(spec) ? resolve(folder, spec) : spec) as T
  if (Array.isArray(spec)) return spec.map((one) => withPathsFrom(folder, one)) as T
  if (typeof spec !== 'object' || spec === null) return spec
  return Object.fromEntries(Object.entries(spec).map(([key, one]) => [key, withPathsFrom(folder, one)])) as T
}

/** `${NAME}` in a text. */
export const placeholder = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g

interface Named {
  power?: Driver | undefined
  'reset-by'?: Driver | undefined
}

/** What switches the power of a router, and what resets it: the lab file's, else the device folder's, else a person. */
export function driversOf(
  lab: Named,
  device: { power?: Driver | undefined; resetBy?: Driver | undefined },
): { power: Driver; reset: Driver } {
  const power = lab.power ?? device.power ?? { manual: manual.parse({}) }
  return { power, reset: lab['reset-by'] ?? device.resetBy ?? power }
}
