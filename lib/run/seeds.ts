import type { LabFile } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import { illFormed, reusedTransactions } from '../recording/ill-formed.ts'
import { render } from '../say/render.ts'
import type { Scenario } from '../suite/scenario.ts'
import type { Suites } from '../suite/suites.ts'
import type { Result } from '../suite/verdict.ts'
import { judgeRecording, settled } from './judge.ts'
import { play } from './record.ts'

export interface SeedOptions {
  lab: LabFile
  suites: Suites
  seed: string
  /** By default all scenarios for a gateway. */
  played?: readonly Scenario[]
}

/** False alarms about the reference router under one seed: other addresses, times, and behavior of its peers. */
export async function verdictsUnder({ lab: labFile, suites, seed, played }: SeedOptions): Promise<string[]> {
  const all = [...suites.scenarios.values()].filter(({ role = 'gateway' }) => role === 'gateway')
  const results: Result[] = []
  const ill: string[] = []
  for (const scenario of played ?? all) {
    const lab = openMemoryLab(labFile, { seed })
    const { profile = 'default' } = scenario
    const { recording } = await play({ lab, labFile, device: referenceDevice, seed, profile, scenario })
    lab.close()
    results.push(...judgeRecording(recording, suites))
    const flaws = [...illFormed(recording), ...reusedTransactions(recording)]
    ill.push(...flaws.map((flaw) => `the bench itself on ${scenario.name}: ${flaw}`))
  }
  const wrong = settled(results).filter(({ verdict }) => verdict !== 'pass' && verdict !== 'not-applicable')
  return [...ill, ...wrong.map(lineOf)]
}

const lineOf = ({ verdict, cause, requirement, case: name, scenario, because }: Result) =>
  `${verdict}${cause ? ` (${cause})` : ''} ${requirement}${name && ` · ${name}`} on ${scenario}: ${render(because)}`
