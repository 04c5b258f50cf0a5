/** The text of an RFC by section. */
export interface RfcText {
  /** By number; each without its subsections. */
  sections: ReadonlyMap<string, string>
  /** Whether it writes MUST and SHOULD in capitals (RFC 2119). RFC 2464 and RFC 8200 do not. */
  capitals: boolean
}

const heading = /^(\d+(?:\.\d+)*)\.?[ \t]+\S/

/** Reads an RFC as the RFC Editor publishes it in plain text: headings stand at the margin, those of its contents do not. */
export function readRfc(text: string): RfcText {
  const sections = new Map<string, string>()
  let number: string | undefined
  for (const line of text.split(/\r?\n/)) {
    // What ends one page and begins the next. In later RFCs there are no pages.
    if (/^\f|\[Page \d+\]$|^RFC \d+ .* \d{4}$/.test(line)) continue
    if (/^(Appendix|Author'?s'?|Acknowledge?ments|Contributors|Index)\b/.test(line)) number = undefined
    number = heading.exec(line)?.[1] ?? number
    if (number !== undefined) sections.set(number, `${sections.get(number) ?? ''}${line}\n`)
  }
  return { sections, capitals: /\bMUST\b/.test(text) }
}

const label = /^\s*([A-Z0-9]+-\d+[a-z]?)(?::|\s{2,}|$)/

/** What stands under a label such as `L-13`, up to the next label or the end of the section. */
export function labelled(section: string, wanted: string): string | undefined {
  const lines = section.split('\n')
  const from = lines.findIndex((line) => label.exec(line)?.[1] === wanted)
  if (from < 0) return undefined
  const length = lines.slice(from + 1).findIndex((line) => label.test(line))
  return lines.slice(from, length < 0 ? undefined : from + 1 + length).join('\n')
}
