import { describe } from '../wire/describe.ts'
import type { Packet } from '../wire/packet.ts'

/** A sentence as data: `The LAN is given a prefix out of {1}.` and its values, which a language may reorder. */
export interface Claim {
  template: string
  values: readonly Value[]
}

/** A number is a count. A number with a unit or a fixed precision, and all text, has a kind of its own. */
export type Value = number | Claim | Named | Measured | List

/** What a text stands for. `text` is from a router, a page or a program. */
export type Kind = 'address' | 'prefix' | 'packet' | 'status' | 'option' | 'name' | 'text'

interface Named {
  kind: Kind
  /** Absent: there is none. */
  value?: string
}

interface Measured {
  kind: 'seconds' | 'decimal' | 'frame'
  value: number
  /** After the point; absent: as many as it has. */
  digits?: number
}

interface List {
  kind: 'list' | 'sentences'
  value: readonly Value[]
}

/** A frame of a recording. */
interface Numbered {
  number: number
  bytes: Uint8Array
}

const templates = new WeakMap<TemplateStringsArray, string>()

/** Where a value stands in a template; counted from 1. */
export const placeholder = /\{(\d+)\}/g

function templateOf(strings: TemplateStringsArray): string {
  const known = templates.get(strings)
  if (known !== undefined) return known
  if (strings.some((part) => part.search(placeholder) >= 0)) throw new TypeError(`a template with braces: ${strings}`)
  const template = strings.reduce((before, part, index) => `${before}{${index}}${part}`)
  templates.set(strings, template)
  return template
}

const typed = (value: Value | Numbered): Value =>
  typeof value === 'object' && 'bytes' in value ? { kind: 'frame', value: value.number } : value

/** claim`The LAN is given a prefix out of ${the.prefix(one)}.` No bare string is a value: it could not be translated. */
export const claim = (strings: TemplateStringsArray, ...values: readonly (Value | Numbered)[]): Claim => ({
  template: templateOf(strings),
  values: values.map(typed),
})

export const isClaim = (value: unknown): value is Claim =>
  typeof value === 'object' && value !== null && 'template' in value

const named =
  (kind: Kind) =>
  (value: string | undefined): Named =>
    value === undefined ? { kind } : { kind, value }

const measured =
  (kind: Measured['kind']) =>
  (value: number, digits?: number): Measured =>
    digits === undefined ? { kind, value } : { kind, value, digits }

/** Makes values of each kind: claim`The LAN is given ${the.prefix(one)} for ${the.seconds(60)}.` */
export const the = {
  address: named('address'),
  prefix: named('prefix'),
  status: named('status'),
  option: named('option'),
  /** A word of a protocol, a suite or a lab that is the same in every language. */
  name: named('name'),
  /** From a router, a page or a program. It is hostile: its unprintable characters are never shown. */
  text: named('text'),
  /** How a packet, or a pattern that packets are looked for by, is described in one line. */
  packet: (one: Packet | string): Named => ({ kind: 'packet', value: typeof one === 'string' ? one : describe(one) }),
  seconds: measured('seconds'),
  decimal: measured('decimal'),
  /** `empty` stands for a list that holds nothing. */
  list: (value: readonly Value[], empty?: Claim): List | Claim =>
    value.length === 0 && empty ? empty : { kind: 'list', value },
}

/** Several claims, each a sentence of its own. */
export const sentences = (all: readonly Claim[]): Claim =>
  all.length === 1 && all[0] ? all[0] : claim`${{ kind: 'sentences', value: all }}`

/** What is not a claim of ours, such as the message of a program. */
export const quoted = (message: string): Claim => claim`${the.text(message)}`
