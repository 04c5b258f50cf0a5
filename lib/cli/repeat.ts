import { basename, join, resolve } from 'node:path'
import { compared, comparisonTable } from '../run/compare.ts'
import { readResults } from '../run/run-folder.ts'
import { freshSeed } from '../time/seed.ts'
import { reportsFolder } from './report.ts'
import { type RunCommand, runCommand } from './run.ts'
import { print } from './terminal.ts'

/**
 * `denat run LAB --repeat N`: runs one after the other, each with a seed and an order of scenarios of its own, then
 * compares them. Exit code 0 when all verdicts are the same, 1 when any differs, 3 and 130 as for a run.
 */
export async function repeatCommand(lab: string, options: RunCommand, times: number): Promise<number> {
  const seed = options.seed ?? freshSeed()
  const base = resolve(options.out ?? join(reportsFolder, 'runs', `repeat-${seed}`))
  const folders: string[] = []
  for (let n = 1; n <= times; n++) {
    const out = join(base, String(n))
    const code = await runCommand(lab, { ...options, out, seed: `${seed}-${n}`, shuffle: true, report: false })
    if (code === 3 || code === 130) return code
    folders.push(out)
  }
  print()
  const rows = compared(folders.map(readResults))
  print(
    comparisonTable(
      folders.map((folder) => basename(folder)),
      rows,
    ),
  )
  return rows.every(({ same }) => same) ? 0 : 1
}
