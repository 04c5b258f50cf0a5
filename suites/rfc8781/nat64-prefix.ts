import {
  claim,
  type Evidence,
  type Frame,
  inPrefix,
  isUla,
  type Judgement,
  ndOptionsOf,
  on,
  ra,
  requirement,
  the,
} from 'denat'
import { ipv6OnlyLine, laterWithoutIpv4 } from '../scenarios/ipv6-only-line.ts'
import { delegatedPrefixes } from '../shared/askers.ts'
import { nat64Prefix, nat64Withdrawn } from '../steps/nat64-prefix.ts'

/** Prefix Length Code of a /96: RFC 8781 section 4. */
const slash96 = 0

type Pref64 = ReturnType<typeof live>[number]

const isTheLines = ({ prefix, plc }: Pref64) => prefix === nat64Prefix && plc === slash96

const live = (frame: Frame) => ndOptionsOf(frame, 'pref64').filter(({ lifetime }) => lifetime > 0)

/** RAs that advertise a NAT64 prefix; ends as not applicable where the router advertises none. */
function advertised({ wan, lan, given, at, notApplicable }: Evidence): [Frame, ...Frame[]] {
  at(laterWithoutIpv4)
  const received = given(wan.toDut.first(ra({ pref64: {} })), 'RFC4861-6.3.7-RS')
  const [first, ...others] = lan.fromDut.all(ra({ pref64: {} })).filter((frame) => live(frame).length > 0)
  if (first) return [first, ...others]
  const any = lan.fromDut.first(ra(), { after: received })
  return notApplicable(
    claim`The line has a NAT64 prefix; the router advertises no NAT64 prefix on its LAN.`,
    received,
    ...(any ? [any] : []),
  )
}

const isOfTheLine: Judgement = (evidence) => {
  const sent = advertised(evidence)
  const delegated = delegatedPrefixes(evidence)
  // A router may translate by itself, in a prefix of its own.
  const isOwn = (prefix: string) => isUla(prefix) || delegated.some((outer) => inPrefix(prefix, outer))
  evidence.judge.each(
    sent,
    claim`Each NAT64 prefix that is advertised on the LAN is the ${the.name(nat64Prefix)}/96 of the line.`,
    (frame) => {
      const other = live(frame).find((one) => !isTheLines(one) && !isOwn(one.prefix))
      return other && claim`${the.prefix(other.prefix)} with Prefix Length Code ${other.plc}`
    },
  )
}

/** The withdrawal by the line of a prefix that was advertised, and what a host was answered afterwards. */
function afterWithdrawal(evidence: Evidence) {
  const { at, given, notApplicable } = evidence
  const sent = advertised(evidence)
  if (!sent.some((frame) => live(frame).some(isTheLines)))
    notApplicable(claim`The router advertises only other NAT64 prefixes on its LAN.`, sent[0])
  const { answer, ...withdrawal } = at(nat64Withdrawn)
  const last = given(answer, 'RFC7084-L-1')
  return { ...withdrawal, last, isStale: live(last).some(isTheLines) }
}

const isWithdrawn: Judgement = (evidence) => {
  const { last, isStale } = afterWithdrawal(evidence)
  evidence.judge.holds(
    !isStale,
    claim`The router stops advertising a NAT64 prefix that the line has withdrawn.`,
    claim`it is advertised`,
    last,
  )
}

const isWithdrawnByZero: Judgement = (evidence) => {
  const { judge, assume, lan } = evidence
  const { sent, asked, last, isStale } = afterWithdrawal(evidence)
  assume(!isStale, 'RFC8781-4-PREF64')
  const zero = lan.fromDut.first(ra({ pref64: { prefix: nat64Prefix, lifetime: 0 } }), { after: sent ?? last })
  judge.goal(
    zero !== undefined,
    claim`An RA withdraws it on the LAN by lifetime 0.`,
    claim`RAs only leave it out`,
    asked ?? last,
    last,
  )
}

export const requirements = [
  requirement('RFC8781-4-PREF64', {
    'prefix and length': on(ipv6OnlyLine, isOfTheLine),
    withdrawn: on(ipv6OnlyLine, isWithdrawn),
    // RFC 8781 defines the meaning of lifetime 0, and does not require a router to send it.
    'withdrawn by lifetime 0': on(ipv6OnlyLine, isWithdrawnByZero, { level: 'policy' }),
  }),
]
