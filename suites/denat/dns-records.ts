import { claim, type Evidence, type Frame, type Marked, requirement, the } from 'denat'
import { ipv6OnlyLine } from '../scenarios/ipv6-only-line.ts'
import { answeringResolver } from '../shared/answering-resolver.ts'
import { resolverIsUp } from '../shared/resolver-up.ts'
import { announced, announcedResolver, dualStackName } from '../steps/dns-questions.ts'
import { withoutIpv4 } from '../steps/name-service.ts'

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

export const requirements = [
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
      claim`For ${names.length} names that have both records, the router answers AAAA queries as often as A queries.`,
      claim`A: ${a.length} answers, AAAA: ${aaaa.length} answers${lost ? claim`, not for ${the.name(lost.name)}` : claim``}`,
      ...names.slice(0, 5).map(({ mark }) => mark),
    )
    const p95 = (of: typeof a) =>
      of.map(({ seconds }) => seconds).sort((x, y) => x - y)[Math.floor(0.95 * (of.length - 1))] ?? 0
    const slowest = aaaa.reduce((x, y) => (x.seconds > y.seconds ? x : y))
    judge.goal(
      p95(aaaa) <= 1.1 * p95(a) + jitter,
      claim`The 95th percentile of the response time for AAAA exceeds that for A by at most 10 %.`,
      claim`A: ${the.decimal(1000 * p95(a), 0)} ms, AAAA: ${the.decimal(1000 * p95(aaaa), 0)} ms`,
      slowest.frame,
    )
  }),
]
