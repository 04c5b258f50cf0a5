import { type Evidence, type Frame, inPrefix, isUla, ndOptionsOf, ra, requirement } from 'denat'
import { delegatedPrefixes } from '../delegation/askers.ts'
import { ipv6OnlyLine } from '../scenarios/ipv6-only-line.ts'
import { nat64Prefix } from '../scenarios/nat64-prefix.ts'

/** Prefix Length Code of a /96: RFC 8781 section 4. */
const slash96 = 0

type Pref64 = ReturnType<typeof live>[number]

const isTheLines = ({ prefix, plc }: Pref64) => prefix === nat64Prefix && plc === slash96

const live = (frame: Frame) => ndOptionsOf(frame, 'pref64').filter(({ lifetime }) => lifetime > 0)

requirement(
  'RFC8781-4-PREF64',
  {
    cases: { 'prefix and length': ipv6OnlyLine, withdrawn: ipv6OnlyLine, 'withdrawn by lifetime 0': ipv6OnlyLine },
    // RFC 8781 says what the lifetime 0 means, and does not oblige a router to send it.
    levels: { 'withdrawn by lifetime 0': 'policy' },
  },
  (evidence) => {
    const { case: what, wan, lan, judge, given, did, notApplicable } = evidence
    did('later-without-ipv4')
    const heard = given(wan.toDut.first(ra({ pref64: {} })), 'RFC4861-6.3.7-RS')
    const [first] = lan.fromDut.all(ra(), { after: heard })
    const told = lan.fromDut.all(ra({ pref64: {} })).filter((frame) => live(frame).length > 0)
    if (told.length === 0)
      return notApplicable(
        'The line has a NAT64 prefix; the router tells its LAN of none.',
        heard,
        ...(first ? [first] : []),
      )
    if (what !== 'prefix and length') {
      const before = told.find((frame) => live(frame).some(isTheLines))
      return before
        ? withdrawn(evidence)
        : notApplicable('The router tells its LAN of other NAT64 prefixes only.', ...told.slice(0, 1))
    }
    const delegated = delegatedPrefixes(evidence)
    // A router may translate by itself, in a prefix of its own.
    const isOwn = (prefix: string) => isUla(prefix) || delegated.some((outer) => inPrefix(prefix, outer))
    judge.each(told, `Each NAT64 prefix that the LAN is told of is the ${nat64Prefix}/96 of the line.`, (frame) => {
      const other = live(frame).find((one) => !isTheLines(one) && !isOwn(one.prefix))
      return other && `${other.prefix} with Prefix Length Code ${other.plc}`
    })
  },
)

function withdrawn({ case: what, lan, judge, given, did, framesOf }: Evidence): void {
  const [told, asked, answer] = framesOf(did('nat64-withdrawn'))
  const isStale = (frame: Frame) => live(frame).some(isTheLines)
  const fence = given(answer, 'RFC7084-L-1')
  if (what === 'withdrawn') {
    judge.holds(
      !isStale(fence),
      'The LAN is not told any more of a NAT64 prefix that the line took back.',
      'it is',
      fence,
    )
    return
  }
  given(isStale(fence) ? undefined : fence, 'RFC8781-4-PREF64')
  const zero = lan.fromDut.first(ra({ pref64: { prefix: nat64Prefix, lifetime: 0 } }), { after: told ?? fence })
  judge.goal(
    zero !== undefined,
    'Hosts are told by lifetime 0 that it is gone.',
    'it is left out',
    asked ?? fence,
    fence,
  )
}
