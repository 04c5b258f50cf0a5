import { expect, test } from 'vitest'
import type { Freedom } from './freedom-matrix.ts'
import { missing, population } from './populations.ts'

const take = (count: number, seed: string, of = all) => {
  const drawn = population(of, seed)
  return Array.from({ length: count }, () => drawn.next().value)
}
const freedom = (name: string, behavior: Freedom['behavior']): Freedom => ({ name, clause: '', behavior })
const all = [
  ...Array.from({ length: 30 }, (_, knob) => freedom(`knob ${knob}`, { [`${knob}`]: 1 } as Freedom['behavior'])),
  freedom('other value of 0', { '0': 2 } as Freedom['behavior']),
  freedom('what takes two decisions', { both: 1, '1': 2 } as Freedom['behavior']),
]
const namesOf = ({ freedoms }: { freedoms: Freedom[] }) => freedoms.map(({ name }) => name)

test('each pair of choices that go together is had by one of the first', () => {
  expect(missing(all, take(300, 'a'))).toEqual([])
  expect(missing(all, take(3, 'a')).length).toBeGreaterThan(0)
})

test('nobody has two values of one decision', () => {
  const routers = take(300, 'a').map(namesOf)
  expect(routers.filter((names) => names.includes('knob 0') && names.includes('other value of 0'))).toEqual([])
  expect(routers.filter((names) => names.includes('knob 1') && names.includes('what takes two decisions'))).toEqual([])
})

test('a router has a part of the freedoms, each as often as the others', () => {
  const having = (name: string) => take(1000, 'a').filter((router) => namesOf(router).includes(name)).length / 1000
  expect(having('knob 7')).toBeCloseTo(1 / 5, 1)
  expect(having('other value of 0')).toBeCloseTo(1 / 6, 1)
})

test('a new freedom changes its own decision and what is incompatible with it, and nothing else', () => {
  const another = freedom('new', { new: 1, '2': 2 } as Freedom['behavior'])
  const before = take(100, 'a').map(namesOf)
  const after = take(100, 'a', [another, ...all]).map(namesOf)
  const kept = (names: string[]) => names.filter((name) => name !== 'new' && name !== 'knob 2').sort()
  expect(after.map(kept)).toEqual(before.map(kept))
  const without = (_: string[], router: number) => !after[router]?.includes('new')
  expect(after.filter(without).map((names) => names.sort())).toEqual(
    before.filter(without).map((names) => names.sort()),
  )
})

test('a seed draws the same again, and another draws others', () => {
  const names = (seed: string) => take(4, seed).map(namesOf)
  expect(names('a')).toEqual(names('a'))
  expect(names('a')).not.toEqual(names('b'))
})
