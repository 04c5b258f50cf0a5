import { dhcpv6, dhcpv6OptionsOf, type Evidence, type Frame, requirement, retransmissionTimes } from 'denat'
import { statelessLine } from '../scenarios/stateless-line.ts'
import { benchDelay, cappedAt, judgeFirst, judgeNext, timeouts, transmissions } from './exchange.ts'

const times = retransmissionTimes['information-request']

/** The Information-requests that got no answer. Not every router sends any where it gets no lease. */
function unanswered({ wan, given, did, framesOf, notApplicable }: Evidence): [Frame, ...Frame[]] {
  const asked = did('information-asked')
  const solicit = given(wan.fromDut.first(dhcpv6('solicit')) ?? framesOf(asked)[0], 'RFC7084-WPD-4')
  const [first] = framesOf(asked)
  if (!first) return notApplicable('Where it gets no lease the router sends no Information-request.', solicit, asked)
  return [first, ...transmissions(wan.fromDut, first).slice(1)]
}

/** The options that each Information-request asks for. */
const requested = (frame: Frame): number[] => dhcpv6OptionsOf(frame, 'oro').flatMap(({ codes }) => codes)

function asksFor(evidence: Evidence, code: number, name: string): void {
  unanswered(evidence)
  evidence.judge.each(
    evidence.wan.fromDut.all(dhcpv6('information-request')),
    `Each Information-request asks for ${name} (option ${code}).`,
    (frame) => (requested(frame).includes(code) ? undefined : `ORO ${requested(frame).join(', ') || 'absent'}`),
  )
}

requirement(
  'RFC8415-18.2.6-INFORMATION',
  {
    cases: {
      'first timeout': statelessLine,
      doubling: statelessLine,
      'goes on': statelessLine,
      'INF_MAX_RT asked for': statelessLine,
      'INF_MAX_RT of 60 s': statelessLine,
      'INF_MAX_RT of 59 s': statelessLine,
    },
  },
  (evidence) => {
    const { case: what, judge, given, did, framesOf } = evidence
    if (what === 'INF_MAX_RT asked for') return asksFor(evidence, 83, 'INF_MAX_RT')
    if (what.startsWith('INF_MAX_RT of')) return judgeCap(evidence, what.includes('60') ? 60 : 59)
    const sent = unanswered(evidence)
    const [first] = sent
    const gaps = timeouts(sent)
    if (what === 'first timeout') return judgeFirst(evidence, gaps, times, first)
    if (what === 'doubling') {
      given(gaps[1]?.frame, 'RFC8415-18.2.6-INFORMATION')
      return judgeNext(evidence, gaps, times)
    }
    const asked = did('information-asked')
    judge.found(
      framesOf(asked)[1],
      asked,
      'An Information-request that nobody answers is sent again, six times in all at the least.',
      ...sent,
    )
  },
)

/** The least value that INF_MAX_RT may have (RFC 8415 section 21.25): below it is ignored. Seconds. */
const leastCap = 60

function judgeCap(evidence: Evidence, value: number): void {
  const { judge, given, did, marks, framesOf, wan } = evidence
  unanswered(evidence)
  given(framesOf(did('information-asked'))[1], 'RFC8415-18.2.6-INFORMATION')
  const due = value < leastCap ? 60 : 660
  const refreshed = marks('refreshed').find(({ data }) => data?.told === due)
  const [told] = refreshed ? framesOf(refreshed) : []
  given(refreshed && framesOf(refreshed)[1], 'RFC7084-WAA-10')
  const capped = marks('capped').find(({ data }) => data?.infMaxRt === value)
  const [previous, last] = capped ? framesOf(capped) : []
  const begun = given(previous, 'RFC8415-18.2.6-INFORMATION')
  const end = given(last, 'RFC8415-18.2.6-INFORMATION')
  const reply = given(told, 'RFC8415-18.2.6-INFORMATION')
  const cap = cappedAt(leastCap)
  const delay = benchDelay(wan)
  if (value < leastCap)
    judge.within(
      end.at - begun.at,
      {
        min: cap.max,
        max: Number.POSITIVE_INFINITY,
        why: `twice the one before, as INF_MAX_RT is 3600 s still; ${delay}`,
      },
      `An INF_MAX_RT of ${value} is ignored: it is not within 60 to 86400 s.`,
      reply,
      begun,
      end,
    )
  else
    judge.within(
      end.at - begun.at,
      { ...cap, why: `INF_MAX_RT ${value} s +-10 %; ${delay}` },
      'The timeout has grown up to INF_MAX_RT of the Reply before, and no further.',
      reply,
      begun,
      end,
    )
}

/** Later than that the refresh was not driven by the time that was told. Seconds. */
const late = 60
/** INF_MAX_DELAY may come before the first transmission; before the time itself there is rounding alone. Seconds. */
const rounding = 1

/** The refresh that each case is about, by what the Reply told. */
const refreshes = { 'at the least 600 s': 60, 'after 600 s': 60, 'as told': 660 }

requirement(
  'RFC7084-WAA-10',
  {
    cases: {
      'asked for': statelessLine,
      'at the least 600 s': statelessLine,
      'after 600 s': statelessLine,
      'as told': statelessLine,
    },
    // RFC 9915 section 21.23: who sends an Information-request MUST ask for the option, and MUST NOT use less than
    // IRT_MINIMUM. To refresh at all is a SHOULD.
    levels: { 'asked for': 'MUST', 'at the least 600 s': 'MUST' },
  },
  (evidence) => {
    const { case: what, judge, given, did, marks, framesOf } = evidence
    if (what === 'asked for') return asksFor(evidence, 32, 'Information Refresh Time')
    unanswered(evidence)
    given(framesOf(did('information-asked'))[1], 'RFC8415-18.2.6-INFORMATION')
    const told = refreshes[what as keyof typeof refreshes]
    const mark = marks('refreshed').find(({ data }) => data?.told === told)
    const refreshed = given(mark && framesOf(mark).length > 0 ? mark : undefined, 'RFC7084-WAA-10')
    const [known, again] = framesOf(refreshed) as [Frame, Frame?]
    const due = Number(refreshed.data?.due)
    if (what === 'at the least 600 s') {
      const early = given(again, 'RFC7084-WAA-10')
      return judge.within(
        early.at - known.at,
        { min: due - rounding, max: Number.POSITIVE_INFINITY, why: 'IRT_MINIMUM is 600 s, RFC 9915 section 21.23' },
        `An Information Refresh Time of ${told} s is taken for one of 600 s.`,
        known,
        early,
      )
    }
    const next = judge.found(
      again,
      refreshed,
      `After an Information Refresh Time of ${told} s information is asked for again.`,
      known,
    )
    judge.within(
      next.at - known.at,
      {
        min: due - rounding,
        max: due + late,
        why: `${due} s (IRT_MINIMUM is 600 s, RFC 8415 section 21.23), and a minute`,
      },
      'The refresh comes at its time.',
      known,
      next,
    )
  },
)
