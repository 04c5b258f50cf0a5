import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { InputError } from '../lab/input-error.ts'
import { mustBePlain, writeWhole } from '../plain-files.ts'
import { scenarioOf } from '../recording/again.ts'
import { sha256, sumLines, sumsFile, withoutSums } from '../recording/checksums.ts'
import { loadRecording, RecordingError } from '../recording/load.ts'
import { fitting, Misfit, readText } from '../recording/read-json.ts'
import type { Recording } from '../recording/recording.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { isWhole } from '../recording/save.ts'
import { type Claim, claim, the } from '../say/claim.ts'
import type { Result } from '../suite/verdict.ts'
import { migrated, migratedResult } from './migrate.ts'
import { result, runFacts } from './schemas.ts'

export const recordingFolder = (run: string, scenario: string): string => join(run, 'recordings', scenario)

export function writeFacts(run: string, facts: RunFacts): void {
  writeWhole(join(run, 'run.json'), `${JSON.stringify(facts, null, 2)}\n`)
}

/** The facts of a run that has ended: `SHA256SUMS` vouches for them, too. */
export function writeLastFacts(run: string, facts: RunFacts): void {
  writeFacts(run, facts)
  const sum = { file: 'run.json', hash: sha256(join(run, 'run.json')) }
  writeWhole(join(run, sumsFile), withoutSums(run, (file) => file === sum.file) + sumLines([sum]))
}

/** Throws `InputError` when the folder is no run's, `FileError` when it contains anything but files and folders. */
export function readFacts(run: string): RunFacts {
  const file = join(run, 'run.json')
  if (!existsSync(file))
    throw new InputError(run, 'is no run folder: it contains no run.json', 'name a folder in reports/runs')
  mustBePlain(run)
  const facts = inFile(file, 1, () => fitting(readText(file), runFacts))
  return migrated(facts as Parameters<typeof migrated>[0])
}

/** What does not fit is bad input. `line`: of the text in the file. */
function inFile<T>(file: string, line: number, read: () => T, remedy?: string): T {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof Misfit)) throw error
    throw new InputError(`${file}:${line - 1 + error.line}`, error.message, remedy)
  }
}

/** Names of the scenarios whose recordings have landed, sorted. */
export function landed(run: string): string[] {
  const folder = join(run, 'recordings')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'world.json')) && isWhole(name))
    .sort()
}

/** Folders of recordings that were set aside, by their path below the run's folder, sorted. */
export function setAsideIn(run: string): string[] {
  const folder = join(run, 'recordings')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => !isWhole(name))
    .map((name) => `recordings/${name}`)
    .sort()
}

export const line = (result: Result): string => `${JSON.stringify(result)}\n`

export function writeResults(run: string, results: readonly Result[]): void {
  writeWhole(join(run, 'results.jsonl'), results.map(line).join(''))
}

/** Throws `InputError` when the folder holds no results, or a line that is none. */
export function readResults(run: string): Result[] {
  const file = join(run, 'results.jsonl')
  if (!existsSync(file)) throw new InputError(run, 'holds no results.jsonl', 'name a folder in reports/runs')
  const lines = readText(file).split('\n')
  const remedy = '`denat judge` writes the file again'
  return lines.flatMap((text, index) =>
    text ? [migratedResult(inFile(file, index + 1, () => fitting(text, result), remedy) as Result)] : [],
  )
}

/** Why a recording that has landed cannot be judged. */
export interface Unread {
  scenario: string
  unread: Claim
}

export const isRead = (read: Recording | Unread): read is Recording => !('unread' in read)

/** A recording that has landed. What is damaged, or is of another scenario or run, is not judged. */
export function readRecording(run: string, { seed }: Pick<RunFacts, 'seed'>, scenario: string): Recording | Unread {
  const unread = (unread: Claim): Unread => ({ scenario, unread })
  try {
    const recording = loadRecording(recordingFolder(run, scenario))
    if (recording.scenario !== scenarioOf(scenario))
      return unread(claim`the recording is of another scenario: ${the.text(recording.scenario)}`)
    if (recording.world.seed !== seed)
      return unread(claim`the recording is of another run: its seed is ${the.text(recording.world.seed)}`)
    return recording
  } catch (error) {
    if (!(error instanceof RecordingError)) throw error
    // The same folder at another place gives the same results.
    return unread(claim`the recording cannot be read: ${the.text(error.message.replaceAll(`${run}/`, ''))}`)
  }
}

/** Recordings by scenario, one in memory at a time; those that cannot be judged are absent. */
export function recordingsOf(
  run: string,
  facts: Pick<RunFacts, 'seed'>,
): { get(scenario: string): Recording | undefined } {
  return {
    get(scenario) {
      const read = landed(run).includes(scenario) ? readRecording(run, facts, scenario) : undefined
      return read && isRead(read) ? read : undefined
    },
  }
}
