import { expect, test } from 'vitest'
import { changes } from '../recording/changes.ts'
import { wanView } from '../suite/query.ts'
import { mark, frame as recorded, recording } from '../suite/testing.ts'
import { seeded } from '../time/seed.ts'
import { changedBy } from './metamorphic.ts'
import { playedSafely, safetyRouters } from './safety-set.ts'
import { loadSuites } from './suites.ts'

const suites = await loadSuites()
const seed = 'metamorphic'

test.each(Object.keys(changes))('%s: seed "metamorphic": no verdict changes', { timeout: 300_000 }, async (name) => {
  const dice = seeded(`${seed} ${name}`)
  const change = changes[name] as (typeof changes)[string]
  const routers = await safetyRouters(suites)
  const found: unknown[] = []
  for (let n = 0; n < 5; n++) {
    const router = dice.pick(routers)
    const scenario = dice.pick(router.scenarios)
    const bridged = n % 2 === 1
    const played = await playedSafely(router, scenario, bridged)
    const changed = changedBy(change, played, dice, suites)
    found.push(...changed.map((one) => ({ router: router.name, scenario: scenario.name, bridged, ...one })))
  }
  expect(found).toEqual([])
})

test('marks name the same frames when strangers speak between them', () => {
  const packet = { ip6: { src: 'fe80::1', dst: 'ff02::1' } }
  const frames = [1, 30, 60].map((at, index) => recorded(index + 1, 'wan0', 'dut', packet, at))
  const made = { ...mark('told', 2, 31, [2]), named: { answer: 2 } }
  const busy = changes['strangers on the LAN']?.(recording(frames, { marks: [made] }), seeded(seed))
  expect(busy?.frames.length).toBeGreaterThan(10)
  const [found] = busy?.marks ?? []
  expect(busy?.frames[(found?.frames?.[0] ?? 0) - 1]?.at).toBe(30)
  expect(found?.named?.answer).toBe(found?.frames?.[0])
  expect(busy && wanView(busy).fromDut.all()).toHaveLength(3)
})
