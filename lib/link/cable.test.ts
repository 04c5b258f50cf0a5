import { describe, expect, test } from 'vitest'
import { virtualClock } from '../time/virtual-clock.ts'
import { type CableOptions, cable } from './cable.ts'
import { type Link, LinkError } from './link.ts'

const frame = (n: number) => new Uint8Array(60).fill(n)

function lab(options?: CableOptions) {
  const clock = virtualClock()
  const [left, right] = cable(clock, options)
  const received: [number, number][] = []
  right.onFrame((bytes, at) => received.push([bytes[0] ?? -1, at]))
  return { clock, left, right, received, numbers: () => received.map(([n]) => n) }
}

describe('a cable', () => {
  test('carries frames in order, after its latency', () => {
    const { clock, left, received } = lab({ latency: 0.25 })
    left.send(frame(1))
    left.send(frame(2))
    expect(received).toEqual([])
    clock.advance(1)
    expect(received).toEqual([
      [1, 0.25],
      [2, 0.25],
    ])
  })

  test('never runs a handler inside another', () => {
    const { clock, left, right } = lab()
    const log: string[] = []
    right.onFrame((bytes) => {
      log.push('request')
      right.send(bytes)
      log.push('replied')
    })
    left.onFrame((_, at) => log.push(`reply ${at > clock.now() - 1e-9}`))
    left.send(frame(1))
    clock.advance(1)
    expect(log).toEqual(['request', 'replied', 'reply true'])
  })

  test('copies what it is given', () => {
    const { clock, left, numbers } = lab()
    const bytes = Buffer.from(frame(1))
    left.send(bytes)
    bytes.fill(9)
    clock.advance(1)
    expect(numbers()).toEqual([1])
  })

  test('loses what is under way when it is pulled, and all until it is back', () => {
    const { clock, left, right, numbers } = lab({ latency: 0.1 })
    const carrier: [boolean, number][] = []
    left.onCarrier((up) => carrier.push([up, clock.now()]))
    left.send(frame(1))
    clock.advance(1)
    left.send(frame(2))
    right.plug(false)
    right.plug(true)
    clock.advance(1)
    right.plug(false)
    left.send(frame(3))
    clock.advance(1)
    left.plug(true)
    left.send(frame(4))
    clock.advance(1)
    expect(numbers()).toEqual([1, 4])
    expect(carrier).toEqual([
      [true, 0],
      [false, 1],
      [true, 1],
      [false, 2],
      [true, 3],
    ])
    expect(right.drops()).toBe(0)
  })

  test('plays its faults the same way twice', () => {
    const play = (seed: string) => {
      const { clock, left, numbers } = lab({ seed, loss: 0.1, duplicate: 0.1, reorder: 0.1 })
      for (let n = 0; n < 250; n++) clock.after(n * 30e-6, () => left.send(frame(n)))
      clock.advance(1)
      return numbers()
    }
    const once = play('a')
    expect(play('a')).toEqual(once)
    expect(play('b')).not.toEqual(once)
    expect(new Set(once).size).toBeLessThan(245)
    expect(once.length).toBeGreaterThan(new Set(once).size)
    expect(once).not.toEqual(once.toSorted((a, b) => a - b))
  })

  test.each<[string, (end: Link) => void, RegExp]>([
    ['a frame without header', (end) => end.send(new Uint8Array(13)), /expected a frame of 14 to 1530 bytes, got 13/],
    ['a frame above the MTU', (end) => end.send(new Uint8Array(1531)), /got 1531.*fragment/],
    [
      'a closed port',
      (end) => {
        end.close()
        end.send(frame(1))
      },
      /expected an open port/,
    ],
  ])('refuses %s', (_, act, message) => {
    const { left } = lab()
    expect(() => act(left)).toThrow(LinkError)
    expect(() => act(left)).toThrow(message)
  })
})
