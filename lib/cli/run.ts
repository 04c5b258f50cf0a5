import { accessSync, constants, mkdirSync, readdirSync } from 'node:fs'
import { release } from 'node:os'
import { join, resolve } from 'node:path'
import { type Device, withheld } from '../lab/device.ts'
import { InputError } from '../lab/input-error.ts'
import { type LabFile, readLab } from '../lab/lab-file.ts'
import { InUse } from '../lab/namespaces/find-cards.ts'
import { deviceOf } from '../lab/open-lab.ts'
import { preflight } from '../lab/preflight.ts'
import { waiversFile, waiversOf } from '../lab/waivers.ts'
import { isOver } from '../recording/ending.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { mustHaveJava } from '../report/allure-report.ts'
import { count } from '../report/text.ts'
import { isAllKnown } from '../run/baseline.ts'
import { mustBeWaivable } from '../run/criteria.ts'
import { isDiskFull, noSpace } from '../run/disk-space.ts'
import { inputsOf } from '../run/inputs.ts'
import { photographsOf } from '../run/photographs.ts'
import { plan } from '../run/plan.ts'
import { endOutOf, run } from '../run/run.ts'
import { writeLastFacts } from '../run/run-folder.ts'
import { claimRun, isClaim } from '../run/run-lock.ts'
import { loadSuites, suiteFolders } from '../run/suites.ts'
import { languages } from '../say/languages.ts'
import { render } from '../say/render.ts'
import type { Scenario } from '../suite/scenario.ts'
import type { Suites } from '../suite/suites.ts'
import { exitCode } from '../suite/verdict.ts'
import { realClock } from '../time/real-clock.ts'
import { freshSeed } from '../time/seed.ts'
import { askPerson } from './ask-person.ts'
import { lastDoctor } from './doctor.ts'
import { measuredBefore } from './measured-before.ts'
import { baselineText, causes, figures, progress, restarts, summary, waiverText } from './print.ts'
import { reportOn, reportsFolder } from './report.ts'
import { shortId } from './short-id.ts'
import { complain, print } from './terminal.ts'
import { commit, version } from './version.ts'

export interface RunCommand {
  device?: string
  /** Folders of suites in addition to those of denat. */
  suites: string[]
  out?: string
  seed?: string
  profile: 'default' | 'full'
  only: string[]
  report: boolean
  /** Of the claims: a tag of `languages`. */
  lang: string
  /** Number of labs that run in parallel. */
  labs: number
  /** Scenarios that would take longer are not begun. */
  maxMinutes?: number
  /** Known deviations are no reason for another exit code than 0. */
  knownOk?: boolean
  /** Person or body that tests, for the report. */
  operator?: string
  /** Waits for another run that has the network cards. */
  wait?: boolean
  /** The order of the scenarios is drawn from the seed. */
  shuffle?: boolean
}

/** Seconds between two looks at whether another run has ended. */
const lookEvery = 5

/** Throws for what is missing; waits, where that is wanted, until no other run has the cards. */
export async function ready(lab: LabFile, device: Device, scenarios: Scenario[], waits = false): Promise<void> {
  for (let isFirst = true; ; isFirst = false)
    try {
      return await preflight(lab, device, scenarios)
    } catch (error) {
      if (!waits || !(error instanceof InUse)) throw error
      if (isFirst) complain(`${error.message.split('\n')[0]}: waiting until it ends`)
      await new Promise<void>((resolve) => realClock().after(lookEvery, resolve))
    }
}

/** A run that is about to begin, or to go on, in a folder that this process has claimed. */
export interface Prepared {
  folder: string
  facts: RunFacts
  labFile: LabFile
  device: Device
  suites: Suites
  /** Names of the scenarios whose recordings have landed before. */
  kept?: readonly string[]
}

/** How a run is shown, whether Allure makes a report, and how long it may take, and wait. */
export type Shown = Pick<RunCommand, 'report' | 'lang' | 'maxMinutes' | 'knownOk' | 'wait'>

/** `denat run LAB`: exit code 0, 1, 2 as the verdicts are, 3 when nothing was recorded, 130 when it was interrupted. */
export async function runCommand(file: string, options: RunCommand): Promise<number> {
  const labFile = readLab(file, options.device)
  const device = await deviceOf(labFile)
  if (labFile.cables === 'cards' && options.labs > 1)
    throw new InputError('--labs', `${labFile.file} has one router, on its network cards`, 'leave --labs out')
  const folders = suiteFolders(options.suites)
  const suites = await loadSuites(folders)
  const waivers = waiversOf(device.folder)
  mustBeWaivable(waiversFile(device.folder), waivers, suites)
  const seed = options.seed ?? freshSeed()
  const order = options.shuffle ? seed : undefined
  const { scenarios, leftOut } = plan({
    suites,
    lab: labFile,
    device,
    profile: options.profile,
    only: options.only,
    order,
  })
  if (scenarios.length === 0)
    throw new InputError(
      file,
      'no scenario of this run can be run on this lab',
      leftOut[0] && render(leftOut[0].because),
    )
  await ready(labFile, device, scenarios, options.wait)
  if (options.report) mustHaveJava()
  const startedAt = new Date().toISOString()
  const id = `${startedAt.slice(0, 19).replace(/[:T]/g, '-')}-${labFile.name}`
  const inputs = inputsOf(labFile, options.device && resolve(options.device), folders.slice(1))
  const folder = writable(options.out ?? join(reportsFolder, 'runs', id))
  mustBeEmpty(folder)
  const leave = claimRun(folder)
  try {
    // Another run may have begun and ended there in between.
    mustBeEmpty(folder)
    const doctor = lastDoctor(labFile, device)
    const made = commit()
    const photographs = photographsOf(device.folder, folder)
    const facts: RunFacts = {
      id,
      startedAt,
      lab: labFile.name,
      device: device.facts,
      versions: { denat: version(), ...(made && { commit: made }), node: process.version, kernel: release() },
      seed,
      profile: options.profile,
      labs: options.labs,
      inputs,
      ...(folders.length > 1 && { suites: folders.slice(1) }),
      ...(options.only.length > 0 && { only: options.only }),
      plan: scenarios.map((scenario) => scenario.name),
      scenarios: [],
      leftOut,
      ...(options.operator && { operator: options.operator }),
      ...(photographs.length > 0 && { photographs }),
      ...(doctor && { doctor }),
      ...(device.known.length > 0 && { known: device.known }),
      ...(waivers.length > 0 && { waivers }),
    }
    return await carriedOut({ folder, facts, labFile, device, suites }, options)
  } finally {
    leave()
  }
}

