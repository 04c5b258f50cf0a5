import type { Frame, IspParameters, Mark, Recording, World } from '../recording/recording.ts'
import { type Entry, effectiveLevel } from './catalogue.ts'
import { blocked, Decision, type Findings, findings, type Judge, judgeOn, type Look } from './judge.ts'
import { type LanView, type LinkView, lanView, type Moment, wanView } from './query.ts'
import type { Scenario } from './scenario.ts'
import type { Result } from './verdict.ts'

/** What a requirement is judged on: one recording, for one case. */
export interface Evidence {
  recording: Recording
  world: World
  /** What the ISP was set to when the scenario began. */
  isp: IspParameters
  /** Empty when the requirement has no cases. */
  case: string
  wan: LinkView
  lan: LanView
  judge: Judge
  /** A precondition that another requirement asks for. Absent: this one is blocked by it. */
  given<T extends Look>(look: T | undefined, requirement: string): T
  /** The scenario's mark. Absent because the scenario stopped before: the verdict takes the scenario's outcome. */
  did(mark: string, where?: (mark: Mark) => boolean): Mark
  marks(mark: string): Mark[]
  /** The frames that a mark names. */
  framesOf(mark: Mark): Frame[]
  /** Ends the judgement: the clause asks nothing of this router here. */
  notApplicable(because: string, ...looked: Look[]): never
  has(capability: string): boolean
}

export type Judgement = (evidence: Evidence) => void

export interface Requirement {
  id: string
  invariant: boolean
  /** By case; one entry with an empty name where there are no cases. Invariants are judged on every recording. */
  cases: Map<string, readonly Scenario[]>
  judge: Judgement
}

const registered = new Map<string, Requirement>()
export const requirements: ReadonlyMap<string, Requirement> = registered

/** `cases` names for each case the scenarios that it is judged on; the judgement reads `case`. */
export interface Cases {
  cases: Record<string, Scenario | readonly Scenario[]>
}

const list = (scenarios: Scenario | readonly Scenario[]): readonly Scenario[] =>
  Array.isArray(scenarios) ? scenarios : [scenarios as Scenario]

function register(requirement: Requirement): void {
  if (registered.has(requirement.id)) throw new TypeError(`requirement ${requirement.id} is registered twice`)
  registered.set(requirement.id, requirement)
}

/** Says how one entry of the catalogue is judged, and on which scenarios. Registers, and does nothing else. */
export function requirement(id: string, on: Scenario | readonly Scenario[] | Cases, judge: Judgement): void {
  const cases =
    'cases' in on ? new Map(Object.entries(on.cases).map(([name, s]) => [name, list(s)])) : new Map([['', list(on)]])
  register({ id, invariant: false, cases, judge })
}

/** A requirement that is held against every recording of the run. */
export function invariant(id: string, judge: Judgement): void {
  register({ id, invariant: true, cases: new Map(), judge })
}

function evidenceOf(recording: Recording, requirement: string, caseName: string, found: Findings): Evidence {
  const judge = judgeOn(recording, requirement, found)
  return {
    recording,
    world: recording.world,
    isp: recording.world.isp,
    case: caseName,
    get wan() {
      return wanView(recording)
    },
    get lan() {
      return lanView(recording)
    },
    judge,
    given(look, blocker) {
      if (look) return look
      const { outcome } = recording
      if (outcome.end === 'blocked') throw blocked(outcome.by, outcome.because)
      const place = blocker === requirement ? ' in another case' : ''
      throw blocked(blocker, `needs what ${blocker} asks for${place}`)
    },
    did(name, where) {
      const mark = recording.marks.find((one) => one.mark === name && (!where || where(one)))
      if (mark) return mark
      const { outcome } = recording
      if (outcome.end === 'blocked') {
        if (outcome.by === requirement)
          throw new Decision('fail', outcome.because, {
            expected: 'the scenario gets past this step',
            seen: outcome.because,
          })
        throw blocked(outcome.by, outcome.because)
      }
      throw new TypeError(`${requirement}: the scenario "${recording.scenario}" never marks "${name}"`)
    },
    marks: (name) => recording.marks.filter((one) => one.mark === name),
    framesOf: (mark) => (mark.frames ?? []).map((number) => recording.frames[number - 1] as Frame),
    notApplicable(because, ...looked) {
      judge.note(because, ...looked)
      throw new Decision('not-applicable', because)
    },
    has: (capability) => recording.world.device.capabilities.includes(capability),
  }
}

/** Why nothing in this recording can be trusted, if so. */
function untrusted(recording: Recording): { cause: 'lab' | 'harness'; because: string } | undefined {
  const { outcome, drops, clockStep } = recording
  if (outcome.end === 'lab' || outcome.end === 'harness') return { cause: outcome.end, because: outcome.because }
  if (drops > 0) return { cause: 'lab', because: `the capture lost ${drops} frames` }
  if (Math.abs(clockStep) > 0.1)
    return { cause: 'lab', because: `the wall clock was stepped by ${clockStep.toFixed(3)} s` }
  return undefined
}

/** One judgement of one recording. Never throws: what is not a decision is a bug of ours and says so. */
export function judged(requirement: Requirement, entry: Entry, caseName: string, recording: Recording): Result {
  const found = findings()
  const base = {
    requirement: requirement.id,
    case: caseName,
    scenario: recording.scenario,
    level: effectiveLevel(entry),
  }
  const result = (rest: Pick<Result, 'verdict' | 'because'> & Partial<Result>): Result => {
    const frames = [...found.frames.keys()].sort((a, b) => a - b)
    return {
      ...base,
      ...rest,
      ...(found.notes.length ? { notes: found.notes } : {}),
      frames,
      ...(frames.length ? { comments: Object.fromEntries(found.frames) } : {}),
    }
  }
  const doubt = untrusted(recording)
  if (doubt) return result({ verdict: 'inconclusive', ...doubt })
  const absent = inapplicable(entry, recording.world)
  if (absent) return result({ verdict: 'not-applicable', because: absent })
  try {
    requirement.judge(evidenceOf(recording, requirement.id, caseName, found))
  } catch (error) {
    if (!(error instanceof Decision))
      return result({ verdict: 'inconclusive', cause: 'harness', because: `the judgement broke: ${error}` })
    const { verdict, because, details } = error
    const softened = verdict === 'fail' && base.level === 'SHOULD' ? 'warn' : verdict
    if (softened === 'fail' && base.level === 'MAY')
      return result({ verdict: 'pass', because, notes: [...found.notes, because] })
    return result({ verdict: softened, because, ...details })
  }
  if (found.claims.length === 0)
    return result({ verdict: 'inconclusive', cause: 'harness', because: 'the judgement made no claim' })
  if (found.frames.size === 0 && found.marks === 0)
    return result({ verdict: 'inconclusive', cause: 'harness', because: 'the judgement looked at nothing' })
  if (found.warning) {
    const { expected, seen } = found.warning
    return result({ verdict: 'warn', because: `Expected: ${expected} Seen: ${seen}`, expected, seen })
  }
  const because = [...new Set(found.claims)].join(' ')
  return result({ verdict: 'pass', because, expected: because, seen: 'all of it' })
}

/** RFC words that a product may state to have or to lack, and roles. */
function inapplicable(entry: Entry, world: World): string | undefined {
  const { device } = world
  if (entry.role !== 'both' && entry.role !== device.role)
    return `applies to a ${entry.role}; this product is a ${device.role}`
  const word = entry['applies-when']
  if (word && device.lacks.includes(word))
    return `applies where the product has "${word}"; its capability statement says that it lacks it`
  return undefined
}

export type { Moment }
