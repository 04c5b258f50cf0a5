import { incompatible } from '../lab/memory-freedoms.ts'
import { type Seeded, seeded } from '../time/seed.ts'
import { type Excuses, type Freedom, knobOf } from './freedom-matrix.ts'

/** A router that has many freedoms at once. */
export interface Citizen {
  freedoms: Freedom[]
  behaviour: Freedom['behaviour']
  warns: Excuses
}

export const compatible = (a: Freedom, b: Freedom): boolean =>
  !Object.keys(a.behaviour).some((decision) => decision in b.behaviour) &&
  !incompatible.some(([one, other]) => (one === a.name && other === b.name) || (one === b.name && other === a.name))

/** The choices of one decision: what the reference router does is `undefined`. */
type Knob = (Freedom | undefined)[]

const knobsOf = (all: readonly Freedom[]): Knob[] =>
  [...new Set(all.map(knobOf))].map((knob) => [undefined, ...all.filter((one) => knobOf(one) === knob)])

/** A pair of choices of two decisions, by their places. */
const pairOf = (knob: number, value: number, other: number, otherValue: number): string =>
  knob < other ? `${knob}=${value} ${other}=${otherValue}` : `${other}=${otherValue} ${knob}=${value}`

/** Every pair of choices that one router can make. */
function allPairs(knobs: readonly Knob[]): Set<string> {
  const pairs = new Set<string>()
  for (const [i, one] of knobs.entries())
    for (const [j, other] of knobs.entries())
      if (i < j)
        for (const [v, a] of one.entries())
          for (const [w, b] of other.entries()) if (!a || !b || compatible(a, b)) pairs.add(pairOf(i, v, j, w))
  return pairs
}

/**
 * Routers that draw all freedoms at random, so that each pair of choices which can be had together is had by one of the
 * first of them (a pairwise covering array, built greedily); when all are, it begins again with others.
 */
export function* population(all: readonly Freedom[], seed: string): Generator<Citizen, never> {
  const knobs = knobsOf(all)
  const random = seeded(seed)
  let wanted = new Set<string>()
  for (;;) {
    if (wanted.size === 0) wanted = allPairs(knobs)
    const row = rowFor(knobs, wanted, random)
    yield citizenOf(knobs.flatMap((knob, i) => knob[row[i] as number] ?? []))
  }
}

/** Pairs of choices that none of these has. */
export function missing(all: readonly Freedom[], of: readonly Citizen[]): string[] {
  const knobs = knobsOf(all)
  const pairs = allPairs(knobs)
  for (const { freedoms } of of)
    covered(
      knobs.map((knob) =>
        Math.max(
          0,
          knob.findIndex((one) => one && freedoms.includes(one)),
        ),
      ),
      pairs,
    )
  return [...pairs]
}

function covered(row: readonly number[], pairs: Set<string>): void {
  for (const [i, v] of row.entries()) for (const [j, w] of row.entries()) if (i < j) pairs.delete(pairOf(i, v, j, w))
}

function rowFor(knobs: readonly Knob[], wanted: Set<string>, random: Seeded): number[] {
  const row = new Map<number, number>()
  const fits = (one: Freedom | undefined): boolean =>
    [...row].every(([knob, value]) => {
      const other = knobs[knob]?.[value]
      return !one || !other || compatible(one, other)
    })
  const [pair] = wanted
  // It begins with a pair that nobody has yet; else the last ones would be long in coming.
  for (const [, knob, value] of pair?.matchAll(/(\d+)=(\d+)/g) ?? []) row.set(Number(knob), Number(value))
  for (const knob of shuffled([...knobs.keys()], random)) {
    if (row.has(knob)) continue
    let best = { value: 0, gain: -1 }
    for (const value of shuffled([...(knobs[knob] as Knob).keys()], random)) {
      if (!fits(knobs[knob]?.[value])) continue
      const gain = [...row].filter(([other, its]) => wanted.has(pairOf(knob, value, other, its))).length
      if (gain > best.gain) best = { value, gain }
    }
    row.set(knob, best.value)
  }
  const made = [...knobs.keys()].map((knob) => row.get(knob) ?? 0)
  covered(made, wanted)
  return made
}

const citizenOf = (freedoms: Freedom[]): Citizen => ({
  freedoms,
  behaviour: Object.assign({}, ...freedoms.map(({ behaviour }) => behaviour)),
  warns: Object.assign({}, ...freedoms.map(({ warns }) => warns)),
})

function shuffled<T>(list: T[], random: Seeded): T[] {
  for (let i = list.length - 1; i > 0; i--) {
    const j = random.int(i + 1)
    const kept = list[i] as T
    list[i] = list[j] as T
    list[j] = kept
  }
  return list
}
