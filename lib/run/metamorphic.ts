import type { Change } from '../recording/changes.ts'
import type { Recording } from '../recording/recording.ts'
import type { Result } from '../suite/verdict.ts'
import type { Seeded } from '../time/seed.ts'
import type { Catalogue } from './catalogue.ts'
import { judgeRecording } from './judge.ts'
import { verdictText } from './verdict-text.ts'

const keyOf = ({ requirement, case: name }: Result): string => (name ? `${requirement} · ${name}` : requirement)

export interface Changed {
  key: string
  before: string
  after: string
}

/** Verdicts that a change of the recording changes. */
export function changedBy(change: Change, recording: Recording, dice: Seeded, { entries }: Catalogue): Changed[] {
  const before = new Map(judgeRecording(recording, entries).map((result) => [keyOf(result), result]))
  return judgeRecording(change(recording, dice), entries).flatMap((result) => {
    const was = before.get(keyOf(result))
    if (!was) return []
    const same = (['verdict', 'cause', 'blockedBy'] as const).every((key) => was[key] === result[key])
    return same ? [] : [{ key: keyOf(result), before: verdictText(was), after: verdictText(result) }]
  })
}
