import { inPrefix, type Prefix } from './address.ts'
import { sameBytes } from './bytes.ts'
import type { Packet } from './packet.ts'
import { briefHex, clip, printable } from './printable.ts'

/**
 * A partial packet. What is left out doesn't matter; an object is matched key by key; each element of an array must
 * match some element of the packet's; a function decides for itself.
 */
export type Pattern = Fields<Packet>

export type PatternOf<T> = Predicate<T> | Shape<T>

/** Asked only where there is a value. */
export type Predicate<T> = (value: T) => boolean

export type Fields<T> = { [K in keyof T]?: PatternOf<Exclude<T[K], undefined>> }

/** Distributes over unions, so that one variant's fields suffice. */
type Shape<T> = T extends Uint8Array
  ? Uint8Array
  : T extends readonly (infer E)[]
    ? (PatternOf<E> | None<PatternOf<E>>)[]
    : T extends object
      ? Fields<T>
      : T

const NONE: unique symbol = Symbol('none')

/** In an array: no element matches. */
export interface None<P> {
  readonly [NONE]: P
}

/** One way in which a packet differs from the pattern; values as text for a message. */
export interface Difference {
  /** `icmp6.routerLifetime`, `dhcp6.options[ia-pd].iaid`. */
  path: string
  expected: string
  seen: string
}

/** The field, layer or option is not there. */
export function absent(value: unknown): boolean {
  return value === undefined
}

/** In an array: no element matches. */
export function none<P>(pattern: P): None<P> {
  return { [NONE]: pattern }
}

/** A predicate with a text for messages. */
export function condition<T>(expected: string, test: Predicate<T>): Predicate<T> {
  return Object.assign((value: T) => test(value), { expected })
}

/** One of these values. */
export function anyOf(...values: unknown[]): Predicate<unknown> {
  return condition(`one of ${values.join(', ')}`, (value) => values.includes(value))
}

/** An address in the prefix. */
export function within(prefix: Prefix): Predicate<string> {
  return condition(`in ${prefix}`, (address) => inPrefix(address, prefix))
}

/** Meets all of them. Fields that occur more than once must meet each. */
export function and(...patterns: Pattern[]): Pattern {
  return patterns.reduce<unknown>(merge, {}) as Pattern
}

export function matches(packet: Packet, pattern: Pattern): boolean {
  return meets(packet, pattern)
}

/** All ways in which the packet differs from the pattern; none when it matches. */
export function differences(packet: Packet, pattern: Pattern): Difference[] {
  return compare('', packet, pattern)
}

/** ICMPv6 errors, which may come in place of what was asked for; any other type is another subject. */
const errors: unknown[] = ['destination-unreachable', 'packet-too-big', 'time-exceeded', 'parameter-problem']

/** How many values a pattern asks for. */
function valuesOf(pattern: unknown): number {
  if (Array.isArray(pattern)) return pattern.reduce((sum: number, element) => sum + valuesOf(element), 0)
  if (!isPlain(pattern)) return pattern === undefined ? 0 : 1
  return Object.values(pattern).reduce((sum: number, value) => sum + valuesOf(value), 0)
}

