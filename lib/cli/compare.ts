import { basename, resolve } from 'node:path'
import { compared, comparisonTable } from '../run/compare.ts'
import { readResults } from '../run/run-folder.ts'
import { print } from './terminal.ts'

/** `denat compare RUN RUN ...`: exit code 0 when all verdicts are the same, 1 when any differs. */
export function compareCommand(runs: readonly string[]): number {
  const rows = compared(runs.map((run) => readResults(resolve(run))))
  print(
    comparisonTable(
      runs.map((run) => basename(resolve(run))),
      rows,
    ),
  )
  return rows.every((row) => row.same) ? 0 : 1
}
