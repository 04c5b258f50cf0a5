import { expect, test } from 'vitest'
import { none, quarterOfOwnMatrix } from './own-matrix.ts'

const { mutants, deviations } = await quarterOfOwnMatrix(3)

test.each(mutants)('%s', async (_, mutant) => expect(await deviations(mutant)).toEqual(none))
