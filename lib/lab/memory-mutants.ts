import { mutants as all } from '../router/mutants/all.ts'
import type { Mutant } from '../router/mutants/mutant.ts'

/** Routers with one defect each, for a memory lab. */
export const mutants: readonly Mutant[] = all
