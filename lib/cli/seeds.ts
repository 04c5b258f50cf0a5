import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { readLab } from '../lab/lab-file.ts'
import { verdictsUnder } from '../run/seeds.ts'
import { loadSuites } from '../run/suites.ts'

/**
 * `npm run seeds -- --count 100 --from 1`: the reference router under this number of seeds, which choose the behavior
 * of its peers. With names of scenarios, only these. Exit code 1 where a verdict is not pass.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { count: { type: 'string', default: '100' }, from: { type: 'string', default: '1' } },
})
const suites = await loadSuites()
const { scenarios } = suites
const lab = readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)))
const unknown = positionals.filter((name) => !scenarios.has(name))
if (unknown.length > 0) {
  console.error(`seeds: no scenario is called ${unknown.join(', ')}; npx denat list names them`)
  process.exit(3)
}
const played = positionals.flatMap((name) => scenarios.get(name) ?? [])
const [from, count] = [Number(values.from), Number(values.count)]
let right = 0
for (let n = from; n < from + count; n++) {
  const seed = `seed-${n}`
  const verdicts = await verdictsUnder({ lab, suites, seed, ...(played.length > 0 && { played }) })
  if (verdicts.length === 0) right++
  console.log(`${seed}: ${verdicts.length === 0 ? 'all passes' : `${verdicts.length} verdicts other than pass`}`)
  for (const one of verdicts) console.log(`  ${one}`)
}
console.log(`${right} of ${count} seeds: only passes`)
process.exitCode = right === count ? 0 : 1
