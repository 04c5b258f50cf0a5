import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab } from '../lab/memory-lab.ts'
import { deviceOf } from '../lab/open-lab.ts'
import { judgeRecording } from './judge.ts'
import { play } from './record.ts'
import { loadSuites } from './suites.ts'

const suites = await loadSuites()
const { scenarios } = suites

async function played(name: string, lab: string) {
  const scenario = scenarios.get(name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  const labFile = readLab(fileURLToPath(new URL(`../../labs/${lab}.yaml`, import.meta.url)))
  const opened = openMemoryLab(labFile, { seed: 'tagged line' })
  const device = await deviceOf(labFile)
  const { recording } = await play({
    lab: opened,
    labFile,
    device,
    seed: 'tagged line',
    profile: 'default',
    scenario,
  })
  opened.close()
  const results = judgeRecording(recording, suites)
  return { recording, verdicts: results.map(({ requirement, case: one, verdict }) => [requirement, one, verdict]) }
}

/** `denat run labs/memory-vlan.yaml` plays all. */
test.each(['cold-boot', 'slaac-wan', 'silent-server'])(
  '%s: a VLAN carries what plain Ethernet carries',
  async (name) => {
    const plain = await played(name, 'memory')
    const tagged = await played(name, 'memory-vlan')
    expect(tagged.verdicts).toEqual(plain.verdicts)
    const wan = tagged.recording.frames.filter(({ port }) => port === 'wan0')
    expect(wan.length).toBeGreaterThan(20)
    expect(wan.filter(({ packet }) => packet.tags?.[0]?.vid !== 35)).toEqual([])
    expect(tagged.recording.frames.filter(({ port, packet }) => port !== 'wan0' && packet.tags)).toEqual([])
  },
)
