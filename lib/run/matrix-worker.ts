import { mutants } from '../lab/memory-mutants.ts'
import { deviations, ownMatrix } from './own-matrix.ts'
import type { MatrixOrder, PlayedRow } from './play-matrix.ts'

process.once('message', (order) => void work(order as MatrixOrder))
// The parent is gone, or has all that it asked for.
process.on('disconnect', () => process.exit())

async function work({ seed, everywhere, names }: MatrixOrder): Promise<void> {
  const { row, shortRow } = await ownMatrix(seed)
  for (const mutant of mutants.filter(({ name }) => names.includes(name))) {
    const played = await (everywhere ? row : shortRow)(mutant)
    const sent: PlayedRow = { name: mutant.name, deviations: deviations(played, seed), decided: played.decided }
    await new Promise<void>((resolve) => process.send?.(sent, () => resolve()))
  }
  process.disconnect()
}
