/**
 * `npm run matrix`: runs every mutant where its violations are judged, on all cores, and writes
 * reports/kill-matrix.md and the totals in README.md. `--everywhere`: on every scenario that uses its decision.
 * `--seeds 3`: under this number of seeds. With names: only these, everywhere, and no file is written. Exit code 1
 * where the verdicts of a mutant are not those that it declares; then no file is written either.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { mutants } from '../lab/memory-mutants.ts'
import { killMatrixPage, totalsLine } from '../run/kill-matrix-page.ts'
import { matrixSeeds } from '../run/own-matrix.ts'
import { playMatrix } from '../run/play-matrix.ts'
import { loadSuites } from '../run/suites.ts'

const { values, positionals: only } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '1' }, everywhere: { type: 'boolean', default: false } },
})
const seeds = matrixSeeds.slice(0, Number(values.seeds))
if (seeds.length === 0 || seeds.length !== Number(values.seeds)) {
  console.error(`matrix: --seeds takes 1 to ${matrixSeeds.length}`)
  process.exit(3)
}
for (const name of only)
  if (!mutants.some((mutant) => mutant.name === name)) {
    console.error(`matrix: no mutant is called "${name}"; reports/kill-matrix.md lists them`)
    process.exit(3)
  }
const names = only.length > 0 ? only : mutants.map(({ name }) => name)
let clean = 0
for (const seed of seeds)
  for (const played of playMatrix({ seed, everywhere: values.everywhere || only.length > 0, names }).values()) {
    const { name, deviations } = await played
    for (const one of deviations) console.log(`${name}, seed "${seed}": ${one}`)
    if (deviations.length === 0) clean++
  }
const all = names.length * seeds.length
console.log(`${clean} of ${all} mutants violate what they name, and nothing else`)
if (clean !== all) process.exitCode = 1
else if (only.length === 0) await write()

async function write(): Promise<void> {
  const suites = await loadSuites()
  writeFileSync(new URL('../../reports/kill-matrix.md', import.meta.url), killMatrixPage(suites))
  const readme = new URL('../../README.md', import.meta.url)
  writeFileSync(readme, readFileSync(readme, 'utf8').replace(/^(\| \d+ ){8}\|$/m, totalsLine(suites)))
}
