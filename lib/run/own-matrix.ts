import { fileURLToPath } from 'node:url'
import { readLab } from '../lab/lab-file.ts'
import { type KillMatrix, killMatrix } from './kill-matrix.ts'
import { loadSuites } from './suites.ts'

const memory = fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url))

/**
 * The kill matrix of the suites that come with denat, in the memory lab. What follows from a defect may hang on chance,
 * such as when the last periodic RA was: mutants are those of one seed.
 */
export const ownMatrix = async (seed = 'reference'): Promise<KillMatrix> =>
  killMatrix({ lab: readLab(memory), catalogue: await loadSuites(), seed })
