import { mutants } from '../lab/memory-mutants.ts'
import type { Suites } from '../suite/suites.ts'
import { claimsIn } from './claims-in-source.ts'
import { type Mutant, violatedKeys, warnedKeys } from './kill-matrix.ts'
import { table } from './page-table.ts'
import { ownSuites } from './suites.ts'
import { undecidedClaims } from './undecided-claims.ts'
import { judgedKeys } from './variants.ts'

/** The totals of the matrix, for the page and for the README. */
export interface Totals {
  requirements: number
  cases: number
  mutants: number
  violations: number
  byFail: number
  byWarn: number
  claims: number
  /** Of them; the others stand in a list with the reason. */
  decided: number
}

export function totalsOf(suites: Suites): Totals {
  const violations = mutants.flatMap((mutant) => violatedKeys(mutant, suites)).length
  const byWarn = mutants.flatMap((mutant) => warnedKeys(mutant, suites)).length
  const claims = claimsIn(ownSuites).length
  return {
    requirements: new Set(judgedKeys(suites).map(idOf)).size,
    cases: judgedKeys(suites).length,
    mutants: mutants.length,
    violations,
    byFail: violations - byWarn,
    byWarn,
    claims,
    decided: claims - Object.values(undecidedClaims).flat().length,
  }
}

/** The row of the README's table. */
export function totalsLine(suites: Suites): string {
  const { requirements, cases, mutants: count, violations, byFail, byWarn } = totalsOf(suites)
  return `| ${requirements} | ${cases} | ${count} | ${violations} | ${byFail} | ${byWarn} | 0 | 0 |`
}

/** The kill matrix for people: each mutant with the requirements that it must fail, and each requirement with its mutants. */
export function killMatrixPage(suites: Suites): string {
  const keys = judgedKeys(suites)
  const violations = mutants.map((mutant) => ({ mutant, keys: violatedKeys(mutant, suites) }))
  const killersOf = (key: string): string[] =>
    violations.filter((one) => one.keys.includes(key)).map(({ mutant }) => mutant.name)
  const totals = totalsOf(suites)
  const rowOf = (mutant: Mutant, violated: string[]): string[] => {
    const warned = warnedKeys(mutant, suites)
    return [
      mutant.name,
      mutant.story,
      listed(violated, keys),
      String(violated.length - warned.length),
      String(warned.length),
      listed(mutant.silences ?? [], keys),
    ]
  }
  return `# Kill matrix

<!-- Written by \`npm run matrix\`. -->

A mutant is the reference router with one defect. It must violate every requirement and case that it names, and no
other: all others pass, are blocked by the violations, or are no longer applicable as the mutant declares. A requirement
that no mutant violates would prove nothing. A violation is a failure, or a warning where a SHOULD or a goal does not
hold.

${table(
  ['', ''],
  [
    ['requirements judged', String(totals.requirements)],
    ['requirements and cases', String(totals.cases)],
    ['of them killed by a mutant', String(keys.filter((key) => killersOf(key).length > 0).length)],
    ['mutants', String(totals.mutants)],
    ['violations, of all mutants', String(totals.violations)],
    ['killed by a failure', String(totals.byFail)],
    ['killed by a warning', String(totals.byWarn)],
    ['claims of the suites', String(totals.claims)],
    ['of them decided by a mutant', String(totals.decided)],
    ['survived', '0'],
    ['wrongly failed', '0'],
    ['mutants for which a case is no longer applicable', String(mutants.filter(({ silences }) => silences).length)],
  ],
)}

## Mutants

${table(
  ['mutant', 'defect', 'violates', 'failures', 'warnings', 'no longer applies'],
  violations.map((one) => rowOf(one.mutant, one.keys)),
)}

## Requirements

${table(
  ['requirement', 'case', 'killed by'],
  keys.map((key) => [idOf(key), key.slice(idOf(key).length + separator.length), killersOf(key).join(', ') || 'none']),
)}

## Claims that no mutant decides

${table(
  ['claim', 'reason'],
  Object.entries(undecidedClaims).flatMap(([reason, claims]) => claims.map((claim) => [claim, reason])),
)}
`
}

const separator = ' · '
const idOf = (key: string): string => key.split(separator)[0] as string

/** By requirement; one that is there with all of its cases stands for them. */
function listed(some: readonly string[], keys: readonly string[]): string {
  return [...new Set(some.map(idOf))]
    .map((id) => {
      const of = (all: readonly string[]) => all.filter((key) => idOf(key) === id)
      if (of(some).length === of(keys).length) return id
      const cases = of(some).map((key) => key.slice(id.length + separator.length))
      return `${id} (${cases.join('; ')})`
    })
    .join(', ')
}
