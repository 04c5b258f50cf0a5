import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Paces } from '../lab/state.ts'
import { readFacts } from '../run/run-folder.ts'
import { reportsFolder } from './report.ts'

/** What the last run of this router on this lab measured, the most of each. */
export function measuredBefore(lab: string, device: string): (Partial<Paces> & { run: string }) | undefined {
  const runs = join(reportsFolder, 'runs')
  const names = existsSync(runs) ? readdirSync(runs).sort().reverse() : []
  for (const run of names) {
    const facts = factsOf(join(runs, run))
    if (!facts || facts.lab !== lab || facts.device.name !== device) continue
    const most = (times: readonly (number | undefined)[]) => {
      const known = times.filter((time) => time !== undefined)
      return known.length > 0 ? Math.max(...known) : undefined
    }
    const boot = most(facts.scenarios.map(({ spent }) => spent?.boot))
    const reset = most(facts.scenarios.map(({ spent }) => spent?.reset))
    if (boot !== undefined || reset !== undefined)
      return { run, ...(boot !== undefined && { boot }), ...(reset !== undefined && { reset }) }
  }
  return undefined
}

/** Undefined for what is no run, or one of an unknown version. */
function factsOf(run: string) {
  try {
    return readFacts(run)
  } catch {
    return undefined
  }
}
