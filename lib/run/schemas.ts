import { z } from 'zod'
import { device, outcome, said } from '../recording/schemas.ts'
import { parts } from '../suite/verdict.ts'

// The shapes of the files of a run, of previous formats too. They describe what can be read: a key that they do not have is no
// fault.

const names = z.array(z.string())
const level = z.enum(['MUST', 'SHOULD', 'MAY', 'policy'])
const verdict = z.enum(['pass', 'fail', 'warn', 'inconclusive', 'not-applicable', 'left-out'])
const time = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'expected a time, such as 2026-01-31T12:00:00Z')

/** Earlier runs have a text: `END: REASON`. */
const anyOutcome = z.union([outcome, z.string().regex(/^(complete|blocked|lab|harness)(: |$)/, 'expected an outcome')])

const scenarioFacts = z.object({
  scenario: z.string(),
  story: z.string(),
  outcome: anyOutcome,
  wall: z.number(),
  forced: z.number(),
  browser: z.number(),
  spent: z
    .object({
      resets: z.number(),
      boots: z.number(),
      reset: z.number().optional(),
      boot: z.number().optional(),
      apply: z.number().optional(),
    })
    .optional(),
})

const knownDeviation = z.object({
  requirement: z.string(),
  case: z.string(),
  verdict: z.enum(['fail', 'warn', 'inconclusive']),
  fault: z.string(),
  because: z.string(),
  confirmed: z.string(),
  sometimes: z.boolean(),
})

/** `run.json`. */
export const runFacts = z.object({
  id: z.string(),
  /** Empty in older safety sets. */
  startedAt: z.union([time, z.literal('')]),
  endedAt: time.optional(),
  resumedAt: z.array(time).optional(),
  lab: z.string(),
  device,
  versions: z.record(z.string(), z.string()),
  seed: z.string(),
  profile: z.enum(['default', 'full']),
  labs: z.int().min(1),
  suites: names.optional(),
  inputs: z
    .object({ lab: z.string(), device: z.string().optional(), files: z.record(z.string(), z.string()) })
    .optional(),
  only: names.optional(),
  plan: names,
  scenarios: z.array(scenarioFacts),
  stopped: said.optional(),
  outOf: z.enum(['time', 'space']).optional(),
  doctor: z
    .object({
      at: time,
      checks: z.array(z.object({ name: z.string(), state: z.enum(['ok', 'warning', 'failed']), seen: z.string() })),
    })
    .optional(),
  peakMemory: z.object({ recorder: z.number(), parent: z.number() }).optional(),
  operator: z.string().optional(),
  photographs: z
    .array(z.object({ file: z.string().regex(/^photographs\/[\w-][\w.-]*$/), sha256: z.string() }))
    .optional(),
  leftOut: z.array(z.object({ requirement: z.string(), case: z.string().optional(), because: said })),
  known: z.array(knownDeviation).optional(),
  waivers: z
    .array(
      z.object({
        requirement: z.string(),
        case: z.string().optional(),
        reason: z.string(),
        approver: z.string(),
        until: z.string(),
      }),
    )
    .optional(),
})

/** A line of `results.jsonl`. */
export const result = z.object({
  requirement: z.string(),
  case: z.string(),
  scenario: z.string(),
  level,
  verdict,
  cause: z.enum(['blocked', 'lab', 'harness']).optional(),
  blockedBy: z.string().optional(),
  contradicts: names.optional(),
  part: z.enum(parts).optional(),
  expected: said.optional(),
  seen: said.optional(),
  because: said,
  notes: z.array(said).optional(),
  frames: z.array(z.int().min(0)),
  comments: z.record(z.string().regex(/^\d+$/), said).optional(),
  damaged: z.literal(true).optional(),
})
