import { isDeepStrictEqual } from 'node:util'
import type { LabFile } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import type { mutants } from '../lab/memory-mutants.ts'
import type { Frame, Recording } from '../recording/recording.ts'
import type { Scenario } from '../suite/scenario.ts'
import type { Suites } from '../suite/suites.ts'
import { keyOf, type Result, worstBy } from '../suite/verdict.ts'
import { judgeRecording, settled } from './judge.ts'
import { play } from './record.ts'

export type Behavior = (typeof mutants)[number]['behavior']
type Asked = NonNullable<Parameters<typeof openMemoryLab>[1]['asked']>

/** The verdicts for one router: the merged result of each requirement and case, by `ID` or `ID · case`. */
export type Verdicts = Map<string, Result>

/** The verdicts for a router that decides differently from the reference router. */
export interface Variant {
  results: Result[]
  verdicts: Verdicts
  /** Scenarios with other frames, or frames at other times. */
  changed: string[]
}

export interface Variants {
  /** The verdicts for the reference router. */
  reference: Verdicts
  /** Runs every scenario, or those that are named, on a router with these decisions, and judges. The rest is unchanged. */
  of(behavior: Behavior, on?: ReadonlySet<string>): Promise<Variant>
  /** A scenario that looks different with these decisions. */
  firstChange(behavior: Behavior): Promise<string | undefined>
}

export interface VariantOptions {
  lab: LabFile
  suites: Suites
  seed: string
  /** What is known of the router: how long it may take. */
  device?: typeof referenceDevice
}

/** Everything that is judged, by key. */
export const judgedKeys = ({ requirements }: Pick<Suites, 'requirements'>): string[] =>
  [...requirements.values()]
    .flatMap(({ id, invariant, cases }) =>
      invariant ? [id] : [...cases.keys()].map((name) => keyOf({ requirement: id, case: name })),
    )
    .sort()

interface Known {
  recording: Recording
  results: Result[]
  /** Decisions that the router had to make in it, and each time what they depended on, if anything. */
  asked: ReadonlyMap<string, readonly Question[]>
}

interface Question {
  given: unknown[]
  answer: unknown
}

/** Runs every scenario on the reference router, and is then ready for others. */
export async function variants(options: VariantOptions): Promise<Variants> {
  const played = [...options.suites.scenarios.values()]
  const known = new Map<string, Known>()
  for (const scenario of played) {
    const asked = new Map<string, Question[]>()
    const recording = await recordingOf(options, scenario, {}, (decision, about) => {
      const questions = asked.get(decision) ?? []
      // As it was then: what is given may change later.
      if (about) questions.push(structuredClone(about))
      asked.set(decision, questions)
    })
    known.set(scenario.name, { recording, asked, results: judgedInBothRoles(recording, options.suites) })
  }

  /** Undefined: it can't differ, as nothing that was asked for is decided otherwise. */
  async function replayed(scenario: Scenario, before: Known, behavior: Behavior): Promise<Recording | undefined> {
    const { tap, ...decisions } = behavior
    const differs = Object.entries(decisions).some((one) => decidesOtherwise(one, before)) || changes(tap, before)
    return differs ? recordingOf(options, scenario, behavior) : undefined
  }

  const framesOf = ({ name }: Scenario): number => known.get(name)?.recording.frames.length ?? 0

  return {
    reference: worstBy(settled([...known.values()].flatMap(({ results }) => results))),
    async of(behavior, on) {
      const results: Result[] = []
      const changed: string[] = []
      for (const scenario of played) {
        const before = known.get(scenario.name) as Known
        const recording = on && !on.has(scenario.name) ? undefined : await replayed(scenario, before, behavior)
        // What is equal byte for byte to the reference's recording has its verdicts.
        const same = !recording || equal(recording, before.recording)
        results.push(...(same ? before.results : judgedInBothRoles(recording, options.suites)))
        if (recording && !sameFrames(recording, before.recording)) changed.push(scenario.name)
      }
      const verdicts = settled(results)
      return { results: verdicts, verdicts: worstBy(verdicts), changed }
    },
    async firstChange(behavior) {
      // The shortest first: a change is mostly seen in all.
      for (const scenario of played.toSorted((a, b) => framesOf(a) - framesOf(b))) {
        const before = known.get(scenario.name) as Known
        const recording = await replayed(scenario, before, behavior)
        if (recording && !sameFrames(recording, before.recording)) return scenario.name
      }
      return undefined
    },
  }
}

/**
 * The reference router does the same whether it is sold as a gateway or as a wireless router: what is asked of the
 * latter alone is judged as if it were one.
 */
function judgedInBothRoles(recording: Recording, suites: Suites): Result[] {
  const { world } = recording
  const device = { ...world.device, role: 'wireless-router' as const }
  const isOthers = (id: string) => suites.entries.get(id)?.role === device.role
  return [
    ...judgeRecording(recording, suites, (id) => !isOthers(id)),
    ...judgeRecording({ ...recording, world: { ...world, device } }, suites, isOthers),
  ]
}

function decidesOtherwise([decision, value]: [string, unknown], { asked }: Known): boolean {
  const questions = asked.get(decision)
  if (!questions) return false
  // It was asked for by itself: the reference router has a plain value there, or none.
  if (questions.length === 0 || typeof value !== 'function') return true
  return questions.some(({ given, answer }) => !isDeepStrictEqual(value(...structuredClone(given)), answer))
}

/** What leaves each frame as it is leaves the recording as it is. */
const changes = (tap: Behavior['tap'], { recording: { frames } }: Known): boolean =>
  tap !== undefined &&
  frames.some(({ direction, bytes, port }) => {
    if (direction === 'out') return false
    const out = tap(bytes, port)
    return !(out instanceof Uint8Array) || Buffer.compare(out, bytes) !== 0
  })

async function recordingOf(
  { lab: labFile, seed, device = referenceDevice }: VariantOptions,
  scenario: Scenario,
  behavior: Behavior,
  asked?: Asked,
): Promise<Recording> {
  // What is asked for when the lab is closed comes too late for the recording.
  let isOver = false
  const inTime: Asked = (decision, about) => void (isOver || asked?.(decision, about))
  const lab = openMemoryLab(labFile, { seed, behavior, ...(asked && { asked: inTime }) })
  const { recording } = await play({ lab, labFile, device, seed, profile: 'default', scenario })
  isOver = true
  lab.close()
  return recording
}

function sameFrames(a: Recording, b: Recording): boolean {
  const same = (frame: Frame, index: number) => {
    const other = b.frames[index] as Frame
    return frame.port === other.port && frame.at === other.at && Buffer.compare(frame.bytes, other.bytes) === 0
  }
  return a.frames.length === b.frames.length && a.frames.every(same)
}

function equal(a: Recording, b: Recording): boolean {
  const rest = ({ marks, outcome, world }: Recording) => JSON.stringify({ marks, outcome, world })
  return sameFrames(a, b) && rest(a) === rest(b)
}
