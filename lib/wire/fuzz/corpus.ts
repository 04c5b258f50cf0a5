import { decode } from '../decode.ts'
import type { Dice } from './dice.ts'
import { mutateBytes } from './mutate-bytes.ts'
import { mutatePacket } from './mutate-packet.ts'
import { shapeOf } from './shape.ts'

/** More frames than this are not kept: what was seen of late is mutated as well as the beginning. */
const MAX_FRAMES = 4000

export interface Corpus {
  readonly frames: readonly Uint8Array[]
  /** Shapes of packets seen so far. */
  readonly shapes: number
  /** A mutant of one of them. */
  next(dice: Dice): Uint8Array
  /** Keeps the frame where it took a way that none took before. */
  keep(frame: Uint8Array): void
}

export function corpusOf(seeds: readonly Uint8Array[]): Corpus {
  const frames = [...seeds]
  const shapes = new Set(seeds.map((frame) => shapeOf(decode(frame))))
  return {
    frames,
    get shapes() {
      return shapes.size
    },
    next(dice) {
      const frame = dice.pick(frames)
      const changed = dice.int(2) === 0 ? mutatePacket(frame, dice, seeds) : undefined
      if (changed === undefined) return mutateBytes(frame, dice)
      return dice.int(3) === 0 ? mutateBytes(changed, dice) : changed
    },
    keep(frame) {
      const shape = shapeOf(decode(frame))
      if (shapes.has(shape)) return
      shapes.add(shape)
      if (frames.length < MAX_FRAMES) frames.push(frame)
      else frames[seeds.length + (shapes.size % (MAX_FRAMES - seeds.length))] = frame
    },
  }
}
