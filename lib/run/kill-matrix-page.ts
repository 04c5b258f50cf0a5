import { type MatrixRow, violatedKeys } from './kill-matrix.ts'
import { table } from './page-table.ts'
import { judgedKeys } from './variants.ts'

/** What the page tells of one mutant. */
export type PageRow = Pick<MatrixRow, 'mutant' | 'killed' | 'wronglyFailed'>

/** The kill matrix for people: each mutant with what it must fail, and each requirement with who proves that it can. */
export function killMatrixPage(rows: readonly PageRow[]): string {
  const keys = judgedKeys()
  const killers = (key: string): string[] =>
    rows.filter(({ killed }) => killed.includes(key)).map(({ mutant }) => mutant.name)
  const sum = (count: (row: PageRow) => number) => rows.reduce((total, row) => total + count(row), 0)
  const violated = sum(({ mutant }) => violatedKeys(mutant).length)
  const killed = sum((row) => row.killed.length)
  return `# Kill matrix

<!-- Written by \`npm run matrix\`. -->

A mutant is the reference router with one defect. It must fail every requirement and case that it violates, and nothing
else: all the rest passes, does not apply, or is blocked by what it violates. A requirement that no mutant fails would
prove nothing. A warning counts as a failure: that is what a SHOULD that does not hold comes to.

${table(
  ['', ''],
  [
    ['requirements judged', String(new Set(keys.map(idOf)).size)],
    ['requirements and cases', String(keys.length)],
    ['of them killed by a mutant', String(keys.filter((key) => killers(key).length > 0).length)],
    ['mutants', String(rows.length)],
    ['violations, of all mutants', String(violated)],
    ['killed', String(killed)],
    ['survived', String(violated - killed)],
    ['wrongly failed', String(sum((row) => row.wronglyFailed.length))],
  ],
)}

## Mutants

${table(
  ['mutant', 'what is wrong with it', 'must fail', 'fails', 'wrongly fails'],
  rows.map((row) => [
    row.mutant.name,
    row.mutant.story,
    listed(violatedKeys(row.mutant), keys),
    `${row.killed.length} of ${violatedKeys(row.mutant).length}`,
    listed(row.wronglyFailed, keys),
  ]),
)}

## Requirements

${table(
  ['requirement', 'case', 'killed by'],
  keys.map((key) => [idOf(key), key.slice(idOf(key).length + separator.length), killers(key).join(', ') || 'nobody']),
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
