import type { Claim } from '../say/claim.ts'
import type { Language } from '../say/language.ts'
import { render } from '../say/render.ts'
import type { Result } from './verdict.ts'

/** A result in the words of one language: what reports are made of. */
export interface Spoken extends Omit<Result, 'expected' | 'seen' | 'because' | 'notes' | 'comments'> {
  expected?: string
  seen?: string
  because: string
  notes?: string[]
  comments?: Record<number, string>
}

export function spoken(result: Result, language?: Language): Spoken {
  const say = (claim: Claim): string => render(claim, language)
  const { expected, seen, because, notes, comments, ...rest } = result
  return {
    ...rest,
    because: say(because),
    ...(expected && { expected: say(expected) }),
    ...(seen && { seen: say(seen) }),
    ...(notes && { notes: notes.map(say) }),
    ...(comments && {
      comments: Object.fromEntries(Object.entries(comments).map(([number, claim]) => [number, say(claim)])),
    }),
  }
}
