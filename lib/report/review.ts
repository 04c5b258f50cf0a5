import type { RunFacts } from '../recording/run-facts.ts'
import { type Entry, effectiveLevel, type Scope } from '../suite/catalogue.ts'
import type { Rendered } from '../suite/rendered.ts'
import type { Level } from '../suite/verdict.ts'
import { type Area, areaOf } from './areas.ts'
import { decisions } from './page-words.ts'
import type { ReportTest } from './report-tests.ts'
import { type Decision, type Standing, standings, type Text } from './standing.ts'

/** A requirement, or one case of it: what is counted. */
export interface Item {
  requirement: string
  /** Empty where the requirement has no cases. */
  case: string
  area: Area
  level: Level
  mandatory: boolean
  standing: Standing
  /** Why it stands so, or what was found. */
  because: Text
  /** Absent where the catalogue has no such id. */
  entry?: Entry
  /** Absent where nothing judged it. */
  test?: ReportTest
  /** The result that decides, in both languages. */
  shown?: readonly [en: Rendered, zh: Rendered]
}

/** Whether an item must be met; a profile decides. */
export type Mandatory = (item: Pick<Item, 'requirement' | 'level'>) => boolean

/** What fails when it is not met: a MUST, and an entry of a policy. */
export const mandatoryByLevel: Mandatory = ({ level }) => level === 'MUST' || level === 'policy'

const unknown: readonly Standing[] = ['blocked', 'lab', 'harness', 'left-out', 'not-asked', 'not-judged']
export const isOpen = ({ standing }: Pick<Item, 'standing'>): boolean => unknown.includes(standing)

/** By the mandatory items alone. What does not apply decides nothing, and nothing is not enough to conform. */
export function decisionOn(items: readonly Pick<Item, 'mandatory' | 'standing'>[]): Decision {
  const mandatory = items.filter((item) => item.mandatory)
  if (mandatory.some(({ standing }) => standing === 'fail')) return 'does-not-conform'
  const met = mandatory.some(({ standing }) => standing === 'pass' || standing === 'warn')
  return met && !mandatory.some(isOpen) ? 'conforms' : 'undecided'
}

/** What the catalogue has in all, against which a run is counted. */
export interface Asked {
  entries: ReadonlyMap<string, Entry>
  /** What this version judges, by id; an invariant has no cases. */
  requirements: ReadonlyMap<string, { cases: ReadonlyMap<string, { level?: Level }> }>
  scope: Scope
}

const notAsked: Text = [
  'It was not asked for in this run, or no scenario of the run was judged for it.',
  '本次测试运行未选择该项，或没有可供判定的场景。',
]
const noReason: Text = ['This version does not judge it.', '本版本不判定该项。']
const otherRole: Text = ['It is for the other kind of product.', '该项针对另一类产品。']
const lacking = (feature: string): Text => [
  `Applies where the product has "${feature}"; its capability statement names it as lacking.`,
  `适用于具有“${feature}”的产品；其能力声明将它列为缺少。`,
]

/**
 * Every item of the catalogue once, in the order of ids: what was judged, what was left out, what was not asked for, and what
 * this version does not judge. `tests` in both languages, as `reportTests` gives them.
 */
