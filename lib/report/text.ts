import { safe } from '../say/render.ts'

/** Where a text from the wire or the router's page is cut when shown; the capture has all of it. */
const longest = 600

/** The note on omitted characters is longer than fewer characters. */
const fewest = 25

/** One line that is safe to print: what a DUT sends may hold anything. */
export function plain(text: string, limit = longest): string {
  const start = [...text.slice(0, 2 * (limit + fewest + 1))]
  const head = start.slice(0, start.length <= limit + fewest ? start.length : limit).join('')
  const rest = text.length - head.length
  const shown = safe(head.replace(/[\t\r\n]+/g, ' '))
  return rest > 0 ? `${shown} … (${rest} characters more)` : shown
}

/** Text for HTML and XML, in an element or in a quoted attribute. */
export function markup(text: string, limit = longest): string {
  return plain(text, limit)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}

/** Text for a cell of a Markdown table. */
export const markdown = (text: string, limit = longest): string =>
  plain(text, limit).replace(/[\\`*_{}[\]<>#|~&]/g, '\\$&')

/** Cut at a word, for titles. */
export function title(text: string, limit: number): string {
  const line = plain(text)
  if (line.length <= limit) return line
  const cut = line.slice(0, limit)
  const space = cut.lastIndexOf(' ')
  return `${cut.slice(0, space > limit / 2 ? space : limit).replace(/[,;:.\s]+$/, '')}…`
}

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`
