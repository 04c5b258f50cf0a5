import {
  isExpired,
  type KnownDeviation,
  knownHere,
  type RunFacts,
  type Waiver,
  waiversFor,
} from '../recording/run-facts.ts'
import type { Language } from '../say/language.ts'
import type { Entry } from '../suite/catalogue.ts'
import { type Rendered, rendered } from '../suite/rendered.ts'
import type { Result } from '../suite/verdict.ts'
import { merged, sorted } from '../suite/verdict.ts'
import type { Area } from './areas.ts'
import { areaOf } from './areas.ts'

/** What the report shows as one test: a requirement and case, over all scenarios that it was judged on. */
export interface ReportTest {
  requirement: string
  case: string
  /** The worst result, which stands for all. */
  verdict: Rendered
  results: Rendered[]
  /** Absent where the catalogue has no such id. */
  entry?: Entry
  area: Area
  /** That the product has this verdict is known, and why. */
  known?: KnownDeviation
  /** That it need not be met for a time, by agreement; `expired` where that time was over when the run began. */
  waiver?: Waiver & { expired: boolean }
}

/** Groups the results, ids that the run left out included, in the order of the catalogue's ids. */
export function reportTests(
  results: readonly Result[],
  facts: Pick<RunFacts, 'leftOut' | 'known' | 'versions' | 'waivers' | 'startedAt'>,
  entries: ReadonlyMap<string, Entry>,
  invariants: ReadonlySet<string> = new Set(),
  language?: Language,
): ReportTest[] {
  const judged = new Set(results.map((result) => result.requirement))
  const leftOut = facts.leftOut
    .filter(({ requirement }) => !judged.has(requirement))
    .map(({ requirement, because }): Result => {
      const level = entries.get(requirement)?.level ?? 'MUST'
      return { requirement, case: '', scenario: '', level, verdict: 'left-out', because, frames: [] }
    })
  const groups = new Map<string, Rendered[]>()
  for (const result of sorted([...results, ...leftOut]).map((one) => rendered(one, language))) {
    const key = `${result.requirement}\0${result.case}`
    const group = groups.get(key)
    if (group) group.push(result)
    else groups.set(key, [result])
  }
  const here = knownHere(facts)
  return [...groups.values()].map((group) => {
    const verdict = merged(group)
    const entry = inLanguage(entries.get(verdict.requirement), language)
    const { requirement, case: name } = verdict
    const area = areaOf(entry?.area ?? 'not in the catalogue')
    const shown = invariants.has(requirement) ? { ...area, group: 'Invariants (judged in every recording)' } : area
    const known = here.find(
      (one) => one.requirement === requirement && one.case === name && one.verdict === verdict.verdict,
    )
    const deviates = verdict.verdict === 'fail' || verdict.verdict === 'warn' || verdict.verdict === 'inconclusive'
    const [own] = deviates ? waiversFor(verdict, facts) : []
    const waiver = own && { ...own, expired: isExpired(own, facts) }
    return {
      requirement,
      case: name,
      verdict,
      results: group,
      entry,
      area: shown,
      ...(known && { known }),
      ...(waiver && { waiver }),
    }
  })
}

/** The summary of an entry in the report's language, where it has one. */
function inLanguage(entry: Entry | undefined, language: Language | undefined): Entry | undefined {
  return entry?.zh !== undefined && language?.tag === 'zh' ? { ...entry, summary: entry.zh } : entry
}

/** Scenarios that were judged on damaged recordings. */
export const damagedIn = (tests: readonly ReportTest[]): string[] => [
  ...new Set(
    tests.flatMap(({ results }) => results.flatMap(({ damaged, scenario }) => (damaged && scenario ? [scenario] : []))),
  ),
]
