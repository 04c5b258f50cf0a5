import type { Recording } from '../recording/recording.ts'
import { lastMoment } from '../suite/coverage.ts'
import type { Suites } from '../suite/suites.ts'
import type { Result } from '../suite/verdict.ts'
import type { Seeded } from '../time/seed.ts'
import { type Judged, judgements } from './judge.ts'
import { verdictText } from './verdict-text.ts'

/** The beginning of a recording: all until `at`, in seconds. How it ended stays what it was. */
export function cutAt(recording: Recording, at: number): Recording {
  const frames = recording.frames.filter((frame) => frame.at <= at)
  const there = (number: number) => number <= frames.length
  const marks = recording.marks.filter((mark) => mark.at <= at && [...(mark.frames ?? [])].every(there))
  return { ...recording, frames, marks }
}

/** Moments at which to cut it: half of them anywhere, half just behind a frame, where things have just begun. */
export function places(recording: Recording, count: number, { uniform, pick }: Seeded): number[] {
  const end = lastMoment(recording)
  return Array.from({ length: count }, (_, index) =>
    index % 2 && recording.frames.length > 0
      ? Math.min(end, pick(recording.frames).at + uniform(0, 0.1))
      : uniform(0, end),
  ).sort((a, b) => a - b)
}

const keyOf = ({ requirement, case: name }: Result): string => (name ? `${requirement} · ${name}` : requirement)

const severity = { fail: 2, warn: 1 } as Record<Result['verdict'], number>
const severityOf = ({ verdict }: Result): number => severity[verdict] ?? 0

/** A verdict on the beginning of a recording that contradicts the whole. */
export interface Contradiction {
  key: string
  at: number
  /** `early`: a fail that is none on the whole. `late`: another verdict though all that it looks at is there. */
  kind: 'early' | 'late'
  cut: string
  whole: string
}

export interface CutReport {
  contradictions: Contradiction[]
  /** Judgements of a cut, and how many of them looked at nothing that was cut off. */
  judged: number
  settled: number
}

export interface Whole {
  recording: Recording
  judged: ReadonlyMap<string, Judged>
  /** Ids that fail or warn on it. */
  broken: ReadonlySet<string>
}

export function wholeOf(recording: Recording, suites: Suites): Whole {
  const all = judgements(recording, suites)
  const broken = all.flatMap(({ result }) => (severityOf(result) ? [result.requirement] : []))
  return { recording, judged: new Map(all.map((one) => [keyOf(one.result), one])), broken: new Set(broken) }
}

/** Whether a verdict on a beginning is not that of the whole, and the whole has no reason for it. */
function isEarly(cut: Result, whole: Result, { judged, broken }: Whole): boolean {
  if (severityOf(cut) <= severityOf(whole)) return false
  const isBlocked = ({ cause, blockedBy = '' }: Result, seen: readonly string[] = []): boolean =>
    cause === 'lab' ||
    (cause === 'blocked' &&
      (broken.has(blockedBy) ||
        (!seen.includes(blockedBy) &&
          [...judged.values()].some(
            ({ result }) => result.requirement === blockedBy && isBlocked(result, [...seen, blockedBy]),
          ))))
  return !isBlocked(whole)
}

/** Compares the verdicts on the beginning of a recording with those on all of it. */
export function heldAgainst(whole: Whole, at: number, suites: Suites): CutReport {
  const report: CutReport = { contradictions: [], judged: 0, settled: 0 }
  const beginning = cutAt(whole.recording, at)
  const lasted = lastMoment(beginning)
  for (const { result: cut } of judgements(beginning, suites)) {
    const known = whole.judged.get(keyOf(cut))
    report.judged++
    if (!known) continue
    const tell = (kind: Contradiction['kind']) =>
      report.contradictions.push({ key: keyOf(cut), at, kind, cut: verdictText(cut), whole: verdictText(known.result) })
    const same = (['verdict', 'cause', 'blockedBy'] as const).every((key) => cut[key] === known.result[key])
    if (isEarly(cut, known.result, whole)) tell('early')
    else if (lasted >= known.until && !same) tell('late')
    if (lasted >= known.until) report.settled++
  }
  return report
}
