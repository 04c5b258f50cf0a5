import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { deviceOf } from '../lab/open-lab.ts'
import type { Scenario, ScenarioSpec } from '../suite/scenario.ts'
import { arranged, nextOf, steps, sum } from './arrange.ts'
import { plan } from './plan.ts'
import { loadSuites } from './suites.ts'

const suites = await loadSuites()

const slow = { boot: 90, reset: 120 }
const made = (name: string, spec: Partial<ScenarioSpec>): Scenario => ({
  ...{ name, story: 's', world: { name }, from: 'online' as const },
  ...spec,
  async play() {},
})
const names = (scenarios: readonly Scenario[]) => scenarios.map(({ name }) => name)

it('the default profile takes an hour at the most on a router that boots in 90 s and resets in 120 s', async () => {
  const lab = readLab(fileURLToPath(new URL('../../labs/memory-slow.yaml', import.meta.url)))
  const device = await deviceOf(lab)
  expect(device).toMatchObject(slow)
  const { resets, boots, seconds } = sum(
    steps(plan({ suites, lab, device, profile: 'default', only: [] }).scenarios, device),
  )
  expect({ resets: resets <= 6, boots: boots <= 20, minutes: seconds / 60 <= 60 }).toEqual({
    resets: true,
    boots: true,
    minutes: true,
  })
})

const online = made('online', {})
const cold = made('cold', { from: 'cold boot' })
const fresh = made('fresh', { from: 'factory' })
const sets = made('sets', { leaves: 'settings' })
const again = made('sets again', { leaves: 'settings' })

it('begins with what needs a factory reset anyway, and ends with what leaves settings behind', () => {
  expect(names(arranged([online, sets, again, cold, fresh], slow))).toEqual([
    'fresh',
    'online',
    'cold',
    'sets',
    'sets again',
  ])
})

it('has a boot that is needed anyway follow what has to be ended by one', () => {
  const claimed = made('claimed', { leaves: 'claimed addresses' })
  expect(names(arranged([claimed, online, fresh], slow))).toEqual(['fresh', 'online', 'claimed'])
  const order = arranged([fresh, claimed, online, cold], slow)
  expect(names(order)).toEqual(['fresh', 'claimed', 'cold', 'online'])
  expect(sum(steps(order, slow))).toMatchObject({ resets: 1, boots: 2 })
})

it('counts a reset after settings, and a boot for what needs one', () => {
  const counts = steps([fresh, online, cold, sets, again], slow).map(({ beginning, resets, boots }) => [
    beginning,
    resets,
    boots,
  ])
  expect(counts).toEqual([
    ['factory reset', 1, 1],
    ['line cut', 0, 0],
    ['power cut', 0, 1],
    ['line cut', 0, 0],
    ['factory reset', 1, 1],
  ])
})

it('resets a router that boots in seconds, as that costs less than a line', () => {
  expect(steps([fresh, online, cold], { boot: 3, reset: 1 }).map(({ beginning }) => beginning)).toEqual(
    Array(3).fill('factory reset'),
  )
})

it('of several labs a free one takes what lasts long, unless it costs more to get there', () => {
  const long = made('long', { takes: 200 })
  const longer = made('longer', { takes: 260, from: 'factory' })
  expect(nextOf([online, long, longer], 'online', slow, 2)).toBe(longer)
  expect(nextOf([online, sets, long], 'unknown', slow, 2)).toBe(long)
  expect(nextOf([fresh, online], 'unknown', slow, 2)).toBe(fresh)
})
