import {
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  type Judgement,
  on,
  requirement,
  retransmissionTimes,
} from 'denat'
import { capped, informationAsked, refreshed, statelessLine } from '../scenarios/stateless-line.ts'
import { benchDelay, cappedAt, judgeFirst, judgeNext, timeouts, transmissions } from './exchange.ts'

const times = retransmissionTimes['information-request']

const information = 'RFC8415-18.2.6-INFORMATION'
const refresh = 'RFC7084-WAA-10'

/** The Information-requests that got no answer. Not every router sends any where it gets no lease. */
function unanswered({ wan, given, at, notApplicable }: Evidence): [Frame, ...Frame[]] {
  const { first, mark } = at(informationAsked)
  const solicit = given(wan.fromDut.first(dhcpv6('solicit')) ?? first, 'RFC7084-WPD-4')
  if (!first) return notApplicable('Where it gets no lease the router sends no Information-request.', solicit, mark)
  return [first, ...transmissions(wan.fromDut, first).slice(1)]
}

/** The options that each Information-request asks for. */
const requested = (frame: Frame): number[] => dhcpv6OptionsOf(frame, 'oro').flatMap(({ codes }) => codes)

const asksFor =
  (code: number, name: string): Judgement =>
  (evidence) => {
    unanswered(evidence)
    evidence.judge.each(
      evidence.wan.fromDut.all(dhcpv6('information-request')),
      `Each Information-request asks for ${name} (option ${code}).`,
      (frame) => (requested(frame).includes(code) ? undefined : `ORO ${requested(frame).join(', ') || 'absent'}`),
    )
  }

const firstTimeout: Judgement = (evidence) => {
  const sent = unanswered(evidence)
  judgeFirst(evidence, timeouts(sent), times, sent[0])
}

const timeoutsDouble: Judgement = (evidence) => {
  const gaps = timeouts(unanswered(evidence))
  evidence.given(gaps[1]?.frame, information)
  judgeNext(evidence, gaps, times)
}

const goesOn: Judgement = (evidence) => {
  const sent = unanswered(evidence)
  const { answered, mark } = evidence.at(informationAsked)
  evidence.judge.found(
    answered,
    mark,
    'An Information-request that nobody answers is sent again, six times in all at the least.',
    ...sent,
  )
}

/** The least value that INF_MAX_RT may have (RFC 8415 section 21.25): below it is ignored. Seconds. */
const leastCap = 60

/** The Reply with this INF_MAX_RT, and the last two transmissions of the refresh after it, which got no answer. */
function lastOfRefresh(evidence: Evidence, infMaxRt: number, after: number) {
  const { given, at, every } = evidence
  unanswered(evidence)
  given(at(informationAsked).answered, information)
  const refreshing = every(refreshed).find(({ told }) => told === after)
  given(refreshing?.again, refresh)
  const over = every(capped).find((one) => one.infMaxRt === infMaxRt)
  return {
    reply: given(refreshing?.reply, information),
    previous: given(over?.previous, information),
    last: given(over?.last, information),
  }
}

const isObeyed: Judgement = (evidence) => {
  const { reply, previous, last } = lastOfRefresh(evidence, leastCap, 660)
  evidence.judge.within(
    last.at - previous.at,
    { ...cappedAt(leastCap), why: `INF_MAX_RT ${leastCap} s +-10 %; ${benchDelay(evidence.wan)}` },
    'The timeout has grown up to INF_MAX_RT of the Reply before, and no further.',
    reply,
    previous,
    last,
  )
}

const isIgnored: Judgement = (evidence) => {
  const { reply, previous, last } = lastOfRefresh(evidence, 59, 60)
  evidence.judge.within(
    last.at - previous.at,
    {
      min: cappedAt(leastCap).max,
      max: Number.POSITIVE_INFINITY,
      why: `twice the one before, as INF_MAX_RT is 3600 s still; ${benchDelay(evidence.wan)}`,
    },
    'An INF_MAX_RT of 59 is ignored: it is not within 60 to 86400 s.',
    reply,
    previous,
    last,
  )
}

requirement(information, {
  'first timeout': on(statelessLine, firstTimeout),
  doubling: on(statelessLine, timeoutsDouble),
  'goes on': on(statelessLine, goesOn),
  'INF_MAX_RT asked for': on(statelessLine, asksFor(83, 'INF_MAX_RT')),
  'INF_MAX_RT of 60 s': on(statelessLine, isObeyed),
  'INF_MAX_RT of 59 s': on(statelessLine, isIgnored),
})

/** Later than that the refresh was not driven by the time that the Reply gave. Seconds. */
const late = 60
/** INF_MAX_DELAY may come before the first transmission; before the time itself there is rounding alone. Seconds. */
const rounding = 1

/** The refresh after a Reply with this Information Refresh Time. */
function refreshAfter(evidence: Evidence, told: number) {
  const { given, at, every } = evidence
  unanswered(evidence)
  given(at(informationAsked).answered, information)
  const isTold = (one: { told: number }) => one.told === told
  given(every(refreshed).find(isTold)?.mark, refresh)
  const { reply, again, due, mark } = at(refreshed, isTold)
  return { reply: given(reply, refresh), again, due, over: mark }
}

const notBefore: Judgement = (evidence) => {
  const { reply, again, due } = refreshAfter(evidence, 60)
  const early = evidence.given(again, refresh)
  evidence.judge.within(
    early.at - reply.at,
    { min: due - rounding, max: Number.POSITIVE_INFINITY, why: 'IRT_MINIMUM is 600 s, RFC 9915 section 21.23' },
    'An Information Refresh Time of 60 s is taken for one of 600 s.',
    reply,
    early,
  )
}

const comesAt =
  (told: number): Judgement =>
  (evidence) => {
    const { judge } = evidence
    const { reply, over, again, due } = refreshAfter(evidence, told)
    const claim = `After an Information Refresh Time of ${told} s information is asked for again.`
    const next = judge.found(again, over, claim, reply)
    judge.within(
      next.at - reply.at,
      {
        min: due - rounding,
        max: due + late,
        why: `${due} s (IRT_MINIMUM is 600 s, RFC 8415 section 21.23), and a minute`,
      },
      'The refresh comes at its time.',
      reply,
      next,
    )
  }

requirement(refresh, {
  // RFC 9915 section 21.23: who sends an Information-request MUST ask for the option, and MUST NOT use less than
  // IRT_MINIMUM. To refresh at all is a SHOULD.
  'asked for': on(statelessLine, asksFor(32, 'Information Refresh Time'), { level: 'MUST' }),
  'at the least 600 s': on(statelessLine, notBefore, { level: 'MUST' }),
  'after 600 s': on(statelessLine, comesAt(60)),
  'as told': on(statelessLine, comesAt(660)),
})
