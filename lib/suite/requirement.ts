import type { Capability } from '../recording/capabilities.ts'
import type { IspParameters, Mark, Recording, World } from '../recording/recording.ts'
import { type Claim, claim, sentences, the } from '../say/claim.ts'
import { type Entry, effectiveLevel } from './catalogue.ts'
import { endOf, isWhole, type Look, lastMoment } from './coverage.ts'
import { untrusted } from './health.ts'
import { blocked, Decision, type Findings, findings, type Judge, judgeOn, unmet } from './judge.ts'
import { poweredOn, subscribed } from './lab-marks.ts'
import { MarkError, type Marked, type MarkType, marked } from './mark.ts'
import { partOf } from './part.ts'
import { type LanView, type LinkView, lanView, type Moment, wanView } from './query.ts'
import type { Scenario } from './scenario.ts'
import type { Level, Result } from './verdict.ts'

/** What a requirement is judged on: one recording, for one case. */
export interface Evidence {
  recording: Recording
  world: World
  /** What the ISP was set to when the scenario began. */
  isp: IspParameters
  wan: LinkView
  lan: LanView
  judge: Judge
  /** A precondition that another requirement asks for. Absent: this one is blocked by it. */
  given<T extends Look>(look: T | undefined, requirement: string): T
  /** The scenario's mark of this kind. Absent because the scenario stopped before: the verdict takes its outcome. */
  at<D extends object, F extends string>(type: MarkType<D, F>, where?: (marked: Marked<D, F>) => boolean): Marked<D, F>
  /** When the router got its power, or the line of this scenario, for the first time. */
  begun(): Mark
  /** All of this kind, which may be none. */
  every<D extends object, F extends string>(type: MarkType<D, F>): Marked<D, F>[]
  /** A precondition that is not a look-up. Where it does not hold, this one is blocked by that requirement. */
  assume(condition: boolean, requirement: string): void
  /** What fails from here on, or cannot be judged, follows from that requirement, or from its case (`ID · case`), if it fails in this run. */
  followsFrom(cause: string): void
  /** Ends the judgement: the clause asks nothing of this router here. */
  notApplicable(because: Claim, ...looked: Look[]): never
  /** Ends the judgement: the bench did not do here what the clause would be judged by. */
  undecided(because: Claim, ...looked: Look[]): never
  /** Ends the judgement: it shows these capabilities, which the product is stated to lack. They are judged nevertheless. */
  contradicts(capabilities: Capability[], expected: Claim, seen: Claim, ...looked: Look[]): never
  has(capability: Capability): boolean
}

export type Judgement = (evidence: Evidence) => void

/** How one case is judged, and on which scenarios. */
export interface Case {
  scenarios: readonly Scenario[]
  judge: Judgement
  /** Where the clause gives this case another level than the entry's. */
  level?: Level
  /** What this one can't hold without: a failure here is its consequence if it fails in the run. `ID` or `ID · case`. */
  follows?: readonly string[]
}

export interface Requirement {
  id: string
  /** By case; one entry with an empty name where there are no cases. */
  cases: Map<string, Case>
  /** Judged on every recording; there are no cases then. */
  invariant?: Judgement
}

/** The scenarios that its cases are judged on; none for an invariant. */
export const scenariosJudged = ({ cases }: Requirement): Scenario[] =>
  [...cases.values()].flatMap(({ scenarios }) => scenarios)

const list = (scenarios: Scenario | readonly Scenario[]): readonly Scenario[] =>
  Array.isArray(scenarios) ? scenarios : [scenarios as Scenario]

/** One row of a requirement's table of cases. */
export const on = (
  scenarios: Scenario | readonly Scenario[],
  judge: Judgement,
  options: Pick<Case, 'level' | 'follows'> = {},
): Case => ({ scenarios: list(scenarios), judge, ...options })

