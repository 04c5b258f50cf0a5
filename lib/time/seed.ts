import { createHash, randomBytes } from 'node:crypto'

/** Repeatable random values: all that is random in a run comes from its seed. */
export interface Seeded {
  /** A whole number, 0 <= n < below. */
  int(below: number): number
  /** A number, low <= x < high. */
  uniform(low: number, high: number): number
  bytes(length: number): Uint8Array
  pick<T>(of: readonly T[]): T
  /** A source of its own for each label, whatever was drawn here before. */
  fork(label: string): Seeded
}

/** sfc32 (Chris Doty-Humphrey's Small Fast Counting generator), seeded by SHA-256. */
export function seeded(seed: string): Seeded {
  const hash = createHash('sha256').update(seed).digest()
  let a = hash.readInt32LE(0)
  let b = hash.readInt32LE(4)
  let c = hash.readInt32LE(8)
  let counter = hash.readInt32LE(12)

  function next(): number {
    const out = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + out) | 0
    return out >>> 0
  }

  const fraction = () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53
  const int = (below: number) => {
    if (!(below >= 1)) throw new RangeError(`int(): expected a bound of 1 or more, got ${below}`)
    return Math.floor(fraction() * below)
  }

  return {
    int,
    uniform: (low, high) => low + fraction() * (high - low),
    bytes(length) {
      const bytes = new Uint8Array(length)
      for (let i = 0; i < length; i++) bytes[i] = next() >>> 24
      return bytes
    },
    pick(of) {
      if (of.length === 0) throw new RangeError('pick(): expected a list with something in it, got an empty one')
      return of[int(of.length)] as (typeof of)[number]
    },
    fork: (label) => seeded(`${seed}\0${label}`),
  }
}

/** A seed for a run that was given none: the one place where chance enters. */
export function freshSeed(): string {
  return randomBytes(6).toString('hex')
}
