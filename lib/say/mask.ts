/** What the device's page is opened with. */
export interface Credentials {
  user: string
  password: string
}

export interface Masked {
  text: string
  /** Places that were masked. */
  found: number
}

export const mask = '[masked]'

/** A shorter password may be a word of the text: only the fields are masked that are known to hold one. */
const shortest = 8

/**
 * Masks passwords of 8 characters or more in any text: as they are, and as URLs, HTML, JSON (also inside JSON) and base64
 * write them, alone and as `user:password`. A text may be of one character for each byte of UTF-8, as `latin1` gives it.
 * Throws where a password is too long to be searched for: some thousands of characters.
 */
export function maskFor(credentials: readonly Credentials[]): (text: string) => Masked {
  const patterns = credentials
    .filter(({ password }) => password.length >= shortest)
    .sort((a, b) => b.password.length - a.password.length)
    .map(patternOf)
  return (text) => {
    let found = 0
    const hide = (): string => {
      found += 1
      return mask
    }
    return { text: patterns.reduce((all, pattern) => safely(() => all.replace(pattern, hide)), text), found }
  }
}

function patternOf({ user, password }: Credentials): RegExp {
  const all = [...base64Of(`${user}:${password}`), ...base64Of(password), [...password].map(writings).join('')]
  return safely(() => new RegExp(all.join('|'), 'gu'))
}

/** A regular expression is compiled at its first use too; the error of either shows it, and in it the password. */
function safely<T>(act: () => T): T {
  try {
    return act()
  } catch {
    throw new Error('a text could not be searched for passwords')
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

/** Digits of either case. */
const digits = (hex: string): string => hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)

const entities: Record<string, string> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos', ' ': 'nbsp' }
const letters: Record<string, string> = { '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f' }

/** A pattern of the ways in which one character is written. */
function writings(character: string): string {
  const point = character.codePointAt(0) ?? 0
  const bytes = Buffer.from(character)
  const units = Array.from({ length: character.length }, (_, i) =>
    character.charCodeAt(i).toString(16).padStart(4, '0'),
  )
  const all = [
    escaped(character),
    escaped(bytes.toString('latin1')),
    [...bytes].map((byte) => `%${digits(byte.toString(16).padStart(2, '0'))}`).join(''),
    `&#0*${point};?`,
    `&#[xX]0*${digits(point.toString(16))};?`,
    units.map((unit) => `\\\\+u${digits(unit)}`).join(''),
  ]
  if (entities[character]) all.push(`&${entities[character]};?`)
  if (letters[character]) all.push(`\\\\+${letters[character]}`)
  if ('"\'\\/'.includes(character)) all.push(`\\\\+${escaped(character)}`)
  if (character === ' ') all.push('\\+')
  return `(?:${[...new Set(all)].join('|')})`
}

/** Patterns of the base64 digits that a text gives wherever it begins in what is encoded. */
function base64Of(text: string): string[] {
  const bytes = Buffer.from(text)
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const first = Math.ceil((before * 8) / 6)
    const beyond = Math.floor(((before + bytes.length) * 8) / 6)
    return encoded
      .slice(first, beyond)
      .replace(/[+/]/g, (digit) => (digit === '+' ? '(?:\\+|-|%2[bB])' : '(?:\\\\*\\/|_|%2[fF])'))
  })
}

/** The same value with each of its texts masked; keys stay. */
export function maskedValue<T>(value: T, masked: (text: string) => Masked): { value: T; found: number } {
  let found = 0
  const inside = (one: unknown): unknown => {
    if (typeof one === 'string') {
      const result = masked(one)
      found += result.found
      return result.text
    }
    if (Array.isArray(one)) return one.map(inside)
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, inside(inner)]))
  }
  return { value: inside(value) as T, found }
}