/** Defines how one entry of the catalogue is judged, and on which scenarios: by a table of cases, or by one judgement. */
export function requirement(id: string, table: Record<string, Case>): Requirement
export function requirement(id: string, scenarios: Scenario | readonly Scenario[], judge: Judgement): Requirement
export function requirement(
  id: string,
  how: Record<string, Case> | Scenario | readonly Scenario[],
  judge?: Judgement,
): Requirement {
  const rows = judge ? { '': on(how as Scenario | readonly Scenario[], judge) } : (how as Record<string, Case>)
  return { id, cases: new Map(Object.entries(rows)) }
}

/** A requirement that is judged on every recording of the run. */
export function invariant(id: string, judge: Judgement): Requirement {
  return { id, cases: new Map(), invariant: judge }
}

/**
 * Ends the judgement where the recording ends before the scenario made a mark, or is of a time when it made none; else
 * that is a bug of the suite.
 */
function unmarked(recording: Recording, requirement: string, mark: string): never {
  const { outcome, scenario } = recording
  if (outcome.end !== 'blocked') {
    if (recording.isOlder)
      throw new Decision('inconclusive', claim`the scenario had no mark "${the.name(mark)}" when this was recorded`, {
        cause: 'lab',
      })
    if (isWhole(recording)) throw new TypeError(`${requirement}: the scenario "${scenario}" never marks "${mark}"`)
    throw new Decision('inconclusive', claim`the recording ends before the mark "${the.name(mark)}"`, {
      cause: 'lab',
    })
  }
  if (outcome.by !== requirement) throw blocked(outcome.by, outcome.because)
  throw new Decision('fail', outcome.because, {
    expected: claim`the scenario passes this step`,
    seen: outcome.because,
  })
}

function evidenceOf(
  recording: Recording,
  { requirement, level }: Pick<Result, 'requirement' | 'level'>,
  found: Findings,
): Evidence {
  const judge = judgeOn(recording, requirement, found, level)
  const reached = <T extends Look | undefined>(look: T): T => {
    if (look) found.until = Math.max(found.until, endOf(look))
    return look
  }
  /** What was not seen may have been anywhere. */
  const sawAll = () => {
    found.until = lastMoment(recording)
  }
  const lacking = (blocker: string): never => {
    sawAll()
    const { outcome } = recording
    // No requirement is blocked by itself where it knows a cause.
    if (outcome.end === 'blocked' && outcome.by !== requirement) throw blocked(outcome.by, outcome.because)
    const by = the.name(blocker)
    const elsewhere = blocker === requirement
    throw blocked(
      blocker,
      elsewhere ? claim`requires that another case of ${by} holds` : claim`requires that ${by} holds`,
    )
  }
  const at: Evidence['at'] = (type, where = () => true) => {
    const one = marked(recording, type).find(where)
    reached(one?.mark)
    return one ?? unmarked(recording, requirement, type.name)
  }
  return {
    recording,
    world: recording.world,
    isp: recording.world.isp,
    get wan() {
      return wanView(recording)
    },
    get lan() {
      return lanView(recording)
    },
    judge,
    given: (look, blocker) => reached(look) ?? lacking(blocker),
    assume: (condition, blocker) => {
      if (!condition) lacking(blocker)
    },
    followsFrom: (cause) => void found.followsFrom.push(cause),
    at,
    begun: () => reached(marked(recording, subscribed)[0]?.mark) ?? at(poweredOn).mark,
    every(type) {
      const all = [...marked(recording, type)]
      for (const { mark } of all) reached(mark)
      return all
    },
    notApplicable(because, ...looked) {
      judge.note(because, ...looked)
      sawAll()
      throw new Decision('not-applicable', because)
    },
    undecided(because, ...looked) {
      judge.note(because, ...looked)
      sawAll()
      throw new Decision('inconclusive', because, { cause: 'lab' })
    },
    contradicts(capabilities, expected, seen, ...looked) {
      found.contradicts = capabilities
      judge.holds(false, expected, seen, ...looked)
      throw new TypeError('unreachable')
    },
    has: (capability) => recording.world.device.capabilities.includes(capability),
  }
}

/** How a case is judged; the empty one of an invariant by itself. Throws `TypeError` where there is no such case. */
export function rowOf({ id, cases, invariant }: Requirement, name: string): Omit<Case, 'scenarios'> {
  const row = invariant && !name ? { judge: invariant } : cases.get(name)
  if (!row) throw new TypeError(`${id} has no case "${name}"`)
  return row
}

