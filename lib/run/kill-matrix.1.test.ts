import { expect, test } from 'vitest'
import { quarterOfOwnMatrix } from './own-matrix.ts'

const { mutants, deviationsOf } = await quarterOfOwnMatrix(0)

test.each(mutants)('%s', async (_, mutant) => expect(await deviationsOf(mutant)).toEqual([]))
