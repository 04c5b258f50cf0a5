import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { referenceDevice } from '../lab/memory-lab.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { claim } from '../say/claim.ts'
import { render } from '../say/render.ts'
import { checkedRecordings } from './damage.ts'
import { kept } from './resume.ts'
import { type Limit, run } from './run.ts'
import { readFacts, recordingFolder, setAsideIn } from './run-folder.ts'
import { isClaim } from './run-lock.ts'
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

interface Played {
  begun: string[]
  facts: RunFacts
  verdicts: string[]
}

interface How {
  labs?: number
  /** What a run before has left. */
  before?: { facts: RunFacts; kept: string[] }
  /** Called when a scenario begins. */
  begun?(name: string): void
  signal?: AbortSignal
  limit?: Limit
}

/** Plays them in the memory lab; gives the order in which they were begun, and the facts. */
async function played(path: string, { labs = 1, before, ...how }: How = {}): Promise<Played> {
  const begun: string[] = []
  const facts: RunFacts = before?.facts ?? {
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
      secrets: {},
    },
    scenarios: chosen.map((scenario) => (scenario.name === 'rebinding' ? { ...scenario, takes: 90 } : scenario)),
    ...(before && { kept: before.kept }),
    paces: { boot: 2, reset: 1 },
    labs,
    facts,
    suites,
    askPerson: () => Promise.reject(new Error('there is no person')),
    progress: {
      begun({ name }) {
        begun.push(name)
        how.begun?.(name)
      },
      repeated: () => expect.fail(),
      landed() {},
      trouble: expect.fail,
    },
    signal: how.signal ?? new AbortController().signal,
    limit: how.limit,
  })
  const verdicts = results.map(({ requirement, case: name, scenario, verdict }) =>
    [requirement, name, scenario, verdict].join(' '),
  )
  return { begun, facts, verdicts }
}

/** The recordings of a run, as bytes: capture, marks and world of each. */
const recorded = (path: string) =>
  chosen.map(({ name }) =>
    ['capture.pcapng', 'marks.jsonl', 'world.json'].map((file) =>
      readFileSync(join(recordingFolder(path, name), file), 'latin1'),
    ),
  )

const whole = join(folder, 'whole')
let one: Played
beforeAll(async () => {
  one = await played(whole)
})

test('several labs share the scenarios, longest first, and give the recordings and verdicts that one lab gives', async () => {
  const path = join(folder, 'three')
  const three = await played(path, { labs: 3 })
  expect(one.begun).toEqual(one.facts.plan)
  expect(three.begun[0]).toBe('rebinding')
  expect([...three.begun].sort()).toEqual(one.facts.plan)
  expect(three.facts.scenarios.map(({ scenario }) => scenario)).toEqual(one.facts.plan)
  expect(three.verdicts).toEqual(one.verdicts)
  expect(one.verdicts.length).toBeGreaterThan(20)
  expect(recorded(path)).toEqual(recorded(whole))
})

// `npm run kills` kills hundreds, the parent too.
test('a run whose recorder is killed goes on with what has landed, and gives the same recordings and verdicts', async () => {
  const path = join(folder, 'killed')
  const interrupt = new AbortController()
  const recorder = () => Number(/^.in-use-(\d+)/.exec(readdirSync(path).find(isClaim) ?? '')?.[1])
  const killed = await played(path, {
    begun(name) {
      if (name !== 'silent-server') return
      // At once, so that this scenario never lands.
      process.kill(recorder(), 'SIGKILL')
      interrupt.abort()
    },
    signal: interrupt.signal,
  })
  expect(render(killed.facts.stopped ?? claim``)).toBe('the run was interrupted')
  expect(killed.verdicts).not.toEqual(one.verdicts)
  const facts = readFacts(path)
  delete facts.stopped
  const keep = kept(path, facts)
  expect(keep).toEqual(expect.arrayContaining(['cold-boot', 'rebinding']))
  const resumed = await played(path, { before: { facts, kept: keep } })
  expect(resumed.begun).toEqual(facts.plan.filter((name) => !keep.includes(name)))
  expect(resumed.facts.scenarios.map(({ scenario }) => scenario)).toEqual(facts.plan)
  expect(resumed.verdicts).toEqual(one.verdicts)
  expect(recorded(path)).toEqual(recorded(whole))
  expect(checkedRecordings(path, { damaged: false })).toEqual({ damaged: [], vouched: true })
  expect(setAsideIn(path).filter((name) => !name.endsWith('.cut.1'))).toEqual([])
})

test('a scenario that does not fit into the time of a run is not begun, and the run can go on later', async () => {
  const path = join(folder, 'limited')
  const left = [1000, 1]
  const limited = await played(path, { limit: { minutes: 17, left: () => left.shift() ?? 0 } })
  expect(limited.begun).toEqual(one.begun.slice(0, 1))
  const { stopped, outOf, ...facts } = readFacts(path)
  expect(outOf).toBe('time')
  expect(render(limited.facts.stopped ?? claim``)).toMatch(/does not fit into the 17 minutes of this run$/)
  const unplayed = limited.verdicts.filter((one) => facts.plan.slice(1).some((name) => one.includes(` ${name} `)))
  expect(unplayed.length).toBeGreaterThan(10)
  expect(unplayed.filter((one) => !one.endsWith(' left-out'))).toEqual([])
  const resumed = await played(path, { before: { facts, kept: kept(path, facts) } })
  expect(resumed.begun).toEqual(one.begun.slice(1))
  expect(resumed.verdicts).toEqual(one.verdicts)
})
