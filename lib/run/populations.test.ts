import { expect, test } from 'vitest'
import type { Freedom } from './freedom-matrix.ts'
import { missing, population } from './populations.ts'

const take = (count: number, seed: string) => {
  const drawn = population(all, seed)
  return Array.from({ length: count }, () => drawn.next().value)
}
const freedom = (name: string, behaviour: Freedom['behaviour']): Freedom => ({ name, clause: '', behaviour })
const all = [
  ...Array.from({ length: 30 }, (_, knob) => freedom(`knob ${knob}`, { [`${knob}`]: 1 } as Freedom['behaviour'])),
  freedom('other value of 0', { '0': 2 } as Freedom['behaviour']),
  freedom('what takes two decisions', { both: 1, '1': 2 } as Freedom['behaviour']),
]

test('each pair of choices that go together is had by one of the first', () => {
  expect(missing(all, take(16, 'a'))).toEqual([])
  expect(missing(all, take(3, 'a')).length).toBeGreaterThan(0)
})

test('nobody has two values of one decision', () => {
  for (const { freedoms } of take(16, 'a')) {
    const names = freedoms.map(({ name }) => name)
    expect(names.includes('knob 0') && names.includes('other value of 0')).toBe(false)
    expect(names.includes('knob 1') && names.includes('what takes two decisions')).toBe(false)
  }
})

test('a seed draws the same again, and another draws others', () => {
  const names = (seed: string) => take(4, seed).map(({ freedoms }) => freedoms.map(({ name }) => name))
  expect(names('a')).toEqual(names('a'))
  expect(names('a')).not.toEqual(names('b'))
})
