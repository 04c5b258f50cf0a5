import { render } from '../say/render.ts'
import type { Result } from '../suite/verdict.ts'

/** A verdict in one line, for developers of denat. */
export const verdictText = (
  result: Pick<Result, 'verdict' | 'cause' | 'blockedBy' | 'because'> | undefined,
): string => {
  if (!result) return 'not there'
  const { verdict, cause, blockedBy, because } = result
  return `${verdict}${cause ? ` (${cause}${blockedBy ? ` by ${blockedBy}` : ''})` : ''}: ${render(because)}`
}
