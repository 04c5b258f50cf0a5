import { accessSync, constants, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { release } from 'node:os'
import { join, resolve } from 'node:path'
import { InputError } from '../lab/input-error.ts'
import { readLab } from '../lab/lab-file.ts'
import { reapLeftovers } from '../lab/namespaces/reap.ts'
import { deviceOf } from '../lab/open-lab.ts'
import { preflight } from '../lab/preflight.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { mustHaveJava } from '../report/allure-report.ts'
import { plan } from '../run/plan.ts'
import { run } from '../run/run.ts'
import { writeLastFacts } from '../run/run-folder.ts'
import { loadSuites, suiteFolders } from '../run/suites.ts'
import { languages } from '../say/languages.ts'
import { render } from '../say/render.ts'
import { exitCode } from '../suite/verdict.ts'
import { freshSeed } from '../time/seed.ts'
import { baselineTold, figures, progress, summary } from './print.ts'
import { reportOn, reportsFolder } from './report.ts'

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
  /** The order of the scenarios is drawn from the seed. */
  shuffle?: boolean
}

/** `denat run LAB`: exit code 0, 1, 2 as the verdicts are, 3 when nothing was recorded, 130 when it was interrupted. */
export async function runCommand(file: string, options: RunCommand): Promise<number> {
  const labFile = readLab(file, options.device)
  const device = await deviceOf(labFile)
  const folders = suiteFolders(options.suites)
  const suites = await loadSuites(folders)
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
  await preflight(labFile, device, scenarios)
  if (options.report) mustHaveJava()
  const startedAt = new Date().toISOString()
  const id = `${startedAt.slice(0, 19).replace(/[:T]/g, '-')}-${labFile.name}`
  const folder = emptyFolder(options.out ?? join(reportsFolder, 'runs', id))

  for (const { runId, removed, problems } of reapLeftovers()) {
    if (removed.length > 0 || problems.length === 0)
      console.log(`removed what run ${runId} left behind: ${removed.join(', ') || 'nothing but its lock'}`)
    for (const problem of problems) console.error(`denat: run ${runId} left behind what cannot be removed: ${problem}`)
  }
  const facts: RunFacts = {
    id,
    startedAt,
    lab: labFile.name,
    device: device.facts,
    versions: { denat: version(), node: process.version, kernel: release() },
    seed,
    profile: options.profile,
    labs: options.labs,
    ...(folders.length > 1 && { suites: folders.slice(1) }),
    ...(options.only.length > 0 && { only: options.only }),
    plan: scenarios.map((scenario) => scenario.name),
    scenarios: [],
    leftOut,
    ...(device.known.length > 0 && { known: device.known }),
  }
  const language = languages[options.lang]
  const watch = progress(device.facts, { seed, folder, scenarios: scenarios.length }, language)
  const { signal } = interruptible()
  const recorder = {
    lab: labFile.file,
    device: options.device,
    suites: folders,
    run: folder,
    runId: shortId(),
    seed,
    profile: options.profile,
  }
  const results = await run({
    order: recorder,
    scenarios,
    paces: { boot: device.boot, reset: device.reset },
    labs: options.labs,
    facts,
    suites,
    progress: watch,
    signal,
  })
  facts.endedAt = new Date().toISOString()
  writeLastFacts(folder, facts)
  console.log(summary(results))
  if (facts.known) console.log(baselineTold(results, facts))
  console.log(figures(facts))
  if (facts.stopped) console.error(`denat: ${render(facts.stopped)}`)
  if (signal.aborted) {
    console.error(`denat: the recordings are in ${folder}; \`denat judge\` makes a report of it`)
    return interrupted
  }
  if (facts.scenarios.length === 0) return 3
  await reportOn(folder, facts, results, suites, { allure: options.report, language }).catch((error: unknown) => {
    // Ctrl-C ends Allure, too.
    if (!signal.aborted) throw error
  })
  console.log(`\nreport: ${join(folder, options.report ? 'allure-report.html' : 'summary.md')}`)
  return signal.aborted ? interrupted : exitCode(results)
}

/** Exit code after Ctrl-C. */
const interrupted = 130

/** The first signal ends the run in order; the second ends it here and now, and the recorder cleans up alone. */
function interruptible(): AbortController {
  const interrupt = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => (interrupt.signal.aborted ? process.exit(interrupted) : interrupt.abort()))
  return interrupt
}

function emptyFolder(path: string): string {
  const folder = resolve(path)
  const remedy = 'name a folder that is new or empty: --out FOLDER'
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    throw new InputError(folder, `cannot be written (${(error as NodeJS.ErrnoException).code})`, remedy)
  }
  if (readdirSync(folder).length > 0) throw new InputError(folder, 'is not empty', remedy)
  return folder
}

export const version = (): string =>
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version

/** Names of interfaces have room for five characters. */
const shortId = (): string => (process.pid % 36 ** 4).toString(36)
