import { writeFileSync } from 'node:fs'
import { mutants } from '../lab/memory-mutants.ts'
import type { MatrixRow } from '../run/kill-matrix.ts'
import { killMatrixPage } from '../run/kill-matrix-page.ts'
import { ownMatrix } from '../run/own-matrix.ts'
import { claim } from '../say/claim.ts'
import { render } from '../say/render.ts'

/** `npm run matrix`: plays every mutant and writes reports/kill-matrix.md; with names, plays these and writes nothing. */
const only = process.argv.slice(2)
const chosen = mutants.filter(({ name }) => only.length === 0 || only.includes(name))
for (const name of only)
  if (!mutants.some((mutant) => mutant.name === name)) {
    console.error(`matrix: no mutant is called "${name}"; reports/kill-matrix.md lists them`)
    process.exit(3)
  }
const matrix = await ownMatrix()
const rows: MatrixRow[] = []
for (const mutant of chosen) {
  const row = await matrix.row(mutant)
  rows.push(row)
  const tell = (what: string, keys: string[]) => {
    for (const key of keys) {
      const { verdict = '', because = claim`not judged` } = row.verdicts.get(key) ?? {}
      console.log(`${mutant.name}: ${what} ${key}: ${verdict} ${render(because)}`)
    }
  }
  tell('survived', row.survived)
  tell('wrongly failed', row.wronglyFailed)
}
if (only.length === 0) writeFileSync(new URL('../../reports/kill-matrix.md', import.meta.url), killMatrixPage(rows))
const clean = rows.filter(({ survived, wronglyFailed }) => survived.length + wronglyFailed.length === 0)
console.log(`${clean.length} of ${rows.length} mutants fail what they violate, and nothing else`)
process.exitCode = clean.length === rows.length ? 0 : 1
