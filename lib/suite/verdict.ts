import type { Capability } from '../recording/capabilities.ts'
import type { Claim } from '../say/claim.ts'

/** Worst last but for `left-out`, which is not a judgement. Merging takes the worst: fail > inconclusive > warn > pass > not-applicable. */
export type Verdict = 'pass' | 'fail' | 'warn' | 'inconclusive' | 'not-applicable' | 'left-out'

export type Level = 'MUST' | 'SHOULD' | 'MAY' | 'policy'

/** The parts of a router that a verdict can point at. */
export const parts = [
  'link',
  'wan-ra',
  'wan-dhcpv6',
  'lan-ra',
  'lan-dhcpv6',
  'neighbors',
  'routes',
  'firewall',
  'forwarding',
  'icmpv6',
  'dns',
  'pcp',
  'ipv4',
  'page',
] as const
export type Part = (typeof parts)[number]

/** Why a verdict is inconclusive. */
export type Cause = 'blocked' | 'lab' | 'harness'

/** One line of `results.jsonl`: the result of one judgement of one recording. Free of wall times. */
export interface Result {
  requirement: string
  /** Empty when the requirement has no cases. */
  case: string
  /** Empty for what was left out before the run. */
  scenario: string
  level: Level
  verdict: Verdict
  cause?: Cause
  blockedBy?: string
  /** Where one of these fails in the run, a failure here is its consequence: `settled` decides. `ID` or `ID · case`. */
  followsFrom?: readonly string[]
  /** What the entry presupposes and the product is stated to lack: `settled` decides whether the statement is believed. */
  lacks?: Capability
  /** Capabilities that were seen, although the product is stated to lack them. */
  contradicts?: Capability[]
  /** The part of the router that is probably wrong, where the packets show it. */
  part?: Part
  /** What the clause asks for, in the words of the judgement that decided. */
  expected?: Claim
  /** On a pass what was measured; absent where that is no more than what was expected. */
  seen?: Claim
  /** Why this is the verdict; for a pass, what was found. */
  because: Claim
  /** Behaviors recorded without being judged, such as which of two legal ones was seen. */
  notes?: Claim[]
  /** Numbers of the frames that were looked at, in the scenario's capture, ascending. */
  frames: number[]
  /** What each of these frames shows, by number. */
  comments?: Record<number, Claim>
  /** It was judged on files that differ from their checksums. */
  damaged?: true
}

const rank: readonly Verdict[] = ['left-out', 'not-applicable', 'pass', 'warn', 'inconclusive', 'fail']

export const worse = (a: Verdict, b: Verdict): Verdict => (rank.indexOf(a) >= rank.indexOf(b) ? a : b)

/** Merges the results of one requirement and case over its scenarios; the worst result represents all. */
export function merged<R extends { verdict: Verdict }>(results: readonly R[]): R {
  const [first, ...rest] = results
  if (!first) throw new RangeError('merged() needs at least one result')
  return rest.reduce(
    (worst, result) => (worse(worst.verdict, result.verdict) === worst.verdict ? worst : result),
    first,
  )
}

/** What is judged, as people read it: `ID`, or `ID · case`. */
export const keyOf = ({ requirement, case: name }: Pick<Result, 'requirement' | 'case'>): string =>
  name ? `${requirement} · ${name}` : requirement

/** The worst result of each group of them, by its key. */
export function worstBy<R extends Pick<Result, 'requirement' | 'case' | 'verdict'>>(
  results: readonly R[],
  key: (result: R) => string = keyOf,
): Map<string, R> {
  const groups = new Map<string, R[]>()
  for (const result of results) {
    const group = groups.get(key(result))
    if (group) group.push(result)
    else groups.set(key(result), [result])
  }
  return new Map([...groups].map(([name, group]) => [name, merged(group)]))
}

/** By requirement, case, scenario: two judgements of one run compare byte for byte. */
export function sorted<R extends Pick<Result, 'requirement' | 'case' | 'scenario'>>(results: readonly R[]): R[] {
  const keyed = results.map((result) => [`${result.requirement}\0${result.case}\0${result.scenario}`, result] as const)
  return keyed.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, result]) => result)
}

/**
 * Process exit code: 0 nothing wrong, 1 any fail, 2 no fail but something inconclusive, or a run that was stopped before its
 * end.
 */
export function exitCode(results: readonly Result[], run: { stopped?: Claim } = {}): 0 | 1 | 2 {
  if (results.some((r) => r.verdict === 'fail')) return 1
  return run.stopped || results.some((r) => r.verdict === 'inconclusive') ? 2 : 0
}
