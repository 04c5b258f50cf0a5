import { expect, test } from 'vitest'
import { tooSlow } from './too-slow.ts'

/** Reading one frame and the ordinary ones, on a machine whose load makes each measurement this many times as long. */
function judged(takes: { one: number; ordinary: number }, load: number[]): boolean {
  let [took, measured] = [0, 0]
  const read = (time: number) => () => {
    took = time
  }
  return tooSlow(read(takes.one), read(takes.ordinary), (act) => {
    act()
    return took * (load[measured++] ?? 1)
  })
}

const fast = { one: 1, ordinary: 30 }
const slow = { one: 300, ordinary: 30 }

test.each([
  ['idle', []],
  ['always loaded', Array(10).fill(50)],
  ['loaded whenever the one frame is read, but for the last time', [90, 1, 90, 1, 90, 1, 90, 1, 1, 1]],
])('a frame is not too slow on a machine that is %s', (_, load) => {
  expect(judged(fast, load)).toBe(false)
})

test.each([
  ['idle', []],
  ['always loaded', Array(10).fill(50)],
  ['loaded now and then', [1, 5, 20, 1, 1, 7, 3, 1, 1, 1]],
])('a frame that takes too much work is found on a machine that is %s', (_, load) => {
  expect(judged(slow, load)).toBe(true)
})