export function itemsOf(
  [english, chinese]: readonly [readonly ReportTest[], readonly ReportTest[]],
  { device }: Pick<RunFacts, 'device'>,
  { entries, requirements, scope }: Asked,
  mandatory: Mandatory = mandatoryByLevel,
): Item[] {
  const judged = english.map((test, index): Omit<Item, 'mandatory'> => {
    const { requirement, case: name, entry, area, verdict } = test
    const zh = chinese[index]?.verdict ?? verdict
    const standing = standingOf(verdict, entry, device.role)
    const because: Text = [verdict.because, zh.because]
    return {
      requirement,
      case: name,
      area,
      level: verdict.level,
      standing,
      because,
      test,
      shown: [verdict, zh],
      ...(entry && { entry }),
    }
  })
  const seen = new Set(english.map(keyOf))
  const ids = new Set(english.map(({ requirement }) => requirement))
  const contradicted = new Set(english.flatMap(({ results }) => results.flatMap((one) => one.contradicts ?? [])))
  const others = [...entries.values()].flatMap((entry) => {
    const requirement = requirements.get(entry.id)
    if (!requirement && (ids.has(entry.id) || scope[entry.id]?.status === 'retired')) return []
    const names = requirement && requirement.cases.size > 0 ? [...requirement.cases.keys()] : ['']
    const missing = names.filter((name) => !seen.has(keyOf({ requirement: entry.id, case: name })))
    const lacks = entry['applies-when']
    const [standing, because]: [Standing, Text] =
      entry.role !== 'both' && entry.role !== device.role
        ? ['not-applicable', otherRole]
        : lacks && device.lacks.includes(lacks) && !contradicted.has(lacks)
          ? ['not-applicable', lacking(lacks)]
          : requirement
            ? ['not-asked', notAsked]
            : ['not-judged', reasonOf(scope[entry.id])]
    return missing.map((name) => ({
      requirement: entry.id,
      case: name,
      area: areaOf(entry.area),
      level: requirement?.cases.get(name)?.level ?? effectiveLevel(entry),
      standing,
      because,
      entry,
    }))
  })
  return [...judged, ...others]
    .map((item): Item => ({ ...item, mandatory: mandatory(item) }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
}

const keyOf = ({ requirement, case: name }: Pick<Item, 'requirement' | 'case'>): string => `${requirement}\0${name}`

const reasonOf = (scope: Scope[string] | undefined): Text =>
  scope ? [scope.reason, scope.zh ?? scope.reason] : noReason

function standingOf({ verdict, cause }: Rendered, entry: Entry | undefined, role: string): Standing {
  if (verdict === 'inconclusive') return cause ?? 'harness'
  // Left out, for it is about another kind of product: no other run would judge it either.
  if (verdict === 'left-out' && entry && entry.role !== 'both' && entry.role !== role) return 'not-applicable'
  return verdict
}

/** How many items stand in each way. */
export const countsOf = (items: readonly Item[]): Record<Standing, number> =>
  Object.fromEntries(
    standings.map((standing) => [standing, items.filter((item) => item.standing === standing).length]),
  ) as Record<Standing, number>

/** What de-NAT asks of a router, in the words of its policy, with what shows it. */
export const readiness: { name: Text; holds: (item: Item) => boolean }[] = [
  {
    name: ['Sub-delegation of prefixes', '地址前缀二次分发'],
    holds: ({ requirement, entry }) => /^DENAT-PD-/.test(requirement) || entry?.area === 'lan-pd',
  },
  {
    name: ['IPv6 on by default', '默认开启 IPv6'],
    holds: ({ requirement }) => ['DENAT-DEFAULT-1', 'DENAT-GUA-1', 'UI-DEFAULT-V6ON'].includes(requirement),
  },
  {
    name: ['End to end without translation', '端到端、无地址转换'],
    holds: ({ requirement }) =>
      ['DENAT-NONAT66-1', 'DENAT-NONAT66-2', 'DENAT-E2E-OPEN', 'DENAT-TCP-INTACT'].includes(requirement),
  },
  {
    name: ['Security', '安全防护'],
    holds: ({ requirement, entry }) => requirement === 'DENAT-E2E-CLOSED' || entry?.area === 'firewall',
  },
  {
    name: ['Connectivity rate, at least 80 %', '连通率不低于 80 %'],
    holds: ({ requirement }) => requirement === 'DENAT-RATE-80',
  },
]

/** The verdict in one line, which also counts what has none. */
export function conformance(items: readonly Item[]): Text {
  const mandatory = items.filter((item) => item.mandatory)
  const of = (...some: Standing[]) => mandatory.filter(({ standing }) => some.includes(standing)).length
  const [met, notMet, open, outside] = [of('pass', 'warn'), of('fail'), of(...unknown), of('not-applicable')]
  const decision = decisions[decisionOn(items)]
  return [
    `${decision[0]}: of ${mandatory.length} mandatory items ${met} are met, ${notMet} not met, ${open} not tested or not decided, ${outside} not applicable`,
    `${decision[1]}：${mandatory.length} 个必选项中，满足 ${met} 项，不满足 ${notMet} 项，未测或未能判定 ${open} 项，不适用 ${outside} 项`,
  ]
}
