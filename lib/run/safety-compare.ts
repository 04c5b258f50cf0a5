import type { Result } from '../suite/verdict.ts'

/** What of a verdict must stay as it is: not its words. */
export type SafetyVerdict = Pick<
  Result,
  'requirement' | 'case' | 'scenario' | 'verdict' | 'cause' | 'blockedBy' | 'frames'
> & {
  run: string
}

export const safetyVerdicts = (runs: ReadonlyMap<string, readonly Result[]>): SafetyVerdict[] =>
  [...runs].flatMap(([run, results]) =>
    results.map(({ requirement, case: name, scenario, verdict, cause, blockedBy, frames }) => ({
      run,
      requirement,
      case: name,
      scenario,
      verdict,
      ...(cause && { cause }),
      ...(blockedBy && { blockedBy }),
      frames,
    })),
  )

const keyOf = ({ run, requirement, case: name, scenario }: SafetyVerdict): string =>
  [run, requirement, name, scenario].filter(Boolean).join(' · ')

const verdictOf = (verdict: SafetyVerdict | undefined): string => {
  if (!verdict) return 'not there'
  const { verdict: kind, cause, blockedBy, frames } = verdict
  return [kind, cause, blockedBy && `by ${blockedBy}`, `frames ${frames.join(' ') || 'none'}`]
    .filter(Boolean)
    .join(', ')
}

/** A line for each verdict that differs in anything, or is not in both. */
export function differences(before: readonly SafetyVerdict[], after: readonly SafetyVerdict[]): string[] {
  const then = new Map(before.map((one) => [keyOf(one), verdictOf(one)]))
  const now = new Map(after.map((one) => [keyOf(one), verdictOf(one)]))
  return [...new Set([...then.keys(), ...now.keys()])]
    .sort()
    .filter((key) => then.get(key) !== now.get(key))
    .map((key) => `${key}: ${then.get(key) ?? verdictOf(undefined)} → ${now.get(key) ?? verdictOf(undefined)}`)
}
