import { expect, test } from 'vitest'
import { halfOfOwnMatrix, none } from './own-matrix.ts'

const { mutants, deviations } = await halfOfOwnMatrix(1)

test.each(mutants)('%s', async (_, mutant) => expect(await deviations(mutant)).toEqual(none))
