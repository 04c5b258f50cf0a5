import { claim, type Evidence, type MarkType } from 'denat'

/** Recordings from before a step was played have none of its marks. */
export function wasPlayed({ every, recording, cannotTell }: Evidence, type: MarkType<object, string>): void {
  const [first] = recording.frames
  if (first && recording.outcome.end === 'complete' && every(type).length === 0)
    cannotTell(claim`This was not asked when this was recorded.`, first)
}
