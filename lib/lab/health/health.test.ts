import { expect, test } from 'vitest'
import { virtualClock } from '../../time/virtual-clock.ts'
import { type Lateness, watchHealth } from './health.ts'

/** A clock whose timers fire `lag` seconds late while it is set. */
function lagging() {
  const clock = virtualClock()
  const state = { lag: 0 }
  return {
    state,
    drive: clock.drive,
    settled: clock.settled,
    now: clock.now,
    after: (seconds: number, fn: () => void) => clock.after(seconds + state.lag, fn),
  }
}

async function latenessOf(
  act: (wait: (seconds: number) => Promise<void>, lag: (seconds: number) => void) => Promise<void>,
  waited?: () => number,
) {
  const clock = lagging()
  const received: Lateness[] = []
  const stop = watchHealth(waited)(clock, (lateness) => received.push(lateness))
  const wait = (seconds: number) =>
    new Promise<void>((resolve) => {
      clock.after(seconds, () => {
        resolve()
        clock.settled()
      })
    })
  await clock.drive(
    act(wait, (seconds) => {
      clock.state.lag = seconds
    }).then(stop),
    () => [],
  )
  return received
}

test('timers on time are not told of', async () => {
  expect(await latenessOf((wait) => wait(5))).toEqual([])
})

test('a loop that stood still is told of, with the longest wait of its second', async () => {
  const received = await latenessOf(async (wait, lag) => {
    await wait(2.5)
    lag(0.3)
    await wait(0)
    lag(0)
    await wait(3)
  })
  expect(received).toHaveLength(1)
  expect(received[0]?.who).toBe('bench')
  expect(received[0]?.seconds).toBeCloseTo(0.3, 2)
  expect(received[0]?.from).toBeGreaterThan(1.5)
  expect(received[0]?.from).toBeLessThan(2.5)
})

test('what the DUT waited is told of beside it', async () => {
  const waits = [0, 0.001, 0.5, 0.001]
  const received = await latenessOf(
    (wait) => wait(3.5),
    () => waits.shift() ?? 0,
  )
  expect(received.map(({ who, seconds }) => [who, seconds])).toEqual([['dut', 0.5]])
})
