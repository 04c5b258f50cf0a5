import { u16At } from '../bytes.ts'
import type { Dice } from './dice.ts'
import { innerOf, lengthFields } from './length-fields.ts'

/** Values at the edges of what a field can hold. */
export const EXTREMES = [
  0, 1, 2, 3, 4, 7, 8, 15, 16, 63, 64, 127, 128, 192, 254, 255, 1279, 1280, 0x7fff, 0x8000, 0xffff,
]

const IPV6 = 40

type Edit = (frame: Uint8Array, dice: Dice) => Uint8Array

/** Changes octets, knowing where lengths are; then, as a rule, sets the outer lengths right so that the rest is read. */
export function mutateBytes(frame: Uint8Array, dice: Dice): Uint8Array {
  let mutant: Uint8Array = frame.slice()
  for (let edits = 1 + dice.int(4); edits > 0; edits--) mutant = dice.pick(EDITS)(mutant, dice)
  return dice.int(4) > 0 ? fitted(mutant) : mutant
}

const EDITS: readonly Edit[] = [
  (frame, dice) => put(frame, dice.int(frame.length + 1), Uint8Array.of(dice.pick(EXTREMES) & 0xff)),
  (frame, dice) => put(frame, dice.int(frame.length + 1), dice.bytes(1 + dice.int(8))),
  lie,
  lie,
  lie,
  (frame, dice) => frame.slice(0, dice.int(frame.length + 1)),
  // The end is where options are.
  (frame, dice) => frame.slice(0, Math.max(0, frame.length - dice.int(24))),
  (frame, dice) => join(frame, dice.pick([new Uint8Array(dice.int(40)), dice.bytes(dice.int(40))])),
  repeat,
  (frame, dice) => {
    const at = dice.int(frame.length + 1)
    return join(frame.slice(0, at), frame.slice(at + dice.int(16)))
  },
  pointers,
]

/** A length, count or offset is wrong. */
function lie(frame: Uint8Array, dice: Dice): Uint8Array {
  const fields = lengthFields(frame)
  if (fields.length === 0) return frame
  const { at, octets } = dice.pick(fields)
  const was = octets === 1 ? (frame[at] as number) : u16At(frame, at)
  const value = dice.pick([was + 1, was - 1, was * 2, was >> 1, dice.pick(EXTREMES), dice.int(0x10000)]) & 0xffff
  return put(frame, at, octets === 1 ? Uint8Array.of(value & 0xff) : Uint8Array.of(value >> 8, value & 0xff))
}

/** A stretch of octets, many times over: option soup. */
function repeat(frame: Uint8Array, dice: Dice): Uint8Array {
  const start = dice.int(frame.length + 1)
  const chunk = frame.slice(start, start + 1 + dice.int(64))
  const times = dice.pick([1, 2, 8, 60, 300])
  const room = Math.max(0, 9000 - frame.length)
  const soup = new Uint8Array(Math.min(room, chunk.length * times))
  for (let i = 0; i < soup.length; i++) soup[i] = chunk[i % chunk.length] as number
  return join(frame.slice(0, start), soup, frame.slice(start))
}

/** Name compression (RFC 1035 section 4.1.4) to before, behind, outside and itself. */
function pointers(frame: Uint8Array, dice: Dice): Uint8Array {
  let mutant = frame
  for (let count = 1 + dice.int(6); count > 0; count--) {
    const at = dice.int(frame.length + 1)
    const target = dice.pick([12, dice.int(64), dice.int(0x4000), Math.max(0, at - innerOf(frame).at - IPV6 - 8)])
    mutant = put(mutant, at, Uint8Array.of(0xc0 | (target >> 8), target & 0xff))
  }
  return mutant
}

/** With the lengths of PPPoE, IP and UDP as they are, and the ports that they had. */
export function fitted(frame: Uint8Array): Uint8Array {
  const mutant = frame.slice()
  const { type, at, pppoe } = innerOf(frame)
  if (pppoe !== undefined) setU16(mutant, pppoe + 4, frame.length - pppoe - 6)
  if (type === 0x86dd && frame.length >= at + IPV6) {
    const upper = at + IPV6
    setU16(mutant, at + 4, frame.length - upper)
    if (frame[at + 6] === 17 && frame.length >= upper + 8) setU16(mutant, upper + 4, frame.length - upper)
  }
  if (type === 0x0800 && frame.length >= at + 20) {
    setU16(mutant, at + 2, frame.length - at)
    const udp = at + ((frame[at] as number) & 15) * 4
    if (frame[at + 9] === 17 && udp + 8 <= frame.length) setU16(mutant, udp + 4, frame.length - udp)
  }
  return mutant
}

function setU16(frame: Uint8Array, at: number, value: number): void {
  frame[at] = value >> 8
  frame[at + 1] = value
}

function put(frame: Uint8Array, at: number, octets: Uint8Array): Uint8Array {
  const mutant = frame.slice()
  mutant.set(octets.subarray(0, Math.max(0, frame.length - at)), Math.min(at, frame.length))
  return mutant
}

function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => [...part]))
}
