import type { Claim } from '../say/claim.ts'
import type { Language } from '../say/language.ts'
import { render } from '../say/render.ts'
import type { Result } from './verdict.ts'

/** A result in the words of one language: what reports are made of. */
export interface Rendered extends Omit<Result, 'expected' | 'seen' | 'because' | 'notes' | 'comments'> {
  expected?: string
  seen?: string
  because: string
  notes?: string[]
  comments?: Record<number, string>
}

export function rendered(result: Result, language?: Language): Rendered {
  const textOf = (claim: Claim): string => render(claim, language)
  const { expected, seen, because, notes, comments, ...rest } = result
  return {
    ...rest,
    because: textOf(because),
    ...(expected && { expected: textOf(expected) }),
    ...(seen && { seen: textOf(seen) }),
    ...(notes && { notes: notes.map(textOf) }),
    ...(comments && {
      comments: Object.fromEntries(Object.entries(comments).map(([number, claim]) => [number, textOf(claim)])),
    }),
  }
}
