import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LabFile } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import type { mutants } from '../lab/memory-mutants.ts'
import { loadRecording } from '../recording/load.ts'
import { requirements } from '../suite/requirement.ts'
import { scenarios } from '../suite/scenario.ts'
import { merged, type Result } from '../suite/verdict.ts'
import type { Catalogue } from './catalogue.ts'
import { judgeRecording, settled } from './judge.ts'
import { record } from './record.ts'

export type Mutant = (typeof mutants)[number]

/** What the suite says of one router: the merged result of each requirement and case, by `ID` or `ID · case`. */
export type Verdicts = Map<string, Result>

export interface MatrixRow {
  mutant: Mutant
  verdicts: Verdicts
  /** Violated, and failed. */
  killed: string[]
  /** Violated, and yet not failed. */
  survived: string[]
  /** Not violated, and yet neither passed nor blocked by what is. */
  wronglyFailed: string[]
}

export interface Matrix {
  reference: Verdicts
  rows: MatrixRow[]
  /** Requirements and cases that no mutant kills. */
  unkilled: string[]
}

export interface MatrixOptions {
  lab: LabFile
  catalogue: Catalogue
  mutants: readonly Mutant[]
  seed: string
}

export const keyOf = ({ requirement, case: name }: Pick<Result, 'requirement' | 'case'>): string =>
  name ? `${requirement} · ${name}` : requirement

/** Plays every scenario on the reference router and on each mutant, and holds what the suite says against what it should. */
export async function killMatrix({ lab, catalogue, mutants, seed }: MatrixOptions): Promise<Matrix> {
  const folder = mkdtempSync(join(tmpdir(), 'denat-matrix-'))
  try {
    const known = new Map<string, Played>()
    const play = (name: string, behaviour: Mutant['behaviour']) =>
      verdictsOf({ lab, catalogue, seed, folder: join(folder, name) }, behaviour, known)
    const reference = await play('reference', {})
    const rows: MatrixRow[] = []
    for (const mutant of mutants) rows.push(row(mutant, reference, await play(mutant.name, mutant.behaviour)))
    const killed = new Set(rows.flatMap((one) => one.killed))
    return { reference, rows, unkilled: [...reference.keys()].filter((key) => !killed.has(key)) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

interface Played {
  bytes: Buffer
  results: Result[]
}

interface Setting {
  lab: LabFile
  catalogue: Catalogue
  seed: string
  folder: string
}

async function verdictsOf(
  { lab, catalogue, seed, folder }: Setting,
  behaviour: Mutant['behaviour'],
  known: Map<string, Played>,
): Promise<Verdicts> {
  const results: Result[] = []
  for (const scenario of scenarios.values()) {
    if (scenario.profile === 'full') continue
    const opened = openMemoryLab(lab, { seed, behaviour })
    const path = join(folder, scenario.name)
    await record({
      lab: opened,
      labFile: lab,
      device: referenceDevice,
      seed,
      profile: 'default',
      scenario,
      folder: path,
    })
    opened.close()
    const bytes = Buffer.concat([
      readFileSync(join(path, 'capture.pcapng')),
      readFileSync(join(path, 'marks.jsonl')),
      readFileSync(join(path, 'world.json')),
    ])
    const before = known.get(scenario.name)
    // What is equal byte for byte to the reference's recording has its verdicts.
    if (before?.bytes.equals(bytes)) results.push(...before.results)
    else {
      const said = judgeRecording(loadRecording(path), catalogue.entries)
      results.push(...said)
      if (!before) known.set(scenario.name, { bytes, results: said })
    }
    rmSync(path, { recursive: true })
  }
  const groups = new Map<string, Result[]>()
  for (const result of settled(results)) groups.set(keyOf(result), [...(groups.get(keyOf(result)) ?? []), result])
  return new Map([...groups].map(([key, group]) => [key, merged(group)]))
}

/** `ID` stands for all of its cases. */
function violatedKeys({ violates }: Mutant): Set<string> {
  return new Set(
    violates.flatMap((one) => {
      const requirement = requirements.get(one)
      const cases = [...(requirement?.cases.keys() ?? [''])]
      return requirement && !requirement.invariant
        ? cases.map((name) => keyOf({ requirement: one, case: name }))
        : [one]
    }),
  )
}

function row(mutant: Mutant, reference: Verdicts, verdicts: Verdicts): MatrixRow {
  const violated = violatedKeys(mutant)
  const ids = new Set([...violated].map((key) => key.split(' · ')[0]))
  const failed = (key: string) => ['fail', 'warn'].includes(verdicts.get(key)?.verdict ?? '')
  const excused = (result: Result): boolean =>
    result.verdict === 'pass' ||
    result.verdict === 'not-applicable' ||
    result.verdict === reference.get(keyOf(result))?.verdict ||
    (result.cause === 'blocked' && ids.has(result.blockedBy ?? ''))
  return {
    mutant,
    verdicts,
    killed: [...violated].filter(failed),
    survived: [...violated].filter((key) => !failed(key)),
    wronglyFailed: [...verdicts].filter(([key, result]) => !violated.has(key) && !excused(result)).map(([key]) => key),
  }
}
