import { fileURLToPath } from 'node:url'
import { readLab } from '../lab/lab-file.ts'
import { referenceDevice } from '../lab/memory-lab.ts'
import { allFreedoms, type Freedom, falseAlarms, lineOf } from './freedom-matrix.ts'
import { type KillMatrix, killMatrix, type MatrixRow } from './kill-matrix.ts'
import { isOpen } from './open-alarms.ts'
import { type Citizen, population } from './populations.ts'
import { loadSuites } from './suites.ts'
import { type VariantOptions, type Variants, variants } from './variants.ts'
import { verdictText } from './verdict-text.ts'

const memory = fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url))

const own = async (seed = 'reference'): Promise<VariantOptions> => ({
  lab: readLab(memory),
  suites: await loadSuites(),
  seed,
})

/**
 * The kill matrix of the suites that come with denat, in the memory lab. What follows from a defect may hang on chance,
 * such as when the last periodic RA was: mutants are those of one seed.
 */
export const ownMatrix = async (seed?: string): Promise<KillMatrix> => killMatrix(await own(seed))

/** Their verdicts for other routers, in the memory lab, which by default may take as long as that of any device folder. */
export const ownVariants = async (seed?: string): Promise<Variants> =>
  variants({ ...(await own(seed)), device: { ...referenceDevice, boot: 30, apply: 10 } })

/** The seeds that the matrix must pass on: the first in `npm test`, others by `npm run matrix -- --seeds 3`. */
export const matrixSeeds: readonly string[] = ['reference', 'another', 'a third']

/** Verdicts for a mutant that differ from its declaration, under this seed: one line each. */
export function deviations(row: MatrixRow, seed = matrixSeeds[0]): string[] {
  const { mutant, survived, wronglyFailed, silenced, notSilenced, verdicts } = row
  const isDrawn = (key: string): boolean =>
    seed !== matrixSeeds[0] && mutant.sometimes?.some((one) => key === one || key.startsWith(`${one} · `)) === true
  const lines = (what: string, keys: readonly string[]): string[] =>
    keys.filter((key) => !isDrawn(key)).map((key) => `${what} ${key}: ${verdictText(verdicts.get(key))}`)
  return [
    ...lines('survived', survived),
    ...lines('wrongly failed', wronglyFailed),
    ...lines('silences, undeclared,', silenced),
    ...lines('does not silence', notSilenced),
  ]
}

/** The first routers of the population: this number is run in each test run, and more by `npm run freedoms`. */
export function ownPopulation(count = 24): Citizen[] {
  const drawn = population(allFreedoms, 'population')
  return Array.from({ length: count }, () => drawn.next().value)
}

/** Every other freedom, and every other router that draws them at random. */
export async function halfOfOwnFreedoms(from: 0 | 1): Promise<{
  freedoms: [name: string, Freedom][]
  routers: [title: string, Citizen][]
  firstChange: Variants['firstChange']
  /** Its false alarms. */
  alarms(router: Citizen): Promise<string[]>
}> {
  const { reference, of, firstChange } = await ownVariants()
  const half = <T>(all: readonly T[]): T[] => all.filter((_, index) => index % 2 === from)
  return {
    freedoms: half(allFreedoms).map((freedom) => [freedom.name, freedom]),
    routers: half(ownPopulation()).map((router, index) => [`router ${2 * index + from}`, router]),
    firstChange,
    async alarms({ behavior, warns }) {
      const variant = await of(behavior)
      return falseAlarms(reference, variant, warns)
        .filter((key) => !isOpen(key))
        .map((key) => lineOf(key, variant.verdicts))
    },
  }
}
