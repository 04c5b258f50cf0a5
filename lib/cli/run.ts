import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { release } from 'node:os'
import { join, resolve } from 'node:path'
import { readDevice } from '../lab/device.ts'
import { InputError } from '../lab/input-error.ts'
import { readLab } from '../lab/lab-file.ts'
import { preflight } from '../lab/preflight.ts'
import { reapLeftovers } from '../lab/reap.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { writeReport } from '../report/write-report.ts'
import { plan } from '../run/plan.ts'
import { run } from '../run/run.ts'
import { recordingsOf, writeFacts } from '../run/run-folder.ts'
import { loadSuites } from '../run/suites.ts'
import { requirements } from '../suite/requirement.ts'
import { exitCode } from '../suite/verdict.ts'
import { freshSeed } from '../time/seed.ts'
import { figures, progress, summary } from './print.ts'

export interface RunCommand {
  device?: string
  out?: string
  seed?: string
  profile: 'default' | 'full'
  only: string[]
  report: boolean
}

export const reportsFolder = new URL('../../reports', import.meta.url).pathname

/** `denat run LAB`: exit code 0, 1, 2 as the verdicts are, 130 when it was interrupted. */
export async function runCommand(file: string, options: RunCommand): Promise<number> {
  const labFile = readLab(file, options.device)
  const device = readDevice(labFile.kind === 'memory' ? '' : labFile.device)
  const catalogue = await loadSuites()
  const { scenarios, leftOut } = plan({ lab: labFile, device, profile: options.profile, only: options.only })
  if (scenarios.length === 0) throw new InputError(file, 'no scenario of this run can be played', leftOut[0]?.because)
  preflight(labFile, device, scenarios)
  for (const { runId, removed } of reapLeftovers())
    console.log(`removed what run ${runId} left behind: ${removed.join(', ') || 'nothing but its lock'}`)

  const startedAt = new Date().toISOString()
  const id = `${startedAt.slice(0, 19).replace(/[:T]/g, '-')}-${labFile.name}`
  const folder = options.out ? emptyFolder(options.out) : join(reportsFolder, 'runs', id)
  const seed = options.seed ?? freshSeed()
  const facts: RunFacts = {
    id,
    startedAt,
    lab: labFile.name,
    device: device.facts,
    versions: { denat: version(), node: process.version, kernel: release() },
    seed,
    profile: options.profile,
    scenarios: [],
    leftOut,
  }
  const watch = progress(device.facts, { seed, folder, scenarios: scenarios.length })
  const interrupt = new AbortController()
  const interrupted = () => interrupt.abort()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, interrupted)
  const order = {
    lab: labFile.file,
    device: options.device,
    run: folder,
    runId: shortId(),
    seed,
    profile: options.profile,
  }
  const outcome = await run({ order, scenarios, facts, catalogue, progress: watch, signal: interrupt.signal })
  facts.endedAt = new Date().toISOString()
  writeFacts(folder, facts)
  if (options.report)
    await writeReport({
      runFolder: folder,
      facts,
      results: outcome.results,
      entries: catalogue.entries,
      recordings: recordingsOf(folder),
      reportsFolder,
      invariants: invariants(),
    })
  console.log(summary(outcome.results))
  console.log(figures(facts, outcome.recorderRss))
  console.log(`\nreport: ${join(folder, options.report ? 'allure-report.html' : 'results.jsonl')}`)
  return outcome.interrupted ? 130 : exitCode(outcome.results)
}

export const invariants = (): Set<string> =>
  new Set([...requirements.values()].filter((one) => one.invariant).map((one) => one.id))

function emptyFolder(path: string): string {
  const folder = resolve(path)
  if (existsSync(folder) && readdirSync(folder).length > 0)
    throw new InputError('--out', `${folder} is not empty`, 'name a folder that is new or empty')
  return folder
}

export const version = (): string =>
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')).version

/** Names of interfaces have room for five characters. */
const shortId = (): string => (process.pid % 36 ** 4).toString(36)
