import { expect, test } from 'vitest'
import { none, quarterOfOwnMatrix } from './own-matrix.ts'

const { mutants, deviations } = await quarterOfOwnMatrix(2)

test.each(mutants)('%s', async (_, mutant) => expect(await deviations(mutant)).toEqual(none))
