import { expect, test } from 'vitest'
import { mutants } from '../lab/memory-mutants.ts'
import { ownMatrix } from './own-matrix.ts'

/** Every other mutant: kill-matrix.2.test.ts has the rest, for a second core. */
const some = mutants
  .filter((_, index) => index % 2 === 0)
  .map((mutant) => [`${mutant.name}: kills ${mutant.violates.join(', ')}, spares all else`, mutant] as const)
const { row } = await ownMatrix()

test.each(some)('%s', async (_, mutant) => {
  const { survived, wronglyFailed, verdicts } = await row(mutant)
  const told = (key: string) => `${key}: ${verdicts.get(key)?.verdict} ${verdicts.get(key)?.because}`
  expect({ survived: survived.map(told), wronglyFailed: wronglyFailed.map(told) }).toEqual({
    survived: [],
    wronglyFailed: [],
  })
})
