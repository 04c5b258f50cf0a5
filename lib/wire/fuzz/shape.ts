import type { Packet } from '../packet.ts'

/** Number of levels of options that distinguish packets. */
const DEPTH = 6

/**
 * Which way a frame took through the decoder, as text: its layers, fields and kinds of options, and what was malformed,
 * without the values. A mutant of a new shape is worth mutating further.
 */
export function shapeOf(packet: Packet): string {
  const { malformed, ...layers } = packet
  return `${outline(layers, 0)} ${malformed ? `${malformed.layer} ${malformed.reason.replace(/\d+/g, '#')}` : ''}`
}

function outline(value: unknown, depth: number): string {
  if (value instanceof Uint8Array) return value.length === 0 ? 'none' : 'octets'
  if (Array.isArray(value)) {
    if (depth === DEPTH) return '[]'
    return `[${[...new Set(value.slice(0, 64).map((one) => outline(one, depth + 1)))].sort().slice(0, 6)}]`
  }
  if (typeof value !== 'object' || value === null) return ''
  if (depth === DEPTH) return '{}'
  const { type, ...fields } = value as { [key: string]: unknown }
  return `${type ?? ''}{${Object.entries(fields).map(([key, field]) => `${key} ${outline(field, depth + 1)}`)}}`
}
