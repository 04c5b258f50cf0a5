import type { Outcome } from '../recording/recording.ts'
import type { LeftOut, RunFacts, ScenarioFacts } from '../recording/run-facts.ts'
import { type Claim, quoted } from '../say/claim.ts'
import type { Result } from '../suite/verdict.ts'

type AnyClaim = Claim | string
const claimOf = (given: AnyClaim): Claim => (typeof given === 'string' ? quoted(given) : given)

/** Earlier runs had texts where there are claims now, and `END: REASON` as the outcome of a scenario. */
interface AnyFacts extends Omit<RunFacts, 'stopped' | 'leftOut' | 'scenarios'> {
  stopped?: AnyClaim
  leftOut: (Omit<LeftOut, 'because'> & { because: AnyClaim })[]
  scenarios: (Omit<ScenarioFacts, 'outcome'> & { outcome: Outcome | string })[]
}

export const migrated = ({ stopped, leftOut, scenarios, ...facts }: AnyFacts): RunFacts => ({
  ...facts,
  startedAt: facts.startedAt || new Date(0).toISOString(),
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
  because: AnyClaim
  expected?: AnyClaim
  seen?: AnyClaim
  notes?: AnyClaim[]
  comments?: Record<number, AnyClaim>
}

export function migratedResult(result: AnyResult): Result {
  const { because, expected, seen, notes, comments, ...rest } = result
  const claims = (all: Readonly<Record<string, AnyClaim>>): Record<string, Claim> =>
    Object.fromEntries(Object.entries(all).map(([key, given]) => [key, claimOf(given)]))
  return {
    ...rest,
    because: claimOf(because),
    ...claims({ ...(expected && { expected }), ...(seen && { seen }) }),
    ...(notes && { notes: notes.map(claimOf) }),
    ...(comments && { comments: claims(comments) }),
  }
}
