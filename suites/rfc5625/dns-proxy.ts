import { type Claim, claim, type Frame, invariant, the } from 'denat'
import {
  asked,
  type DnsMessage,
  dnsMessages,
  type Exchange,
  exchanges,
  has,
  isAnswer,
  ownQueries,
} from '../shared/dns-messages.ts'

/** How an answer differs from that of the line's resolver; undefined where it does not. */
function changed({ answer, question }: Exchange, received: readonly DnsMessage[]): Claim | undefined {
  if (!question) return undefined
  const { dns } = answer
  const upstream = received.filter((one) => asked(one) === asked(question) && one.frame.number < answer.frame.number)
  // Where a proxy cannot query a resolver, its answer is its own.
  if (upstream.length === 0 || ['SERVFAIL', 'REFUSED'].includes(dns.rcode)) return undefined
  const codes = [...new Set(upstream.map((one) => one.dns.rcode))]
  if (!codes.includes(dns.rcode)) return claim`${the.name(dns.rcode)} in place of ${the.name(codes.join(' or '))}`
  if (!has(answer, 'ra') && upstream.every((one) => has(one, 'ra'))) return claim`RA is not set`
  // The router is no authority for the names of others, and no resolver of the line has proved them.
  const claimed = ['aa', 'ad'].find((flag) => has(answer, flag) && !upstream.some((one) => has(one, flag)))
  if (claimed) return claim`${the.name(claimed.toUpperCase())} is set`
  for (const record of dns.answers) {
    const same = upstream.flatMap((one) =>
      one.dns.answers.filter(
        ({ name, type }) => name.toLowerCase() === record.name.toLowerCase() && type === record.type,
      ),
    )
    const longest = Math.max(...same.map(({ ttl = 0 }) => ttl))
    if (same.length > 0 && (record.ttl ?? 0) > longest)
      return claim`${the.name(record.type)} with TTL ${record.ttl ?? the.name(undefined)}, longer than ${longest}`
  }
  return undefined
}

/** Queries that are needed to see whether their numbers are random. */
const enough = 8

/** A random 16-bit number is this near to the previous one 1 time in 3,000. */
const near = 10

/** How the number of a query follows from that of the previous query, where it does in nearly all. */
function pattern(numbers: readonly number[]): Claim | undefined {
  const steps = numbers.slice(1).map((value, index) => value - (numbers[index] as number))
  if (steps.every((step) => step === 0)) return claim`always ${numbers[0] ?? the.name(undefined)}`
  const small = steps.filter((step) => Math.abs(step) <= near).length
  return small >= 0.75 * steps.length ? claim`in sequence: ${the.list(numbers.slice(0, 4))}, ...` : undefined
}

export const requirements = [
  invariant('RFC5625-3-KEEPS', (evidence) => {
    const { judge, lan, wan, notApplicable, recording } = evidence
    const received = dnsMessages(wan.toDut).filter(isAnswer)
    const all = lan.segments.flatMap((link) => exchanges(evidence, link))
    if (all.length === 0)
      return notApplicable(claim`The router answers no DNS query in this recording.`, ...recording.frames.slice(0, 1))
    const wrong = new Map(all.map((one) => [one.answer.frame, changed(one, received)]))
    judge.each(
      [...wrong.keys()],
      claim`A DNS answer of the router has the RCODE and the RA flag of the line's resolver, sets AA and AD only where that does, and has no longer TTL.`,
      (frame) => wrong.get(frame),
    )
  }),

  invariant('RFC5625-6.1-RANDOM', (evidence) => {
    const { judge, notApplicable, recording } = evidence
    const byUdp = ownQueries(evidence).filter(({ over }) => over === 'UDP')
    // A query that is repeated, or sent to several resolvers, may be the same.
    const isSame = (one: DnsMessage, other: DnsMessage) => one.dns.id === other.dns.id && asked(one) === asked(other)
    const queries = byUdp.filter((query, index) => !byUdp.slice(0, index).some((one) => isSame(one, query)))
    if (queries.length < enough)
      return notApplicable(
        claim`The router sends fewer than ${enough} DNS queries over UDP in this recording.`,
        ...recording.frames.slice(0, 1),
      )
    const frames = queries.map(({ frame }) => frame)
    const looked = frames.slice(0, 4) as [Frame, ...Frame[]]
    for (const [what, numbers] of [
      ['source ports', frames.map(({ packet }) => packet.udp?.srcPort ?? 0)],
      ['identifiers', queries.map(({ dns }) => dns.id)],
    ] as const) {
      const found = pattern(numbers)
      judge.holds(
        found === undefined,
        claim`The ${the.name(what)} of its ${queries.length} DNS queries cannot be predicted from the previous ones.`,
        found ?? claim``,
        ...looked,
      )
    }
  }),
]
