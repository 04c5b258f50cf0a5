import { type Evidence, type Frame, type Judgement, type Marked, on, requirement } from 'denat'
import { announced, announcedResolver, dnsQuestion, dnsQuestions, dualStackName } from '../scenarios/dns-questions.ts'
import { ipv6OnlyLine } from '../scenarios/ipv6-only-line.ts'
import { withoutIpv4 } from '../scenarios/name-service.ts'
import { type DnsMessage, queries, recordsOf, responses } from './messages.ts'
import { resolverIsUp } from './resolver-up.ts'

const flag = ({ dns }: DnsMessage, name: string): boolean => dns.flags.split('+').includes(name)

/** An announced resolver that answers. */
function answeringResolver({ at, every, given }: Evidence): Frame {
  at(announced, ({ when }) => when === 'online')
  return given(every(announcedResolver).flatMap(({ answer }) => answer ?? [])[0], 'RFC7084-DNS-LOCAL')
}

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
  const { lan, wan, judge, assume, at, every, cannotTell } = evidence
  answeringResolver(evidence)
  const [other] = every(dnsQuestion)
  if (other && !every(dnsQuestion).some((one) => one.what === what))
    cannotTell('This was not asked when this was recorded.', other.mark)
  const step = at(dnsQuestion, (one) => one.what === what)
  const { name, type } = dnsQuestions[what] as (typeof dnsQuestions)[string]
  assume(resolverIsUp(evidence, step.mark, step.server), 'DENAT-V6ONLY-WAN')
  const question = queries(lan.of('host').toDut, name, type)[0]?.frame
  const frame = judge.found(
    step.answer,
    step.mark,
    `A question (${what}) is answered.`,
    ...(question ? [question] : []),
  )
  const said = responses(wan.toDut, name, type)
  // A proxy may ask by TCP what it was asked by UDP, or the other way round; what was truncated is no whole answer.
  const upstream = said.findLast((one) => !flag(one, 'tc')) ?? said.at(-1)
  judge.found(upstream?.frame, step.mark, "The question reached the ISP's resolver, which answered it.", frame)
  const answer = responses(lan.of('host').fromDut, name, type).find((one) => one.frame.number === frame.number)
  judge.holds(answer !== undefined, 'The answer can be read.', 'a message that makes no sense', frame)
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
      'What does not fit into 512 octets is marked as truncated (TC).',
      `${frame.packet.payload?.length} octets, flags ${answer.dns.flags}`,
      upstream.frame,
      frame,
    )
  }

const truncated = 'TC flag beside records by UDP'

const keepsRecordsBesideTc: Judgement = (evidence) => {
  const { judge, notApplicable } = evidence
  const { frame, answer, upstream } = passed(evidence, truncated)
  // Who truncates by itself what it was answered whole chooses what is left of it.
  if (!flag(upstream, 'tc'))
    return notApplicable("The ISP's resolver was asked so that its answer is whole.", upstream.frame)
  judge.holds(
    recordsOf(answer.dns) === recordsOf(upstream.dns),
    "The records that came with TC are passed on as the ISP's resolver sent them (RFC 5625 section 4).",
    recordsOf(answer.dns).slice(0, 200) || 'none: the answer was emptied, and is to be had by TCP alone',
    upstream.frame,
    frame,
  )
}

/** Something of the question that the ISP's resolver must see. */
interface Passing {
  claim: string
  isIn(query: DnsMessage): boolean
}

const isPassedOn =
  (what: string, passing?: Passing): Judgement =>
  (evidence) => {
    const { judge } = evidence
    const { question, frame, answer, upstream, queries: asked } = passed(evidence, what)
    judge.equal(answer.dns.rcode, upstream.dns.rcode, "The code is that of the ISP's resolver", upstream.frame, frame)
    judge.holds(!flag(answer, 'tc'), 'The answer is whole.', `TC is set, flags ${answer.dns.flags}`, frame)
    judge.holds(
      recordsOf(answer.dns) === recordsOf(upstream.dns),
      "The records are those of the ISP's resolver.",
      recordsOf(answer.dns).slice(0, 200) || `none, flags ${answer.dns.flags}`,
      upstream.frame,
      frame,
    )
    if (passing)
      judge.holds(
        asked.some(passing.isIn),
        passing.claim,
        'a question without it',
        ...(question ? [question] : []),
        ...asked.map((one) => one.frame),
      )
    if (dnsQuestions[what]?.tcp)
      judge.note(`The ISP's resolver was asked by ${asked.map(({ over }) => over).join(' and ')}.`, frame)
  }

