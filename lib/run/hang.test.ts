import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { hangsAfter } from '../lab/cables/difficult-box.ts'
import { readLab } from '../lab/lab-file.ts'
import { type MemoryLabOptions, openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import { againOf } from '../recording/again.ts'
import type { Recording } from '../recording/recording.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { saveRecording } from '../recording/save.ts'
import { hangs } from './hang.ts'
import { play } from './record.ts'
import { rejudge } from './run.ts'
import { recordingFolder } from './run-folder.ts'
import { loadSuites } from './suites.ts'

const labFile = readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)))
const suites = await loadSuites()
const run = mkdtempSync(join(tmpdir(), 'denat-again-'))
afterAll(() => rmSync(run, { recursive: true }))

async function recorded(name: string, difficulty: Partial<MemoryLabOptions> = {}): Promise<Recording> {
  const scenario = suites.scenarios.get(name)
  if (!scenario) throw new TypeError(`no scenario ${name}`)
  const lab = openMemoryLab(labFile, { seed: 'again', ...difficulty })
  const options = { lab, labFile, device: referenceDevice, seed: 'again', profile: 'default', scenario } as const
  const { recording } = await play(options)
  lab.close()
  return recording
}

const facts = {
  seed: 'again',
  plan: ['cold-boot'],
  scenarios: [],
  leftOut: [],
  device: referenceDevice.facts,
} as unknown as RunFacts

test('what a router that hung has shown stands; the repetition gives only what the hang blocked', async () => {
  const [first, second] = [await recorded('cold-boot', { box: hangsAfter(3) }), await recorded('cold-boot')]
  expect(hangs(first)).toBe(true)
  expect(hangs(second)).toBe(false)
  saveRecording(recordingFolder(run, 'cold-boot'), first)
  const alone = rejudge(run, facts, suites)
  saveRecording(recordingFolder(run, againOf('cold-boot')), second)
  const both = rejudge(run, facts, suites)
  const failed = ({ verdict }: { verdict: string }) => verdict === 'fail'
  expect(alone.filter(failed).length).toBeGreaterThan(0)
  expect(both.filter(failed)).toEqual(alone.filter(failed))
  const [filled, stands] = [true, false].map((isAgain) =>
    both.filter(({ scenario }) => (scenario === 'cold-boot.again') === isAgain),
  )
  expect(filled?.length).toBeGreaterThan(10)
  for (const { requirement, case: name } of filled ?? [])
    expect(alone.find((one) => one.requirement === requirement && one.case === name)?.cause).toBe('blocked')
  for (const one of stands ?? []) expect(alone).toContainEqual(one)
})

test('a router that fails and goes on sending does not hang', async () => {
  const recording = await recorded('cold-boot', { behavior: { subDelegates: 'ignored' } })
  expect(hangs(recording)).toBe(false)
})
