import { describe, expect, test } from 'vitest'
import { eventQueue } from './event-queue.ts'
import { seeded } from './seed.ts'
import { Stalled, virtualClock } from './virtual-clock.ts'

describe('the event queue', () => {
  test('gives events by time, and those of one time in the order of their making', () => {
    const random = seeded('queue')
    const queue = eventQueue()
    const expected = Array.from({ length: 2_000 }, (_, order) => ({ at: random.int(50), order }))
    const seen: { at: number; order: number }[] = []
    for (const entry of expected) queue.add(entry.at, () => seen.push(entry))
    for (let event = queue.take(); event; event = queue.take()) event.fn()
    expect(seen).toEqual([...expected].sort((a, b) => a.at - b.at || a.order - b.order))
  })

  test('forgets cancelled events, however many', () => {
    const queue = eventQueue()
    const seen: number[] = []
    const kept = new Set([3, 500, 999])
    const events = Array.from({ length: 1_000 }, (_, n) => queue.add(1_000 - n, () => seen.push(n)))
    events.forEach((event, n) => {
      if (!kept.has(n)) event.cancel()
    })
    events[0]?.cancel()
    expect(queue.next()).toBe(1)
    for (let event = queue.take(); event; event = queue.take()) {
      event.fn()
      event.cancel()
    }
    expect(seen).toEqual([999, 500, 3])
    expect(queue.next()).toBeUndefined()
  })
})

describe('the virtual clock', () => {
  test('passes only by its events', () => {
    const clock = virtualClock()
    const seen: [string, number][] = []
    clock.after(5, () => seen.push(['five', clock.now()]))
    clock.after(1, () => clock.after(1, () => seen.push(['one and one', clock.now()])))
    clock.after(3, () => seen.push(['never', clock.now()])).cancel()
    clock.after(-1, () => seen.push(['at once', clock.now()]))
    clock.after(Number.POSITIVE_INFINITY, () => seen.push(['infinity', clock.now()]))
    clock.advance(4)
    expect(clock.now()).toBe(4)
    clock.advance(1)
    expect(seen).toEqual([
      ['at once', 0],
      ['one and one', 2],
      ['five', 5],
    ])
  })

  test('refuses a duration that is not a number', () => {
    expect(() => virtualClock().after(Number.NaN, () => {})).toThrow(/expected seconds, got NaN/)
  })

  test('lets whoever awaited run before the next event', async () => {
    const clock = virtualClock()
    const seen: string[] = []
    const wait = (seconds: number) =>
      new Promise<void>((resolve) =>
        clock.after(seconds, () => {
          resolve()
          clock.settled()
        }),
      )
    const play = async () => {
      await wait(1)
      await null
      await null
      seen.push(`play at ${clock.now()}`)
      clock.after(0, () => seen.push('answer'))
      await wait(1)
      return clock.now()
    }
    clock.after(1, () => seen.push('first at 1'))
    const played = play()
    clock.after(1, () => seen.push('last at 1'))
    expect(await clock.drive(played, () => [])).toBe(2)
    expect(seen).toEqual(['first at 1', 'play at 1', 'last at 1', 'answer'])
  })

  test('names the open waits when nothing can end them', async () => {
    const clock = virtualClock()
    clock.after(2, () => {})
    const stalled = await clock
      .drive(new Promise(() => {}), () => ['a Renew by 1800 s'])
      .catch((error: Stalled) => error)
    expect(stalled).toBeInstanceOf(Stalled)
    expect(stalled).toMatchObject({ at: 2, waits: ['a Renew by 1800 s'] })
    expect(String(stalled)).toMatch(/queue is empty at 2.000000 s.*\n {2}waits for a Renew/s)
  })

  test('does not wait for ever on events that repeat', async () => {
    const clock = virtualClock()
    const again = () => void clock.after(3_600, again)
    again()
    await expect(clock.drive(new Promise(() => {}), () => [])).rejects.toThrow(/only go on repeating.*No wait is open/s)
  })

  test('sees when time stands still', async () => {
    const clock = virtualClock()
    const again = () => void clock.after(0, again)
    again()
    await expect(clock.drive(new Promise(() => {}), () => [])).rejects.toThrow(/time stands still/)
  })

  test('gets to the end of a time whose rest is too short to be added', () => {
    const clock = virtualClock()
    clock.advance(284)
    const end = 284 * (1 + Number.EPSILON)
    let reached = false
    const look = (): void => {
      if (clock.now() < end) clock.after((end - clock.now()) / 4, look)
      else reached = true
    }
    look()
    clock.advance(1)
    expect(reached).toBe(true)
  })

  test('hands on what the play and the events throw', async () => {
    await expect(virtualClock().drive(Promise.reject(new Error('by the play')), () => [])).rejects.toThrow(
      'by the play',
    )
    const clock = virtualClock()
    clock.after(1, () => {
      throw new Error('by a handler')
    })
    await expect(clock.drive(new Promise(() => {}), () => [])).rejects.toThrow('by a handler')
  })
})
