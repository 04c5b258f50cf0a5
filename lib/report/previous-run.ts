import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { readPlain } from '../plain-files.ts'
import type { RunFacts } from '../recording/run-facts.ts'

export interface PreviousRun {
  folder: string
  /** Its place among the device's runs, from its report. */
  buildOrder: number
}

/** The newest run of the same device that began before this one and has a report to take the history from. */
export function previousRun(reportsFolder: string, facts: RunFacts): PreviousRun | undefined {
  const runs = join(reportsFolder, 'runs')
  if (!existsSync(runs)) return undefined
  const [newest] = readdirSync(runs)
    .map((id) => join(runs, id))
    .filter((folder) => existsSync(join(folder, 'allure-report', 'history')))
    .flatMap((folder) => {
      const earlier = readJson<RunFacts>(join(folder, 'run.json'))
      return earlier && isBefore(earlier, facts) ? [{ folder, startedAt: Date.parse(earlier.startedAt) }] : []
    })
    .sort((a, b) => b.startedAt - a.startedAt)
  if (!newest) return undefined
  const executor = readJson<{ buildOrder?: number }>(join(newest.folder, 'allure-results', 'executor.json'))
  return { folder: newest.folder, buildOrder: executor?.buildOrder ?? 1 }
}

const isBefore = (earlier: RunFacts, { device, startedAt }: RunFacts): boolean =>
  earlier.device?.name === device.name && Date.parse(earlier.startedAt) < Date.parse(startedAt)

/** Another run's files may be half written or gone; then that run has no history to give. */
function readJson<T>(path: string): T | undefined {
  try {
    return JSON.parse(readPlain(path).toString()) as T
  } catch {
    return undefined
  }
}
