import type { Frame } from './recording.ts'

const MARK = 'flawed: '

/** The comment of a frame of the bench's that is meant not to be well-formed. */
export const flawed = (what: string): string => `${MARK}${what}`

/** Whether a frame is meant not to be well-formed: every other frame of the bench's is. */
export const isFlawed = ({ comment }: Pick<Frame, 'comment'>): boolean => comment?.startsWith(MARK) ?? false
