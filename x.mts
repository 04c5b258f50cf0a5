import { mutants } from './lib/lab/memory-mutants.ts'
import { ownMatrix } from './lib/run/own-matrix.ts'
const half = Number(process.argv[2])
const only = new Set(process.argv.slice(3))
const matrix = await ownMatrix()
let n = 0
const t = Date.now()
for (const [i, mutant] of mutants.entries()) {
  if (half >= 0 && i % 2 !== half) continue
  if (only.size && !only.has(mutant.name)) continue
  const row = await matrix.shortRow(mutant)
  for (const [what, keys] of [['survived', row.survived], ['wrongly failed', row.wronglyFailed]] as const)
    for (const key of keys) console.log(`${mutant.name}\t${what}\t${key}\t${row.verdicts.get(key)?.verdict}\t${row.verdicts.get(key)?.because?.slice(0, 160)}`)
  if (++n % 20 === 0) console.log(`# ${n} ${(Date.now() - t) / 1000 | 0}`)
}
console.log('# done', n)
