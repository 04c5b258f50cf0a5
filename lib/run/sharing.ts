import { fileURLToPath } from 'node:url'
import type { Lab } from '../lab/lab.ts'
import { readLab } from '../lab/lab-file.ts'
import { openMemoryLab } from '../lab/memory-lab.ts'
import { deviceOf } from '../lab/open-lab.ts'
import { type Counts, dutState } from '../lab/state.ts'
import type { Scenario } from '../suite/scenario.ts'
import type { Result } from '../suite/verdict.ts'
import { keyOf as judgedKey } from '../suite/verdict.ts'
import { type Excuses, isExcused } from './freedom-matrix.ts'
import { judgeRecording, settled } from './judge.ts'
import { plan } from './plan.ts'
import { play } from './record.ts'
import { loadSuites } from './suites.ts'
import type { Behavior, VariantOptions } from './variants.ts'

/** Seconds of a factory reset, after which it is cheaper to share. */
const reset = 120

export interface Shared {
  results: Result[]
  counts: Counts
  /** Of the lab's clock. */
  seconds: number
}

/** Runs them one after another on the router of this lab, each brought to what it needs from where the one before left it. */
export async function playedOn(
  lab: Lab,
  { lab: labFile, suites, seed, device }: Required<VariantOptions>,
  scenarios: readonly Scenario[],
): Promise<Shared> {
  const state = dutState(lab, device)
  const results: Result[] = []
  for (const scenario of scenarios) {
    const options = { lab, labFile, device, seed, profile: 'default' as const, scenario, state }
    const first = await play(options)
    const { recording } = first.doubtful ? await play(options) : first
    results.push(...judgeRecording(recording, suites))
  }
  return { results, counts: { ...state.counts }, seconds: lab.clock.now() }
}

async function playedShared(
  options: Required<VariantOptions>,
  scenarios: readonly Scenario[],
  behavior: Behavior,
): Promise<Shared> {
  const { lab: labFile, seed } = options
  const lab = openMemoryLab(labFile, {
    seed,
    behavior,
    bridged: labFile.cables === 'memory' && labFile.bridged,
    reset,
  })
  const shared = await playedOn(lab, options, scenarios)
  lab.close()
  return shared
}

/** Runs each on a new router. */
async function playedAlone(
  options: Required<VariantOptions>,
  scenarios: readonly Scenario[],
  behavior: Behavior,
): Promise<Result[]> {
  const all: Result[] = []
  for (const scenario of scenarios) all.push(...(await playedShared(options, [scenario], behavior)).results)
  return all
}

const keyOf = (result: Result): string => `${judgedKey(result)} on ${result.scenario}`

/** An invariant may find more to look at, or less: that is no difference. */
const isQuiet = (result: Result | undefined): boolean =>
  result === undefined || result.verdict === 'pass' || result.verdict === 'not-applicable'

const lineOf = (result: Result | undefined): string =>
  result ? [result.verdict, result.cause, result.blockedBy].filter(Boolean).join(' ') : 'nothing'

/** A freedom of the router declares the warning, or the one that this verdict follows from: chance decides which it is. */
const isAllowed = (result: Result | undefined, warns: Excuses): boolean =>
  isQuiet(result) ||
  (result?.verdict === 'warn' && isExcused(warns, judgedKey(result))) ||
  (result?.cause === 'blocked' && isExcused(warns, result.blockedBy ?? ''))

/** Where these scenarios are judged otherwise when they are shared. */
export function differences(alone: readonly Result[], shared: readonly Result[], warns: Excuses = {}): string[] {
  const [before, now] = [alone, shared].map((all) => new Map(settled(all).map((one) => [keyOf(one), one])))
  return [...new Set([...(before?.keys() ?? []), ...(now?.keys() ?? [])])].flatMap((key) => {
    const [a, b] = [before?.get(key), now?.get(key)]
    return (isAllowed(a, warns) && isAllowed(b, warns)) || lineOf(a) === lineOf(b)
      ? []
      : [`${key}: ${lineOf(a)} -> ${lineOf(b)}`]
  })
}

/** Scenarios with a verdict against the router, or on which one of these keys is judged. */
function doubtful(scenarios: readonly Scenario[], results: readonly Result[], judged: readonly string[]): Scenario[] {
  const isMeant = (one: Result) => judged.includes(one.requirement) || judged.includes(judgedKey(one))
  const names = new Set(results.filter((one) => !isQuiet(one) || isMeant(one)).map(({ scenario }) => scenario))
  return scenarios.filter(({ name }) => names.has(name))
}

export interface Compared {
  differ: string[]
  counts: Counts
}

const memory = fileURLToPath(new URL('../../labs/memory.yaml', import.meta.url))

/**
 * The default profile of the suites that come with denat, or these scenarios, in a lab of the reference router; in the
 * order of the plan or a drawn one.
 */
export async function sharing(only: readonly string[] = [], labFile = memory) {
  const suites = await loadSuites()
  const lab = readLab(labFile)
  const device = { ...(await deviceOf(lab)), reset }
  const planned = (order: string | undefined) =>
    plan({ suites, lab, device, profile: 'default', only, order }).scenarios
  return {
    suites,
    async compare(
      behavior: Behavior,
      { order, judged, warns }: { order?: string | undefined; judged?: readonly string[]; warns?: Excuses } = {},
    ): Promise<Compared> {
      const slower = warns ? { boot: 30, apply: 10 } : {}
      const options = { lab, suites, seed: 'reference', device: { ...device, ...slower } }
      const scenarios = planned(order)
      const { results, counts } = await playedShared(options, scenarios, behavior)
      // Of a right router nothing else can differ; what a wrong one violates may have become right.
      const again = judged || warns ? doubtful(scenarios, results, judged ?? []) : scenarios
      const names = new Set(again.map(({ name }) => name))
      const shared = results.filter(({ scenario }) => names.has(scenario))
      return { differ: differences(await playedAlone(options, again, behavior), shared, warns), counts }
    },
  }
}
