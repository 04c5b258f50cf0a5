import { claim, type Evidence, type Judgement, on, requirement, retransmissionTimes, the } from 'denat'
import { capped, informationAsked, refreshed, statelessLine } from '../../scenarios/stateless-line.ts'
import { benchDelay, cappedAt, judgeFirst, judgeNext, timeouts } from '../../shared/exchange.ts'
import { asksFor, information, refresh, unanswered } from '../../shared/information.ts'

const times = retransmissionTimes['information-request']

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
    claim`The client retransmits an Information-request without an answer: it sends at least six.`,
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

const isApplied: Judgement = (evidence) => {
  const { reply, previous, last } = lastOfRefresh(evidence, leastCap, 660)
  evidence.judge.within(
    last.at - previous.at,
    { ...cappedAt(leastCap), why: claim`INF_MAX_RT ${the.seconds(leastCap)} +-10 %; ${benchDelay(evidence.wan)}` },
    claim`The timeout grows up to the INF_MAX_RT of the previous Reply, and not beyond.`,
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
      why: claim`twice the previous one, as INF_MAX_RT is still 3600 s; ${benchDelay(evidence.wan)}`,
    },
    claim`The client ignores an INF_MAX_RT of 59: it is not within 60 to 86400 s.`,
    reply,
    previous,
    last,
  )
}

export const requirements = [
  requirement(information, {
    'first timeout': on(statelessLine, firstTimeout),
    doubling: on(statelessLine, timeoutsDouble),
    'goes on': on(statelessLine, goesOn),
    'INF_MAX_RT asked for': on(statelessLine, asksFor(83, claim`INF_MAX_RT`)),
    'INF_MAX_RT of 60 s': on(statelessLine, isApplied),
    'INF_MAX_RT of 59 s': on(statelessLine, isIgnored),
  }),
]
