import type { Value } from './golden-column.ts'
import { FIELDS, isFragment, quotes } from './golden-fields.ts'
import type { Packet } from './packet.ts'

/** What is in each field that something is in; flags are 0 and 1. */
export interface Seen {
  [column: string]: Value[]
}

/** Upper layers, which TShark looks for in a fragment as well; we do in none but a whole packet. */
const UPPER = /^(icmp|icmpv6|udp|tcp|dhcp|dhcpv6|dns)\./

export function asWeSee(packet: Packet): Seen {
  const seen: Seen = {}
  const packets = [packet, ...quotes(packet)]
  for (const [column, of] of Object.entries(FIELDS)) {
    if (isFragment(packet) && UPPER.test(column)) continue
    const values = packets.flatMap((one) => of(one)).filter((value) => value !== undefined)
    if (values.length > 0) seen[column] = values.map((value) => (typeof value === 'boolean' ? Number(value) : value))
  }
  return seen
}

/** A row of TShark's; a text is a number where ours is one. */
export function asTsharkSees(packet: Packet, columns: readonly string[], row: readonly string[]): Seen {
  const ours = asWeSee(packet)
  const seen: Seen = {}
  for (const [i, column] of columns.entries()) {
    if (!row[i] || (isFragment(packet) && UPPER.test(column))) continue
    const isText = typeof ours[column]?.[0] === 'string'
    seen[column] = row[i].split('|').map((text) => (isText ? text : Number(text)))
  }
  return seen
}
