import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { changes } from '../recording/changes.ts'
import { loadRecording } from '../recording/load.ts'
import { changedBy } from '../run/metamorphic.ts'
import { landed, recordingFolder } from '../run/run-folder.ts'
import { loadSuites } from '../run/suites.ts'
import { freshSeed, seeded } from '../time/seed.ts'

/**
 * `npm run metamorphic -- SET [--seed S] [--only RUN]`: changes each recording of a safety set in ways that change
 * nothing of what the router did, and prints the verdicts that change nevertheless. Exit code 1 where one does.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, only: { type: 'string' } },
})
const [set = ''] = positionals
if (!existsSync(set)) {
  console.error('usage: npm run metamorphic -- SET [--seed S] [--only RUN]')
  process.exit(3)
}
const { seed = freshSeed(), only } = values
const dice = seeded(seed)
const suites = await loadSuites()
let [recordings, changed] = [0, 0]
for (const run of readdirSync(set).sort()) {
  if (only && run !== only) continue
  for (const scenario of landed(join(set, run))) {
    const recording = loadRecording(recordingFolder(join(set, run), scenario))
    recordings++
    for (const [name, change] of Object.entries(changes))
      for (const { key, before, after } of changedBy(
        change,
        recording,
        dice.fork(`${run} ${scenario} ${name}`),
        suites,
      )) {
        changed++
        console.log(`${name}: ${run}/${scenario}: ${key}\n  before: ${before}\n  after: ${after}`)
      }
  }
}
console.log(
  `seed ${seed}: ${recordings} recordings, each changed in ${Object.keys(changes).length} ways; ${changed} verdicts changed`,
)
process.exitCode = changed > 0 ? 1 : 0
