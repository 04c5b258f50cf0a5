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

/** What became of what the line's resolver said; undefined where nothing of it was changed. */
function changed({ answer, question }: Exchange, said: readonly DnsMessage[]): Claim | undefined {
  if (!question) return undefined
  const { dns } = answer
  const upstream = said.filter((one) => asked(one) === asked(question) && one.frame.number < answer.frame.number)
  // What a proxy says itself where it can't ask is its own.
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
      return claim`${the.name(record.type)} with TTL ${record.ttl ?? the.name(undefined)}, not ${longest},`
  }
  return undefined
}

/** So many queries show what is drawn. */
const enough = 8

/** A 16-bit number that is drawn lies so near to the one before 1 time in 3,000. */
const near = 10

/** How a number of one query follows from that of the query before, where it does in nearly all. */
function pattern(numbers: readonly number[]): Claim | undefined {
  const steps = numbers.slice(1).map((value, index) => value - (numbers[index] as number))
  if (steps.every((step) => step === 0)) return claim`always ${numbers[0] ?? the.name(undefined)}`
  const small = steps.filter((step) => Math.abs(step) <= near).length
  return small >= 0.75 * steps.length ? claim`one after the other: ${the.list(numbers.slice(0, 4))}, ...` : undefined
}

export const requirements = [
  invariant('RFC5625-3-KEEPS', (evidence) => {
    const { judge, lan, wan, notApplicable, recording } = evidence
    const said = dnsMessages(wan.toDut).filter(isAnswer)
    const all = lan.segments.flatMap((link) => exchanges(evidence, link))
    if (all.length === 0)
      return notApplicable(claim`The router answers no names in this recording.`, ...recording.frames.slice(0, 1))
    const wrong = new Map(all.map((one) => [one.answer.frame, changed(one, said)]))
    judge.each(
      [...wrong.keys()],
      claim`An answer keeps the code and the RA flag of the line's resolver, claims neither authority nor proof that that does not, and its records live no longer than that said.`,
      (frame) => wrong.get(frame),
    )
  }),

  invariant('RFC5625-6.1-RANDOM', (evidence) => {
    const { judge, notApplicable, recording } = evidence
    const byUdp = ownQueries(evidence).filter(({ over }) => over === 'UDP')
    // A query that is asked again, or of several resolvers, may be the same one.
    const isSame = (one: DnsMessage, other: DnsMessage) => one.dns.id === other.dns.id && asked(one) === asked(other)
    const queries = byUdp.filter((query, index) => !byUdp.slice(0, index).some((one) => isSame(one, query)))
    if (queries.length < enough)
      return notApplicable(
        claim`The router sends fewer than ${enough} queries by UDP here.`,
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
        claim`The ${the.name(what)} of its ${queries.length} queries can't be guessed from the ones before.`,
        found ?? claim``,
        ...looked,
      )
    }
  }),
]
