import { type Claim, claim, the } from '../say/claim.ts'
import type { Language } from '../say/language.ts'
import { render } from '../say/render.ts'
import type { Entry } from '../suite/catalogue.ts'
import { keyOf, type Result, worstBy } from '../suite/verdict.ts'
import { areaOf } from './areas.ts'
import { partTexts } from './parts.ts'
import { plain } from './text.ts'

/** A requirement that is not met, and not because of another one. */
export interface Unmet {
  requirement: string
  /** The worst result of each of its cases that is not met, violations in front. Empty where it was not judged itself. */
  results: Result[]
  /** What cannot be judged because of it: `ID`, or `ID · case`. */
  blocks: string[]
}

/** A part of the router that is probably wrong, with what is not met there, what blocks most in front. */
export interface Cause {
  part: Claim
  /** What to look at there; absent where no packet shows the part. */
  next?: Claim
  unmet: Unmet[]
}

type Catalogue = ReadonlyMap<string, Pick<Entry, 'area'>>

const isUnmet = ({ verdict }: Pick<Result, 'verdict'>): boolean => verdict === 'fail' || verdict === 'warn'
const isViolated = ({ results }: Unmet): boolean => results.some(({ verdict }) => verdict === 'fail')
const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0)
const blockedBy = ({ unmet }: Cause): number => sum(unmet.map(({ blocks }) => blocks.length))

/** Why a run's settled results are no pass, part by part of the router: what blocks most first, then most violations. */
export function causesOf(results: readonly Result[], entries: Catalogue): Cause[] {
  const causes = new Map<string, Cause>()
  for (const one of unmetOf(results)) {
    const { component, part: usual } = areaOf(entries.get(one.requirement)?.area ?? 'not in the catalogue')
    const part = one.results.find((result) => result.part)?.part ?? usual
    const cause = causes.get(part ?? component)
    if (cause) cause.unmet.push(one)
    else if (part) causes.set(part, { part: partTexts[part].name, next: partTexts[part].next, unmet: [one] })
    else causes.set(component, { part: claim`${the.name(component)}`, unmet: [one] })
  }
  const violations = ({ unmet }: Cause): number => unmet.filter(isViolated).length
  return [...causes.values()].sort((a, b) => blockedBy(b) - blockedBy(a) || violations(b) - violations(a))
}

/** What is blocked by what is blocked itself counts for the requirement at the end of that chain. */
export function unmetOf(results: readonly Result[]): Unmet[] {
  const byRequirement = new Map<string, Result[]>()
  for (const result of results) {
    const same = byRequirement.get(result.requirement)
    if (same) same.push(result)
    else byRequirement.set(result.requirement, [result])
  }
  /** The requirement that this one fails for, if not for itself; in the same scenario where it was judged there. */
  const rootOf = (id: string, scenario: string, seen: ReadonlySet<string> = new Set()): string => {
    const all = byRequirement.get(id) ?? []
    const here = all.filter((one) => one.scenario === scenario)
    for (const some of [here, all]) {
      if (some.some(isUnmet)) return id
      const next = some.find(({ blockedBy }) => blockedBy !== undefined && blockedBy !== id && !seen.has(blockedBy))
      if (next?.blockedBy) return rootOf(next.blockedBy, next.scenario, new Set([...seen, id]))
    }
    return id
  }
  const worst = worstBy(results)
  const blocks = new Map<string, string[]>()
  for (const [key, result] of worst) {
    if (result.cause !== 'blocked' || result.blockedBy === undefined) continue
    const root = rootOf(result.blockedBy, result.scenario)
    blocks.set(root, [...(blocks.get(root) ?? []), key])
  }
  const unmet = [...worst.values()].filter(isUnmet)
  const roots = new Set([...unmet.map(({ requirement }) => requirement), ...blocks.keys()])
  const all = [...roots].map((requirement): Unmet => {
    const own = unmet.filter((one) => one.requirement === requirement)
    return { requirement, results: own.sort(violationsFirst), blocks: blocks.get(requirement) ?? [] }
  })
  return all.sort(
    (a, b) =>
      b.blocks.length - a.blocks.length ||
      Number(isViolated(b)) - Number(isViolated(a)) ||
      (a.requirement < b.requirement ? -1 : 1),
  )
}

const violationsFirst = (a: Result, b: Result): number =>
  Number(a.verdict === 'warn') - Number(b.verdict === 'warn') || (keyOf(a) < keyOf(b) ? -1 : 1)

/** A cause in words, each on one line. */
export interface CauseText {
  /** The part of the router, and how much is not met and blocked. */
  head: string
  /** What is not met first: its verdict and name, what was expected, what was seen, where. */
  lead: string[]
  /** What else is not met there. */
  others: string[]
  next?: string
}

export function causeText(cause: Cause, language?: Language): CauseText {
  const { part, next, unmet } = cause
  const say = (one: Claim): string => plain(render(one, language))
  const cases = sum(unmet.map(({ results }) => results.length))
  const blocked = blockedBy(cause)
  const counted =
    blocked > 0
      ? claim`${part}: cases not met: ${cases}; because of them cannot be judged: ${blocked}`
      : claim`${part}: cases not met: ${cases}`
  const [first, ...others] = unmet
  const named = ({ requirement, results: [result], blocks }: Unmet): Claim => {
    const name = claim`${the.name(result?.verdict ?? 'inconclusive')} ${the.name(result ? keyOf(result) : requirement)}`
    return blocks.length > 0 ? claim`${name} (blocks: ${blocks.length})` : name
  }
  const decisive = first?.results[0]
  return {
    head: say(counted),
    lead: first ? [say(named(first)), ...(decisive ? evidenceOf(decisive).map(say) : [])] : [],
    others: others.map((one) => say(named(one))),
    ...(next && { next: say(claim`next: ${next}`) }),
  }
}

function evidenceOf({ expected, seen, because, scenario, frames }: Result): Claim[] {
  const place = frames.slice(-3).map((number) => the.decimal(number))
  const where =
    place.length > 0
      ? [claim`frames ${the.list(place)} of ${the.name(scenario)}`]
      : [claim`scenario ${the.name(scenario)}`]
  return [...(expected && seen ? [claim`expected: ${expected}`, claim`seen: ${seen}`] : [because]), ...where]
}