/** It has each layer that the pattern is about, and half of what it asks for; or it is an error. */
function isNear(packet: Packet, pattern: Pattern, found: readonly Difference[]): boolean {
  if (found.some(({ path }) => path === 'icmp6.type')) return errors.includes(packet.icmp6?.type)
  const isMissing = ({ path }: Difference) =>
    !/[.[]/.test(path) && path !== 'payload' && packet[path as keyof Packet] === undefined
  return !found.some(isMissing) && 2 * found.length <= Math.max(2, valuesOf(pattern))
}

/** The packet that comes closest, the first of equals; the right message type counts most. None may be near. */
export function nearestMiss<P extends Packet>(
  packets: Iterable<P>,
  pattern: Pattern,
): { packet: P; differences: Difference[] } | undefined {
  let nearest: { packet: P; differences: Difference[]; distance: number } | undefined
  for (const packet of packets) {
    const found = differences(packet, pattern)
    if (!isNear(packet, pattern, found)) continue
    const distance = found.reduce((total, difference) => total + weight(difference.path), 0)
    if (nearest === undefined || distance < nearest.distance) nearest = { packet, differences: found, distance }
  }
  return nearest && { packet: nearest.packet, differences: nearest.differences }
}

function weight(path: string): number {
  return /^\w+\.type$/.test(path) ? 100 : 1
}

function meets(actual: unknown, pattern: unknown): boolean {
  if (pattern === undefined) return true
  if (typeof pattern === 'function') return decides(pattern as Predicate<unknown>, actual)
  if (Array.isArray(pattern)) return Array.isArray(actual) && pattern.every((element) => isMet(actual, element))
  if (pattern instanceof Uint8Array) return actual instanceof Uint8Array && sameBytes(actual, pattern)
  if (!isObject(pattern)) return actual === pattern
  if (!isObject(actual)) return false
  for (const key in pattern) if (!meets(actual[key], pattern[key])) return false
  return true
}

function isMet(elements: unknown[], pattern: unknown): boolean {
  if (isNone(pattern)) return !elements.some((element) => meets(element, pattern[NONE]))
  return elements.some((element) => meets(element, pattern))
}

function decides(predicate: Predicate<unknown>, actual: unknown): boolean {
  return predicate === absent ? actual === undefined : actual !== undefined && predicate(actual)
}

function compare(path: string, actual: unknown, pattern: unknown): Difference[] {
  if (meets(actual, pattern)) return []
  if (isPlain(pattern) && isPlain(actual)) {
    const prefix = path === '' ? '' : `${path}.`
    return Object.entries(pattern).flatMap(([key, value]) => compare(`${prefix}${key}`, actual[key], value))
  }
  if (Array.isArray(pattern) && Array.isArray(actual)) {
    return pattern.flatMap((element) => (isMet(actual, element) ? [] : compareElement(path, actual, element)))
  }
  return [{ path, expected: showPattern(pattern), seen: showValue(actual) }]
}

/** Against the element that was probably meant: one of the same type, with the fewest differences. */
function compareElement(path: string, elements: unknown[], pattern: unknown): Difference[] {
  const type = isObject(pattern) && !isNone(pattern) ? pattern.type : undefined
  const alike = elements.filter((element) => type !== undefined && isObject(element) && element.type === type)
  const candidates = alike.map((element) => compare(`${path}[${type}]`, element, pattern))
  candidates.sort((a, b) => a.length - b.length)
  return candidates[0] ?? [{ path, expected: showPattern(pattern), seen: showValue(elements) }]
}

function merge(a: unknown, b: unknown): unknown {
  if (a === undefined || a === b) return b
  if (b === undefined) return a
  if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b]
  if (isPlain(a) && isPlain(b)) {
    const merged = { ...a }
    for (const [key, value] of Object.entries(b)) merged[key] = merge(a[key], value)
    return merged
  }
  return both(a, b)
}

function both(a: unknown, b: unknown): Predicate<unknown> {
  return condition(`${showPattern(a)} and ${showPattern(b)}`, (value) => meets(value, a) && meets(value, b))
}

/** How a pattern reads in a message. */
export function showPattern(pattern: unknown): string {
  if (pattern === absent) return 'nothing'
  if (typeof pattern === 'function') {
    return 'expected' in pattern ? String(pattern.expected) : `what meets ${pattern.name || 'the condition'}`
  }
  if (isNone(pattern)) return `no ${showPattern(pattern[NONE])}`
  return showValue(pattern)
}

/** The longest text that stands for a value. */
const MAX_VALUE = 120

function showValue(value: unknown): string {
  return clip(show(value, 0), MAX_VALUE)
}

function show(value: unknown, depth: number): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return value === '' ? 'an empty text' : printable(value)
  if (typeof value === 'function' || isNone(value)) return showPattern(value)
  if (value instanceof Uint8Array) return briefHex(value) || 'no octets'
  if (!isObject(value) && !Array.isArray(value)) return String(value)
  // Deeper than a person looks; options can be nested by a hostile sender.
  if (depth === 4) return '…'
  if (Array.isArray(value))
    return `[${value
      .slice(0, 16)
      .map((element) => show(element, depth + 1))
      .join(', ')}]`
  const { type, ...fields } = value
  const expected = Object.entries(fields).filter(([, field]) => field !== undefined)
  const texts = expected.map(([key, field]) => `${key} ${show(field, depth + 1)}`)
  if (type === undefined) return texts.length === 0 ? 'anything' : texts.join(', ')
  return texts.length === 0 ? show(type, depth + 1) : `${show(type, depth + 1)} (${texts.join(', ')})`
}

function isNone(pattern: unknown): pattern is None<unknown> {
  return isObject(pattern) && NONE in pattern
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return isObject(value) && !(value instanceof Uint8Array) && !isNone(value)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
