import { incompatible } from '../lab/memory-freedoms.ts'
import { type Seeded, seeded } from '../time/seed.ts'
import { type Excuses, type Freedom, knobOf } from './freedom-matrix.ts'

/** A router that has many freedoms at once. */
export interface Citizen {
  freedoms: Freedom[]
  behavior: Freedom['behavior']
  warns: Excuses
}

export const compatible = (a: Freedom, b: Freedom): boolean =>
  !Object.keys(a.behavior).some((decision) => decision in b.behavior) &&
  !incompatible.some(([one, other]) => (one === a.name && other === b.name) || (one === b.name && other === a.name))

/** A choice of one decision: what the reference router does is without a freedom. */
interface Choice {
  name: string
  knob: string
  freedom?: Freedom
}

const asReference = (knob: string): Choice => ({ name: `${knob} as the reference router`, knob })

const decisionsOf = (all: readonly Freedom[]): Choice[][] =>
  [...new Set(all.map(knobOf))].map((knob) => [
    asReference(knob),
    ...all.filter((one) => knobOf(one) === knob).map((freedom) => ({ name: freedom.name, knob, freedom })),
  ])

/**
 * How often a decision is as the reference router's, against each other choice of it. Where there is one other, one router
 * in five takes it; so a router differs in 30 to 60 of 220 decisions, as those do that were put together from packages.
 * One that differs in half of all is like none that is sold.
 */
const referenceWeight = 4

const rankOf = (freedom: Freedom | undefined, random: Seeded): number =>
  random.uniform(0, 1) ** (1 / (freedom ? 1 : referenceWeight))

/**
 * Routers that draw all freedoms at random. Each choice has a seed of its own, by which it draws a rank for each router;
 * the choice with the highest rank is taken (rendezvous hashing). So routers stay as they are while freedoms are added: a
 * new one changes its own decision in few of them, and there what is incompatible with it.
 */
export function* population(all: readonly Freedom[], seed: string): Generator<Citizen, never> {
  const decisions = decisionsOf(all).map((choices) =>
    choices.map(({ name, freedom }) => ({ freedom, random: seeded(`${seed}\0${name}`) })),
  )
  for (;;) {
    const taken = decisions
      .map((choices) => choices.map(({ freedom, random }) => ({ freedom, rank: rankOf(freedom, random) })))
      .map((ranked) => ranked.reduce((best, one) => (one.rank > best.rank ? one : best)))
      .sort((a, b) => b.rank - a.rank)
      .flatMap(({ freedom }) => freedom ?? [])
    const freedoms: Freedom[] = []
    for (const one of taken) if (freedoms.every((had) => compatible(had, one))) freedoms.push(one)
    yield citizenOf(freedoms)
  }
}

const citizenOf = (freedoms: Freedom[]): Citizen => ({
  freedoms,
  behavior: Object.assign({}, ...freedoms.map(({ behavior }) => behavior)),
  warns: Object.assign({}, ...freedoms.map(({ warns }) => warns)),
})

/** Pairs of choices that one router can make, and none of these makes. */
export function missing(all: readonly Freedom[], of: readonly Citizen[]): string[] {
  const choices = decisionsOf(all).flat()
  const place = new Map(choices.map(({ name }, index) => [name, index]))
  const had = choices.map(() => new Uint8Array(choices.length))
  for (const { freedoms } of of) {
    const row = new Map(choices.map(({ knob }) => [knob, asReference(knob).name]))
    for (const freedom of freedoms) row.set(knobOf(freedom), freedom.name)
    const places = [...row.values()].map((name) => place.get(name) as number)
    for (const one of places) for (const other of places) (had[one] as Uint8Array)[other] = 1
  }
  return choices.flatMap((a, i) =>
    choices
      .filter((b, j) => j > i && had[i]?.[j] === 0 && a.knob !== b.knob)
      .filter((b) => !a.freedom || !b.freedom || compatible(a.freedom, b.freedom))
      .map((b) => `${a.name} + ${b.name}`),
  )
}
