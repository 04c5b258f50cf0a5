import { type Citation, citationsOf, type Entry } from '../suite/catalogue.ts'
import { labelled, type RfcText } from './rfc-text.ts'

/** RFC 2119 sections 1 to 5: the words of each level. */
const words = {
  MUST: ['MUST', 'SHALL', 'REQUIRED'],
  SHOULD: ['SHOULD', 'RECOMMENDED'],
  MAY: ['MAY', 'OPTIONAL'],
}
const wordOf = (level: keyof typeof words, capitals: boolean): RegExp =>
  new RegExp(`\\b(${words[level].join('|')})\\b`, capitals ? '' : 'i')

const rfcOf = ({ document }: Citation): number => Number(/^RFC (\d+)$/.exec(document)?.[1])
const listOf = (text: string): string[] => (text === '-' ? [] : text.split(', '))
/** Lines are broken within words as well. */
const unbroken = (text: string): string => text.replace(/\s+/g, '')

/** The parts of a text that a citation names, and what it names that is not there. */
function partsOf({ document, section, label }: Citation, { sections }: RfcText): { parts: string[]; faults: string[] } {
  const texts = listOf(section).flatMap((number) => sections.get(number) ?? [])
  const found = listOf(label).map((one) => ({ one, text: texts.flatMap((text) => labelled(text, one) ?? [])[0] }))
  return {
    parts: label === '-' ? texts : found.flatMap(({ text }) => text ?? []),
    faults: [
      ...listOf(section)
        .filter((number) => !sections.has(number))
        .map((number) => `${document} has no section ${number}`),
      ...found.filter(({ text }) => !text).map(({ one }) => `section ${section} of ${document} has no ${one}`),
    ],
  }
}

/** What is wrong with the level of an entry, and with the words that it quotes. */
function levelFaults({ source, quote, level }: Entry, parts: readonly string[], capitals: boolean): string[] {
  const where = source.label === '-' ? `section ${source.section}` : source.label
  if (quote === undefined) {
    if (source.label === '-') return ['has no label, and does not quote the words that decide']
    const isStated = level === 'policy' || parts.some((part) => wordOf(level, capitals).test(part))
    return isStated ? [] : [`${where} of ${source.document} has no ${level}`]
  }
  const whole = unbroken(parts.join('\n'))
  const missing = quote.split(' ... ').filter((words) => !whole.includes(unbroken(words)))
  const named = (['MUST', 'SHOULD', 'MAY'] as const).filter((one) => wordOf(one, capitals).test(quote))
  const other = level !== 'policy' && named.length > 0 && !named.includes(level)
  return [
    ...missing.map((words) => `${where} of ${source.document} does not contain "${words}"`),
    ...(other ? [`is ${level}, and quotes a ${named.join(' and a ')}`] : []),
  ]
}

/** Where an entry differs from the texts of its clauses. `texts` are those available, by the RFC's number. */
export function clauseFaults(entry: Entry, texts: ReadonlyMap<number, RfcText>): string[] {
  const { level, source, verified } = entry
  const cited = citationsOf(entry).flatMap((citation) => {
    const text = texts.get(rfcOf(citation))
    return text ? [{ citation, text, ...partsOf(citation, text) }] : []
  })
  const faults = cited.flatMap(({ faults }) => faults)
  if (level === 'policy') return faults
  const decides = cited.find(({ citation }) => citation === source)
  if (!decides)
    return verified ? [...faults, `is verified, but the text of ${source.document} is not available`] : faults
  if (!verified) faults.push(`is not verified, but the text of ${source.document} is available`)
  return [...faults, ...levelFaults(entry, decides.parts, decides.text.capitals)]
}
