import { mutants as all, mutantFiles as files } from '../router/mutants/all.ts'
import type { Mutant } from '../router/mutants/mutant.ts'

/** Routers with one defect each, for a memory lab. */
export const mutants: readonly Mutant[] = all
export const mutantFiles: Readonly<Record<string, readonly Mutant[]>> = files
