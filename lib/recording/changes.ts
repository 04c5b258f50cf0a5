import type { Seeded } from '../time/seed.ts'
import { decode } from '../wire/decode.ts'
import { encode } from '../wire/encode.ts'
import type { Frame, Mark, Recording } from './recording.ts'
import { renamed } from './renamed.ts'
import { strangersTalk } from './strangers-talk.ts'

/** A change of a recording that changes nothing of what the router did: all that is judged stays as it is. */
export type Change = (recording: Recording, dice: Seeded) => Recording

/** Frames in the order of their times, with new numbers, and marks that still name the same. */
function arranged(recording: Recording, frames: readonly Frame[]): Recording {
  const sorted = [...frames].sort((a, b) => a.at - b.at || a.number - b.number)
  const now = new Map<number, number>()
  const numbered = sorted.map((frame, index) => {
    if (frame.number) now.set(frame.number, index + 1)
    return { ...frame, number: index + 1 }
  })
  const to = (number: number) => now.get(number) ?? 0
  const marks = recording.marks.map(
    (mark): Mark => ({
      ...mark,
      number: to(mark.number),
      ...(mark.frames && { frames: mark.frames.map(to) }),
      ...(mark.named && {
        named: Object.fromEntries(Object.entries(mark.named).map(([name, number]) => [name, to(number)])),
      }),
    }),
  )
  return { ...recording, frames: numbered, marks }
}

/** The recording began so much later. A power of two: differences of times stay what they are. Seconds. */
const later = 1024

/** The names of moments in the data of marks. */
const moments = ['since', 'from', 'gone', 'down', 'up', 'left']

const shifted: Change = (recording) => {
  const dataOf = (data: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(data).map(([key, value]) => [
        key,
        moments.includes(key) && typeof value === 'number' ? value + later : value,
      ]),
    )
  return {
    ...recording,
    frames: recording.frames.map((frame) => ({ ...frame, at: frame.at + later })),
    marks: recording.marks.map(({ data, ...mark }) => ({
      ...mark,
      at: mark.at + later,
      ...(data && { data: dataOf(data) }),
    })),
  }
}

/** What a switch may take to hand a frame on. Seconds. */
const switched = 0.02

/** A switch between the router and the bench copies what the router sends to the other ports of its segment. */
const copied: Change = (recording, dice) => {
  const copies = recording.frames.flatMap((frame) => {
    if (frame.from !== 'dut' || frame.port.startsWith('wan')) return []
    const ports = recording.world.segments.find((segment) => segment.includes(frame.port)) ?? []
    // What the router itself sends on all ports is there already.
    const isThere = (port: string) =>
      recording.frames.some(
        (one) =>
          one.port === port && Math.abs(one.at - frame.at) < switched && Buffer.compare(one.bytes, frame.bytes) === 0,
      )
    const there = ports.filter((port) => port !== frame.port && !isThere(port))
    return there.map((port) => ({ ...frame, number: 0, port, at: frame.at + dice.uniform(0, switched) }))
  })
  return arranged(recording, [...recording.frames, ...copies])
}

/** What the router sends arrives later, but before whatever follows it. */
const delayed: Change = (recording, dice) => {
  const { frames, marks } = recording
  const follows = ({ number, at }: Frame): number =>
    Math.min(
      frames[number]?.at ?? Infinity,
      ...marks.filter((mark) => mark.number >= number || mark.at > at).map((mark) => mark.at),
    )
  return {
    ...recording,
    frames: frames.map((frame) => {
      if (frame.from !== 'dut') return frame
      const room = Math.min(switched, follows(frame) - frame.at)
      return { ...frame, at: frame.at + dice.uniform(0, Math.max(0, room)) }
    }),
  }
}

/** A phone, a TV, a computer that asks for an address and a switch send on the LAN, every few seconds. */
const withOtherNodes: Change = (recording, dice) => {
  const end = recording.frames.at(-1)?.at ?? 0
  const received: Frame[] = []
  for (let at = dice.uniform(0, 3); at < end; at += dice.uniform(0, 3)) {
    const packet = decode(encode(dice.pick(strangersTalk)))
    for (const segment of recording.world.segments)
      for (const port of segment)
        received.push({ number: 0, port, at, direction: 'in', from: 'dut', bytes: encode(packet), packet })
  }
  return arranged(recording, [...recording.frames, ...received])
}

export const changes: Record<string, Change> = {
  'other names': renamed,
  'all times shifted': shifted,
  'copies on other ports': copied,
  'delays of up to 20 ms': delayed,
  'strangers on the LAN': withOtherNodes,
}
