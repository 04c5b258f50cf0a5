import { z } from 'zod'
import { capabilities } from '../recording/capabilities.ts'

/** `4.2`, or several: `18.2.1, 15`. */
const sectionList = /^\d+(\.\d+)*(, \d+(\.\d+)*)*$/

/**
 * Where it stands in a document. An RFC is named `RFC 7084` and nothing else, so that a program finds the clause: its
 * sections and its labels (`L-13`) are separated by commas. Other documents are named for people.
 */
const citationFields = z.strictObject({ document: z.string(), section: z.string(), label: z.string() })
export type Citation = z.infer<typeof citationFields>

const citable = ({ document, section }: Pick<Citation, 'document' | 'section'>): boolean =>
  /^RFC \d+$/.test(document) ? section === '-' || sectionList.test(section) : !/^RFC\b/.test(document)
const unclear = 'is not "RFC 7084" with sections such as "4.2" or "18.2.1, 15"; further documents stand in "also"'

/** One entry of the requirement catalogue; field meanings in `suites/requirements/README.md`. */
export const entrySchema = z
  .strictObject({
    id: z.string().regex(/^[A-Z0-9][A-Za-z0-9.-]+$/),
    source: citationFields.refine(citable, unclear),
    also: z.array(citationFields.extend({ label: z.string().default('-') }).refine(citable, unclear)).optional(),
    /**
     * The words of `source` that decide, where no label does; ` ... ` stands for what is left out. Words of RFC 2119 in
     * it are of the entry's level; without one the clause describes what a node does.
     */
    quote: z.string().optional(),
    level: z.enum(['MUST', 'SHOULD', 'MAY', 'policy']),
    role: z.enum(['gateway', 'wireless-router', 'both']),
    area: z.string(),
    summary: z.string(),
    /** The summary in Chinese. */
    zh: z.string().optional(),
    stimulus: z.string(),
    observe: z.string(),
    fails_when: z.string(),
    'applies-when': z.enum(capabilities).optional(),
    timers: z.union([z.string(), z.number()]),
    verified: z.boolean(),
    /** Why the entry could not be checked against its source's text. */
    unverified: z.string().optional(),
    /** What was changed since the entry was first written, with the clause for it. */
    history: z.array(z.string()).optional(),
  })
  .refine(({ verified, unverified }) => verified === (unverified === undefined), {
    path: ['unverified'],
    message: 'gives the reason, in an entry with `verified: false` and in no other',
  })
export type Entry = z.infer<typeof entrySchema>

/** The clauses of an entry; the first one decides. */
export const citationsOf = ({ source, also = [] }: Pick<Entry, 'source' | 'also'>): Citation[] => [source, ...also]

/**
 * The level that a failure counts by. What RFC 6092 asks for reaches a CE router through RFC 7084 S-1, which is a
 * SHOULD and silent on defaults.
 */
export const effectiveLevel = ({ level, source }: Entry): Entry['level'] =>
  level === 'MUST' && source.document === 'RFC 6092' ? 'SHOULD' : level

/** Ids that are not judged, each with the reason; `retired`: the entry was wrong, and its id is never used again. */
export const scopeSchema = z.record(
  z.string(),
  z.strictObject({
    status: z.enum(['planned', 'out-of-scope', 'retired']),
    reason: z.string(),
    /** The reason in Chinese. */
    zh: z.string().optional(),
  }),
)
export type Scope = z.infer<typeof scopeSchema>

export interface Catalogue {
  entries: ReadonlyMap<string, Entry>
  scope: Scope
}
