import { type Evidence, type Frame, iaPrefixes, prefixLength, type Where } from 'denat'
import { clientMessages } from './client-messages.ts'

/** RFC 8415 section 21.22: `::` with a length is a hint. */
export const isImpossible = (prefix: string): boolean =>
  !prefix.startsWith('::/') && (prefixLength(prefix) === 0 || prefixLength(prefix) > 128)

/** Messages that contain such a prefix as a lease. */
export const namingImpossible = (evidence: Evidence, where: Where): Frame[] =>
  clientMessages(evidence, where).filter((frame) => iaPrefixes(frame).some(({ prefix }) => isImpossible(prefix)))
