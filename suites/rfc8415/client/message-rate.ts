import {
  type Claim,
  claim,
  type Evidence,
  type Frame,
  invariant,
  type Judgement,
  type MarkType,
  on,
  requirement,
  the,
} from 'denat'
import { patience, patienceOver, refused, refusing, unusable } from '../../scenarios/patience.ts'
import { clientMessages } from '../../shared/client-messages.ts'
import { busiestOf } from '../../shared/frames.ts'
import { countOf, rate } from '../../shared/message-rate.ts'

function judgeRate({ judge }: Evidence, sent: readonly Frame[], where: Claim): void {
  const busiest = busiestOf(sent, rate.seconds)
  const seen = countOf(busiest)
  const [first, ...rest] = busiest as [Frame, ...Frame[]]
  judge.holds(
    busiest.length <= rate.worst,
    claim`The rate of the client's messages is limited: ${where}no ${the.seconds(rate.seconds)} contain more than ${rate.worst}.`,
    seen,
    first,
    ...rest.slice(0, 5),
  )
  judge.note(claim`At most ${seen}.`, first)
}

const isLimited =
  (loop: Claim, begin: MarkType<object, 'request'>, end: MarkType<object, never>): Judgement =>
  (evidence) => {
    const { given, at } = evidence
    const first = given(at(begin).request, 'RFC8415-18.2.2-REQUEST')
    const sent = [first, ...clientMessages(evidence, { after: first, before: at(end).mark })]
    judgeRate(evidence, sent, claim`while no Request leads to a lease (${loop}), `)
  }

export const requirements = [
  invariant('RFC8415-14.1-STORM', (evidence) => {
    const sent = clientMessages(evidence)
    evidence.given(sent[0], 'RFC7084-WAA-3')
    judgeRate(evidence, sent, claim``)
  }),

  requirement('RFC8415-14.1-RATE', {
    UnspecFail: on(patience, isLimited(claim`UnspecFail`, refused, patienceOver)),
    'unusable lease': on(patience, isLimited(claim`unusable lease`, unusable, refusing)),
  }),
]
