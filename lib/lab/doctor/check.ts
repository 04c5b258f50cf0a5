import { z } from 'zod'

/** What was looked at, what was seen, and what to do about it. */
export const checkSchema = z.object({
  name: z.string(),
  state: z.enum(['ok', 'warning', 'failed']),
  seen: z.string(),
  remedy: z.string().optional(),
})
export type Check = z.output<typeof checkSchema>

/** What is kept of a visit: the lab file, the device folder, ISO 8601 in UTC. */
export const resultSchema = z.object({
  lab: z.string(),
  device: z.string(),
  at: z.string(),
  checks: z.array(checkSchema),
})

export const ok = (name: string, seen: string): Check => ({ name, state: 'ok', seen })
export const warning = (name: string, seen: string, remedy: string): Check => ({ name, state: 'warning', seen, remedy })
export const failed = (name: string, seen: string, remedy: string): Check => ({ name, state: 'failed', seen, remedy })
