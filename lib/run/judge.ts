import type { Recording } from '../recording/recording.ts'
import { type Claim, claim, the } from '../say/claim.ts'
import { findings } from '../suite/judge.ts'
import { type Judgement, judged } from '../suite/requirement.ts'
import { isShownBy } from '../suite/scenario.ts'
import { isJudged, type Suites } from '../suite/suites.ts'
import { type Result, sorted } from '../suite/verdict.ts'

/** A verdict, and when the last window ended that it comes from, in seconds of the recording. */
export interface Judged {
  result: Result
  until: number
}

const every = (_id: string): boolean => true

/** All results of one recording for these ids: every requirement and case of its scenario, and every invariant. */
export function judgements(recording: Recording, suites: Suites, isAsked = every): Judged[] {
  const all: Judged[] = []
  for (const requirement of suites.requirements.values()) {
    if (!isAsked(requirement.id)) continue
    const entry = suites.entries.get(requirement.id)
    if (!entry) throw new TypeError(`${requirement.id} is judged but is in no catalogue file`)
    const judge = (name: string) => {
      const found = findings()
      const result = judged(requirement, entry, name, recording, found)
      const unknown = found.followsFrom.find((cause) => !isJudged(suites, cause))
      all.push({ result: unknown === undefined ? result : misled(result, unknown), until: found.until })
    }
    if (requirement.invariant) judge('')
    for (const [name, { scenarios }] of requirement.cases)
      if (scenarios.some((scenario) => isShownBy(scenario, recording.scenario))) judge(name)
  }
  return all
}

/** Nothing fails for a reason that nothing judges. */
function misled({ requirement, case: name, scenario, level }: Result, unknown: string): Result {
  const because = claim`the judgement broke: it follows from ${the.name(unknown)}, which nothing judges`
  return { requirement, case: name, scenario, level, verdict: 'inconclusive', cause: 'harness', because, frames: [] }
}

export function judgeRecording(recording: Recording, suites: Suites, isAsked = every): Result[] {
  const results = judgements(recording, suites, isAsked).map(({ result }) => result)
  return [...results, ...broken(recording, suites, results).filter(({ requirement }) => isAsked(requirement))]
}

/**
 * A scenario that was stopped because the router did not do what a requirement asks for: where that requirement is not
 * judged on this recording anyway, the scenario itself is the proof that it does not hold.
 */
function broken(recording: Recording, suites: Suites, results: Result[]): Result[] {
  const { outcome } = recording
  if (
    outcome.end !== 'blocked' ||
    results.some((result) => result.requirement === outcome.by && result.blockedBy !== outcome.by)
  )
    return []
  const entry = suites.entries.get(outcome.by)
  if (!entry) throw new TypeError(`${recording.scenario} is blocked by ${outcome.by}, which is in no catalogue file`)
  const judge: Judgement = ({ judge }) => judge.holds(false, claim`The scenario passes this step.`, outcome.because)
  return [judged({ id: outcome.by, cases: new Map(), invariant: judge }, entry, '', recording)]
}

/**
 * A product's word that it lacks something is believed unless a recording shows the contrary: then what the entry asks
 * for stands as it was judged.
 */
export function asStated(results: readonly Result[]): Result[] {
  const shown = new Set(results.flatMap(({ contradicts = [] }) => contradicts))
  return results.map((result) => {
    if (!result.lacks) return result
    const { lacks, ...rest } = result
    if (shown.has(lacks)) return rest
    const { requirement, case: name, scenario, level } = result
    const because = claim`applies where the product has "${the.name(lacks)}"; its capability statement names it as lacking`
    return { requirement, case: name, scenario, level, verdict: 'not-applicable', because, frames: [] }
  })
}

/**
 * What fails as a consequence of a requirement, or of one of its cases, that fails in this run or is blocked itself, is
 * blocked by that one. A warning explains only a warning.
 */
