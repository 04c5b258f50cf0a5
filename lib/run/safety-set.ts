import { mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Device } from '../lab/device.ts'
import { type LabFile, readLab } from '../lab/lab-file.ts'
import { openMemoryLab } from '../lab/memory-lab.ts'
import { mutantFiles } from '../lab/memory-mutants.ts'
import { deviceOf } from '../lab/open-lab.ts'
import type { Recording } from '../recording/recording.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import type { Scenario } from '../suite/scenario.ts'
import type { Suites } from '../suite/suites.ts'
import type { Result } from '../suite/verdict.ts'
import type { Mutant } from './kill-matrix.ts'
import { plan } from './plan.ts'
import { play, type Recorded, record } from './record.ts'
import { rejudge } from './run.ts'
import { readFacts, recordingFolder, writeFacts } from './run-folder.ts'

/**
 * The safety set: recordings whose verdicts a change of the suite must not change unnoticed. Here are its routers in
 * memory: the reference router in its four labs, and two mutants of each file. Runs of real routers may be added.
 */
export interface SafetyRouter {
  name: string
  labFile: LabFile
  device: Device
  scenarios: Scenario[]
  leftOut: RunFacts['leftOut']
  behavior: Mutant['behavior']
}

const seed = 'reference'
const labs = ['memory', 'memory-behind-gateway-60', 'memory-behind-gateway-64', 'memory-behind-gateway-none']

/** A mutant runs the scenarios that its violations are judged on. */
export async function safetyRouters(suites: Suites): Promise<SafetyRouter[]> {
  const lived = await Promise.all(
    labs.map(async (name): Promise<SafetyRouter> => {
      const labFile = readLab(fileURLToPath(new URL(`../../labs/${name}.yaml`, import.meta.url)))
      const device = await deviceOf(labFile)
      const { scenarios, leftOut } = plan({ suites, lab: labFile, device, profile: 'default', only: [] })
      return { name, labFile, device, scenarios, leftOut, behavior: {} }
    }),
  )
  const [home] = lived as [SafetyRouter, ...SafetyRouter[]]
  const mutant = ({ name, violates, behavior }: Mutant): SafetyRouter => {
    const only = violates.map((key) => key.split(' · ')[0] as string)
    const { scenarios } = plan({ suites, lab: home.labFile, device: home.device, profile: 'default', only })
    return { ...home, name, scenarios, behavior }
  }
  const chosen = Object.values(mutantFiles).flatMap((file) => {
    // Some are seen in the full profile only.
    const seen = file.map(mutant).filter(({ scenarios }) => scenarios.length > 0)
    return seen.filter((_, index) => index === 0 || index === seen.length >> 1)
  })
  return [...lived, ...chosen]
}

const opened = ({ labFile, behavior }: SafetyRouter, bridged = false) =>
  openMemoryLab(labFile, { seed, behavior, bridged })

/** One scenario on one of the routers, in memory alone; `bridged` makes its LAN ports one segment. */
export async function playedSafely(router: SafetyRouter, scenario: Scenario, bridged = false): Promise<Recording> {
  const lab = opened(router, bridged)
  const { labFile, device } = router
  const { recording } = await play({ lab, labFile, device, seed, profile: 'default', scenario })
  lab.close()
  return recording
}

/** Records one of the routers into a run's folder of its own inside `set`. */
export async function recordSafely(router: SafetyRouter, set: string): Promise<void> {
  const { name, labFile, device, scenarios, leftOut } = router
  const run = join(set, name)
  mkdirSync(run)
  const played: Recorded[] = []
  for (const scenario of scenarios) {
    const lab = opened(router)
    const folder = recordingFolder(run, scenario.name)
    played.push(await record({ lab, labFile, device, seed, profile: 'default', scenario, folder }))
    lab.close()
  }
  writeFacts(run, {
    id: name,
    startedAt: new Date(0).toISOString(),
    lab: labFile.name,
    device: device.facts,
    versions: {},
    seed,
    profile: 'default',
    labs: 1,
    plan: scenarios.map((scenario) => scenario.name),
    scenarios: played.map(({ facts }) => facts),
    leftOut,
  })
}

/** Every run in the set, judged again, by its folder's name. */
export function judgedSet(set: string, suites: Suites): Map<string, Result[]> {
  const runs = readdirSync(set, { withFileTypes: true })
  const names = runs.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort()
  return new Map(names.map((name) => [name, rejudge(join(set, name), readFacts(join(set, name)), suites)]))
}
