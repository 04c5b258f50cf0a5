import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab, referenceDevice } from '../lab/memory-lab.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { claim } from '../say/claim.ts'
import { render } from '../say/render.ts'
import { record } from './record.ts'
import { rejudge } from './run.ts'
import { readFacts, recordingFolder, writeFacts, writeResults } from './run-folder.ts'
import { loadSuites } from './suites.ts'

const labFile = readLab(fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url)))
let folder = ''
const results = () => readFileSync(join(folder, 'results.jsonl'), 'utf8')
const facts: RunFacts = {
  id: 'r',
  startedAt: '2026-01-01T00:00:00.000Z',
  lab: 'memory',
  device: referenceDevice.facts,
  versions: {},
  seed: 's',
  profile: 'default',
  labs: 1,
  plan: ['cold-boot', 'rebinding'],
  scenarios: [],
  stopped: claim`the lab is broken: the plug is gone`,
  leftOut: [{ requirement: 'RFC7084-L-2', case: '', because: claim`the lab has one LAN port only` }],
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'denat-run-'))
  const suites = await loadSuites()
  const scenario = suites.scenarios.get('cold-boot')
  if (!scenario) throw new Error('no cold-boot')
  const at = recordingFolder(folder, 'cold-boot')
  const lab = openMemoryLab(labFile, { seed: 's' })
  await record({ lab, labFile, device: referenceDevice, seed: 's', profile: 'default', scenario, folder: at })
  writeFacts(folder, facts)
  writeResults(folder, rejudge(folder, readFacts(folder), suites))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('results.jsonl', () => {
  const lines = () =>
    results()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))

  it('is the same byte for byte when the folder is judged again', async () => {
    const first = results()
    writeResults(folder, rejudge(folder, readFacts(folder), await loadSuites()))
    expect(results()).toBe(first)
  })

  it('has the keys of a result, sorted by requirement, case and scenario', () => {
    const keys = lines().map((one) => `${one.requirement}\0${one.case}\0${one.scenario}`)
    expect(keys).toEqual([...keys].sort())
    expect(new Set(keys).size).toBe(keys.length)
    for (const one of lines())
      expect(one).toMatchObject({
        level: expect.stringMatching(/^(MUST|SHOULD|MAY|policy)$/),
        verdict: expect.any(String),
        because: { template: expect.any(String), values: expect.any(Array) },
        frames: expect.any(Array),
      })
  })

  it('says of each judgement that needed it why a scenario was not recorded', () => {
    const rebinding = lines().filter(({ scenario }) => scenario === 'rebinding')
    expect(rebinding.length).toBeGreaterThan(3)
    expect(new Set(rebinding.map(({ verdict, cause, because }) => `${verdict} ${cause} ${render(because)}`))).toEqual(
      new Set(['inconclusive lab the lab is broken: the plug is gone']),
    )
  })

  it('shows what was left out', () => {
    expect(lines().filter(({ verdict }) => verdict === 'left-out')).toMatchObject([
      { requirement: 'RFC7084-L-2', scenario: '', because: claim`the lab has one LAN port only` },
    ])
  })
})

describe('a folder that is no run', () => {
  it.each([
    ['', /no run folder: it contains no run.json\n {2}→ name a folder in reports\/runs/],
    ['{', /run.json: is not JSON/],
    ['null', /run.json: plan: is missing/],
    ['{"plan":[],"scenarios":[]}', /leftOut: is missing/],
  ])('is told apart: %j', (text, message) => {
    const other = mkdtempSync(join(tmpdir(), 'denat-run-'))
    if (text) writeFileSync(join(other, 'run.json'), text)
    expect(() => readFacts(other)).toThrow(message)
    rmSync(other, { recursive: true })
  })
})
