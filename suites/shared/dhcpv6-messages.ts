import { anyOf, dhcpv6Of, type Evidence, type Frame, type LinkView, type Mark } from 'denat'
import { leaseMessage, type Step } from '../steps/lan-services/dhcpv6-service.ts'

const answers = anyOf('advertise', 'reply')

/** Advertise or Reply with the transaction-id of a question. */
export const answersTo = (link: LinkView, question: Frame): Frame[] =>
  link.fromDut.all({ dhcp6: { type: answers, transactionId: dhcpv6Of(question).transactionId } }, { after: question })

/** A step of the client: its question, the answer if there was one, and when the client stopped waiting. */
export interface LeaseStep {
  question: Frame
  answer?: Frame
  over: Mark
}

/** A step in which valid messages were sent. */
export function stepOf({ at }: Evidence, step: Step): LeaseStep {
  const { question, answer, mark } = at(leaseMessage, (one) => one.step === step)
  if (!question) throw new TypeError(`"${step}" names no question`)
  return { question, over: mark, ...(answer && { answer }) }
}
