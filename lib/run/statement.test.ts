import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import type { Recording } from '../recording/recording.ts'
import type { Result } from '../suite/verdict.ts'
import { judgeRecording, settled } from './judge.ts'
import { play } from './record.ts'
import { loadSuites } from './suites.ts'

const suites = await loadSuites()
const labFile = readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)))
const seed = 'reference'
const finding = 'DENAT-STATEMENT'
const { facts } = referenceDevice

async function recorded(name: string): Promise<Recording> {
  const lab = openMemoryLab(labFile, { seed })
  const scenario = suites.scenarios.get(name)
  if (!scenario) throw new TypeError(`no scenario ${name}`)
  const { recording } = await play({ lab, labFile, device: referenceDevice, seed, profile: 'default', scenario })
  lab.close()
  return recording
}

const recordings = await Promise.all(
  ['firewall', 'lan-services', 'long-sessions', 'slaac-wan', 'web-ui-ipv6-switch'].map(recorded),
)

/** The same recordings, of a product that is stated to lack these. */
const said = (lacks: typeof facts.lacks): Result[] =>
  settled(
    recordings.flatMap((recording) => {
      const device = { ...recording.world.device, lacks }
      return judgeRecording({ ...recording, world: { ...recording.world, device } }, suites)
    }),
  )
const others = (results: Result[]) => results.filter(({ requirement }) => requirement !== finding)

test('a false statement is found, and changes no other verdict', () => {
  const found = said([...facts.lacks, ...facts.capabilities])
  expect(others(found)).toEqual(others(said(facts.lacks)))
  const contradicted = found.filter(({ requirement }) => requirement === finding)
  expect(contradicted.map(({ verdict }) => verdict)).toEqual(recordings.map(() => 'fail'))
  expect(new Set(contradicted.flatMap(({ contradicts = [] }) => contradicts))).toEqual(new Set(facts.capabilities))
})

test('each false statement is found by itself', () => {
  for (const word of facts.capabilities) {
    const shown = said([word]).flatMap(({ contradicts = [] }) => contradicts)
    expect(new Set(shown)).toEqual(new Set([word]))
  }
})
