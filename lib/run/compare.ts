import { render } from '../say/render.ts'
import { type Result, type Verdict, worstBy } from '../suite/verdict.ts'

/**
 * From the first firmware to the last one. `unstable`: repeats of one firmware differ. `open`: one of the two could not be
 * judged, or was left out. `new`, `gone`: only the last, or only the first, has it.
 */
export const changes = ['regressed', 'unstable', 'fixed', 'open', 'new', 'gone', 'same'] as const
export type Change = (typeof changes)[number]

/** One requirement and case over several runs. */
export interface Compared {
  requirement: string
  case: string
  /** By run, in their order; undefined where the run does not have it. */
  results: (Result | undefined)[]
  /** All runs have the same verdict. */
  same: boolean
  change: Change
}

/**
 * Verdict by verdict: the worst result of each requirement and case in each run, by id. `firmware`: of each run; runs of one
 * firmware are repeats.
 */
export function compared(
  runs: readonly (readonly Result[])[],
  firmware: readonly string[] = runs.map((_, index) => String(index)),
): Compared[] {
  const worst = runs.map((results) => worstBy(results))
  const keys = [...new Set(worst.flatMap((run) => [...run.keys()]))].sort()
  return keys.map((key) => {
    const results = worst.map((run) => run.get(key))
    const { requirement, case: name } = results.find((result) => result !== undefined) as Result
    const verdicts = new Set<Verdict | undefined>(results.map((result) => result?.verdict))
    const change = changeOf(
      results.map((result) => result?.verdict),
      firmware,
    )
    return { requirement, case: name, results, same: verdicts.size === 1, change }
  })
}

const harm: Partial<Record<Verdict, number>> = { pass: 0, 'not-applicable': 0, warn: 1, fail: 2 }

function changeOf(verdicts: readonly (Verdict | undefined)[], firmware: readonly string[]): Change {
  if (new Set(verdicts).size === 1) return 'same'
  const isRepeated = (one: string) => new Set(verdicts.filter((_, index) => firmware[index] === one)).size > 1
  if (firmware.some(isRepeated)) return 'unstable'
  const [before, after] = [verdicts[0], verdicts.at(-1)]
  if (before === undefined || after === undefined) return before === after ? 'same' : before ? 'gone' : 'new'
  const [was, is] = [harm[before], harm[after]]
  if (was === undefined || is === undefined) return before === after ? 'same' : 'open'
  if (was === is) return 'same'
  return is > was ? 'regressed' : 'fixed'
}

/** How many there are of each change, worst first. */
export const changeCounts = (rows: readonly Compared[]): [Change, number][] =>
  changes.map((change) => [change, rows.filter((row) => row.change === change).length])

/** A table in Markdown of what differs, and how much does not. */
export function comparisonTable(names: readonly string[], rows: readonly Compared[]): string {
  const differing = changes.flatMap((change) => rows.filter((row) => row.change === change && !row.same))
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const counts = changeCounts(rows).flatMap(([change, number]) => (number > 0 ? [`${number} ${change}`] : []))
  const total = `${rows.length} verdicts over ${names.length} runs: ${counts.join(', ')}`
  if (differing.length === 0) return total
  return [
    total,
    '',
    line(['change', 'requirement', 'case', ...names]),
    line(['---', '---', '---', ...names.map(() => '---')]),
    ...differing.map((row) => line([row.change, row.requirement, row.case, ...row.results.map(cell)])),
  ].join('\n')
}

/** A verdict with what was found, as text without control characters. */
export const cell = (result: Result | undefined): string =>
  result ? [result.verdict, ...(result.verdict === 'pass' ? [] : [outcomeOf(result)])].join(': ') : 'not there'

/** Control characters and bars would break the table. */
const outcomeOf = ({ seen, because, scenario, frames }: Result): string =>
  `${render(seen ?? because)
    .replace(/[\p{Cc}|]+/gu, ' ')
    .slice(0, 120)}${frames.length > 0 ? ` (${scenario}, frame ${frames.at(-1)})` : ''}`
