import type { LabFile } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import type { mutants } from '../lab/memory-mutants.ts'
import type { Frame, Recording } from '../recording/recording.ts'
import { requirements } from '../suite/requirement.ts'
import { type Scenario, scenarios } from '../suite/scenario.ts'
import { merged, type Result } from '../suite/verdict.ts'
import type { Catalogue } from './catalogue.ts'
import { judgeRecording, settled } from './judge.ts'
import { play } from './record.ts'

export type Mutant = (typeof mutants)[number]

/** What the suite says of one router: the merged result of each requirement and case, by `ID` or `ID · case`. */
export type Verdicts = Map<string, Result>

export interface MatrixRow {
  mutant: Mutant
  /** Violated, and failed. */
  killed: string[]
  /** Violated, and yet not failed. */
  survived: string[]
  /** Not violated, and yet neither passed nor blocked by what is. */
  wronglyFailed: string[]
  verdicts: Verdicts
}

export interface KillMatrix {
  /** What the suite says of the router that has no defect. */
  reference: Verdicts
  /** Plays every scenario on this mutant, and holds what the suite says against what it should. */
  row(mutant: Mutant): Promise<MatrixRow>
}

export interface MatrixOptions {
  lab: LabFile
  catalogue: Catalogue
  seed: string
}

export const keyOf = ({ requirement, case: name }: Pick<Result, 'requirement' | 'case'>): string =>
  name ? `${requirement} · ${name}` : requirement

/** Everything that is judged, by key. */
export const judgedKeys = (): string[] =>
  [...requirements.values()]
    .flatMap(({ id, invariant, cases }) =>
      invariant ? [id] : [...cases.keys()].map((name) => keyOf({ requirement: id, case: name })),
    )
    .sort()

/** What a mutant must fail, by key: an id alone stands for all of its cases. */
export const violatedKeys = ({ violates }: Pick<Mutant, 'violates'>): string[] =>
  violates.flatMap((one) => {
    const found = judgedKeys().filter((key) => key === one || key.startsWith(`${one} · `))
    if (found.length === 0) throw new TypeError(`a mutant violates ${one}, which nothing judges`)
    return found
  })

interface Known {
  recording: Recording
  results: Result[]
  /** Decisions that the router had to make in it. */
  asked: ReadonlySet<string>
}

/** Plays every scenario on the reference router, and stands ready for mutants. */
export async function killMatrix(options: MatrixOptions): Promise<KillMatrix> {
  const known = new Map<string, Known>()
  for (const scenario of played()) {
    const asked = new Set<string>()
    const recording = await recordingOf(options, scenario, {}, (decision) => asked.add(decision))
    known.set(scenario.name, { recording, asked, results: judgedInBothRoles(recording, options.catalogue) })
  }
  const reference = verdictsOf([...known.values()].flatMap(({ results }) => results))
  return {
    reference,
    async row(mutant) {
      const results: Result[] = []
      for (const scenario of played()) {
        const before = known.get(scenario.name) as Known
        const { tap, ...decisions } = mutant.behaviour
        // Where a decision is never asked for, deciding otherwise changes nothing.
        const differs = Object.keys(decisions).some((decision) => before.asked.has(decision)) || changes(tap, before)
        const recording = differs ? await recordingOf(options, scenario, mutant.behaviour) : before.recording
        // What is equal byte for byte to the reference's recording has its verdicts.
        const same = recording === before.recording || equal(recording, before.recording)
        results.push(...(same ? before.results : judgedInBothRoles(recording, options.catalogue)))
      }
      return rowOf(mutant, results)
    },
  }
}

/**
 * The reference router does the same whether it is sold as a gateway or as a wireless router: what is asked of the
 * latter alone is judged as if it were one.
 */
function judgedInBothRoles(recording: Recording, { entries }: Catalogue): Result[] {
  const { world } = recording
  const device = { ...world.device, role: 'wireless-router' as const }
  const isOthers = ({ requirement }: Result) => entries.get(requirement)?.role === device.role
  const all = judgeRecording(recording, entries)
  if (!all.some((result) => isOthers(result))) return all
  return [
    ...all.filter((result) => !isOthers(result)),
    ...judgeRecording({ ...recording, world: { ...world, device } }, entries).filter(isOthers),
  ]
}

/** What leaves each frame as it is leaves the recording as it is. */
const changes = (tap: Mutant['behaviour']['tap'], { recording: { frames } }: Known): boolean =>
  tap !== undefined &&
  frames.some(({ direction, bytes, port }) => {
    if (direction === 'out') return false
    const out = tap(bytes, port)
    return !out || Buffer.compare(out, bytes) !== 0
  })

const played = (): Scenario[] => [...scenarios.values()]

async function recordingOf(
  { lab: labFile, seed }: MatrixOptions,
  scenario: Scenario,
  behaviour: Mutant['behaviour'],
  asked?: (decision: string) => void,
): Promise<Recording> {
  const lab = openMemoryLab(labFile, { seed, behaviour, asked })
  const { recording } = await play({ lab, labFile, device: referenceDevice, seed, profile: 'default', scenario })
  lab.close()
  return recording
}

function equal(a: Recording, b: Recording): boolean {
  const sameFrame = (frame: Frame, index: number) => {
    const other = b.frames[index] as Frame
    return frame.port === other.port && frame.at === other.at && Buffer.compare(frame.bytes, other.bytes) === 0
  }
  const rest = ({ marks, outcome, world }: Recording) => JSON.stringify({ marks, outcome, world })
  return a.frames.length === b.frames.length && a.frames.every(sameFrame) && rest(a) === rest(b)
}

function verdictsOf(results: readonly Result[]): Verdicts {
  const groups = new Map<string, Result[]>()
  for (const result of settled(results)) groups.set(keyOf(result), [...(groups.get(keyOf(result)) ?? []), result])
  return new Map([...groups].map(([key, group]) => [key, merged(group)]))
}

function rowOf(mutant: Mutant, results: readonly Result[]): MatrixRow {
  const verdicts = verdictsOf(results)
  const violated = new Set(violatedKeys(mutant))
  const ids = new Set([...violated].map((key) => key.split(' · ')[0] as string))
  const failed = (key: string) => ['fail', 'warn'].includes(verdicts.get(key)?.verdict ?? '')
  const excused = (result: Result): boolean =>
    result.verdict === 'pass' ||
    result.verdict === 'not-applicable' ||
    (result.cause === 'blocked' && leadsTo(result.blockedBy ?? '', ids, results))
  return {
    mutant,
    verdicts,
    killed: [...violated].filter(failed),
    survived: [...violated].filter((key) => !failed(key)),
    // An id without its case is that of a scenario which could not go on: the id may be violated in another case.
    wronglyFailed: [...verdicts]
      .filter(([key, result]) => !violated.has(key) && !ids.has(key) && !excused(result))
      .map(([key]) => key),
  }
}

/** Whether an id is one of these, or is blocked itself by one that leads to one of them. */
function leadsTo(id: string, ids: ReadonlySet<string>, results: readonly Result[], seen = new Set<string>()): boolean {
  if (ids.has(id)) return true
  if (seen.has(id)) return false
  seen.add(id)
  return results.some(
    ({ requirement, cause, blockedBy }) =>
      requirement === id && cause === 'blocked' && leadsTo(blockedBy ?? '', ids, results, seen),
  )
}
