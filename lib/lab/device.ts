import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { isIPv4 } from 'node:net'
import { resolve } from 'node:path'
import { z } from 'zod'
import { capabilities } from '../recording/capabilities.ts'
import type { DeviceFacts } from '../recording/recording.ts'
import type { KnownDeviation } from '../recording/run-facts.ts'
import { InputError } from './input-error.ts'
import { type CommissionSpec, commissionSchema, commissionSecrets } from './power/commission.ts'
import { type Driver, driverSchema, secretsOf, withPathsFrom } from './power/driver.ts'
import { type MachineSpec, machineSchema } from './power/machine.ts'
import { readYaml } from './read-yaml.ts'

/** Characters of a password: it is looked for, in many forms, in all that is recorded. */
const longest = 1000

const webUiSchema = z.strictObject({
  /** `{rdnss}` stands for the resolver that the LAN's RAs announce. */
  url6: z
    .string()
    .refine((url) => URL.canParse(url.replace('{rdnss}', '::1')), 'expected a URL such as http://[{rdnss}]')
    .optional(),
  url4: z
    .string()
    .refine(
      (url) => URL.canParse(url) && isIPv4(new URL(url).hostname),
      'expected a URL with an address, such as http://192.168.1.1',
    )
    .optional(),
  user: z.string().default(''),
  /** The factory password, where it is public. */
  password: z.string().max(longest).optional(),
  /** The environment variable that holds the password, where it is not. */
  'password-env': z.string().optional(),
})

const mac = z
  .string()
  .regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/i, 'expected a MAC such as 00:11:22:33:44:55')
  .transform((text) => text.toLowerCase())

/** `device.yaml`: all that is known of a product, and nothing of what is judged. */
const deviceSchema = z.strictObject({
  name: z.string().min(1),
  vendor: z.string().optional(),
  model: z.string().optional(),
  firmware: z.string().optional(),
  /** Of the board, as on its label. */
  hardware: z.string().optional(),
  serial: z.string().optional(),
  /** Of the file that the firmware was installed from. */
  'firmware-sha256': z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'expected 64 hexadecimal digits')
    .transform((text) => text.toLowerCase())
    .optional(),
  role: z.enum(['gateway', 'wireless-router']).default('gateway'),
  /** An executable that keeps the contract `up|down|halt|reboot|reset|exec|pkgs NAME`. */
  software: z.string().optional(),
  /** How the router is set up after a factory reset. `true`: `software` has the command `commission NAME` as well. */
  commission: z.union([z.boolean(), commissionSchema]).default(false),
  /** A router image in a virtual machine. */
  machine: machineSchema.optional(),
  /** What switches the power of a router in a box, and what resets it where that is another. */
  power: driverSchema.optional(),
  'reset-by': driverSchema.optional(),
  capabilities: z.array(z.enum(capabilities)).default([]),
  lacks: z.array(z.enum(capabilities)).default([]),
  /** All that it sends from on the LAN. Where they are not stated they are learned. */
  macs: z.array(mac).min(1).optional(),
  /** Seconds from power to the first frame on the wire, at most. */
  boot: z.number().positive().default(30),
  /** Seconds that a factory reset takes with what belongs to it, at most; by default as long as a boot. */
  reset: z.number().positive().optional(),
  /** Seconds until a setting made in the web UI works, at most. */
  apply: z.number().positive().default(10),
  'web-ui': webUiSchema.optional(),
  /** A file of known deviations, relative to this one. */
  baseline: z.string().optional(),
})

const baselineSchema = z.array(
  z.strictObject({
    requirement: z.string().min(1),
    case: z.string().default(''),
    verdict: z.enum(['fail', 'warn', 'inconclusive']),
    fault: z.string().min(1),
    because: z.string().min(1),
    confirmed: z.string().min(1),
    sometimes: z.boolean().default(false),
  }),
)

/** Reads a file of known deviations. Throws `InputError`. */
export const readBaseline = (file: string): KnownDeviation[] =>
  readYaml(file, baselineSchema, 'see labs/devices/debian/baseline.json')

