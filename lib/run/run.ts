import { fork } from 'node:child_process'
import { appendFileSync, mkdirSync } from 'node:fs'
import { reapLeftovers } from '../lab/reap.ts'
import { loadRecording } from '../recording/load.ts'
import type { Outcome, Recording } from '../recording/recording.ts'
import type { RunFacts, ScenarioFacts } from '../recording/run-facts.ts'
import { salvage } from '../recording/salvage.ts'
import { effectiveLevel } from '../suite/catalogue.ts'
import { requirements } from '../suite/requirement.ts'
import { type Scenario, scenarios } from '../suite/scenario.ts'
import type { Result } from '../suite/verdict.ts'
import type { Catalogue } from './catalogue.ts'
import { judgeRecording, settled } from './judge.ts'
import { told } from './outcome.ts'
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

/** Records in a child process, judges each recording as it lands, and leaves everything in the run's folder. */
export async function run({ order, facts, catalogue, progress, signal, ...options }: RunOptions): Promise<Result[]> {
  mkdirSync(order.run, { recursive: true })
  writeFacts(order.run, facts)
  const results: Result[] = []
  const left = new Set(options.scenarios)
  let recorder = 0
  const land = (scenario: ScenarioFacts, recording: Recording) => {
    facts.scenarios.push(scenario)
    writeFacts(order.run, facts)
    const said = judgeRecording(recording, catalogue.entries)
    results.push(...said)
    appendFileSync(`${order.run}/results.jsonl`, said.map(line).join(''))
    progress.landed(scenario, said)
  }

  while (left.size > 0 && facts.stopped === undefined) {
    let playing: Scenario | undefined
    let crash: string | undefined
    const hear = (report: Report): void => {
      if (report.tell === 'opened') facts.versions = { ...facts.versions, ...report.versions }
      if (report.tell === 'crashed') crash = report.because
      if (report.tell === 'lab-broken') facts.stopped = `the lab is broken: ${report.because}`
      if (report.tell === 'begun') {
        playing = scenarios.get(report.scenario)
        if (!playing) return
        left.delete(playing)
        progress.begun(playing, options.scenarios.indexOf(playing), options.scenarios.length)
      }
      if (report.tell === 'landed') {
        playing = undefined
        recorder = Math.max(recorder, report.rss)
        land(report.facts, loadRecording(recordingFolder(order.run, report.facts.scenario)))
      }
    }
    const end = await record({ ...order, scenarios: [...left].map((scenario) => scenario.name) }, hear, signal)
    // The recorder's own lock is dead by now: what it left is removed before the next one starts.
    for (const { runId, problems } of reapLeftovers())
      if (runId === order.runId) for (const problem of problems) progress.trouble(problem)
    if (signal.aborted) facts.stopped = 'the run was interrupted'
    if (crash) progress.trouble(crash)
    const outcome: Outcome = crash
      ? { end: 'harness', because: crash }
      : { end: 'lab', because: facts.stopped ?? `the recorder ${end}` }
    if (playing) {
      const recording = salvage(recordingFolder(order.run, playing.name), outcome)
      if (recording) land(salvaged(playing, recording), recording)
    } else if (left.size > 0)
      facts.stopped ??= `the recorder ${end} before it played anything${crash ? `: ${crash}` : ''}`
  }
  facts.peakMemory = { recorder, parent: process.resourceUsage().maxRSS * 1024 }
  const final = settled([...results, ...notRecorded(facts, landed(order.run), catalogue)])
  writeFacts(order.run, facts)
  writeResults(order.run, final)
  return final
}

/** Resolves with how the child ended, once it is gone and all that it said was heard. */
function record(order: Order, hear: (report: Report) => void, signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    // In a session of its own: a terminal's Ctrl-C and hang-up reach the parent alone, which decides.
    const child = fork(new URL('recorder.mjs', import.meta.url), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    })
    const stop = () => void child.kill('SIGTERM')
    let broken: unknown
    child.on('message', (report) => {
      try {
        hear(report as Report)
      } catch (error) {
        broken ??= error
        stop()
      }
    })
    child.on('error', reject)
    // Not at `exit`: its last words may still be on their way.
    child.on('close', (code, killedBy) => {
      signal.removeEventListener('abort', stop)
      if (broken) reject(broken)
      else resolve(killedBy ? `was killed (${killedBy})` : `ended with exit code ${code}`)
    })
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    child.send(order, () => {})
  })
}

const salvaged = ({ name, story }: Scenario, { outcome, frames }: Recording): ScenarioFacts => ({
  scenario: name,
  story,
  outcome: told(outcome),
  wall: frames.at(-1)?.at ?? 0,
  forced: 0,
  browser: 0,
})

/** Judges a run again from its folder alone: the same recordings give the same lines. */
export function rejudge(folder: string, facts: RunFacts, catalogue: Catalogue): Result[] {
  const names = landed(folder)
  const results = names.flatMap((name) =>
    judgeRecording(loadRecording(recordingFolder(folder, name)), catalogue.entries),
  )
  return settled([...results, ...notRecorded(facts, names, catalogue)])
}

/** What no recording speaks of: left out by the plan, or planned and never recorded. */
function notRecorded(
  { leftOut, plan, stopped }: RunFacts,
  recorded: readonly string[],
  { entries }: Catalogue,
): Result[] {
  const level = (id: string) => {
    const entry = entries.get(id)
    return entry ? effectiveLevel(entry) : 'policy'
  }
  const because = stopped ?? 'the run ended before this scenario was recorded'
  const unplayed = plan.filter((name) => !recorded.includes(name))
  return [
    ...leftOut.map(
      ({ requirement, case: name = '', because }): Result => ({
        requirement,
        case: name,
        scenario: '',
        level: level(requirement),
        verdict: 'left-out',
        because,
        frames: [],
      }),
    ),
    ...[...requirements.values()].flatMap(({ id, cases }) =>
      [...cases].flatMap(([name, on]) =>
        on
          .filter((scenario) => unplayed.includes(scenario.name))
          .map(
            (scenario): Result => ({
              requirement: id,
              case: name,
              scenario: scenario.name,
              level: level(id),
              verdict: 'inconclusive',
              cause: 'lab',
              because,
              frames: [],
            }),
          ),
      ),
    ),
  ]
}
