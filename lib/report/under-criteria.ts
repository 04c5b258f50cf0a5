import type { RunFacts } from '../recording/run-facts.ts'
import { chinese } from '../say/zh.ts'
import { type Criteria, isMandatory, underCriteria } from '../suite/criteria.ts'
import { keyOf, type Result } from '../suite/verdict.ts'
import { reportTests } from './report-tests.ts'
import { type Asked, conformance, type Item, isOpen, itemsOf } from './review.ts'
import type { Text } from './standing.ts'

/** A run's settled results, counted under criteria. */
export function itemsUnder(criteria: Criteria, results: readonly Result[], facts: RunFacts, asked: Asked): Item[] {
  const judged = underCriteria(results, criteria)
  const testsIn = (language?: typeof chinese) => reportTests(judged, facts, asked.entries, undefined, language)
  return itemsOf([testsIn(), testsIn(chinese)], facts, asked, (item) => isMandatory(criteria, item))
}

/** How an item counts under one of several criteria. */
const countedAs = ({ mandatory, standing }: Item): string => {
  if (!mandatory) return 'not mandatory'
  if (isOpen({ standing })) return 'not decided'
  return standing === 'fail' ? 'not met' : standing === 'warn' ? 'met, with a warning' : 'met'
}

export interface Compared {
  /** The verdict under each of them. */
  verdicts: readonly { criteria: Criteria; verdict: Text }[]
  /** What is not met, and does not count the same under all: `ID`, or `ID · case`, and how it counts under each. */
  differences: readonly { key: string; counted: string[] }[]
}

/** One run under several criteria. */
export function comparedUnder(
  all: readonly Criteria[],
  results: readonly Result[],
  facts: RunFacts,
  asked: Asked,
): Compared {
  const columns = all.map((criteria) => ({ criteria, items: itemsUnder(criteria, results, facts, asked) }))
  const byKey = columns.map(({ items }) => new Map(items.map((item) => [keyOf(item), item])))
  const differences = [...(byKey[0]?.keys() ?? [])].flatMap((key) => {
    const items = byKey.flatMap((column) => column.get(key) ?? [])
    const counted = items.map(countedAs)
    const isMet = items.every(({ standing }) => standing !== 'fail' && standing !== 'warn')
    return isMet || new Set(counted).size === 1 ? [] : [{ key, counted }]
  })
  return { verdicts: columns.map(({ criteria, items }) => ({ criteria, verdict: conformance(items) })), differences }
}
