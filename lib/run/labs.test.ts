import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { referenceDevice } from '../lab/memory-lab.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { run } from './run.ts'
import { recordingFolder } from './run-folder.ts'
import { loadSuites, suiteFolders } from './suites.ts'

const suites = await loadSuites()
const { scenarios } = suites
const folder = mkdtempSync(join(tmpdir(), 'denat-labs-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const chosen = ['cold-boot', 'rebinding', 'silent-server', 'wan-prefixes'].map((name) => {
  const scenario = scenarios.get(name)
  if (!scenario) throw new Error(`no scenario ${name}`)
  return scenario
})

/** Plays them in the memory lab; gives the order in which they were begun, and the facts. */
async function played(labs: number): Promise<{ begun: string[]; facts: RunFacts; verdicts: string[] }> {
  const path = join(folder, String(labs))
  const begun: string[] = []
  const facts: RunFacts = {
    id: 'a run',
    startedAt: '2026-01-01T00:00:00.000Z',
    lab: 'memory',
    device: referenceDevice.facts,
    versions: {},
    seed: 'side by side',
    profile: 'default',
    labs,
    plan: chosen.map(({ name }) => name),
    scenarios: [],
    leftOut: [],
  }
  const lab = fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url))
  const results = await run({
    order: {
      lab,
      device: undefined,
      suites: suiteFolders(),
      run: path,
      runId: 'x',
      seed: facts.seed,
      profile: 'default',
    },
    scenarios: chosen.map((scenario) => (scenario.name === 'rebinding' ? { ...scenario, takes: 90 } : scenario)),
    paces: { boot: 2, reset: 1 },
    labs,
    facts,
    suites,
    progress: { begun: ({ name }) => begun.push(name), landed() {}, trouble: expect.fail },
    signal: new AbortController().signal,
  })
  const verdicts = results.map(({ requirement, case: name, scenario, verdict }) =>
    [requirement, name, scenario, verdict].join(' '),
  )
  return { begun, facts, verdicts }
}

/** The recordings of a run, as bytes: capture, marks and world of each. */
const recorded = (labs: number) =>
  chosen.map(({ name }) =>
    ['capture.pcapng', 'marks.jsonl', 'world.json'].map((file) =>
      readFileSync(join(recordingFolder(join(folder, String(labs)), name), file), 'latin1'),
    ),
  )

test('several labs share the scenarios, longest first, and give the recordings and verdicts that one lab gives', async () => {
  const one = await played(1)
  const three = await played(3)
  expect(one.begun).toEqual(one.facts.plan)
  expect(three.begun[0]).toBe('rebinding')
  expect([...three.begun].sort()).toEqual(one.facts.plan)
  expect(three.facts.scenarios.map(({ scenario }) => scenario)).toEqual(one.facts.plan)
  expect(three.verdicts).toEqual(one.verdicts)
  expect(one.verdicts.length).toBeGreaterThan(20)
  expect(recorded(3)).toEqual(recorded(1))
})
