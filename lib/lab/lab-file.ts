import { existsSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { InputError } from './input-error.ts'
import { line, vlanId } from './line-schema.ts'
import { driverSchema, withPathsFrom } from './power/driver.ts'
import { readYaml } from './read-yaml.ts'

/** Whole subnets of it are drawn by the seed, so it must not be longer. */
const prefix = (longest: number) =>
  z.string().refine((text) => {
    const [address = '', length = '', ...rest] = text.split('/')
    return isIPv6(address) && /^\d+$/.test(length) && Number(length) <= longest && rest.length === 0
  }, `expected an IPv6 prefix of at most /${longest}, such as 2d00:100::/32`)

/** Where the emulated network is numbered from: ordinary global space, or good routers drop it (RFC 6092 REC-3). */
const addresses = z
  .strictObject({ wan: prefix(64), pool: prefix(48), internet: prefix(64) })
  .default({ wan: '2d00:100::/32', pool: '2d00:200::/32', internet: '2d00:300:0:1::/64' })

/** Names of the DUT's LAN ports. The kernel allows 15 characters for ours that go with them. */
const lan = z
  .array(
    z.string().regex(/^(?!wan)[a-z][a-z0-9]{0,7}$/, 'expected up to 8 lower-case letters and digits, such as lan0'),
  )
  .min(1)
  .refine((names) => new Set(names).size === names.length, 'a port is listed twice')
  .default(['lan0', 'lan1'])

/**
 * What the DUT's line leads to: an ISP, or a home gateway (M=0, O=1, A=1) that delegates at most a /60, a /64, or
 * no prefix (NoPrefixAvail).
 */
const upstream = z
  .union([z.literal('isp'), z.strictObject({ gateway: z.union([z.literal(60), z.literal(64), z.literal('none')]) })], {
    error: 'expected isp or, for a gateway, { gateway: 60 }, { gateway: 64 }, { gateway: none }',
  })
  .default('isp')

/** What every lab has. */
const common = { addresses, upstream, line }

/** A network card of this machine by name or MAC, and the VLAN that leads to a port of the router where a switch is in between. */
const card = z.union(
  [
    z
      .string()
      .min(1)
      .transform((name) => ({ card: name })),
    z.strictObject({ card: z.string().min(1), vlan: vlanId.optional() }),
  ],
  { error: 'expected a network card such as enp3s0, its MAC, or { card: enp3s0, vlan: 101 }' },
)

const labSchema = z.discriminatedUnion('cables', [
  /** An executable runs router software, in a network namespace on this machine. */
  z.strictObject({
    cables: z.literal('veth'),
    power: z.literal('software').default('software'),
    browser: z.enum(['chromium', 'none']).default('chromium'),
    device: z.string(),
    lan,
    ...common,
  }),
  /** The reference router in this process, in virtual time; its LAN ports are one link, or one each. */
  z.strictObject({
    cables: z.literal('memory'),
    power: z.literal('reference').default('reference'),
    browser: z.enum(['direct', 'none']).default('direct'),
    role: z.enum(['gateway', 'wireless-router']).default('gateway'),
    bridged: z.boolean().default(false),
    /** Seconds that it takes to boot, and for a factory reset: as real routers do. */
    boot: z.number().positive().optional(),
    reset: z.number().positive().optional(),
    lan,
    ...common,
  }),
  /** A router image in a virtual machine. */
  z.strictObject({
    cables: z.literal('taps'),
    browser: z.enum(['chromium', 'none']).default('chromium'),
    device: z.string(),
    lan,
    ...common,
  }),
  /** A router in a box, on network cards of this machine; its ports are called wan0, lan0, lan1, in this order. */
  z
    .strictObject({
      cables: z.literal('cards'),
      browser: z.enum(['chromium', 'none']).default('chromium'),
      device: z.string(),
      wan: card,
      lan: z.array(card).min(1),
      /** In place of the device folder's. */
      power: driverSchema.optional(),
      'reset-by': driverSchema.optional(),
      ...common,
    })
    .transform(({ wan, lan, ...lab }) => ({
      ...lab,
      lan: lan.map((_, index) => `lan${index}`),
      cards: { wan0: wan, ...Object.fromEntries(lan.map((one, index) => [`lan${index}`, one])) } as Cards,
    })),
])

/** Card and VLAN of each port. */
export type Cards = Record<string, { card: string; vlan?: number | undefined }>

/** What `kind`, and `power` in files of former versions, stand for. */
const kinds = new Map<unknown, string>([
  ['namespaces', 'veth'],
  ['memory', 'memory'],
  ['physical', 'cards'],
  ['vm', 'taps'],
])
const powers = new Map<unknown, string>([
  ['software', 'veth'],
  ['reference', 'memory'],
])

/** `kind` is short for the parts that most labs need. */
const fileSchema = z.preprocess((file, context) => {
  const { kind, ...parts } = file as { kind?: unknown; cables?: unknown; power?: unknown }
  if (parts.cables !== undefined)
    return kind === undefined ? file : refuse(context, ['cables'], 'is what kind stands for: name one of them')
  const cables = kinds.get(kind) ?? (kind === undefined ? powers.get(parts.power) : undefined)
  if (cables) return { cables, ...parts }
  return refuse(
    context,
    ['kind'],
    `expected ${[...kinds.keys()].join(' or ')}, or the parts, such as cables: ${[...kinds.values()].join(' or cables: ')}`,
  )
}, labSchema)

function refuse(context: z.RefinementCtx, path: string[], message: string): never {
  context.addIssue({ code: 'custom', path, message })
  return z.NEVER
}

export type Upstream = z.output<typeof upstream>

export type LabFile = z.output<typeof labSchema> & { file: string; name: string }

/** Reads a lab file; the device folder's path becomes absolute, `device` overrides it. */
export function readLab(file: string, device?: string): LabFile {
  const path = resolve(file)
  const lab = readYaml(path, fileSchema, 'name a lab file such as labs/debian.yaml; README.md explains its keys')
  const name = path.replace(/^.*\//, '').replace(/\.ya?ml$/, '')
  if (lab.cables === 'memory') {
    if (device) throw new InputError('--device', `${path} runs only the reference router`, 'name a lab of another kind')
    return { ...lab, file: path, name }
  }
  const folder = device ? resolve(device) : resolve(dirname(path), lab.device)
  if (!existsSync(folder))
    throw new InputError(
      device ? '--device' : path,
      `device folder ${folder} does not exist`,
      'name a folder that contains a device.yaml',
    )
  const found = { ...lab, device: folder, file: path, name }
  if (found.cables !== 'cards') return found
  const [power, reset] = withPathsFrom(dirname(path), [found.power, found['reset-by']])
  return { ...found, power, 'reset-by': reset }
}