const doBit: Passing = {
  claim: "The DO bit reaches the ISP's resolver.",
  isIn: ({ dns }) => dns.edns?.dnssecOk === true,
}
const cdFlag: Passing = { claim: "The CD flag reaches the ISP's resolver.", isIn: (one) => flag(one, 'cd') }

function judgementOf(what: string): Judgement {
  if (what.startsWith('TC flag')) return isTruncated(what)
  if (dnsQuestions[what]?.edns?.dnssecOk) return isPassedOn(what, doBit)
  return isPassedOn(what, dnsQuestions[what]?.flags?.includes('cd') ? cdFlag : undefined)
}

requirement('RFC8585-L-1', {
  ...Object.fromEntries(Object.keys(dnsQuestions).map((what) => [what, on(ipv6OnlyLine, judgementOf(what))])),
  // RFC 5625 section 4: to be as transparent as possible is RECOMMENDED; section 4.4 forbids only that TC goes.
  'records beside a TC flag by UDP': on(ipv6OnlyLine, keepsRecordsBesideTc, { level: 'SHOULD' }),
})

/** Beyond the share of the policy: what the bench adds. Seconds. */
const jitter = 0.05

type Names = Marked<{ name: string }, 'askedA' | 'a' | 'askedAaaa' | 'aaaa'>

/** The two questions and their answers. Recordings from before name the questions by position, and the answers in the data. */
function framesOfName({ recording }: Evidence, one: Names) {
  if (one.mark.named) return one
  const frame = (number: unknown) => (typeof number === 'number' ? recording.frames[number - 1] : undefined)
  const { frames = [], data } = one.mark
  return { askedA: frame(frames[0]), a: frame(data?.a), askedAaaa: frame(frames[1]), aaaa: frame(data?.aaaa) }
}

/** How long it took to be answered, where it was. */
function answeredIn(name: string, type: 'A' | 'AAAA', question?: Frame, answer?: Frame) {
  if (!question || !answer?.packet.dns?.answers.some((one) => one.type === type)) return []
  return [{ name, seconds: answer.at - question.at, frame: answer }]
}

requirement('DENAT-DNS-AAAA-RATIO', ipv6OnlyLine, (evidence) => {
  const { judge, given, assume, at, every } = evidence
  at(announced, ({ when }) => when === 'online')
  given(every(announcedResolver)[0]?.mark, 'RFC7084-L-11')
  at(withoutIpv4)
  const names = every(dualStackName)
  answeringResolver(evidence)
  const [first] = names
  if (!first) throw new TypeError('no name was asked for')
  assume(resolverIsUp(evidence, first.mark), 'DENAT-V6ONLY-WAN')
  const asked = names.map((one) => ({ ...framesOfName(evidence, one), name: one.name }))
  const a = asked.flatMap((one) => answeredIn(one.name, 'A', one.askedA, one.a))
  const aaaa = asked.flatMap((one) => answeredIn(one.name, 'AAAA', one.askedAaaa, one.aaaa))
  const lost = asked.find(({ name }) => a.some((one) => one.name === name) && !aaaa.some((one) => one.name === name))
  judge.holds(
    aaaa.length >= a.length && aaaa.length > 0,
    `Of ${names.length} names that have both, AAAA is answered as often as A.`,
    `A ${a.length} times, AAAA ${aaaa.length} times${lost ? `, and not for ${lost.name}` : ''}`,
    ...names.slice(0, 5).map(({ mark }) => mark),
  )
  const p95 = (of: typeof a) =>
    of.map(({ seconds }) => seconds).sort((x, y) => x - y)[Math.floor(0.95 * (of.length - 1))] ?? 0
  const slowest = aaaa.reduce((x, y) => (x.seconds > y.seconds ? x : y))
  judge.goal(
    p95(aaaa) <= 1.1 * p95(a) + jitter,
    'It is not slower: the 95th percentile is within 10 % of that of A.',
    `A ${(1000 * p95(a)).toFixed(0)} ms, AAAA ${(1000 * p95(aaaa)).toFixed(0)} ms`,
    slowest.frame,
  )
})
