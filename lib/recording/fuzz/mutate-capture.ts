import { CaptureError, notRead } from '../capture.ts'
import { writeCapture } from '../pcapng.ts'
import { readCapture } from '../read-capture.ts'
import { foreignCaptures } from '../testing.ts'

/** Where chance comes from, as in lib/wire/fuzz. */
interface Dice {
  int(below: number): number
  bytes(length: number): Uint8Array
  pick<T>(of: readonly T[]): T
}

const WORDS = [
  0, 1, 2, 3, 4, 8, 12, 16, 20, 28, 32, 0x7f, 0x80, 0xff, 0xfffc, 0xffff, 0x7fffffff, 0x80000000, 0xfffffffc,
  0xffffffff,
]

/** Small captures: one with everything that we write, and what others write. */
export function sampleCaptures(frames: readonly Uint8Array[]): Uint8Array[] {
  const captured = frames.map((bytes, i) => ({
    port: i % 2 === 0 ? 'wan0' : 'lan0',
    time: 1_767_225_600_000_000_000n + BigInt(i) * 1_000_000n,
    direction: i % 3 === 0 ? ('in' as const) : ('out' as const),
    bytes,
    ...(i % 4 === 0 && { originalLength: bytes.length + 10 }),
    ...(i % 5 === 0 && { comment: 'why' }),
  }))
  return [writeCapture(['wan0', 'lan0'], captured, { wan0: 3 }), ...foreignCaptures(frames)]
}

/** Fields of 4 octets are where the lengths are. */
export function mutateCapture(capture: Uint8Array, dice: Dice): Uint8Array {
  let mutant: Uint8Array = capture.slice()
  for (let edits = 1 + dice.int(3); edits > 0; edits--) {
    const at = dice.int(mutant.length + 1)
    const word = at & ~3
    const view = new DataView(mutant.buffer, mutant.byteOffset, mutant.length)
    if (dice.int(3) > 0 && word + 4 <= mutant.length) view.setUint32(word, dice.pick(WORDS), dice.int(4) > 0)
    else if (dice.int(3) > 0) mutant.set(dice.bytes(Math.min(1 + dice.int(8), mutant.length - at)), at)
    else mutant = mutant.slice(0, at)
  }
  return mutant
}

/** What is wrong with how we read this file; undefined when nothing is. */
export function captureFault(file: Uint8Array): string | undefined {
  try {
    const capture = readCapture(file)
    const octets = capture.frames.reduce((sum, { bytes }) => sum + bytes.length, 0)
    if (octets > file.length) return `${file.length} octets of file came to ${octets} of frames`
    const packets = capture.skipped.reduce((sum, one) => sum + one.packets, capture.frames.length)
    if (packets * 16 > file.length) return `${file.length} octets of file came to ${packets} packets`
    const given = notRead(capture).find((one) => one.length > 200 || !/offset \d/.test(one))
    return given && `gives only: ${given}`
  } catch (error) {
    return error instanceof CaptureError
      ? undefined
      : `threw ${error instanceof Error ? (error.stack ?? error) : error}`
  }
}
