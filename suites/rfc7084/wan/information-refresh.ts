import { claim, type Evidence, type Judgement, on, requirement, the } from 'denat'
import { informationAsked, refreshed, statelessLine } from '../../scenarios/stateless-line.ts'
import { asksFor, information, refresh, unanswered } from '../../shared/information.ts'

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
    { min: due - rounding, max: Number.POSITIVE_INFINITY, why: claim`IRT_MINIMUM is 600 s, RFC 9915 section 21.23` },
    claim`An Information Refresh Time of 60 s is taken for one of 600 s.`,
    reply,
    early,
  )
}

const comesAt =
  (told: number): Judgement =>
  (evidence) => {
    const { judge } = evidence
    const { reply, over, again, due } = refreshAfter(evidence, told)
    const expected = claim`After an Information Refresh Time of ${the.seconds(told)} information is asked for again.`
    const next = judge.found(again, over, expected, reply)
    judge.within(
      next.at - reply.at,
      {
        min: due - rounding,
        max: due + late,
        why: claim`${the.seconds(due)} (IRT_MINIMUM is 600 s, RFC 8415 section 21.23), and a minute`,
      },
      claim`The refresh comes at its time.`,
      reply,
      next,
    )
  }

export const requirements = [
  requirement(refresh, {
    // RFC 9915 section 21.23: who sends an Information-request MUST ask for the option, and MUST NOT use less than
    // IRT_MINIMUM. To refresh at all is a SHOULD.
    'asked for': on(statelessLine, asksFor(32, claim`Information Refresh Time`), { level: 'MUST' }),
    'at the least 600 s': on(statelessLine, notBefore, { level: 'MUST' }),
    'after 600 s': on(statelessLine, comesAt(60)),
    'as told': on(statelessLine, comesAt(660)),
  }),
]
