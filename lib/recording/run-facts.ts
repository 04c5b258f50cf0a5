import type { Claim } from '../say/claim.ts'
import type { DeviceFacts, Outcome } from './recording.ts'

/** `run.json`: what was run, where and with what. */
export interface RunFacts {
  id: string
  /** ISO 8601, UTC. */
  startedAt: string
  endedAt?: string
  /** When it went on after it was interrupted or stopped. Absent where it never was. */
  resumedAt?: string[]
  lab: string
  device: DeviceFacts
  /** Versions of denat, Node, the kernel and the device's software. */
  versions: Record<string, string>
  seed: string
  profile: 'default' | 'full'
  /** Number of identical labs that ran in parallel. */
  labs: number
  /** Folders of suites in addition to those of denat; absent for none. */
  suites?: string[]
  /** What it was begun with: it is resumed only with the same. Absent in older runs. */
  inputs?: Inputs
  /** Scenarios and ids that were asked for; absent for all. */
  only?: string[]
  /** Names of the scenarios of the plan, in order. */
  plan: string[]
  /** Scenarios in the order in which they ran, with their figures in seconds. */
  scenarios: ScenarioFacts[]
  /** Why the run ended before the end of its plan; absent when it did not. */
  stopped?: Claim
  /** What there was too little of, where it ended for that: the scenarios that were not begun are left out. */
  outOf?: 'time' | 'space'
  /** Peak resident memory of the recording and of the judging process, bytes. */
  peakMemory?: { recorder: number; parent: number }
  /** What this run could not judge, with the reason: a missing port, page object or profile. */
  leftOut: LeftOut[]
  /** What `denat doctor` last found on this lab, and when. */
  doctor?: { at: string; checks: { name: string; state: 'ok' | 'warning' | 'failed'; seen: string }[] }
  /** Person or body that tested, as it is to be named in the report. */
  operator?: string
  photographs?: Photograph[]
  /** What is known of this product's faults, from its device folder. */
  known?: KnownDeviation[]
  /** What may deviate for a time, by agreement; absent for none. */
  waivers?: Waiver[]
}

/** A file of the run's folder that shows the device. */
export interface Photograph {
  file: string
  sha256: string
}

/** Files that decide what a run does. */
export interface Inputs {
  /** The lab file. */
  lab: string
  /** A device folder in place of the lab file's. */
  device?: string
  /** SHA-256 by path: the lab file, the device folder, folders of suites; and by `denat`: all source files of denat. By `MUTANT`: its name. */
  files: Record<string, string>
}

/** An agreement that a product need not meet a requirement for a time: an entry of a device folder's `waivers.yaml`. */
export interface Waiver {
  requirement: string
  /** Absent: each of its cases. */
  case?: string | undefined
  reason: string
  /** The person or office that approved it. */
  approver: string
  /** The last day on which it counts: `2027-03-31`. */
  until: string
}

/** On the day on which the run began, in UTC: whether this one still counts then. */
export const isExpired = ({ until }: Waiver, { startedAt }: Pick<RunFacts, 'startedAt'>): boolean =>
  startedAt.slice(0, 10) > until

/** The waivers of a run that are for this requirement and case, those that still count in front. */
export function waiversFor(
  { requirement, case: name }: Pick<KnownDeviation, 'requirement' | 'case'>,
  facts: Pick<RunFacts, 'waivers' | 'startedAt'>,
): Waiver[] {
  const own = (facts.waivers ?? []).filter(
    (one) => one.requirement === requirement && (one.case === undefined || one.case === name),
  )
  return own.sort((a, b) => Number(isExpired(a, facts)) - Number(isExpired(b, facts)))
}

/** A verdict that is not `pass`, found before, with whose fault it is: an entry of a device folder's `baseline.json`. */
export interface KnownDeviation {
  requirement: string
  /** Empty where the requirement has no cases. */
  case: string
  verdict: 'fail' | 'warn' | 'inconclusive'
  /** A package and its version, as `bird2 2.0.12-7`, or in words what else it is. */
  fault: string
  /** What it does, or fails to do. */
  because: string
  /** The frame, source or documentation that shows it. */
  confirmed: string
  /** It depends on chance: not every run shows it. */
  sometimes: boolean
}

/**
 * The known deviations of the software that ran: an entry whose fault names a package counts where that version is
 * installed. Of a version only what upstream gave it is compared: a security update of the package does not end a fault.
 */
export function knownHere({ known = [], versions }: Pick<RunFacts, 'known' | 'versions'>): KnownDeviation[] {
  return known.filter(({ fault }) => {
    const [name = '', version = ''] = fault.split(' ')
    const installed = versions[name]
    return installed === undefined || upstream(installed) === upstream(version)
  })
}

const upstream = (version: string): string => version.replace(/-[^-]*$/, '')

export interface ScenarioFacts {
  scenario: string
  story: string
  outcome: Outcome
  wall: number
  /** What the protocol forced the scenario to wait, the device's boot included. */
  forced: number
  /** Seconds in the browser, kept apart from the ratio. */
  browser: number
  /** Places in the recording, its traces included, where the router's password was masked. */
  masked?: number
  /** What it took to bring the router to where it was needed, and in its course. Absent in older runs. */
  spent?: Spent
}

/** Factory resets and boots, and how long the last of each took until then, in seconds. */
export interface Spent {
  resets: number
  boots: number
  /** With the commissioning. */
  reset?: number
  commission?: number
  /** From power to the first frame. */
  boot?: number
  /** Until the page had taken a setting, the slowest. */
  apply?: number
}

export interface LeftOut {
  requirement: string
  case?: string
  because: Claim
}
