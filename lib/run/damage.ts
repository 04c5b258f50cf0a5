import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../lab/input-error.ts'
import { differences, sumsFile } from '../recording/checksums.ts'
import { claim, the } from '../say/claim.ts'
import type { Result } from '../suite/verdict.ts'
import { landed } from './run-folder.ts'

/** A message names this many files. */
const mostNamed = 20

export interface Checked {
  /** Files that are not as they were when their recording landed, by their path below the run's folder. */
  damaged: string[]
  /** The run has checksums of its recordings. */
  vouched: boolean
}

/** Compares the recordings with their checksums. Throws `InputError` that names what differs, unless that is wanted. */
export function checkedRecordings(run: string, { damaged }: { damaged: boolean }): Checked {
  if (!existsSync(join(run, sumsFile))) return { damaged: [], vouched: false }
  const found = differences(
    run,
    landed(run).map((name) => `recordings/${name}`),
  )
  if (found.length === 0 || damaged) return { damaged: found.map(({ file }) => file), vouched: true }
  const named = found.slice(0, mostNamed).map(({ file, because }) => `\n  ${file} ${because}`)
  const rest = found.length > mostNamed ? `\n  and ${found.length - mostNamed} more` : ''
  throw new InputError(
    run,
    `the recordings are not as they were recorded:${named.join('')}${rest}`,
    'put back the files of the run; with --damaged it is judged as it is, and each verdict on a damaged recording is marked',
  )
}

const scenarioOf = (file: string): string | undefined => /^recordings\/([^/]+)\//.exec(file)?.[1]

/** Marks the verdicts on damaged recordings. A damaged file that is of no recording concerns all. */
export function asDamaged(results: readonly Result[], damaged: readonly string[]): Result[] {
  if (damaged.length === 0) return [...results]
  return results.map((result) => {
    const files = damaged.filter((file) => [result.scenario, undefined].includes(scenarioOf(file)))
    if (files.length === 0) return result
    const note = claim`this is not as it was recorded: ${the.list(files.map(the.text))}`
    return { ...result, damaged: true, notes: [...(result.notes ?? []), note] }
  })
}
