import { describe, expect, test } from 'vitest'
import { freshSeed, seeded } from './seed.ts'

describe('the seed', () => {
  test('says the same twice', () => {
    // Written down: what a seed meant years ago must be playable still.
    const random = seeded('denat')
    expect([random.int(1_000_000), random.int(1_000_000), random.uniform(0, 1)]).toEqual([
      206_025, 25_491, 0.5478057489845951,
    ])
    expect(seeded('a').bytes(32)).toEqual(seeded('a').bytes(32))
    expect(seeded('a').bytes(32)).not.toEqual(seeded('b').bytes(32))
  })

  test('is spread evenly', () => {
    const random = seeded('even')
    const counts = new Map<number, number>()
    for (let i = 0; i < 100_000; i++) {
      const n = random.int(10)
      counts.set(n, (counts.get(n) ?? 0) + 1)
    }
    expect([...counts.keys()].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    for (const count of counts.values()) expect(Math.abs(count - 10_000)).toBeLessThan(500)
    let sum = 0
    for (let i = 0; i < 10_000; i++) {
      const value = random.uniform(-2, 4)
      expect(value >= -2 && value < 4).toBe(true)
      sum += value
    }
    expect(sum / 10_000).toBeCloseTo(1, 0)
  })

  test('forks the same whatever was drawn before', () => {
    const drawn = seeded('a')
    drawn.bytes(100)
    expect(drawn.fork('isp').bytes(8)).toEqual(seeded('a').fork('isp').bytes(8))
    expect(drawn.fork('isp').bytes(8)).not.toEqual(drawn.fork('lan').bytes(8))
  })

  test('refuses to pick from nothing', () => {
    expect(() => seeded('a').pick([])).toThrow(/an empty one/)
    expect(() => seeded('a').int(0)).toThrow(/bound of 1 or more/)
    expect(['x', 'y']).toContain(seeded('a').pick(['x', 'y']))
  })

  test('a fresh seed is new each time', () => {
    expect(freshSeed()).not.toBe(freshSeed())
  })
})
