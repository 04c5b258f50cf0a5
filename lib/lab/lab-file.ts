import { existsSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import { InputError } from './input-error.ts'
import { readYaml } from './read-yaml.ts'

const prefix = z.string().regex(/^[0-9a-f:]+\/\d+$/i, 'expected an IPv6 prefix such as 2d00:100::/32')

/** Where the emulated network is numbered from: ordinary global space, or good routers drop it (RFC 6092 REC-3). */
const addresses = z
  .strictObject({ wan: prefix, pool: prefix, internet: prefix })
  .default({ wan: '2d00:100::/32', pool: '2d00:200::/32', internet: '2d00:300:0:1::/64' })

const labSchema = z.discriminatedUnion('kind', [
  /** Router software in a network namespace on this machine. */
  z.strictObject({
    kind: z.literal('namespaces'),
    device: z.string(),
    lan: z.array(z.string()).min(1).default(['lan0', 'lan1']),
    addresses,
  }),
  /** The reference router on an in-process cable, in virtual time. */
  z.strictObject({ kind: z.literal('memory'), lan: z.array(z.string()).min(1).default(['lan0', 'lan1']), addresses }),
])

export type LabFile = z.output<typeof labSchema> & { file: string; name: string }

/** Reads a lab file; the device folder's path becomes absolute, `device` overrides it. */
export function readLab(file: string, device?: string): LabFile {
  const path = resolve(file)
  const lab = readYaml(path, labSchema, 'see labs/debian.yaml for all keys')
  const name = path.replace(/^.*\//, '').replace(/\.ya?ml$/, '')
  if (lab.kind === 'memory') return { ...lab, file: path, name }
  const folder = device ? resolve(device) : resolve(dirname(path), lab.device)
  if (!existsSync(folder))
    throw new InputError(
      device ? '--device' : path,
      `device folder ${folder} does not exist`,
      'name a folder that holds a device.yaml',
    )
  return { ...lab, device: folder, file: path, name }
}
