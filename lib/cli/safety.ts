import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { differences, type SafetyVerdict, safetyVerdicts } from '../run/safety-compare.ts'
import { judgedSet, recordSafely, safetyRouters } from '../run/safety-set.ts'
import { loadSuites } from '../run/suites.ts'

/**
 * `npm run safety -- record SET`: records the routers in memory into a new folder; runs of real routers may be
 * added. `judge SET FILE`: judges all of it. `compare FILE FILE`: exit code 1 when any verdict differs.
 */
const [act, first = '', second = ''] = process.argv.slice(2)
const usage = 'usage: npm run safety -- record SET | judge SET FILE | compare FILE FILE'

const read = (file: string): SafetyVerdict[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line))

if (act === 'record' && first) {
  const set = resolve(first)
  if (existsSync(set) && readdirSync(set).length > 0) {
    console.error(`safety: ${set} is not empty\n  → name a folder that is new or empty`)
    process.exit(3)
  }
  mkdirSync(set, { recursive: true })
  for (const router of await safetyRouters(await loadSuites())) {
    await recordSafely(router, set)
    console.log(`${router.name}: ${router.scenarios.length} recordings`)
  }
} else if (act === 'judge' && second) {
  const verdicts = safetyVerdicts(judgedSet(resolve(first), await loadSuites()))
  writeFileSync(second, verdicts.map((verdict) => `${JSON.stringify(verdict)}\n`).join(''))
  console.log(`${verdicts.length} verdicts are in ${second}`)
} else if (act === 'compare' && second) {
  const [before, after] = [read(first), read(second)]
  const changed = differences(before, after)
  for (const line of changed) console.log(line)
  console.log(`${after.length} verdicts, ${changed.length} differ`)
  process.exitCode = changed.length > 0 ? 1 : 0
} else {
  console.error(usage)
  process.exitCode = 3
}
