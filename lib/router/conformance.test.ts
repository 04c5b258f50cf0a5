import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LabFile } from '../lab/lab-file.ts'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import { illFormed, reusedTransactions } from '../recording/ill-formed.ts'
import { loadRecording } from '../recording/load.ts'
import type { Recording } from '../recording/recording.ts'
import { record } from '../run/record.ts'
import { loadSuites } from '../run/suites.ts'
import { render } from '../say/render.ts'
import { judged } from '../suite/requirement.ts'
import type { Scenario } from '../suite/scenario.ts'
import type { Result } from '../suite/verdict.ts'

const { entries, requirements, scenarios } = await loadSuites()
const lab: LabFile = readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)))
const seed = 'reference'
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'denat-conformance-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function play(scenario: Scenario, name: string, bridged = false): Promise<string> {
  const path = join(folder, name, scenario.name)
  const opened = openMemoryLab(lab, { seed, bridged })
  const { profile = 'default' } = scenario
  await record({ lab: opened, labFile: lab, device: referenceDevice, seed, profile, scenario, folder: path })
  opened.close()
  return path
}

/** Judgements that a scenario is for. */
function verdicts(scenario: Scenario, recording: Recording): Result[] {
  return [...requirements.values()].flatMap((requirement) => {
    const entry = entries.get(requirement.id)
    if (!entry) throw new Error(`${requirement.id} is not in the catalogue`)
    const cases = requirement.invariant
      ? ['']
      : [...requirement.cases].flatMap(([name, { scenarios }]) => (scenarios.includes(scenario) ? [name] : []))
    return cases.map((name) => judged(requirement, entry, name, recording))
  })
}

/** What is asked of a wireless router alone is judged in its houses: lib/run/houses.test.ts. */
const isForOthers = (id: string): boolean => entries.get(id)?.role === 'wireless-router'

/** What is held against every recording may find nothing to judge in one. */
const mayNotApply = (id: string) => requirements.get(id)?.invariant !== undefined

const lineOf = ({ requirement, case: name, verdict, because }: Result) =>
  `${verdict} ${requirement}${name && ` (${name})`}: ${render(because)}`

describe.each([
  ['two LAN segments', false],
  ['bridged LAN ports', true],
])('the reference router, %s', (layout, bridged) => {
  test.each(
    [...scenarios.values()].filter(({ role = 'gateway' }) => role === 'gateway').map((one) => [one.name, one] as const),
  )('passes all that is judged on %s', async (_, scenario) => {
    const recording = loadRecording(await play(scenario, layout, bridged))
    expect(recording.outcome).toEqual({ end: 'complete' })
    const results = verdicts(scenario, recording)
    const wrong = results.filter(
      ({ verdict, requirement }) =>
        verdict !== 'pass' && !(verdict === 'not-applicable' && (mayNotApply(requirement) || isForOthers(requirement))),
    )
    expect(wrong.map(lineOf)).toEqual([])
    expect(results.length).toBeGreaterThan(0)
    expect([...illFormed(recording), ...reusedTransactions(recording)]).toEqual([])
    // How long it takes is told, so that several labs play the longest first.
    const seconds = recording.frames.at(-1)?.at ?? 0
    const { takes = 30 } = scenario
    expect(seconds).toBeLessThan(takes * 1.6)
    if (scenario.takes) expect(seconds).toBeGreaterThan(takes * 0.5)
  })
})

test.each(['cold-boot', 'full-house', 'web-ui-firewall'])(
  'the same seed gives the same capture, byte for byte: %s',
  async (name) => {
    const scenario = scenarios.get(name) as Scenario
    const [first, second] = [await play(scenario, 'first'), await play(scenario, 'second')]
    expect(readFileSync(join(first, 'capture.pcapng')).equals(readFileSync(join(second, 'capture.pcapng')))).toBe(true)
  },
)
