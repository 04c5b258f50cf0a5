/**
 * `npm run matrix`: runs every mutant where its violations are judged, on all cores, and writes
 * reports/kill-matrix.md and the totals in README.md. `--everywhere`: on every scenario that uses its decision.
 * `--seeds 3`: under this number of seeds. With names: only these, everywhere, and no file is written. Exit code 1
 * where the verdicts of a mutant are not those that it declares; then no file is written either.
 */
import { fork } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { parseArgs } from 'node:util'
import { mutants } from '../lab/memory-mutants.ts'
import { killMatrixPage, totalsLine } from '../run/kill-matrix-page.ts'
import { deviations, matrixSeeds, ownMatrix } from '../run/own-matrix.ts'
import { loadSuites } from '../run/suites.ts'

/** A row as a worker sends it. */
interface Played {
  name: string
  seed: string
  deviations: string[]
}

const { values, positionals: only } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '1' },
    everywhere: { type: 'boolean', default: false },
    /** In a worker: which share of the mutants it runs. */
    share: { type: 'string' },
  },
})
const seeds = matrixSeeds.slice(0, Number(values.seeds))
const chosen = mutants.filter(({ name }) => only.length === 0 || only.includes(name))
const everywhere = values.everywhere || only.length > 0
if (values.share === undefined) await main()
else await work(Number(values.share))

async function main(): Promise<void> {
  for (const name of only)
    if (!mutants.some((mutant) => mutant.name === name)) {
      console.error(`matrix: no mutant is called "${name}"; reports/kill-matrix.md lists them`)
      process.exit(3)
    }
  if (seeds.length !== Number(values.seeds)) {
    console.error(`matrix: --seeds takes 1 to ${matrixSeeds.length}`)
    process.exit(3)
  }
  const shares = Math.min(availableParallelism(), chosen.length)
  const rows = (await Promise.all(Array.from({ length: shares }, (_, share) => worker(share)))).flat()
  const clean = rows.filter((row) => row.deviations.length === 0)
  console.log(`${clean.length} of ${rows.length} mutants violate the requirements that they name, and no other`)
  if (rows.length !== chosen.length * seeds.length || clean.length !== rows.length) process.exitCode = 1
  else if (only.length === 0) await write()
}

/** Runs one share in a separate process. Its findings are printed at once. */
function worker(share: number): Promise<Played[]> {
  const rows: Played[] = []
  const child = fork(import.meta.filename, [...process.argv.slice(2), '--share', String(share)])
  child.on('message', (row: Played) => {
    rows.push(row)
    for (const one of row.deviations) console.log(`${row.name}, seed "${row.seed}": ${one}`)
  })
  return new Promise((resolve) => child.on('exit', () => resolve(rows)))
}

async function work(share: number): Promise<void> {
  for (const seed of seeds) {
    const { row, shortRow } = await ownMatrix(seed)
    for (const [index, mutant] of chosen.entries()) {
      if (index % availableParallelism() !== share) continue
      const said = deviations(await (everywhere ? row : shortRow)(mutant))
      const told: Played = { name: mutant.name, seed, deviations: said }
      await new Promise<void>((resolve) => process.send?.(told, () => resolve()))
    }
  }
  process.disconnect()
}

async function write(): Promise<void> {
  const suites = await loadSuites()
  writeFileSync(new URL('../../reports/kill-matrix.md', import.meta.url), killMatrixPage(suites))
  const readme = new URL('../../README.md', import.meta.url)
  writeFileSync(readme, readFileSync(readme, 'utf8').replace(/^(\| \d+ ){8}\|$/m, totalsLine(suites)))
}
