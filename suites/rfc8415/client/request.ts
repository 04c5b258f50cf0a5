import { claim, dhcpv6, type Evidence, type Frame, type Judgement, on, requirement, the } from 'denat'
import { firstRequest, givenUp, patience } from '../../scenarios/patience.ts'
import { offered, served, unansweredRequest } from '../../scenarios/unanswered-request.ts'
import {
  benchDelay,
  cappedAt,
  judgeFirst,
  judgeNext,
  type Timeout,
  timeouts,
  transmissions,
} from '../../shared/exchange.ts'
import { requestTimes, solicit } from './solicit.ts'

const request = 'RFC8415-18.2.2-REQUEST'

/** The Requests of the exchange that `unansweredRequest` left without an answer. */
function unanswered({ wan, given, at }: Evidence): { first: Frame; gaps: Timeout[] } {
  const { mark } = at(offered)
  const first = given(wan.fromDut.first(dhcpv6('request', { iaPd: {} }), { after: mark }), 'RFC7084-W-4')
  return { first, gaps: timeouts(transmissions(wan.fromDut, first)) }
}

const firstRequestTimeout: Judgement = (evidence) => {
  const { first, gaps } = unanswered(evidence)
  judgeFirst(evidence, gaps, requestTimes, first)
}

const requestsDouble: Judgement = (evidence) => {
  // 1, 2, 4, 8 and 16 s, give or take: none of them can reach REQ_MAX_RT.
  const uncapped = unanswered(evidence).gaps.slice(0, 5)
  evidence.given(uncapped[1]?.frame, request)
  judgeNext(evidence, uncapped, requestTimes)
}

const acceptsLateReply: Judgement = (evidence) => {
  unanswered(evidence)
  const { online, mark } = evidence.at(served)
  const expected = claim`The client accepts a Reply that arrives after seven seconds without an answer: a host gets online.`
  evidence.judge.found(online, mark, expected)
}

/** The Requests without an answer. After REQ_MAX_RC transmissions the exchange has failed. */
function untilStopped({ wan, given, at }: Evidence) {
  given(wan.fromDut.first(dhcpv6('solicit', { iaPd: {} })), 'RFC7084-W-4')
  const first = given(at(firstRequest).request, solicit)
  const sent = transmissions(wan.fromDut, first)
  return { first, sent, last: sent.at(-1) ?? first, over: at(givenUp) }
}

const triesAgain: Judgement = (evidence) => {
  const { last, over } = untilStopped(evidence)
  evidence.judge.found(
    over.solicit ?? evidence.wan.fromDut.first(dhcpv6('request'), { after: last, before: over.mark }),
    over.mark,
    claim`After REQ_MAX_RC transmissions of a Request without an answer the client restarts with Solicit, or uses another server.`,
    last,
  )
}

const { mrc, mrt } = requestTimes

const tenTimes: Judgement = (evidence) => {
  const { first, last, sent } = untilStopped(evidence)
  evidence.judge.holds(
    // The section mixes transmissions and retransmissions in one paragraph: one more is no defect.
    sent.length === mrc || sent.length === mrc + 1,
    claim`The client sends a Request without a Reply REQ_MAX_RC (${mrc}) times.`,
    claim`${sent.length} transmissions`,
    first,
    last,
  )
  evidence.judge.note(claim`${sent.length} transmissions.`, last)
}

const requestsAreCapped: Judgement = (evidence) => {
  const { judge, wan } = evidence
  const { first, last, sent, over } = untilStopped(evidence)
  // 1, 2, 4, 8 and 16 s are below REQ_MAX_RT.
  const capped = timeouts(sent).slice(6)
  judge.found(
    capped[0]?.frame,
    over.mark,
    claim`The client sends Request at least eight times: REQ_MAX_RC is ${mrc}.`,
    first,
    last,
  )
  for (const { index, previous, frame, seconds } of capped)
    judge.within(
      seconds,
      { ...cappedAt(mrt), why: claim`REQ_MAX_RT ${the.seconds(mrt)} +-10 %; ${benchDelay(wan)}` },
      claim`Timeout ${index} is REQ_MAX_RT.`,
      previous,
      frame,
    )
}

export const requirements = [
  requirement(request, {
    'first timeout': on(unansweredRequest, firstRequestTimeout),
    doubling: on(unansweredRequest, requestsDouble),
    'cap of 30 s': on(patience, requestsAreCapped),
    'accepts a late Reply': on(unansweredRequest, acceptsLateReply),
    'ten times': on(patience, tenTimes),
    'then another try': on(patience, triesAgain),
  }),
]
