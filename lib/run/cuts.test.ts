import { describe, expect, test } from 'vitest'
import { frame, mark, recording } from '../suite/testing.ts'
import { seeded } from '../time/seed.ts'
import { type Contradiction, cutAt, heldAgainst, places, wholeOf } from './cuts.ts'
import { playedSafely, safetyRouters } from './safety-set.ts'
import { loadSuites } from './suites.ts'

const suites = await loadSuites()
const seed = 'cuts'

test('a cut keeps what was there by then, and of marks those whose frames all were', () => {
  const packet = { ip6: { src: 'fe80::1', dst: 'ff02::1' } }
  const frames = [1, 2, 3].map((at) => frame(at, 'lan0', 'dut', packet, at))
  const marks = [mark('one', 1, 1.5, [1]), mark('early', 1, 1.8, [2]), mark('late', 3, 3.5)]
  const cut = cutAt(recording(frames, { marks }), 1.9)
  expect(cut.frames.map(({ number }) => number)).toEqual([1])
  expect(cut.marks.map((one) => one.mark)).toEqual(['one'])
  expect(cut.outcome).toEqual({ end: 'complete' })
})

describe(`200 beginnings of recordings, seed "${seed}"`, () => {
  test('say nothing that the whole does not say', { timeout: 300_000 }, async () => {
    const dice = seeded(seed)
    const routers = await safetyRouters(suites)
    const found: (Contradiction & { router: string; scenario: string })[] = []
    let settled = 0
    for (let n = 0; n < 25; n++) {
      const router = dice.pick(routers)
      const scenario = dice.pick(router.scenarios)
      const whole = wholeOf(await playedSafely(router, scenario), suites)
      for (const at of places(whole.recording, 8, dice)) {
        const report = heldAgainst(whole, at, suites)
        settled += report.settled
        found.push(...report.contradictions.map((one) => ({ ...one, router: router.name, scenario: scenario.name })))
      }
    }
    expect(found).toEqual([])
    // Who says nothing before the end contradicts nothing either.
    expect(settled).toBeGreaterThan(1000)
  })
})
