import { claim, dhcpv6Of, dhcpv6OptionCode, dhcpv6OptionsOf, type Evidence, invariant, statusOf, the } from 'denat'
import { type Answered, leasesIn, mayChangeAnswers, serverAnswers } from '../../shared/server-answers.ts'

/** What the server has for hosts, of the line or of its own. */
const configuration = [
  'dns-servers',
  'domain-list',
  'sntp-servers',
  'ntp-server',
  'sip-servers',
  'sip-domains',
] as const

type Configuration = (typeof configuration)[number]

/** An option that it sends to one client within this time before and after is available for another client as well. Seconds. */
const near = 60

const asks = ({ question }: Answered, name: Configuration): boolean =>
  dhcpv6OptionsOf(question, 'oro').some(({ codes }) => codes.includes(dhcpv6OptionCode(name)))

const gives = ({ answer }: Answered, name: Configuration): boolean => dhcpv6OptionsOf(answer, name).length > 0

/** A refusal need not hold more than its status: RFC 9915 sections 18.3.2 and 18.3.9. */
const isGranted = ({ question, answer }: Answered): boolean =>
  statusOf(dhcpv6Of(answer)) === 0 &&
  (dhcpv6Of(question).type === 'information-request' || leasesIn(answer).some((lease) => lease.validLifetime > 0))

/** The server has this for hosts before an answer, and has it still after it. */
function isKept(
  name: Configuration,
  { answer, link }: Answered,
  all: readonly Answered[],
  evidence: Evidence,
): boolean {
  const given = all.filter((one) => one.link === link && gives(one, name))
  const before = given.findLast((one) => one.answer.number < answer.number)?.answer.at ?? Number.NEGATIVE_INFINITY
  const after = given.find((one) => one.answer.number > answer.number)?.answer.at ?? Number.POSITIVE_INFINITY
  if (answer.at - before > near || after - answer.at > near) return false
  const isBetween = ({ at }: { at: number }) => at >= before && at <= after
  return (
    !evidence.recording.marks.some((mark) => mayChangeAnswers(mark) && isBetween(mark)) &&
    !evidence.wan.toDut.all({ dhcp6: { type: 'reply' } }).some(isBetween)
  )
}

export const requirements = [
  invariant('RFC9915-18.3-ASKED', (evidence) => {
    const { judge, notApplicable, recording } = evidence
    const all = serverAnswers(evidence)
    const wrong = new Map(
      all.filter(isGranted).flatMap((one) => {
        const kept = configuration.filter((name) => asks(one, name) && isKept(name, one, all, evidence))
        return kept.length > 0 ? [[one.answer, kept.find((name) => !gives(one, name))] as const] : []
      }),
    )
    if (wrong.size === 0)
      return notApplicable(
        claim`No client requests an option that the DHCPv6 server of the LAN sends to other clients before and after.`,
        ...recording.frames.slice(0, 1),
      )
    judge.each(
      [...wrong.keys()],
      claim`A response of the LAN server contains the options that its client requests, where the server has them.`,
      (frame) => {
        const missing = wrong.get(frame)
        return missing && claim`no ${the.name(missing)}`
      },
    )
  }),
]