function ascribed(results: readonly Result[]): Result[] {
  const keysOf = (isCause: (result: Result) => boolean): ReadonlySet<string> =>
    new Set(results.filter(isCause).flatMap((one) => [one.requirement, `${one.requirement} · ${one.case}`]))
  const unmet = keysOf(({ verdict, cause }) => verdict === 'fail' || cause === 'blocked')
  const warned = keysOf(({ verdict }) => verdict === 'warn')
  return results.map((judged) => {
    if (!judged.followsFrom) return judged
    const { followsFrom, ...result } = judged
    const cause = followsFrom.find((key) => unmet.has(key) || (result.verdict === 'warn' && warned.has(key)))
    if (cause === undefined) return result
    const [blockedBy, name] = cause.split(' · ')
    const by = the.name(blockedBy)
    const because = name
      ? claim`a consequence of ${by} (${the.name(name)}). ${result.because}`
      : claim`a consequence of ${by}. ${result.because}`
    return { ...result, verdict: 'inconclusive', cause: 'blocked', blockedBy: blockedBy as string, because }
  })
}

/**
 * The results of a run as a whole, sorted. To be blocked by a requirement is legal only if that one failed, or was
 * blocked itself, or was not judged on this recording: then the verdict names where it holds. Where that one is open
 * because of the lab, this one is too. Otherwise it is a bug of the suite, and the verdict states this. Where that one
 * does not apply to this product, this one does not apply either.
 */
export function settled(judged: readonly Result[]): Result[] {
  const results = ascribed(asStated(judged))
  const broken = new Set(results.filter((r) => r.verdict === 'fail' || r.verdict === 'warn').map((r) => r.requirement))
  const judgedHere = new Set(results.filter((r) => r.verdict !== 'left-out').map((r) => r.requirement))
  const blockers = new Map<string, Set<string>>()
  for (const { requirement, blockedBy } of results)
    if (blockedBy) blockers.set(requirement, new Set([...(blockers.get(requirement) ?? []), blockedBy]))
  const reasoned = (id: string, seen: ReadonlySet<string> = new Set()): boolean =>
    broken.has(id) ||
    !judgedHere.has(id) ||
    (!seen.has(id) && [...(blockers.get(id) ?? [])].some((next) => reasoned(next, new Set([...seen, id]))))
  const asked = new Set(results.filter((r) => r.verdict !== 'not-applicable').map((r) => r.requirement))
  const isMoot = (id: string): boolean => judgedHere.has(id) && !asked.has(id)
  const withoutObject = (result: Result): Result => {
    if (result.cause !== 'blocked' || !result.blockedBy || !isMoot(result.blockedBy)) return result
    const { cause, blockedBy, ...rest } = result
    return {
      ...rest,
      verdict: 'not-applicable',
      because: claim`it needs what ${the.name(blockedBy)} requires, which does not apply here`,
    }
  }
  const on = new Map<string, Set<string>>()
  for (const { requirement, scenario, verdict } of results)
    if (verdict !== 'left-out') on.set(requirement, (on.get(requirement) ?? new Set()).add(scenario))
  /** Why the lab leaves it open, in this scenario, whether an id holds. */
  const open = (id: string, scenario: string, seen: ReadonlySet<string> = new Set()): Claim | undefined => {
    if (seen.has(id)) return undefined
    const here = results.filter((one) => one.requirement === id && one.scenario === scenario)
    const lab = here.find(({ cause }) => cause === 'lab')
    if (lab) return lab.because
    const further = here.map(({ blockedBy }) =>
      blockedBy ? open(blockedBy, scenario, new Set([...seen, id])) : undefined,
    )
    return further.find((because) => because)
  }
  const explained = (result: Result): Result => {
    const { cause, blockedBy = '', scenario, because } = result
    if (cause !== 'blocked' || reasoned(blockedBy)) return result
    const leftOpen = open(blockedBy, scenario)
    if (leftOpen) {
      const { blockedBy: by, ...rest } = result
      return {
        ...rest,
        cause: 'lab',
        because: claim`${because}, which the lab leaves open: ${leftOpen} (${the.name(by)})`,
      }
    }
    const elsewhere = on.get(blockedBy)
    if (elsewhere && !elsewhere.has(scenario))
      return {
        ...result,
        because: claim`${because}: this was not seen in ${the.name(scenario)}, though ${the.name(blockedBy)} holds in ${the.list([...elsewhere].sort().map(the.name))}`,
      }
    return {
      ...result,
      cause: 'harness',
      because: claim`it is blocked by ${the.name(blockedBy)}, which did not fail in this run: a bug of the suite. ${because}`,
    }
  }
  return sorted(results.map(withoutObject).map(explained))
}
