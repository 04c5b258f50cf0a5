import type { Outcome } from '../recording/recording.ts'
import type { LeftOut, RunFacts, ScenarioFacts } from '../recording/run-facts.ts'
import { type Claim, quoted } from '../say/claim.ts'
import type { Result } from '../suite/verdict.ts'

type Said = Claim | string
const claimOf = (said: Said): Claim => (typeof said === 'string' ? quoted(said) : said)

/** Earlier runs had texts where there are claims now, and `END: REASON` as the outcome of a scenario. */
interface AnyFacts extends Omit<RunFacts, 'stopped' | 'leftOut' | 'scenarios'> {
  stopped?: Said
  leftOut: (Omit<LeftOut, 'because'> & { because: Said })[]
  scenarios: (Omit<ScenarioFacts, 'outcome'> & { outcome: Outcome | string })[]
}

export const migrated = ({ stopped, leftOut, scenarios, ...facts }: AnyFacts): RunFacts => ({
  ...facts,
  ...(stopped !== undefined && { stopped: claimOf(stopped) }),
  leftOut: leftOut.map((one) => ({ ...one, because: claimOf(one.because) })),
  scenarios: scenarios.map((one) => ({ ...one, outcome: outcomeOf(one.outcome) })),
})

function outcomeOf(outcome: Outcome | string): Outcome {
  if (typeof outcome !== 'string') return outcome
  const [end = '', ...because] = outcome.split(': ')
  return { end, by: '', ...(because.length > 0 && { because: claimOf(because.join(': ')) }) } as Outcome
}

type AnyResult = Result & {
  because: Said
  expected?: Said
  seen?: Said
  notes?: Said[]
  comments?: Record<number, Said>
}

export function migratedResult(result: AnyResult): Result {
  const { because, expected, seen, notes, comments, ...rest } = result
  const claims = (all: Readonly<Record<string, Said>>): Record<string, Claim> =>
    Object.fromEntries(Object.entries(all).map(([key, said]) => [key, claimOf(said)]))
  return {
    ...rest,
    because: claimOf(because),
    ...claims({ ...(expected && { expected }), ...(seen && { seen }) }),
    ...(notes && { notes: notes.map(claimOf) }),
    ...(comments && { comments: claims(comments) }),
  }
}
