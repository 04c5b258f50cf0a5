/** A clause of an RFC that a catalogue entry quotes. */
export interface Clause {
  rfc: number
  section?: string
}

const sectionAtStart = /^s?(\d+(?:\.\d+)*)(?![\d(])/
const letteredItem = /^s?(\d+(?:\.\d+)*)\s*\([a-z]\)/

const sectionsOf = (text: string): string[] =>
  text.split(/,\s*/).flatMap((token) => (letteredItem.exec(token) ?? sectionAtStart.exec(token))?.[1] ?? [])

/**
 * The clauses in a catalogue entry's `document` and `section`, which are written for people: documents are joined by
 * ` / ` or `;`, sections by `;`, each either the section of the document in the same place or led by an RFC number.
 */
export function clausesOf({ document, section }: { document: string; section: string }): Clause[] {
  const labelled = new Map<number, string[]>()
  const unlabelled: string[] = []
  for (const part of section.split(/;\s*/)) {
    const [, rfc, rest] = /^(\d{4}) (s\d.*)$/.exec(part) ?? []
    if (rfc && rest) labelled.set(Number(rfc), sectionsOf(rest))
    else unlabelled.push(part)
  }
  const clauses = document.split(/\s+\/\s+|;\s+/).flatMap((name, place) => {
    const [whole, number] = /^RFC (\d+)/.exec(name) ?? []
    const rest = whole ? name.slice(whole.length) : name
    // `RFC 8415 (RFC 9915)`: the later document has the same text under numbers of its own.
    const others = [...rest.matchAll(/RFC (\d+)/g)].map(([, other]): Clause => ({ rfc: Number(other) }))
    if (!number) return others
    const rfc = Number(number)
    const own = /\bs(\d+(?:\.\d+)*)/.exec(rest)?.[1]
    const sections = labelled.get(rfc) ?? (own ? [own] : sectionsOf(unlabelled[place] ?? ''))
    return [...(sections.length > 0 ? sections.map((one): Clause => ({ rfc, section: one })) : [{ rfc }]), ...others]
  })
  const seen = new Set<string>()
  return clauses.filter((clause) => {
    const key = urlOf(clause)
    return !seen.has(key) && seen.add(key)
  })
}

export const urlOf = ({ rfc, section }: Clause): string =>
  `https://www.rfc-editor.org/rfc/rfc${rfc}${section ? `#section-${section}` : ''}`

export const nameOf = ({ rfc, section }: Clause): string => `RFC ${rfc}${section ? `, section ${section}` : ''}`
