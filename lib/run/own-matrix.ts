import { fileURLToPath } from 'node:url'
import { readLab } from '../lab/lab-file.ts'
import { mutants } from '../lab/memory-mutants.ts'
import { type KillMatrix, killMatrix, type Mutant } from './kill-matrix.ts'
import { loadSuites } from './suites.ts'

const memory = fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url))

/**
 * The kill matrix of the suites that come with denat, in the memory lab. What follows from a defect may hang on chance,
 * such as when the last periodic RA was: mutants are those of one seed.
 */
export const ownMatrix = async (seed = 'reference'): Promise<KillMatrix> =>
  killMatrix({ lab: readLab(memory), catalogue: await loadSuites(), seed })

/** Every other mutant, from the first or from the second on, each with what is said of it: a test file for each core. */
export async function halfOfOwnMatrix(from: 0 | 1): Promise<{
  mutants: [title: string, Mutant][]
  /** What it violates and yet passed, and what failed although it does not violate that. */
  deviations(mutant: Mutant): Promise<{ survived: string[]; wronglyFailed: string[] }>
}> {
  const { row } = await ownMatrix()
  return {
    mutants: mutants
      .filter((_, index) => index % 2 === from)
      .map((mutant) => [`${mutant.name}: kills ${mutant.violates.join(', ')}, spares all else`, mutant]),
    async deviations(mutant) {
      const { survived, wronglyFailed, verdicts } = await row(mutant)
      const told = (key: string) => `${key}: ${verdicts.get(key)?.verdict} ${verdicts.get(key)?.because}`
      return { survived: survived.map(told), wronglyFailed: wronglyFailed.map(told) }
    },
  }
}

/** What is said of a mutant that is killed as it should. */
export const none = { survived: [], wronglyFailed: [] }
