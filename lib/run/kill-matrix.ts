import type { mutants } from '../lab/memory-mutants.ts'
import { isClaim, type Value } from '../say/claim.ts'
import { effectiveLevel } from '../suite/catalogue.ts'
import type { Suites } from '../suite/suites.ts'
import type { Level, Result } from '../suite/verdict.ts'
import { keyOf } from '../suite/verdict.ts'
import { judgedKeys, type Variant, type VariantOptions, type Verdicts, variants } from './variants.ts'

export type Mutant = (typeof mutants)[number]

export interface MatrixRow {
  mutant: Mutant
  /** Violated, and failed, or warned where it should only warn. */
  killed: string[]
  /** Violated, and yet the verdict is another. */
  survived: string[]
  /** Not violated, and yet neither passed nor blocked by what is. */
  wronglyFailed: string[]
  /** Not declared in `silences`, and yet no longer applicable. */
  silenced: string[]
  /** Declared in `silences` without effect, although all of its scenarios were run. */
  notSilenced: string[]
  /** Templates of the claims that did not hold, each with those that it is built upon. */
  decided: string[]
  verdicts: Verdicts
}

export interface KillMatrix {
  /** The verdicts for the router without a defect. */
  reference: Verdicts
  /** Runs every scenario on this mutant, and compares the verdicts with its declaration. */
  row(mutant: Mutant): Promise<MatrixRow>
  /** The same on those scenarios alone that its violations are judged on. */
  shortRow(mutant: Mutant): Promise<MatrixRow>
}

/** What a mutant must fail, by key: an id alone stands for all of its cases. */
export const violatedKeys = ({ violates }: Pick<Mutant, 'violates'>, suites: Suites): string[] => {
  const judged = judgedKeys(suites)
  return violates.flatMap((one) => {
    const found = judged.filter((key) => key === one || key.startsWith(`${one} · `))
    if (found.length === 0) throw new TypeError(`a mutant violates ${one}, which nothing judges`)
    return found
  })
}

/** Of what a mutant violates, that which comes to a warning: a SHOULD, or a goal. */
export function warnedKeys(mutant: Mutant, suites: Suites): string[] {
  const violated = violatedKeys(mutant, suites)
  const unexpected = mutant.warns?.find((key) => !violated.includes(key) || levelOf(key, suites) === 'SHOULD')
  if (unexpected) throw new TypeError(`${mutant.name} need not declare its warning of ${unexpected}`)
  return violated.filter((key) => mutant.warns?.includes(key) || levelOf(key, suites) === 'SHOULD')
}

function levelOf(key: string, { entries, requirements }: Suites): Level | undefined {
  const [id = '', name = ''] = key.split(' · ')
  const entry = entries.get(id)
  return requirements.get(id)?.cases.get(name)?.level ?? (entry && effectiveLevel(entry))
}

/** Runs every scenario on the reference router, and is then ready for mutants. */
export async function killMatrix(options: VariantOptions): Promise<KillMatrix> {
  const { reference, of } = await variants(options)
  const row = async (mutant: Mutant, on?: ReadonlySet<string>): Promise<MatrixRow> => {
    const variant = await of(mutant.behavior, on)
    return {
      ...rowOf(mutant, variant, options.suites),
      ...silenceOf(mutant, variant.verdicts, { reference, suites: options.suites, on }),
    }
  }
  return {
    reference,
    row: (mutant) => row(mutant),
    async shortRow(mutant) {
      const on = judgedOn(mutant, options.suites)
      const short = await row(mutant, on)
      // An invariant is judged in every recording: it may fail in another one.
      const survived = short.survived.filter(
        (key) => !on || mutant.shownIn || !options.suites.requirements.get(key)?.invariant,
      )
      return { ...short, survived }
    },
  }
}

/** Undefined for an invariant, where it is not known which recording shows it. */
function judgedOn(mutant: Mutant, suites: Suites): ReadonlySet<string> | undefined {
  const violated = new Set(violatedKeys(mutant, suites))
  const on = [...suites.requirements.values()].flatMap(({ id, cases }) =>
    [...cases].flatMap(([name, { scenarios }]) =>
      violated.has(keyOf({ requirement: id, case: name })) ? scenarios.map((scenario) => scenario.name) : [],
    ),
  )
  if (mutant.shownIn !== undefined) on.push(mutant.shownIn)
  return on.length > 0 ? new Set(on) : undefined
}

function rowOf(
  mutant: Mutant,
  { results, verdicts }: Variant,
  suites: Suites,
): Omit<MatrixRow, 'silenced' | 'notSilenced'> {
  const violated = new Set(violatedKeys(mutant, suites))
  const drawn = violatedKeys({ violates: mutant.sometimes ?? [] }, suites)
  const ids = new Set([...violated, ...drawn].map((key) => key.split(' · ')[0] as string))
  const warnings = new Set(warnedKeys(mutant, suites))
  const isKilled = (key: string): boolean => verdicts.get(key)?.verdict === (warnings.has(key) ? 'warn' : 'fail')
  const excused = (result: Result): boolean =>
    result.verdict === 'pass' ||
    result.verdict === 'not-applicable' ||
    (result.cause === 'blocked' && leadsTo(result.blockedBy ?? '', ids, results))
  return {
    mutant,
    verdicts,
    killed: [...violated].filter(isKilled),
    survived: [...violated].filter((key) => !isKilled(key)),
    decided: [...new Set(results.flatMap(decidedBy))],
    // An id without its case is that of a scenario which could not go on: the id may be violated in another case.
    wronglyFailed: [...verdicts]
      .filter(([key, result]) => !violated.has(key) && !ids.has(key) && !excused(result))
      .map(([key]) => key),
  }
}

function decidedBy({ verdict, expected }: Result): string[] {
  const isDecision = verdict === 'fail' || verdict === 'warn'
  const templates: string[] = []
  // What `judge` adds to a claim, such as within which time, stands around it.
  for (let one: Value | undefined = isDecision ? expected : undefined; isClaim(one); one = one.values[0])
    templates.push(one.template)
  return templates
}

/** The passes that a mutant takes away without a failure, compared with its declaration. */
function silenceOf(
  { silences = [] }: Mutant,
  verdicts: Verdicts,
  { reference, suites, on }: { reference: Verdicts; suites: Suites; on: ReadonlySet<string> | undefined },
): Pick<MatrixRow, 'silenced' | 'notSilenced'> {
  const silent = [...verdicts]
    .filter(([key, { verdict }]) => verdict === 'not-applicable' && reference.get(key)?.verdict === 'pass')
    .map(([key]) => key)
  const isRun = (key: string): boolean => {
    const [id = '', name = ''] = key.split(' · ')
    const scenarios = suites.requirements.get(id)?.cases.get(name)?.scenarios
    return !on || (scenarios?.every((scenario) => on.has(scenario.name)) ?? false)
  }
  return {
    silenced: silent.filter((key) => !silences.includes(key)),
    notSilenced: silences.filter((key) => !silent.includes(key) && isRun(key)),
  }
}

/** Whether an id is one of these, or is blocked itself by one that leads to one of them. */
function leadsTo(id: string, ids: ReadonlySet<string>, results: readonly Result[], seen = new Set<string>()): boolean {
  if (ids.has(id)) return true
  if (seen.has(id)) return false
  seen.add(id)
  return results.some(
    ({ requirement, cause, blockedBy }) =>
      requirement === id && cause === 'blocked' && leadsTo(blockedBy ?? '', ids, results, seen),
  )
}
