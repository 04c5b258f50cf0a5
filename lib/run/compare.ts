import { render } from '../say/render.ts'
import { type Result, type Verdict, worstBy } from '../suite/verdict.ts'

/** One requirement and case over several runs. */
export interface Compared {
  requirement: string
  case: string
  /** By run, in their order; undefined where the run does not have it. */
  results: (Result | undefined)[]
  /** All runs have the same verdict. */
  same: boolean
}

/** Verdict by verdict: the worst result of each requirement and case in each run, by id. */
export function compared(runs: readonly (readonly Result[])[]): Compared[] {
  const worst = runs.map((results) => worstBy(results))
  const keys = [...new Set(worst.flatMap((run) => [...run.keys()]))].sort()
  return keys.map((key) => {
    const results = worst.map((run) => run.get(key))
    const { requirement, case: name } = results.find((result) => result !== undefined) as Result
    const verdicts = new Set<Verdict | undefined>(results.map((result) => result?.verdict))
    return { requirement, case: name, results, same: verdicts.size === 1 }
  })
}

/** A table in Markdown of what differs, and how much does not. */
export function comparisonTable(names: readonly string[], rows: readonly Compared[]): string {
  const differing = rows.filter((row) => !row.same)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const total = `${rows.length} verdicts over ${names.length} runs: ${rows.length - differing.length} the same in all, ${differing.length} not`
  if (differing.length === 0) return total
  const cell = (result: Result | undefined) =>
    result ? [result.verdict, ...(result.verdict === 'pass' ? [] : [outcomeOf(result)])].join(': ') : 'not there'
  return [
    total,
    '',
    line(['requirement', 'case', ...names]),
    line(['---', '---', ...names.map(() => '---')]),
    ...differing.map((row) => line([row.requirement, row.case, ...row.results.map(cell)])),
  ].join('\n')
}

/** Control characters and bars would break the table. */
const outcomeOf = ({ seen, because, scenario, frames }: Result): string =>
  `${render(seen ?? because)
    .replace(/[\p{Cc}|]+/gu, ' ')
    .slice(0, 120)}${frames.length > 0 ? ` (${scenario}, frame ${frames.at(-1)})` : ''}`
