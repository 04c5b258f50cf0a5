import { InputError } from '../lab/input-error.ts'
import type { RunFacts } from '../recording/run-facts.ts'

/** A run was judged with suites that are not named. */
export class NeedsSuites extends InputError {}

/** Suites are code, and a run may be from elsewhere: throws `NeedsSuites` where it was judged with some and none are given. */
export function mustNameSuites(file: string, { suites = [] }: RunFacts, given: readonly string[] = []): void {
  if (suites.length === 0 || given.length > 0) return
  throw new NeedsSuites(
    file,
    `suites: the run was judged with ${suites.join(', ')} too; suites are code and are not loaded because a run names them`,
    `if you trust them: --suites ${suites.join(' ')}`,
  )
}
