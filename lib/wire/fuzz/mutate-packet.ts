import { decode } from '../decode.ts'
import { encode } from '../encode.ts'
import type { PacketInit } from '../packet.ts'
import type { Dice } from './dice.ts'

const NUMBERS = [0, 1, 2, 7, 8, 58, 64, 127, 128, 129, 255, 256, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0xffffffff]

/** Text by what it looks like: replaced by one of its kind, so that it can be encoded. */
const TEXTS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/^([0-9a-f]{2}:){5}/, ['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', '33:33:00:00:00:01']],
  [/^[0-9a-f:]*:[0-9a-f:.]*\//, ['::/0', '::/255', '2001:db8::1/64', 'ffff::/128', 'fe80::/1']],
  [/:/, ['::', '::1', 'fe80::1', 'ff02::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '::ffff:1.2.3.4']],
  [/^\d+\.\d+\.\d+\.\d+$/, ['0.0.0.0', '255.255.255.255', '127.0.0.1', '224.0.0.1']],
  [/^([0-9a-f]{2})+$/, ['', '00', '0001000100000000', `0003${'ff'.repeat(200)}`, '0002']],
]

interface Place {
  holder: { [key: string]: unknown } | unknown[]
  key: string | number
}

/** Changes the content of a frame, and encodes it; undefined where it can't be encoded. `donors` lend their options. */
export function mutatePacket(frame: Uint8Array, dice: Dice, donors: readonly Uint8Array[]): Uint8Array | undefined {
  const packet = structuredClone(decode(frame)) as PacketInit
  uncomputed(packet)
  for (let edits = 1 + dice.int(5); edits > 0; edits--) edit(dice.pick(placesIn(packet)), dice, donors)
  try {
    const mutant = encode(packet)
    return mutant.length <= 9000 ? mutant : mutant.slice(0, 9000)
  } catch {
    // Not every change can be written down: a number too large, a field gone.
    return undefined
  }
}

function uncomputed(packet: PacketInit): void {
  for (const layer of [packet.ip4, packet.ip6, packet.udp, packet.tcp, packet.icmp6, packet.icmp4])
    if (layer)
      Object.assign(layer, { totalLength: undefined, payloadLength: undefined, length: undefined, checksum: undefined })
  for (const header of [packet.ip6, ...(packet.ext ?? [])])
    if (header && packet.payload === undefined) header.nextHeader = undefined
}

function placesIn(value: unknown, found: Place[] = []): Place[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return found
  const holder = value as Place['holder']
  for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
    found.push({ holder, key })
    placesIn((holder as { [key: string | number]: unknown })[key], found)
  }
  return found
}

function edit({ holder, key }: Place, dice: Dice, donors: readonly Uint8Array[]): void {
  const place = holder as { [key: string | number]: unknown }
  const value = place[key]
  if (typeof value === 'number') place[key] = dice.pick([...NUMBERS, value + 1, value - 1])
  else if (typeof value === 'boolean') place[key] = !value
  else if (typeof value === 'string') place[key] = text(value, dice)
  else if (value instanceof Uint8Array) place[key] = octets(value, dice)
  else if (Array.isArray(value)) place[key] = list(value, dice, donors)
  else if (Array.isArray(holder)) nest(value, holder, dice)
}

function text(value: string, dice: Dice): string {
  const kind = TEXTS.find(([looks]) => looks.test(value))
  if (kind) return dice.pick(kind[1])
  return dice.pick([
    '',
    '.',
    `${'a'.repeat(63)}.`.repeat(6),
    `${'a.'.repeat(120)}`,
    '\u202e\u0000\ud800',
    '<b>&\r\n',
    value + value,
  ])
}

function octets(value: Uint8Array, dice: Dice): Uint8Array {
  return dice.pick([
    new Uint8Array(0),
    value.slice(0, dice.int(value.length + 1)),
    dice.bytes(dice.int(64)),
    new Uint8Array(dice.int(600)).fill(dice.pick([0, 1, 63, 192, 255])),
  ])
}

/** Option soup: more, fewer, other ones, in another order. */
function list(value: unknown[], dice: Dice, donors: readonly Uint8Array[]): unknown[] {
  const one = value.length > 0 ? [dice.pick(value)] : []
  const lent = dice.pick(
    placesIn(decode(dice.pick(donors)))
      .flatMap(({ holder }) => (Array.isArray(holder) ? [holder] : [[]]))
      .concat([[]]),
  )
  return dice.pick<() => unknown[]>([
    () => [],
    () => [...value].reverse(),
    () => value.filter(() => dice.int(2) === 0),
    () => [...value, ...Array.from({ length: dice.pick([1, 3, 30, 300]) }, () => structuredClone(one)).flat()],
    () => [...value, ...structuredClone(lent)],
    () => [...structuredClone(lent), ...value],
  ])()
}

/** A container inside one of its kind, and that again: a list of options in a list of options. */
function nest(value: unknown, holder: unknown[], dice: Dice): void {
  if (typeof value !== 'object' || value === null || !('options' in value)) return
  let inner = structuredClone(value) as { options: unknown[] }
  for (let depth = dice.pick([1, 2, 7, 8, 9, 40]); depth > 0; depth--)
    inner = { ...structuredClone(value), options: [inner] }
  holder.push(inner)
}