/** A judgement may make the same claim about many frames. */
const distinct = (claims: readonly Claim[]): Claim[] => [
  ...new Map(claims.map((one) => [one.values.length > 0 ? JSON.stringify(one) : one.template, one])).values(),
]

/** One judgement of one recording. Never throws: what is not a decision is a bug of ours, and reported as one. */
export function judged(
  requirement: Requirement,
  entry: Entry,
  caseName: string,
  recording: Recording,
  found: Findings = findings(),
): Result {
  const { judge, level = effectiveLevel(entry), follows = [] } = rowOf(requirement, caseName)
  const { device } = recording.world
  const word = entry['applies-when']
  const base = {
    ...{ requirement: requirement.id, case: caseName, scenario: recording.scenario, level },
    ...(word && device.lacks.includes(word) && { lacks: word }),
  }
  const result = (rest: Pick<Result, 'verdict' | 'because'> & Partial<Result>): Result => {
    const frames = [...found.frames.keys()].sort((a, b) => a - b)
    const part = rest.verdict === 'fail' || rest.verdict === 'warn' ? partOf(found.deciding, recording) : undefined
    return {
      ...base,
      ...rest,
      ...(found.contradicts && { contradicts: found.contradicts }),
      ...(found.followsFrom.length > 0 &&
        (rest.verdict === 'fail' || rest.verdict === 'warn' || rest.cause === 'lab') && {
          followsFrom: found.followsFrom,
        }),
      ...(part && { part }),
      ...(found.notes.length ? { notes: found.notes } : {}),
      frames,
      ...(frames.length ? { comments: Object.fromEntries(found.frames) } : {}),
    }
  }
  const doubt = untrusted(recording)
  if (doubt) return result({ verdict: 'inconclusive', ...doubt })
  if (entry.role !== 'both' && entry.role !== device.role) {
    const because = claim`applies to a ${the.name(entry.role)}; this product is a ${the.name(device.role)}`
    return result({ verdict: 'not-applicable', because })
  }
  // An invariant has used the whole recording.
  if (requirement.invariant && !caseName) found.until = lastMoment(recording)
  try {
    found.followsFrom.push(...follows)
    judge(evidenceOf(recording, base, found))
  } catch (error) {
    if (!(error instanceof Decision)) {
      // What broke it may have been anywhere.
      found.until = lastMoment(recording)
      if (error instanceof MarkError)
        return result({
          verdict: 'inconclusive',
          cause: 'lab',
          because: claim`a mark of the recording is not as this version declares it: ${the.text(error.message)}`,
        })
      if (recording.isOlder)
        return result({
          verdict: 'inconclusive',
          cause: 'lab',
          because: claim`a recording of this older format cannot be judged: ${the.text(String(error))}`,
        })
      return result({
        verdict: 'inconclusive',
        cause: 'harness',
        because: claim`the judgement stopped with an error: ${the.text(String(error))}`,
      })
    }
    const { verdict, because, details } = error
    const softened = verdict === 'fail' && base.level === 'SHOULD' ? 'warn' : verdict
    if (softened === 'fail' && base.level === 'MAY')
      return result({ verdict: 'pass', because, notes: [...found.notes, because] })
    return result({ verdict: softened, because, ...details })
  }
  if (found.claims.length === 0)
    return result({ verdict: 'inconclusive', cause: 'harness', because: claim`the judgement made no claim` })
  if (found.frames.size === 0 && found.marks === 0)
    return result({
      verdict: 'inconclusive',
      cause: 'harness',
      because: claim`the judgement used no frame and no mark`,
    })
  if (found.warning) {
    const { expected, seen, deciding } = found.warning
    found.deciding = deciding
    return result({ verdict: 'warn', because: unmet(expected, seen), expected, seen })
  }
  const because = sentences(distinct(found.claims))
  const seen = distinct(found.measured)
  return result({
    verdict: 'pass',
    because,
    expected: because,
    ...(seen.length > 0 && { seen: claim`${the.list(seen)}` }),
  })
}

export type { Moment }
