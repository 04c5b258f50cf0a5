import { claim, type Evidence, type Judgement, on, requirement, the } from 'denat'
import { informationAsked, refreshed, statelessLine } from '../../scenarios/stateless-line.ts'
import { asksFor, information, refresh, unanswered } from '../../shared/information.ts'

/** A later refresh does not follow from the time in the Reply. Seconds. */
const late = 60

/** A client may be late by INF_MAX_DELAY, but early by rounding only. Seconds. */
const rounding = 1

/** The refresh after a Reply with this Information Refresh Time, in seconds. */
function refreshAfter(evidence: Evidence, refreshTime: number) {
  const { given, at, every } = evidence
  unanswered(evidence)
  given(at(informationAsked).answered, information)
  const isOfTime = ({ told }: { told: number }) => told === refreshTime
  given(every(refreshed).find(isOfTime)?.mark, refresh)
  const { reply, again, due, mark } = at(refreshed, isOfTime)
  return { reply: given(reply, refresh), again, due, over: mark }
}

const notBefore: Judgement = (evidence) => {
  const { reply, again, due } = refreshAfter(evidence, 60)
  const early = evidence.given(again, refresh)
  evidence.judge.within(
    early.at - reply.at,
    { min: due - rounding, max: Number.POSITIVE_INFINITY, why: claim`IRT_MINIMUM is 600 s, RFC 9915 section 21.23` },
    claim`The router treats an Information Refresh Time of 60 s as 600 s.`,
    reply,
    early,
  )
}

const comesAt =
  (refreshTime: number): Judgement =>
  (evidence) => {
    const { judge } = evidence
    const { reply, over, again, due } = refreshAfter(evidence, refreshTime)
    const expected = claim`After a Reply with an Information Refresh Time of ${the.seconds(refreshTime)} the router sends Information-request again.`
    const next = judge.found(again, over, expected, reply)
    judge.within(
      next.at - reply.at,
      {
        min: due - rounding,
        max: due + late,
        why: claim`${the.seconds(due)} (IRT_MINIMUM is 600 s, RFC 8415 section 21.23), and a minute`,
      },
      claim`The router sends the refresh at that time.`,
      reply,
      next,
    )
  }

export const requirements = [
  requirement(refresh, {
    // RFC 9915 section 21.23: a client that sends an Information-request MUST request the option, and MUST NOT use less than
    // IRT_MINIMUM. The refresh itself is a SHOULD.
    'asked for': on(statelessLine, asksFor(32, claim`Information Refresh Time`), { level: 'MUST' }),
    'at the least 600 s': on(statelessLine, notBefore, { level: 'MUST' }),
    'after 600 s': on(statelessLine, comesAt(60)),
    'as told': on(statelessLine, comesAt(660)),
  }),
]
