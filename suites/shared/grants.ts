import { dhcpv6, type Evidence, type Frame, iaPrefixes, prefixLength } from 'denat'
import { infinity } from '../steps/answers.ts'

/** Prefixes of the line, each with the end of its lifetimes by one Reply. */
export interface Grant {
  reply: Frame
  prefix: string
  preferredUntil: number
  validUntil: number
}

export const endOf = (at: number, lifetime: number): number =>
  lifetime >= infinity ? Number.POSITIVE_INFINITY : at + lifetime

export const grantsIn = ({ wan }: Pick<Evidence, 'wan'>): Grant[] =>
  wan.toDut.all(dhcpv6('reply')).flatMap((reply) =>
    iaPrefixes(reply)
      .filter(isDelegable)
      .map(({ prefix, preferredLifetime, validLifetime }) => ({
        reply,
        prefix,
        preferredUntil: endOf(reply.at, preferredLifetime),
        validUntil: endOf(reply.at, validLifetime),
      })),
  )

/** A prefix of 0 bits, or longer than that of a link, is no prefix of a line. */
const isDelegable = ({ prefix }: { prefix: string }): boolean =>
  prefixLength(prefix) >= 16 && prefixLength(prefix) <= 64
