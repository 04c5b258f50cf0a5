import { basename, extname, resolve } from 'node:path'
import { readBaseline } from '../lab/device.ts'
import { InputError } from '../lab/input-error.ts'
import { writeWhole } from '../plain-files.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { compareCsv, comparePage } from '../report/compare-page.ts'
import { againstBaseline } from '../run/baseline.ts'
import { cell, changeCounts, changes, compared, comparisonTable } from '../run/compare.ts'
import { readFacts, readResults, recordingsOf } from '../run/run-folder.ts'
import { loadSuites } from '../run/suites.ts'
import { baselineText } from './print.ts'
import { print } from './terminal.ts'

export interface CompareCommand {
  /** Written in the format of its ending. */
  out?: string
  /** A file of known deviations. */
  against?: string
}

/**
 * `denat compare OLD NEW ...`: what the last firmware does better and worse than the first one. Exit code 1 where something
 * regressed. With `--against`, one run with a baseline: exit code 1 where a deviation is new.
 */
export async function compareCommand(paths: readonly string[], { out, against }: CompareCommand = {}): Promise<number> {
  const folders = paths.map((path) => resolve(path))
  if (against !== undefined) return againstCommand(folders, against)
  if (folders.length < 2)
    throw new InputError('compare', 'one run alone', 'name two runs or more, or a baseline: --against FILE')
  const runs = folders.map((folder) => ({
    name: basename(folder),
    facts: readFacts(folder),
    results: readResults(folder),
  }))
  const firmware = runs.map(({ facts }, index) => firmwareOf(facts) ?? String(index))
  const rows = compared(
    runs.map(({ results }) => results),
    firmware,
  )
  const names = runs.map(({ name }) => name)
  print(comparisonTable(names, rows))
  if (out !== undefined) {
    const withRecordings = runs.map((run, index) => ({
      ...run,
      recordings: recordingsOf(folders[index] as string, run.facts),
    }))
    const formats: Record<string, () => string | Promise<string>> = {
      '.md': () => `${comparisonTable(names, rows)}\n`,
      '.csv': () => compareCsv(names, rows, cell),
      '.json': () =>
        `${JSON.stringify({ runs: names, counts: Object.fromEntries(changeCounts(rows)), rows }, null, 2)}\n`,
      '.html': async () => comparePage(withRecordings, rows, changes, (await loadSuites()).entries),
    }
    const format = formats[extname(out)]
    if (!format)
      throw new InputError(
        '--out',
        `${out} has none of the endings ${Object.keys(formats).join(', ')}`,
        'name one of them',
      )
    writeWhole(resolve(out), await format())
    print(`\n${resolve(out)}`)
  }
  return rows.some(({ change }) => change === 'regressed') ? 1 : 0
}

/** Runs with the same are repeats. Undefined where a run does not name it: then it counts as a firmware of its own. */
function firmwareOf({ device, versions }: RunFacts): string | undefined {
  const { denat, node, kernel, ...software } = versions
  if (device.firmware === undefined && Object.keys(software).length === 0) return undefined
  return JSON.stringify([device.name, device.firmware, software])
}

function againstCommand(folders: readonly string[], against: string): number {
  const [folder] = folders
  if (folder === undefined || folders.length > 1)
    throw new InputError('--against', 'a baseline is compared with one run', 'name one run')
  const facts = { ...readFacts(folder), known: readBaseline(resolve(against)) }
  const results = readResults(folder)
  print(baselineText(results, facts))
  return againstBaseline(results, facts.known).fresh.length > 0 ? 1 : 0
}
