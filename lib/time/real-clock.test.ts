import { afterEach, describe, expect, test, vi } from 'vitest'
import { realClock } from './real-clock.ts'

describe('the real clock', () => {
  afterEach(() => vi.restoreAllMocks())

  const passes = (clock: ReturnType<typeof realClock>, seconds: number) =>
    new Promise<number>((resolve) => clock.after(seconds, () => resolve(clock.now())))

  test('counts from its origin on the wall clock', () => {
    const clock = realClock()
    const before = Date.now()
    const ours = Number(clock.origin) / 1e6 + clock.now() * 1e3
    // Never ahead; behind by what was not seen of the clock's tick, which a busy machine may draw out.
    expect(ours).toBeLessThan(Date.now() + 1)
    expect(ours).toBeGreaterThan(before - 1_000)
  })

  test('never fires early', async () => {
    const clock = realClock()
    for (const seconds of [0, 0.0001, 0.001, 0.0123]) {
      const start = clock.now()
      expect((await passes(clock, seconds)) - start).toBeGreaterThanOrEqual(seconds)
    }
  })

  test('can be cancelled, at zero too', async () => {
    const clock = realClock()
    const seen: string[] = []
    clock.after(0, () => seen.push('zero')).cancel()
    clock.after(0.002, () => seen.push('soon')).cancel()
    await passes(clock, 0.01)
    expect(seen).toEqual([])
  })

  test('keeps timers that are longer than Node can count', () => {
    const clock = realClock()
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'hrtime'] })
    const start = clock.now()
    let fired = 0
    clock.after(60 * 86_400, () => {
      fired = clock.now()
    })
    vi.advanceTimersByTime(59 * 86_400_000)
    expect(fired).toBe(0)
    vi.advanceTimersByTime(2 * 86_400_000)
    vi.useRealTimers()
    expect(fired - start).toBeGreaterThanOrEqual(60 * 86_400)
  })

  test('reports a stepped wall clock, and nothing else', async () => {
    const clock = realClock()
    for (let i = 0; i < 20; i++) {
      expect(clock.step()).toBe(0)
      await passes(clock, 0.0007)
    }
    const real = Date.now
    vi.spyOn(Date, 'now').mockImplementation(() => real() - 3_600_000)
    expect(clock.step()).toBeCloseTo(-3_600, 1)
    vi.spyOn(Date, 'now').mockImplementation(() => real() + 3_600_000)
    expect(clock.step()).toBeCloseTo(3_600, 1)
  })
})
