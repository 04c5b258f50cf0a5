import { fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { reapLeftovers } from '../lab/namespaces/reap.ts'
import type { AskPerson } from '../lab/power/manual.ts'
import { type Paces, type Standing, standingAfter } from '../lab/state.ts'
import { appendPlain } from '../plain-files.ts'
import { againOf, isAgain, scenarioOf } from '../recording/again.ts'
import type { Outcome, Recording } from '../recording/recording.ts'
import type { RunFacts, ScenarioFacts } from '../recording/run-facts.ts'
import { salvage } from '../recording/salvage.ts'
import { type Claim, claim, quoted, the } from '../say/claim.ts'
import { effectiveLevel } from '../suite/catalogue.ts'
import { isShownBy, type Scenario } from '../suite/scenario.ts'
import type { Suites } from '../suite/suites.ts'
import type { Result } from '../suite/verdict.ts'
import { nextOf, secondsFor } from './arrange.ts'
import { asDamaged } from './damage.ts'
import { isDiskFull, noSpace } from './disk-space.ts'
import { hangs, withResults } from './hang.ts'
import { asStated, judgeRecording, settled } from './judge.ts'
import type { Order, Report } from './recorder.ts'
import {
  isRead,
  landed,
  line,
  readRecording,
  recordingFolder,
  type Unread,
  writeFacts,
  writeResults,
} from './run-folder.ts'
import { hasAnswered, silence } from './silence.ts'

/** What a run reports to its observer. */
export interface Progress {
  begun(scenario: Scenario, index: number, total: number): void
  /** The router hung in it; it is reset, and the scenario repeated once. */
  repeated(scenario: Scenario): void
  landed(facts: ScenarioFacts, results: Result[]): void
  trouble(text: string): void
}

export interface RunOptions {
  order: Order
  scenarios: Scenario[]
  /** Names of those whose recordings have landed before the run was resumed. */
  kept?: readonly string[]
  /** As the device folder states them. */
  paces: Paces
  /** Number of labs that run in parallel. */
  labs: number
  facts: RunFacts
  suites: Suites
  progress: Progress
  /** Asks for what only a person can do. */
  askPerson: AskPerson
  /** Aborted: the recorders end, what has landed is judged. */
  signal: AbortSignal
  /** What no longer fits into it is not begun. */
  limit?: Limit | undefined
}

/** How long a run may take. */
export interface Limit {
  minutes: number
  /** Seconds that are left of it. */
  left(): number
}

/** The scenarios that are left, and the results so far. */
interface State
  extends Pick<RunOptions, 'labs' | 'paces' | 'facts' | 'suites' | 'progress' | 'signal' | 'askPerson' | 'limit'> {
  queue: Scenario[]
  begun: number
  results: Result[]
  /** The router has sent a frame in a recording. */
  answered: boolean
  /** Peak resident memory of a recorder so far, bytes. */
  recorder: number
}

/** Records in child processes, judges each recording as it lands, and leaves everything in the run's folder. */
export async function run({ order, labs, scenarios, kept = [], ...options }: RunOptions): Promise<Result[]> {
  const { facts, suites } = options
  mkdirSync(order.run, { recursive: true })
  const queue = scenarios.filter(({ name }) => !kept.includes(name))
  const recorder = facts.peakMemory?.recorder ?? 0
  const state: State = { ...options, labs, queue, begun: kept.length, results: [], answered: false, recorder }
  for (const scenario of scenarios) if (kept.includes(scenario.name)) keep(order.run, scenario, state)
  facts.scenarios = facts.scenarios.filter(({ scenario }) => kept.includes(scenarioOf(scenario)))
  writeFacts(order.run, facts)
  writeResults(order.run, state.results)
  const crew = Array.from({ length: Math.min(labs, queue.length) }, (_, lab) =>
    playAll(labs > 1 ? { ...order, runId: `${order.runId}${String.fromCharCode(97 + lab)}` } : order, state),
  )
  await Promise.all(crew)
  const placeOf = ({ scenario }: ScenarioFacts) => facts.plan.indexOf(scenarioOf(scenario))
  facts.scenarios.sort((a, b) => placeOf(a) - placeOf(b))
  facts.peakMemory = { recorder: state.recorder, parent: process.resourceUsage().maxRSS * 1024 }
  const final = () => settled([...state.results, ...notRecorded(facts, landed(order.run), suites)])
  unlessFull(order.run, facts, () => {
    writeFacts(order.run, facts)
    writeResults(order.run, final())
  })
  return final()
}

/** Ends a run that is not ended yet. */
export function endOutOf(what: 'time' | 'space', facts: RunFacts, because: Claim): void {
  if (facts.stopped) return
  facts.stopped = because
  facts.outOf = what
}

/** A full disk stops the run: what has landed stays. */
function unlessFull<T>(run: string, facts: RunFacts, act: () => T): T | undefined {
  try {
    return act()
  } catch (error) {
    if (!isDiskFull(error)) throw error
    endOutOf('space', facts, noSpace(run, facts))
    return undefined
  }
}

/** Judges what has landed of a scenario; where the run was killed before it noted it, its figures are what it shows. */
function keep(run: string, scenario: Scenario, state: State): void {
  const { facts, suites } = state
  for (const name of landed(run).filter((one) => scenarioOf(one) === scenario.name)) {
    const read = readRecording(run, facts, name)
    state.results = withResults(state.results, name, judgeRead(read, suites))
    if (!isRead(read)) continue
    state.answered ||= hasAnswered(read)
    if (!facts.scenarios.some((one) => one.scenario === name)) facts.scenarios.push(salvaged(scenario, name, read))
  }
}

/** One lab's share of the queue: as many recorders as it takes, one after the other. */
async function playAll(order: Order, state: State): Promise<void> {
  const { queue, facts, progress, askPerson, signal } = state
  const land = (scenario: ScenarioFacts, read: Recording | Unread) => {
    facts.scenarios.push(scenario)
    if (isRead(read)) {
      state.answered ||= hasAnswered(read)
      if (!state.answered) facts.stopped ??= silence(read)
    }
    const name = scenario.scenario
    state.results = withResults(state.results, name, judgeRead(read, state.suites))
    const judged = state.results.filter((one) => one.scenario === name)
    unlessFull(order.run, facts, () => {
      writeFacts(order.run, facts)
      appendPlain(`${order.run}/results.jsonl`, judged.map(line).join(''))
    })
    progress.landed(scenario, asStated(judged))
  }

  const isBlocked = (name: string) => state.results.some((one) => one.scenario === name && one.cause === 'blocked')

  while (queue.length > 0 && facts.stopped === undefined) {
    let standing: Standing = 'unknown'
    let playing: { scenario: Scenario; as: string } | undefined
    let hung: Scenario | undefined
    let opened = false
    let crash: string | undefined
    const next = (): string | null => {
      const repeated = facts.stopped === undefined ? hung : undefined
      hung = undefined
      const scenario = repeated ?? (facts.stopped === undefined ? take(standing, state) : undefined)
      playing = scenario && { scenario, as: repeated ? againOf(scenario.name) : scenario.name }
      if (repeated) progress.repeated(repeated)
      else if (scenario) progress.begun(scenario, state.begun++, facts.plan.length)
      return playing?.as ?? null
    }
    const end = await record(order, signal, (report, { play, answer }) => {
      if (report.tell === 'asks') askPerson(report.what, report.seconds).then(answer, () => answer(false))
      if (report.tell === 'crashed') crash = report.because
      if (report.tell === 'lab-broken') facts.stopped ??= claim`the lab is broken: ${report.because}`
      if (report.tell === 'disk-full') endOutOf('space', facts, noSpace(order.run, facts))
      if (report.tell === 'opened') {
        opened = true
        facts.versions = { ...facts.versions, ...report.versions }
        play(next())
      }
      if (report.tell === 'landed') {
        const { scenario, as = '' } = playing ?? {}
        standing = scenario && report.facts.outcome.end === 'complete' ? standingAfter(scenario) : 'unknown'
        playing = undefined
        measured(state.paces, report.facts)
        state.recorder = Math.max(state.recorder, report.rss)
        const read = readRecording(order.run, facts, report.facts.scenario)
        land(report.facts, read)
        if (!isAgain(as) && isBlocked(as) && isRead(read) && hangs(read)) hung = scenario
        if (report.broken === undefined) play(next())
        else facts.stopped ??= claim`the lab is broken: ${report.broken} (in ${the.name(report.facts.scenario)})`
      }
    })
    // The recorder's lock has no owner by now: what it left is removed before the next one starts.
    for (const { runId, problems } of reapLeftovers())
      if (runId === order.runId) for (const problem of problems) progress.trouble(problem)
    if (signal.aborted) facts.stopped = claim`the run was interrupted`
    if (crash) progress.trouble(crash)
    if (playing) {
      const outcome: Outcome = crash
        ? { end: 'harness', because: quoted(crash) }
        : { end: 'lab', because: facts.stopped ?? claim`the recorder ${end}` }
      const { scenario, as } = playing
      const folder = recordingFolder(order.run, as)
      const recording = unlessFull(order.run, facts, () => salvage(folder, outcome, order.run))
      if (recording) land(salvaged(scenario, as, recording), recording)
    } else if (!opened)
      facts.stopped ??= crash
        ? claim`the recorder ${end} before it ran a scenario: ${the.text(crash)}`
        : claim`the recorder ${end} before it ran a scenario`
  }
}

/** One lab runs in the order of the plan; several share the queue by the cost of each scenario in the state of the lab. */
function take(standing: Standing, { queue, labs, paces, limit, facts }: State): Scenario | undefined {
  const next = labs > 1 ? nextOf(queue, standing, paces, labs) : queue[0]
  if (next && limit && secondsFor(next, standing, paces) > limit.left()) {
    endOutOf('time', facts, claim`the next scenario does not fit into the ${limit.minutes} minutes of this run`)
    return undefined
  }
  if (next) queue.splice(queue.indexOf(next), 1)
  return next
}

/** From then on what was measured counts. */
function measured(paces: Paces, { spent }: ScenarioFacts): void {
  paces.boot = spent?.boot ?? paces.boot
  paces.reset = spent?.reset ?? paces.reset
}

interface Replies {
  play(scenario: string | null): void
  /** Whether the person did what was asked. */
  answer(done: boolean): void
}

type OnReport = (report: Report, replies: Replies) => void

/** Resolves with how the child ended, once it has exited and all of its messages have arrived. */
function record(order: Order, signal: AbortSignal, onReport: OnReport): Promise<Claim> {
  return new Promise((resolve, reject) => {
    // In a session of its own: a terminal's Ctrl-C and hang-up reach the parent alone, which decides.
    const child = fork(new URL('recorder.mjs', import.meta.url), {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    })
    const stop = () => void child.kill('SIGTERM')
    const replies: Replies = {
      play: (scenario) => void child.send({ play: scenario }, () => {}),
      answer: (done) => void child.send({ done }, () => {}),
    }
    let broken: unknown
    child.on('message', (report) => {
      try {
        onReport(report as Report, replies)
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
      else resolve(killedBy ? claim`was killed (${the.name(killedBy)})` : claim`ended with exit code ${code ?? 0}`)
    })
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    child.send(order, () => {})
  })
}

const salvaged = ({ story }: Scenario, name: string, { outcome, frames }: Recording): ScenarioFacts => ({
  scenario: name,
  story,
  outcome,
  wall: frames.at(-1)?.at ?? 0,
  forced: 0,
  browser: 0,
})

/**
 * Judges a run again from its folder alone: the same recordings give the same lines. `damaged` has the files that differ
 * from their checksums.
 */
export function rejudge(folder: string, facts: RunFacts, suites: Suites, damaged: readonly string[] = []): Result[] {
  const names = landed(folder)
  let results: Result[] = []
  for (const name of names) results = withResults(results, name, judgeRead(readRecording(folder, facts, name), suites))
  return asDamaged(settled([...results, ...notRecorded(facts, names, suites)]), damaged)
}

function judgeRead(read: Recording | Unread, suites: Suites): Result[] {
  if (!isRead(read)) return notJudged(read.scenario, read.unread, suites, { invariants: true })
  const { outcome, scenario } = read
  if (outcome.end !== 'blocked' || suites.entries.has(outcome.by)) return judgeRecording(read, suites)
  const because = claim`it is blocked by ${the.name(outcome.by)}, which is in no catalogue file`
  return notJudged(scenario, because, suites, { invariants: true })
}

/** What no recording covers: left out by the plan, or planned and never recorded. */
function notRecorded(
  { leftOut, plan, stopped, outOf }: RunFacts,
  recorded: readonly string[],
  suites: Suites,
): Result[] {
  const { requirements } = suites
  const because = stopped ?? claim`the run ended before this scenario was recorded`
  const unplayed = plan.filter((name) => !recorded.includes(name))
  return [
    ...leftOut.map(
      ({ requirement, case: name = '', because }): Result => ({
        requirement,
        case: name,
        scenario: '',
        level: requirements.get(requirement)?.cases.get(name)?.level ?? levelOf(requirement, suites),
        verdict: 'left-out',
        because,
        frames: [],
      }),
    ),
    ...unplayed
      .flatMap((scenario) => notJudged(scenario, because, suites))
      .map(({ cause, ...open }): Result => (outOf ? { ...open, verdict: 'left-out' } : { ...open, cause })),
  ]
}

function levelOf(id: string, { entries }: Suites): Result['level'] {
  const entry = entries.get(id)
  return entry ? effectiveLevel(entry) : 'policy'
}

/** What would be judged on this scenario's recording, which is not there or cannot be judged. */
function notJudged(scenario: string, because: Claim, suites: Suites, { invariants = false } = {}): Result[] {
  const open = (requirement: string, name: string, level = levelOf(requirement, suites)): Result => ({
    requirement,
    case: name,
    scenario,
    level,
    verdict: 'inconclusive',
    cause: 'lab',
    because,
    frames: [],
  })
  return [...suites.requirements.values()].flatMap(({ id, cases, invariant }) => [
    ...(invariant && invariants ? [open(id, '')] : []),
    ...[...cases]
      .filter(([, { scenarios }]) => scenarios.some((one) => isShownBy(one, scenario)))
      .map(([name, { level }]) => open(id, name, level)),
  ])
}
