import { type KnownDeviation, knownHere, type RunFacts } from '../recording/run-facts.ts'
import type { Result } from '../suite/verdict.ts'
import { compared } from './compare.ts'

/** The verdicts of a run, compared with the known deviations of the product. */
export interface AgainstBaseline {
  /** Seen again. */
  known: KnownDeviation[]
  /** Neither a pass nor known: the worst result of each requirement and case. */
  fresh: Result[]
  /** Known, not random, but passed now: repaired, or the baseline is wrong. */
  gone: KnownDeviation[]
}

export function againstBaseline(results: readonly Result[], known: readonly KnownDeviation[]): AgainstBaseline {
  const worst = compared([results]).flatMap(({ results: [result] }) => result ?? [])
  const of = (result: Result) =>
    known.find(
      (one) => one.requirement === result.requirement && one.case === result.case && one.verdict === result.verdict,
    )
  const deviates = ({ verdict }: Result) => verdict === 'fail' || verdict === 'warn' || verdict === 'inconclusive'
  const passed = (one: KnownDeviation) =>
    worst.some((r) => r.requirement === one.requirement && r.case === one.case && r.verdict === 'pass')
  return {
    known: worst.filter(deviates).flatMap((result) => of(result) ?? []),
    fresh: worst.filter((result) => deviates(result) && !of(result)),
    gone: known.filter((one) => !one.sometimes && passed(one)),
  }
}

/** Each deviation of a run is known: there is a baseline, and nothing else. */
export const isAllKnown = (results: readonly Result[], facts: Pick<RunFacts, 'known' | 'versions'>): boolean =>
  facts.known !== undefined && againstBaseline(results, knownHere(facts)).fresh.length === 0
