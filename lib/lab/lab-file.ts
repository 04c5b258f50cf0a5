import { existsSync } from 'node:fs'
import { isIPv6 } from 'node:net'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { InputError } from './input-error.ts'
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

/** How the DUT's line carries IP: in plain Ethernet frames, or with the tag of a VLAN (IEEE 802.1Q). */
const line = z.strictObject({ vlan: z.int().min(1).max(4094).optional() }).default({})

/** What every lab has. */
const common = { lan, addresses, upstream, line }

const labSchema = z.discriminatedUnion('power', [
  /** An executable runs router software, in a network namespace on this machine. */
  z.strictObject({
    power: z.literal('software'),
    cables: z.literal('veth').default('veth'),
    browser: z.enum(['chromium', 'none']).default('chromium'),
    device: z.string(),
    ...common,
  }),
  /** The reference router in this process, in virtual time; its LAN ports are one link, or one each. */
  z.strictObject({
    power: z.literal('reference'),
    cables: z.literal('memory').default('memory'),
    browser: z.enum(['direct', 'none']).default('direct'),
    role: z.enum(['gateway', 'wireless-router']).default('gateway'),
    bridged: z.boolean().default(false),
    /** Seconds that it takes to boot, and for a factory reset: as real routers do. */
    boot: z.number().positive().optional(),
    reset: z.number().positive().optional(),
    ...common,
  }),
])

const kinds = new Map<unknown, string>([
  ['namespaces', 'software'],
  ['memory', 'reference'],
])

/** `kind` is short for the parts that most labs need. */
const fileSchema = z.preprocess((file, context) => {
  const { kind, ...parts } = file as { kind?: unknown; power?: unknown }
  if (parts.power !== undefined) return file
  const power = kinds.get(kind)
  if (power) return { power, ...parts }
  context.addIssue({
    code: 'custom',
    path: ['kind'],
    message: `expected ${[...kinds.keys()].join(' or ')}, or the parts, such as power: ${[...kinds.values()].join(' or power: ')}`,
  })
  return z.NEVER
}, labSchema)

export type Upstream = z.output<typeof upstream>

export type LabFile = z.output<typeof labSchema> & { file: string; name: string }

/** Reads a lab file; the device folder's path becomes absolute, `device` overrides it. */
export function readLab(file: string, device?: string): LabFile {
  const path = resolve(file)
  const lab = readYaml(path, fileSchema, 'name a lab file such as labs/debian.yaml; README.md explains its keys')
  const name = path.replace(/^.*\//, '').replace(/\.ya?ml$/, '')
  if (lab.power === 'reference') {
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
  return { ...lab, device: folder, file: path, name }
}
