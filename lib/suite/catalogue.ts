import { z } from 'zod'
import { capabilities } from '../recording/capabilities.ts'

/** One entry of the requirement catalogue; field meanings in `suites/requirements/README.md`. */
export const entrySchema = z.strictObject({
  id: z.string().regex(/^[A-Z0-9][A-Za-z0-9.-]+$/),
  source: z.strictObject({ document: z.string(), section: z.string(), label: z.string() }),
  level: z.enum(['MUST', 'SHOULD', 'MAY', 'policy']),
  role: z.enum(['gateway', 'wireless-router', 'both']),
  area: z.string(),
  summary: z.string(),
  stimulus: z.string(),
  observe: z.string(),
  fails_when: z.string(),
  'applies-when': z.enum(capabilities).optional(),
  timers: z.union([z.string(), z.number()]),
  verified: z.boolean(),
  /** What was changed since the entry was first written, with the clause that says so. */
  history: z.array(z.string()).optional(),
})
export type Entry = z.infer<typeof entrySchema>

/**
 * The level that a failure counts by. What RFC 6092 asks for reaches a CE router through RFC 7084 S-1, which is a
 * SHOULD and silent on defaults.
 */
export const effectiveLevel = ({ level, source }: Entry): Entry['level'] =>
  level === 'MUST' && source.document.startsWith('RFC 6092') ? 'SHOULD' : level

/** Ids that are not judged, each with the reason. */
export const scopeSchema = z.record(
  z.string(),
  z.strictObject({ status: z.enum(['planned', 'out-of-scope']), reason: z.string() }),
)
export type Scope = z.infer<typeof scopeSchema>
