import type { Citation } from '../suite/catalogue.ts'

/** A clause of an RFC that a catalogue entry cites. */
export interface Clause {
  rfc: number
  section?: string
}

/** The clauses of RFCs in a catalogue entry's citations, each once. */
export function clausesOf(citations: readonly Citation[]): Clause[] {
  const clauses = citations.flatMap(({ document, section }): Clause[] => {
    const [, number] = /^RFC (\d+)$/.exec(document) ?? []
    if (number === undefined) return []
    const rfc = Number(number)
    return section === '-' ? [{ rfc }] : section.split(', ').map((one) => ({ rfc, section: one }))
  })
  return [...new Map(clauses.map((clause) => [urlOf(clause), clause])).values()]
}

/** `RFC 7084 · 4.2 · WPD-4; RFC 6603 · 4.2`. */
export const textOf = (citations: readonly Citation[]): string =>
  citations
    .map(({ document, section, label }) => [document, section, label].filter((part) => part !== '-').join(' · '))
    .join('; ')

export const urlOf = ({ rfc, section }: Clause): string =>
  `https://www.rfc-editor.org/rfc/rfc${rfc}${section ? `#section-${section}` : ''}`

export const nameOf = ({ rfc, section }: Clause): string => `RFC ${rfc}${section ? `, section ${section}` : ''}`
