import { type Claim, claim, type Evidence, type Frame, type Judgement, on, requirement, the } from 'denat'
import { ipv6OnlyLine } from '../scenarios/ipv6-only-line.ts'
import { answeringResolver } from '../shared/answering-resolver.ts'
import { type DnsMessage, queries, recordsOf, responses } from '../shared/dns-messages.ts'
import { resolverIsUp } from '../shared/resolver-up.ts'
import { dnsQuestion, dnsQuestions } from '../steps/dns-questions.ts'

const flag = ({ dns }: DnsMessage, name: string): boolean => dns.flags.split('+').includes(name)

/** A host's question, what the host was answered, and what the ISP's resolver had answered. */
interface Passed {
  question: Frame | undefined
  frame: Frame
  answer: DnsMessage
  upstream: DnsMessage
  /** Questions that reached the ISP. */
  queries: DnsMessage[]
}

function passed(evidence: Evidence, what: string): Passed {
  const { lan, wan, judge, assume, at, every, undecided } = evidence
  answeringResolver(evidence)
  const [other] = every(dnsQuestion)
  if (other && !every(dnsQuestion).some((one) => one.what === what))
    undecided(claim`This recording does not contain this query.`, other.mark)
  const step = at(dnsQuestion, (one) => one.what === what)
  const { name, type } = dnsQuestions[what] as (typeof dnsQuestions)[string]
  assume(resolverIsUp(evidence, step.mark, step.server), 'DENAT-V6ONLY-WAN')
  const question = queries(lan.of('host').toDut, name, type)[0]?.frame
  const frame = judge.found(
    step.answer,
    step.mark,
    claim`The proxy answers a query (${the.name(what)}).`,
    ...(question ? [question] : []),
  )
  const fromIsp = responses(wan.toDut, name, type)
  // A proxy may ask by TCP what it was asked by UDP, or the other way round; what was truncated is no whole answer.
  const upstream = fromIsp.findLast((one) => !flag(one, 'tc')) ?? fromIsp.at(-1)
  judge.found(upstream?.frame, step.mark, claim`The query reached the ISP's resolver, which answered it.`, frame)
  const answer = responses(lan.of('host').fromDut, name, type).find((one) => one.frame.number === frame.number)
  judge.holds(answer !== undefined, claim`The response can be decoded.`, claim`a malformed message`, frame)
  return {
    ...{ question, frame, queries: queries(wan.fromDut, name, type) },
    ...{ answer: answer as DnsMessage, upstream: upstream as DnsMessage },
  }
}

const isTruncated =
  (what: string): Judgement =>
  (evidence) => {
    const { frame, answer, upstream } = passed(evidence, what)
    evidence.judge.holds(
      flag(answer, 'tc') && frame.packet.payload !== undefined && frame.packet.payload.length <= 512,
      claim`A response that does not fit into 512 octets is marked as truncated (TC).`,
      claim`${frame.packet.payload?.length ?? the.name(undefined)} octets, flags ${the.name(answer.dns.flags)}`,
      upstream.frame,
      frame,
    )
  }

const truncated = 'TC flag beside records by UDP'

const keepsRecordsWithTc: Judgement = (evidence) => {
  const { judge, notApplicable } = evidence
  const { frame, answer, upstream } = passed(evidence, truncated)
  // A proxy that truncates a complete response itself chooses the records that are left.
  if (!flag(upstream, 'tc'))
    return notApplicable(claim`The query to the ISP's resolver permits a complete response.`, upstream.frame)
  judge.holds(
    recordsOf(answer.dns) === recordsOf(upstream.dns),
    claim`The proxy forwards the records of a truncated response as the ISP's resolver sent them (RFC 5625 section 4).`,
    recordsOf(answer.dns)
      ? claim`${the.text(recordsOf(answer.dns).slice(0, 200))}`
      : claim`none: the response has no records, and can be obtained only by TCP`,
    upstream.frame,
    frame,
  )
}

/** Something of the question that the ISP's resolver must see. */
interface Passing {
  claim: Claim
  isIn(query: DnsMessage): boolean
}

const isPassedOn =
  (what: string, passing?: Passing): Judgement =>
  (evidence) => {
    const { judge } = evidence
    const { question, frame, answer, upstream, queries: asked } = passed(evidence, what)
    judge.equal(
      answer.dns.rcode,
      upstream.dns.rcode,
      claim`The RCODE is that of the ISP's resolver`,
      upstream.frame,
      frame,
    )
    judge.holds(
      !flag(answer, 'tc'),
      claim`The response is complete.`,
      claim`TC is set, flags ${the.name(answer.dns.flags)}`,
      frame,
    )
    judge.holds(
      recordsOf(answer.dns) === recordsOf(upstream.dns),
      claim`The records are those of the ISP's resolver.`,
      recordsOf(answer.dns)
        ? claim`${the.text(recordsOf(answer.dns).slice(0, 200))}`
        : claim`none, flags ${the.name(answer.dns.flags)}`,
      upstream.frame,
      frame,
    )
    if (passing)
      judge.holds(
        asked.some(passing.isIn),
        passing.claim,
        claim`a query without it`,
        ...(question ? [question] : []),
        ...asked.map((one) => one.frame),
      )
    if (dnsQuestions[what]?.tcp)
      judge.note(
        claim`The ISP's resolver received the query by ${the.name(asked.map(({ over }) => over).join(' and '))}.`,
        frame,
      )
  }

const doBit: Passing = {
  claim: claim`The DO bit reaches the ISP's resolver.`,
  isIn: ({ dns }) => dns.edns?.dnssecOk === true,
}

const cdFlag: Passing = { claim: claim`The CD flag reaches the ISP's resolver.`, isIn: (one) => flag(one, 'cd') }

function judgementOf(what: string): Judgement {
  if (what.startsWith('TC flag')) return isTruncated(what)
  if (dnsQuestions[what]?.edns?.dnssecOk) return isPassedOn(what, doBit)
  return isPassedOn(what, dnsQuestions[what]?.flags?.includes('cd') ? cdFlag : undefined)
}

export const requirements = [
  requirement('RFC8585-L-1', {
    ...Object.fromEntries(Object.keys(dnsQuestions).map((what) => [what, on(ipv6OnlyLine, judgementOf(what))])),
    // RFC 5625 section 4: to be as transparent as possible is RECOMMENDED; section 4.4 forbids only that TC goes.
    'records beside a TC flag by UDP': on(ipv6OnlyLine, keepsRecordsWithTc, { level: 'SHOULD' }),
  }),
]
