import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { Waiver } from '../recording/run-facts.ts'
import { readYaml } from './read-yaml.ts'

const waiversSchema = z.array(
  z.strictObject({
    requirement: z.string().min(1),
    case: z.string().min(1).optional(),
    reason: z.string().min(1),
    approver: z.string().min(1),
    until: z.iso.date('expected a day such as 2027-03-31'),
  }),
)

const remedy = 'each entry has requirement, reason, approver and until, and may have case'

/** Reads a file of waivers. Throws `InputError` with file and line for what is wrong. */
export const readWaivers = (file: string): Waiver[] => readYaml(file, waiversSchema, remedy)

export const waiversFile = (deviceFolder: string): string => join(deviceFolder, 'waivers.yaml')

/** Those of a device folder; most have none. */
export const waiversOf = (deviceFolder: string): Waiver[] =>
  existsSync(waiversFile(deviceFolder)) ? readWaivers(waiversFile(deviceFolder)) : []
