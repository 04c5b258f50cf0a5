import { z } from 'zod'
import { citationsOf, type Entry } from './catalogue.ts'
import { type Level, type Result, sorted } from './verdict.ts'

const reason = z.string().min(1)

/** A file of `suites/criteria`, or one of an operator; its keys are explained in `suites/criteria/README.md`. */
export const criteriaSchema = z.strictObject({
  title: z.strictObject({ en: z.string().min(1), zh: z.string().min(1) }),
  documents: z.array(z.string()).default([]),
  areas: z.array(z.string()).default([]),
  mandatory: z.array(z.string()).default([]),
  optional: z.record(z.string(), reason).default({}),
  raised: z.record(z.string(), reason).default({}),
  lowered: z.record(z.string(), reason).default({}),
})
export type CriteriaFile = z.infer<typeof criteriaSchema>

/** By what a product is accepted: which requirements must be met, and which count more or less than the catalogue states. */
export interface Criteria {
  /** Of the file, without its ending. */
  name: string
  title: CriteriaFile['title']
  /** Ids that must be met where their level, or that of the case, is MUST or policy. */
  mandatory: ReadonlySet<string>
  /** Levels that differ from the catalogue's, by id, each with the reason. */
  levels: ReadonlyMap<string, { level: 'MUST' | 'SHOULD'; because: string }>
}

/** The documents that require it: an RFC does not require a policy that cites it. */
function documentsOf(entry: Entry): string[] {
  const cited = citationsOf(entry).map(({ document }) => document)
  return entry.level === 'policy' ? cited.filter((document) => !document.startsWith('RFC ')) : cited
}

/** The requirements that a file of criteria names, by their clauses, areas and ids. */
export function criteriaOf(name: string, file: CriteriaFile, entries: ReadonlyMap<string, Entry>): Criteria {
  const { title, documents, areas, mandatory, optional, raised, lowered } = file
  const isNamed = (entry: Entry): boolean =>
    areas.includes(entry.area) ||
    mandatory.includes(entry.id) ||
    entry.id in raised ||
    documentsOf(entry).some((document) => documents.includes(document))
  const ids = [...entries.values()].filter((entry) => isNamed(entry) && !(entry.id in optional)).map(({ id }) => id)
  const at =
    (level: 'MUST' | 'SHOULD') =>
    ([id, because]: [string, string]) =>
      [id, { level, because }] as const
  return {
    name,
    title,
    mandatory: new Set(ids),
    levels: new Map([...Object.entries(raised).map(at('MUST')), ...Object.entries(lowered).map(at('SHOULD'))]),
  }
}

/** Whether a requirement, or a case of it, must be met. */
export function isMandatory(
  { mandatory, levels }: Criteria,
  { requirement, level }: { requirement: string; level: Level },
): boolean {
  const counted = levels.get(requirement)?.level ?? level
  return mandatory.has(requirement) && (counted === 'MUST' || counted === 'policy')
}

/** Settled results at the levels of these criteria: a violation of what is lowered warns, of what is raised fails. */
export function underCriteria(results: readonly Result[], { levels }: Criteria): Result[] {
  return sorted(
    results.map((result): Result => {
      const level = levels.get(result.requirement)?.level
      if (level === undefined || level === result.level) return result
      if (level === 'SHOULD') return { ...result, level, verdict: result.verdict === 'fail' ? 'warn' : result.verdict }
      // A policy is mandatory as it is, and a MAY is never violated.
      if (result.level !== 'SHOULD') return result
      return { ...result, level, verdict: result.verdict === 'warn' ? 'fail' : result.verdict }
    }),
  )
}
