import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { readLab } from '../lab/lab-file.ts'
import { coverage, missing } from '../run/covering-array.ts'
import { coveringArrayPage } from '../run/covering-array-page.ts'
import { loadSuites } from '../run/suites.ts'

/** `npm run covering`: writes reports/covering-array.md from recordings of the reference router. Exit code 1 where a pair is missing. */
const seen = await coverage(
  await loadSuites(),
  readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url))),
)
writeFileSync(new URL('../../reports/covering-array.md', import.meta.url), coveringArrayPage(seen))
const lacking = missing(seen)
for (const pair of lacking) console.log(`missing: ${pair}`)
process.exitCode = lacking.length > 0 ? 1 : 0
