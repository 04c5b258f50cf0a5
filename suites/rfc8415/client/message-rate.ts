import { type Evidence, type Frame, invariant, type Judgement, type MarkType, on, requirement } from 'denat'
import { patience, patienceOver, refused, refusing, unusable } from '../../scenarios/patience.ts'
import { clientMessages } from '../../shared/client-messages.ts'
import { busiestOf } from '../../shared/frames.ts'
import { countOf, rate } from '../../shared/message-rate.ts'

function judgeRate({ judge }: Evidence, sent: readonly Frame[], where: string): void {
  const busiest = busiestOf(sent, rate.seconds)
  const seen = countOf(busiest)
  const [first, ...rest] = busiest as [Frame, ...Frame[]]
  judge.holds(
    busiest.length <= rate.worst,
    `The rate of the client's messages is limited: ${where}no ${rate.seconds} s hold more than ${rate.worst}.`,
    seen,
    first,
    ...rest.slice(0, 5),
  )
  judge.note(`At the most ${seen}.`, first)
}

const isLimited =
  (loop: string, begin: MarkType<object, 'request'>, end: MarkType<object, never>): Judgement =>
  (evidence) => {
    const { given, at } = evidence
    const first = given(at(begin).request, 'RFC8415-18.2.2-REQUEST')
    const sent = [first, ...clientMessages(evidence, { after: first, before: at(end).mark })]
    judgeRate(evidence, sent, `while no Request leads to a lease (${loop}), `)
  }

export const requirements = [
  invariant('RFC8415-14.1-STORM', (evidence) => {
    const sent = clientMessages(evidence)
    evidence.given(sent[0], 'RFC7084-WAA-3')
    judgeRate(evidence, sent, '')
  }),

  requirement('RFC8415-14.1-RATE', {
    UnspecFail: on(patience, isLimited('UnspecFail', refused, patienceOver)),
    'unusable lease': on(patience, isLimited('unusable lease', unusable, refusing)),
  }),
]
