import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { loadRecording } from '../recording/load.ts'
import { type Contradiction, heldAgainst, places, wholeOf } from '../run/cuts.ts'
import { landed, recordingFolder } from '../run/run-folder.ts'
import { loadSuites } from '../run/suites.ts'
import { freshSeed, seeded } from '../time/seed.ts'

/**
 * `npm run cuts -- SET [--places 40] [--seed S] [--only RUN]`: cuts each recording of a safety set at this number of
 * places and compares the verdicts of the beginning with those of the whole. Exit code 1 where they contradict each other.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { places: { type: 'string', default: '40' }, seed: { type: 'string' }, only: { type: 'string' } },
})
const [set = ''] = positionals
if (!existsSync(set)) {
  console.error('usage: npm run cuts -- SET [--places 40] [--seed S] [--only RUN]')
  process.exit(3)
}
const { places: asked, seed = freshSeed(), only } = values
const dice = seeded(seed)
const suites = await loadSuites()
const found = new Map<string, { count: number; run: string; scenario: string; first: Contradiction }>()
let [recordings, judged, settled] = [0, 0, 0]

for (const run of readdirSync(set).sort()) {
  if (only && run !== only) continue
  for (const scenario of landed(join(set, run))) {
    const recording = loadRecording(recordingFolder(join(set, run), scenario))
    const whole = wholeOf(recording, suites)
    recordings++
    for (const at of places(recording, Number(asked), dice.fork(`${run} ${scenario}`))) {
      const report = heldAgainst(whole, at, suites)
      judged += report.judged
      settled += report.settled
      for (const first of report.contradictions) {
        const key = `${first.key} ${first.kind}`
        const known = found.get(key) ?? { count: 0, run, scenario, first }
        found.set(key, { ...known, count: known.count + 1 })
      }
    }
  }
}

for (const [, { count, run, scenario, first }] of [...found].sort(([a], [b]) => (a < b ? -1 : 1)))
  console.log(
    `${first.key}: ${first.kind}, ${count} times, such as ${run}/${scenario} at ${first.at.toFixed(3)} s\n  cut: ${first.cut}\n  whole: ${first.whole}`,
  )
console.log(
  `seed ${seed}: ${recordings} recordings, ${judged} judgements of beginnings, of which ${settled} lacked nothing; ${found.size} kinds of contradiction`,
)
process.exitCode = found.size > 0 ? 1 : 0