/** Runs what is left of the plan, judges, writes the report; gives the exit code. */
export async function carriedOut(
  { folder, facts, labFile, device, suites, kept = [] }: Prepared,
  { report, lang, maxMinutes, knownOk }: Shown,
): Promise<number> {
  const { seed, profile, labs } = facts
  const language = languages[lang]
  const watch = progress(device.facts, { seed, folder, scenarios: facts.plan.length }, language)
  const { signal } = interruptible()
  const before = measuredBefore(labFile.name, device.facts.name)
  const { now } = realClock()
  const due = now() + (maxMinutes ?? 0) * 60
  const results = await run({
    order: {
      lab: labFile.file,
      device: facts.inputs?.device,
      suites: suiteFolders(facts.suites),
      run: folder,
      runId: shortId(process.pid),
      seed,
      profile,
      secrets: withheld(device, labFile.cables === 'cards' ? [labFile.power, labFile['reset-by']] : []),
    },
    scenarios: planned(facts, suites),
    kept,
    paces: { boot: before?.boot ?? device.boot, reset: before?.reset ?? device.reset },
    labs,
    facts,
    suites,
    limit: maxMinutes === undefined ? undefined : { minutes: maxMinutes, left: () => due - now() },
    progress: watch,
    askPerson,
    signal,
  })
  facts.endedAt = new Date().toISOString()
  try {
    writeLastFacts(folder, facts)
  } catch (error) {
    if (!isDiskFull(error)) throw error
    endOutOf('space', facts, noSpace(folder, facts))
  }
  print(causes(results, suites, language))
  print(summary(results))
  if (facts.known) print(baselineText(results, facts))
  if (facts.waivers) print(waiverText(results, facts))
  print(figures(facts))
  print(restarts(facts))
  if (facts.stopped) {
    const whole = facts.scenarios.filter(({ outcome }) => isOver(outcome)).length
    complain(
      `denat: ${render(facts.stopped)}\n  kept in ${folder}: ${whole} of ${count(facts.plan.length, 'recording')}\n  → \`npx denat run --resume ${folder}\` goes on`,
    )
  }
  if (signal.aborted) {
    complain(`  → \`npx denat judge ${folder}\` makes a report of what is there`)
    return interrupted
  }
  if (facts.scenarios.length === 0) return 3
  try {
    const verdict = await reportOn(folder, facts, results, suites, { allure: report, language })
    print(`\n${verdict[language?.tag === 'zh' ? 1 : 0]}`)
    print(`\nreport: ${join(folder, 'index.html')}`)
  } catch (error) {
    if (isDiskFull(error)) complain(`denat: ${render(noSpace(folder, facts))}; there is no report`)
    // Ctrl-C ends Allure, too.
    else if (!signal.aborted) throw error
  }
  if (signal.aborted) return interrupted
  return knownOk && !facts.stopped && isAllKnown(results, facts) ? 0 : exitCode(results, facts)
}

/** The scenarios of a plan. Throws `InputError` for one that the suites do not have. */
export const planned = ({ plan }: RunFacts, suites: Suites): Scenario[] =>
  plan.map((name) => {
    const scenario = suites.scenarios.get(name)
    if (!scenario) throw new InputError('run.json', `plan: no suite has the scenario ${name}`)
    return scenario
  })

/** Exit code after Ctrl-C. */
const interrupted = 130

/** The first signal ends the run in order; the second ends it here and now, and the recorder cleans up alone. */
function interruptible(): AbortController {
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => (interrupt.signal.aborted ? process.exit(interrupted) : interrupt.abort()))
  return interrupt
}

const remedy = 'name a folder that is new or empty: --out FOLDER'

function writable(path: string): string {
  const folder = resolve(path)
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw new InputError(folder, `cannot be written (${(error as NodeJS.ErrnoException).code})`, remedy)
  }
  return folder
}

/** It has no file of a run, and none of a person; that it is claimed does not count. */
function mustBeEmpty(folder: string): void {
  const files = readdirSync(folder).filter((name) => !isClaim(name))
  if (files.includes('run.json'))
    throw new InputError(folder, 'has a run', `${remedy}; or \`denat run --resume ${folder}\` goes on with it`)
  if (files.length > 0) throw new InputError(folder, 'is not empty', remedy)
}
