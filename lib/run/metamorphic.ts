import type { Change } from '../recording/changes.ts'
import type { Recording } from '../recording/recording.ts'
import type { Suites } from '../suite/suites.ts'
import { keyOf } from '../suite/verdict.ts'
import type { Seeded } from '../time/seed.ts'
import { judgeRecording } from './judge.ts'
import { verdictText } from './verdict-text.ts'

export interface Changed {
  key: string
  before: string
  after: string
}

/** Verdicts that a change of the recording changes. */
export function changedBy(change: Change, recording: Recording, dice: Seeded, suites: Suites): Changed[] {
  const before = new Map(judgeRecording(recording, suites).map((result) => [keyOf(result), result]))
  return judgeRecording(change(recording, dice), suites).flatMap((result) => {
    const was = before.get(keyOf(result))
    if (!was) return []
    const same = (['verdict', 'cause', 'blockedBy'] as const).every((key) => was[key] === result[key])
    return same ? [] : [{ key: keyOf(result), before: verdictText(was), after: verdictText(result) }]
  })
}