export interface Device {
  folder: string
  facts: DeviceFacts
  /** Absolute path of the executable. */
  software?: string
  commission: boolean
  /** How a router in a box is set up after a factory reset. */
  setUp?: CommissionSpec | undefined
  machine?: MachineSpec | undefined
  /** Of a router in a box; undefined: what the lab file states, or a person. */
  power?: Driver | undefined
  resetBy?: Driver | undefined
  boot: number
  reset: number
  apply: number
  known: KnownDeviation[]
  webUi?: {
    module: string
    url6?: string
    url4?: string
    user: string
    password: string
    /** The environment variable that holds the password. */
    passwordEnv?: string
  }
}

/** Reads a device folder. Throws `InputError` for whatever is missing or misspelt in it. */
export function readDevice(folder: string, environment: NodeJS.ProcessEnv = process.env): Device {
  const file = resolve(folder, 'device.yaml')
  const schema = deviceSchema.superRefine(({ software }, context) => {
    const message = software && flawOf(resolve(folder, software))
    if (message) context.addIssue({ code: 'custom', path: ['software'], message })
  })
  const yaml = readYaml(file, schema, 'a device folder contains a device.yaml; see labs/devices/debian')
  const software = yaml.software && resolve(folder, yaml.software)
  const page = resolve(folder, 'web-ui.ts')
  const ui = yaml['web-ui']
  return {
    folder: resolve(folder),
    facts: {
      name: yaml.name,
      vendor: yaml.vendor,
      model: yaml.model,
      firmware: yaml.firmware,
      hardware: yaml.hardware,
      serial: yaml.serial,
      firmwareSha256: yaml['firmware-sha256'],
      role: yaml.role,
      capabilities: yaml.capabilities,
      lacks: yaml.lacks,
      macs: yaml.macs,
      url4: ui?.url4,
      url6: ui?.url6,
    },
    software,
    commission: yaml.commission === true,
    setUp: typeof yaml.commission === 'object' ? withPathsFrom(folder, yaml.commission) : undefined,
    machine: yaml.machine,
    power: withPathsFrom(folder, yaml.power),
    resetBy: withPathsFrom(folder, yaml['reset-by']),
    boot: yaml.boot,
    reset: yaml.reset ?? yaml.boot,
    apply: yaml.apply,
    known: yaml.baseline ? readBaseline(resolve(folder, yaml.baseline)) : [],
    webUi:
      ui && existsSync(page)
        ? {
            module: page,
            url6: ui.url6,
            url4: ui.url4,
            user: ui.user,
            password: passwordOf(ui, file, environment),
            passwordEnv: ui.password === undefined ? ui['password-env'] : undefined,
          }
        : undefined,
  }
}

/**
 * Takes the passwords out of the environment, which router software, the browser and Java would inherit; returns them.
 * `drivers`: what the lab file names as well.
 */
export function withheld(
  { webUi, power, resetBy, setUp }: Device,
  drivers: readonly (Driver | undefined)[] = [],
  environment = process.env,
): Record<string, string> {
  const names = [power, resetBy, ...drivers].flatMap((driver) => (driver ? secretsOf(driver) : []))
  if (setUp) names.push(...commissionSecrets(setUp))
  const secrets = Object.fromEntries(names.map((name) => [name, environment[name] ?? '']))
  if (webUi?.passwordEnv !== undefined) secrets[webUi.passwordEnv] = webUi.password
  for (const name of Object.keys(secrets)) delete environment[name]
  return secrets
}

/** Why a file can't be the DUT's software. */
function flawOf(file: string): string | undefined {
  if (!existsSync(file)) return `${file} does not exist`
  if (!statSync(file).isFile()) return `${file} is no file`
  try {
    accessSync(file, constants.X_OK)
    return undefined
  } catch {
    return `${file} cannot be executed: chmod +x ${file}`
  }
}

function passwordOf(ui: z.infer<typeof webUiSchema>, file: string, environment: NodeJS.ProcessEnv): string {
  if (ui.password !== undefined) return ui.password
  const name = ui['password-env']
  const password = name && environment[name]
  if (password && password.length > longest)
    throw new InputError(
      file,
      `web-ui: the password in ${name} is longer than ${longest} characters`,
      'use a shorter one',
    )
  if (!password)
    throw new InputError(
      file,
      'web-ui: no password',
      `set \`password-env: NAME\` and export NAME, or delete the web-ui key`,
    )
  return password
}
