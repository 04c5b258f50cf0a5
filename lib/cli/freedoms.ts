/**
 * `npm run freedoms`: runs every freedom and writes reports/freedom-matrix.md; with names, runs only these and
 * writes nothing. `--populations 1000 --state FILE` runs this number of routers with random freedoms, and continues where
 * FILE ends. Exit code 1: a conforming router got another verdict than pass.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { allFreedoms, falseAlarms, lineOf } from '../run/freedom-matrix.ts'
import { freedomMatrixPage } from '../run/freedom-matrix-page.ts'
import { ownVariants } from '../run/own-matrix.ts'
import { population } from '../run/populations.ts'

const { values, positionals: only } = parseArgs({
  allowPositionals: true,
  options: {
    populations: { type: 'string' },
    state: { type: 'string' },
    seed: { type: 'string', default: 'population' },
  },
})
for (const name of only)
  if (!allFreedoms.some((freedom) => freedom.name === name)) {
    console.error(`freedoms: no freedom is called "${name}"; reports/freedom-matrix.md lists them`)
    process.exit(3)
  }
const clean = values.populations ? await playPopulations(Number(values.populations)) : await playFreedoms()
process.exitCode = clean ? 0 : 1

async function playFreedoms(): Promise<boolean> {
  const { reference, of } = await ownVariants()
  const chosen = allFreedoms.filter(({ name }) => only.length === 0 || only.includes(name))
  let clean = 0
  for (const { name, behavior, warns = {} } of chosen) {
    const variant = await of(behavior)
    const alarms = falseAlarms(reference, variant, warns)
    for (const key of alarms) console.log(`${name}: ${lineOf(key, variant.verdicts)}`)
    if (variant.changed.length === 0) console.log(`${name}: changes no frame`)
    if (alarms.length === 0 && variant.changed.length > 0) clean++
  }
  if (only.length === 0) writeFileSync(new URL('../../reports/freedom-matrix.md', import.meta.url), freedomMatrixPage())
  console.log(`${clean} of ${chosen.length} freedoms are seen, without a false alarm`)
  return clean === chosen.length
}

/** What was run, and its false alarms: one line each. */
interface State {
  seed: string
  played: number
  alarms: string[]
}

async function playPopulations(count: number): Promise<boolean> {
  const { state: file, seed } = values
  const begun = file && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as State) : undefined
  const state = begun ?? { seed, played: 0, alarms: [] }
  const { reference, of } = await ownVariants()
  const drawn = population(allFreedoms, state.seed)
  for (let skipped = 0; skipped < state.played; skipped++) drawn.next()
  while (state.played < count) {
    const { behavior, warns, freedoms } = drawn.next().value
    const variant = await of(behavior)
    for (const key of falseAlarms(reference, variant, warns)) {
      state.alarms.push(`router ${state.played}: ${lineOf(key, variant.verdicts)}`)
      console.log(`router ${state.played} of ${freedoms.length} freedoms: ${lineOf(key, variant.verdicts)}`)
    }
    state.played++
    if (file) writeFileSync(file, JSON.stringify(state, undefined, 1))
  }
  console.log(`${state.played} routers, ${state.alarms.length} false alarms`)
  return state.alarms.length === 0
}
