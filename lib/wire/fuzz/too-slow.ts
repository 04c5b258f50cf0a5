import { effort } from '../testing.ts'

const REPEATS = 5

/**
 * Whether reading one frame takes more processor time than reading all the ordinary ones. Both are repeated side by side and
 * the least of each counts: a loaded machine adds to some repeats, and slows down both.
 */
export function tooSlow(readOne: () => void, readOrdinary: () => void, work: (act: () => void) => number = effort) {
  let [one, ordinary] = [Infinity, Infinity]
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    one = Math.min(one, work(readOne))
    ordinary = Math.min(ordinary, work(readOrdinary))
    if (one <= ordinary) return false
  }
  return true
}
