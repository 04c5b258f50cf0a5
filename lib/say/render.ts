import { type Claim, placeholder, type Value } from './claim.ts'
import { english } from './en.ts'
import type { Language } from './language.ts'

/** What could forge or hide output. Where one line is wanted, line ends are the caller's to take out. */
const unprintable = /(?![\n\t])[\p{C}\p{Zl}\p{Zp}]/gu
/** A character that is not to be seen is shown by its number. */
export const safe = (text: string): string =>
  text.replace(unprintable, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`)

/** What a table has under a name; names such as `constructor`, which each object has, are not in it. */
export const inTable = <T>(table: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined

/** The only place where claims become text. */
export function render({ template, values }: Claim, language: Language = english): string {
  const shown = inTable(language.templates, template) ?? template
  const text = shown.replace(placeholder, (place, number) => {
    const value = values[Number(number) - 1]
    return value === undefined ? place : shownValue(value, language)
  })
  // A run folder may be anybody's, its templates too.
  return safe(text)
}

function shownValue(value: Value, language: Language): string {
  if (typeof value === 'number') return String(value)
  if ('template' in value) return render(value, language)
  switch (value.kind) {
    case 'list':
      return value.value.map((one) => shownValue(one, language)).join(language.comma)
    case 'sentences':
      return value.value.map((one) => shownValue(one, language)).join(language.space)
    case 'seconds':
    case 'decimal':
    case 'frame': {
      // In JSON an infinite time is null.
      const number = value.value ?? Number.POSITIVE_INFINITY
      const digits = value.digits === undefined ? String(number) : number.toFixed(value.digits)
      return value.kind === 'decimal' ? digits : language[value.kind](digits)
    }
    default:
      if (value.value === undefined) return language.none
      return (value.kind === 'name' && inTable(language.words, value.value)) || value.value
  }
}
