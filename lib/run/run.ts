import { type ChildProcess, fork } from 'node:child_process'
import { appendFileSync, mkdirSync } from 'node:fs'
import { reapLeftovers } from '../lab/reap.ts'
import { loadRecording } from '../recording/load.ts'
import type { RunFacts, ScenarioFacts } from '../recording/run-facts.ts'
import { requirements } from '../suite/requirement.ts'
import type { Scenario } from '../suite/scenario.ts'
import type { Result } from '../suite/verdict.ts'
import type { Catalogue } from './catalogue.ts'
import { judgeRecording, settled } from './judge.ts'
import type { Order, Report } from './recorder.ts'
import { landed, line, recordingFolder, writeFacts, writeResults } from './run-folder.ts'

/** What a run tells whoever watches it. */
export interface Progress {
  begun(scenario: Scenario, index: number, total: number): void
  landed(facts: ScenarioFacts, results: Result[]): void
  trouble(text: string): void
}

export interface RunOptions {
  order: Omit<Order, 'scenarios'>
  scenarios: Scenario[]
  facts: RunFacts
  catalogue: Catalogue
  progress: Progress
  /** Aborted: the recorder ends, what has landed is judged. */
  signal: AbortSignal
}

export interface RunOutcome {
  facts: RunFacts
  results: Result[]
  interrupted: boolean
  /** Peak resident memory of the recorder, bytes. */
  recorderRss: number
}

/** A recorder that breaks is started again for what is left, so often at the most. */
const restarts = 3

/** Records in a child process, judges each recording as it lands, and leaves everything in the run's folder. */
export async function run(options: RunOptions): Promise<RunOutcome> {
  const { order, facts, catalogue, progress, signal } = options
  mkdirSync(order.run, { recursive: true })
  writeFacts(order.run, facts)
  const results: Result[] = leftOutResults(facts, catalogue)
  const done = new Set<string>()
  let recorderRss = 0
  const hear = (report: Report): void => {
    if (report.tell === 'opened') facts.versions = { ...facts.versions, ...report.versions }
    if (report.tell === 'over') recorderRss = report.rss
    if (report.tell === 'broken') progress.trouble(report.because)
    if (report.tell === 'begun') {
      const scenario = options.scenarios.find((one) => one.name === report.scenario)
      if (scenario) progress.begun(scenario, options.scenarios.indexOf(scenario), options.scenarios.length)
    }
    if (report.tell !== 'landed') return
    done.add(report.facts.scenario)
    facts.scenarios.push(report.facts)
    writeFacts(order.run, facts)
    const said = judgeRecording(loadRecording(recordingFolder(order.run, report.facts.scenario)), catalogue.entries)
    results.push(...said)
    for (const result of said) appendFileSync(`${order.run}/results.jsonl`, line(result))
    progress.landed(report.facts, said)
  }
  for (let attempt = 0; attempt <= restarts && !signal.aborted; attempt++) {
    const left = options.scenarios.filter((scenario) => !done.has(scenario.name))
    if (left.length === 0) break
    const before = done.size
    await recorder({ ...order, scenarios: left.map((scenario) => scenario.name) }, hear, signal)
    // The recorder's own lock is dead by now: what it left is removed before the next one starts.
    reapLeftovers()
    if (done.size === before && attempt > 0) break
  }
  const final = settled([...results, ...unplayed(options, done)])
  writeResults(order.run, final)
  return { facts, results: final, interrupted: signal.aborted, recorderRss }
}

function recorder(order: Order, hear: (report: Report) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const child: ChildProcess = fork(new URL('recorder.mjs', import.meta.url), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    const stop = () => void (child.connected && child.send('stop'))
    signal.addEventListener('abort', stop, { once: true })
    child.on('message', (report) => hear(report as Report))
    child.on('error', reject)
    child.on('exit', () => {
      signal.removeEventListener('abort', stop)
      resolve()
    })
    child.send(order)
  })
}

/** A scenario that never landed says so for each requirement that needed it. */
function unplayed({ scenarios, catalogue, signal }: RunOptions, done: ReadonlySet<string>): Result[] {
  const because = signal.aborted ? 'the run was interrupted' : 'the recorder broke while it recorded this scenario'
  return scenarios
    .filter((scenario) => !done.has(scenario.name))
    .flatMap((scenario) =>
      [...requirements.values()].flatMap((requirement) =>
        [...requirement.cases].flatMap(([name, on]): Result[] =>
          on.includes(scenario)
            ? [
                {
                  requirement: requirement.id,
                  case: name,
                  scenario: scenario.name,
                  level: catalogue.entries.get(requirement.id)?.level ?? 'policy',
                  verdict: 'inconclusive',
                  cause: 'lab',
                  because,
                  frames: [],
                },
              ]
            : [],
        ),
      ),
    )
}

/** Judges a run again from its folder alone: the same recordings give the same lines. */
export function rejudge(folder: string, facts: RunFacts, catalogue: Catalogue): Result[] {
  const results = landed(folder).flatMap((name) =>
    judgeRecording(loadRecording(recordingFolder(folder, name)), catalogue.entries),
  )
  return settled([...results, ...leftOutResults(facts, catalogue)])
}

function leftOutResults({ leftOut }: RunFacts, { entries }: Catalogue): Result[] {
  return leftOut.map(({ requirement, case: name = '', because }) => ({
    requirement,
    case: name,
    scenario: '',
    level: entries.get(requirement)?.level ?? 'policy',
    verdict: 'left-out',
    because,
    frames: [],
  }))
}
