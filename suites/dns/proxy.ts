import { type Evidence, type Frame, requirement } from 'denat'
import { dnsQuestions } from '../scenarios/dns-questions.ts'
import { ipv6OnlyLine } from '../scenarios/ipv6-only-line.ts'
import { type DnsMessage, queries, recordsOf, responses } from './messages.ts'
import { resolverIsUp } from './resolver-up.ts'

/** What a host was answered, complete. */
function answerTo({ lan }: Evidence, name: string, type: string, frame: Frame): DnsMessage | undefined {
  return responses(lan.of('host').fromDut, name, type).find((one) => one.frame.number === frame.number)
}

const flag = ({ dns }: DnsMessage, name: string): boolean => dns.flags.split('+').includes(name)

const truncated = 'TC flag beside records by UDP'
const besideTc = 'records beside a TC flag by UDP'

requirement(
  'RFC8585-L-1',
  {
    cases: Object.fromEntries([...Object.keys(dnsQuestions), besideTc].map((what) => [what, ipv6OnlyLine])),
    // RFC 5625 section 4: to be as transparent as possible is RECOMMENDED; section 4.4 forbids only that TC goes.
    levels: { [besideTc]: 'SHOULD' },
  },
  (evidence) => {
    const { case: what, lan, wan, judge, given, assume, did, marks, framesOf, notApplicable } = evidence
    const asked = what === besideTc ? truncated : what
    const { name = '', type = '', tcp, edns } = dnsQuestions[asked] ?? {}
    did('announced', (mark) => mark.data?.when === 'online')
    const works = marks('announced-resolver').flatMap(framesOf)[0]
    given(works, 'RFC7084-DNS-LOCAL')
    const step = did('dns-question', (mark) => mark.data?.what === asked)
    assume(resolverIsUp(evidence, step), 'DENAT-V6ONLY-WAN')
    const question = queries(lan.of('host').toDut, name, type)[0]?.frame
    const frame = judge.found(
      framesOf(step)[0],
      step,
      `A question (${what}) is answered.`,
      ...(question ? [question] : []),
    )
    const said = responses(wan.toDut, name, type)
    // A proxy may ask by TCP what it was asked by UDP, or the other way round; what was truncated is no whole answer.
    const upstream = said.findLast((one) => !flag(one, 'tc')) ?? said.at(-1)
    judge.found(upstream?.frame, step, "The question reached the ISP's resolver, which answered it.", frame)
    if (!upstream) return
    const answer = answerTo(evidence, name, type, frame)
    if (!answer) return judge.holds(false, 'The answer can be read.', 'a message that makes no sense', frame)
    if (what.startsWith('TC flag')) {
      judge.holds(
        flag(answer, 'tc') && frame.packet.payload !== undefined && frame.packet.payload.length <= 512,
        'What does not fit into 512 octets is marked as truncated (TC).',
        `${frame.packet.payload?.length} octets, flags ${answer.dns.flags}`,
        upstream.frame,
        frame,
      )
      return
    }
    if (what === besideTc) {
      // Who truncates by itself what it was answered whole chooses what is left of it.
      if (!flag(upstream, 'tc'))
        return notApplicable("The ISP's resolver was asked so that its answer is whole.", upstream.frame)
      return judge.holds(
        recordsOf(answer.dns) === recordsOf(upstream.dns),
        "The records that came with TC are passed on as the ISP's resolver sent them (RFC 5625 section 4).",
        recordsOf(answer.dns).slice(0, 200) || 'none: the answer was emptied, and is to be had by TCP alone',
        upstream.frame,
        frame,
      )
    }
    judge.equal(answer.dns.rcode, upstream.dns.rcode, "The code is that of the ISP's resolver", upstream.frame, frame)
    judge.holds(!flag(answer, 'tc'), 'The answer is whole.', `TC is set, flags ${answer.dns.flags}`, frame)
    judge.holds(
      recordsOf(answer.dns) === recordsOf(upstream.dns),
      "The records are those of the ISP's resolver.",
      recordsOf(answer.dns).slice(0, 200) || `none, flags ${answer.dns.flags}`,
      upstream.frame,
      frame,
    )
    const passed = queries(wan.fromDut, name, type)
    if (edns?.dnssecOk)
      judge.holds(
        passed.some(({ dns }) => dns.edns?.dnssecOk === true),
        "The DO bit reaches the ISP's resolver.",
        'a question without it',
        ...(question ? [question] : []),
        ...passed.map((one) => one.frame),
      )
    if (what.startsWith('CD flag'))
      judge.holds(
        passed.some((one) => flag(one, 'cd')),
        "The CD flag reaches the ISP's resolver.",
        'a question without it',
        ...(question ? [question] : []),
        ...passed.map((one) => one.frame),
      )
    if (tcp) judge.note(`The ISP's resolver was asked by ${passed.map(({ over }) => over).join(' and ')}.`, frame)
  },
)

/** Beyond the share of the policy: what the bench adds. Seconds. */
const jitter = 0.05

requirement('DENAT-DNS-AAAA-RATIO', ipv6OnlyLine, (evidence) => {
  const { recording, judge, given, assume, did, marks, framesOf } = evidence
  did('announced', (mark) => mark.data?.when === 'online')
  given(marks('announced-resolver')[0], 'RFC7084-L-11')
  did('without-ipv4')
  const names = marks('dual-stack-name')
  given(marks('announced-resolver').flatMap(framesOf)[0], 'RFC7084-DNS-LOCAL')
  if (names[0]) assume(resolverIsUp(evidence, names[0]), 'DENAT-V6ONLY-WAN')
  const frame = (number: unknown) => (typeof number === 'number' ? recording.frames[number - 1] : undefined)
  const times = (kind: 'a' | 'aaaa'): { name: unknown; seconds: number; frame: Frame }[] =>
    names.flatMap((mark) => {
      // Recordings from before name the questions by position, and the answers in the data.
      const question = frame(mark.named?.[kind === 'a' ? 'askedA' : 'askedAaaa'] ?? mark.frames?.[kind === 'a' ? 0 : 1])
      const answer = frame(mark.named ? mark.named[kind] : mark.data?.[kind])
      const wanted = kind === 'a' ? 'A' : 'AAAA'
      if (!question || !answer?.packet.dns?.answers.some(({ type }) => type === wanted)) return []
      return [{ name: mark.data?.name, seconds: answer.at - question.at, frame: answer }]
    })
  const a = times('a')
  const aaaa = times('aaaa')
  const lost = names.find(
    (mark) => a.some(({ name }) => name === mark.data?.name) && !aaaa.some(({ name }) => name === mark.data?.name),
  )
  judge.holds(
    aaaa.length >= a.length && aaaa.length > 0,
    `Of ${names.length} names that have both, AAAA is answered as often as A.`,
    `A ${a.length} times, AAAA ${aaaa.length} times${lost ? `, and not for ${lost.data?.name}` : ''}`,
    ...(names.slice(0, 5) as [(typeof names)[0]]),
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
