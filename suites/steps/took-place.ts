import { claim, type Evidence, type MarkType } from 'denat'

/** Recordings that are older than a step have none of its marks. */
export function tookPlace({ every, recording, undecided }: Evidence, type: MarkType<object, string>): void {
  const [first] = recording.frames
  if (first && recording.outcome.end === 'complete' && every(type).length === 0)
    undecided(claim`This was not asked when this was recorded.`, first)
}
