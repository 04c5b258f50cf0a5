import {
  anyOf,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  type LinkView,
  type Mark,
  requirement,
  statusOf,
} from 'denat'
import { invalidMessages, unicastMessages } from '../scenarios/evening/dhcpv6-service.ts'
import { evening } from '../scenarios/evening.ts'

/** RFC 9915 section 21.13. */
const unspecFail = 1
const useMulticast = 5
const answers = anyOf('advertise', 'reply')

const leasesNothing = (answer: Frame): boolean => iaAddresses(answer).length === 0 && granted(answer).length === 0

/** Advertise or Reply with the transaction-id of a question. */
const answersTo = (link: LinkView, question: Frame): Frame[] =>
  link.fromDut.all({ dhcp6: { type: answers, transactionId: dhcpv6Of(question).transactionId } }, { after: question })

/** A step of the client's life: its question, the answer if there was one, and when it was not awaited any longer. */
export interface Talk {
  question: Frame
  answer?: Frame
  over: Mark
}

/** A step in which sound messages were sent. */
export function talk({ did, framesOf }: Evidence, step: string): Talk {
  const over = did('lease-talk', (mark) => mark.data?.step === step)
  const [question, answer] = framesOf(over)
  if (!question) throw new TypeError(`"${step}" names no question`)
  return { question, over, ...(answer && { answer }) }
}

/** Whether a step was reached: what follows the offer of an address is asked only of a server that offers one. */
export const talked = ({ marks }: Evidence, step: string): boolean =>
  marks('lease-talk').some((mark) => mark.data?.step === step)

/**
 * The sound message of the same kind, answered: that the server is silent says nothing else. Ends as not applicable
 * where the server gives no addresses, and is silent about them to everybody.
 */
function control(evidence: Evidence, type: string): Frame {
  const { given, notApplicable } = evidence
  const information = given(talk(evidence, 'information').answer, 'RFC7084-L-8')
  const steps: Record<string, [string, string]> = {
    solicit: ['solicit', 'RFC8415-18.3.4-RENEW'],
    request: ['request', 'RFC8415-18.3.4-RENEW'],
    confirm: ['confirm on-link', 'RFC8415-18.3.3-CONFIRM'],
    renew: ['renew unknown', 'RFC8415-18.3.4-RENEW'],
    rebind: ['rebind', 'RFC8415-18.3.4-RENEW'],
    release: ['release unknown', 'RFC8415-18.3.8-DECLINE'],
    decline: ['decline unknown', 'RFC8415-18.3.8-DECLINE'],
  }
  const [step, blocker] = steps[type] ?? []
  if (!step || !blocker) return information
  if (!talked(evidence, step) || !talk(evidence, 'solicit').answer)
    return notApplicable(
      'The server is stateless: it offers no address, and answers Information-requests only.',
      information,
    )
  return given(talk(evidence, step).answer, blocker)
}

requirement(
  'RFC8415-16-SRV-VALID',
  { cases: Object.fromEntries([...invalidMessages.keys()].map((name) => [name, evening])) },
  (evidence) => {
    const { case: name, lan, judge, did, given, framesOf } = evidence
    const [question] = framesOf(did('invalid-message', (mark) => mark.data?.name === name))
    const asked = given(question, 'RFC7084-L-8')
    const fence = given(framesOf(did('dhcpv6-fence'))[1], 'RFC7084-L-8')
    const sound = control(evidence, String(invalidMessages.get(name)))
    judge.note('A sound message of the kind, or the nearest to it, is answered.', sound)
    const heard = answersTo(lan.of('dhcpv6-client'), asked)
    const refusal = heard.find((answer) => statusOf(dhcpv6Of(answer)) === unspecFail && leasesNothing(answer))
    if (refusal) judge.note('It is refused by UnspecFail, as RFC 9915 section 16 lets a server do.', refusal)
    judge.absent(
      heard.filter((answer) => answer !== refusal),
      `The server discards: ${name}.`,
      { fence, since: asked },
    )
  },
)

requirement(
  'RFC8415-18.3.1-MULTICAST',
  { cases: Object.fromEntries(unicastMessages.map((type) => [type, evening])) },
  (evidence) => {
    const { case: type, lan, judge, did, given, marks, framesOf, notApplicable } = evidence
    const link = lan.of('dhcpv6-client')
    did('unicast-message', (mark) => mark.data?.type === type)
    const questions = marks('unicast-message')
      .filter((mark) => mark.data?.type === type)
      .flatMap(framesOf)
    const fence = given(framesOf(did('dhcpv6-fence'))[1], 'RFC7084-L-8')
    const sound = control(evidence, type)
    const allowed = ['request', 'renew', 'release', 'decline'].includes(type)
    const lease = allowed ? talk(evidence, 'request').answer : undefined
    if (lease && dhcpv6OptionsOf(lease, 'server-unicast').length > 0)
      return notApplicable('The server has told its clients to use unicast (option 12).', lease)
    judge.note('Sent to the group, it is answered.', sound)
    for (const question of questions) {
      const heard = answersTo(link, question)
      const told = heard.find((answer) => statusOf(dhcpv6Of(answer)) === useMulticast && leasesNothing(answer))
      if (allowed && told) judge.note('It is answered by UseMulticast, as RFC 8415 section 18.4 has it.', told)
      judge.absent(
        heard.filter((answer) => !allowed || answer !== told),
        `A ${type} that was sent to ${question.packet.ip6?.dst} in place of ff02::1:2 is ${allowed ? 'not served' : 'discarded'}.`,
        { fence, since: question },
      )
    }
  },
)

requirement('RFC6092-REC-9', { cases: { Solicit: evening, 'Information-request': evening } }, (evidence) => {
  const { case: what, wan, judge, did, given, framesOf } = evidence
  const [question] = framesOf(did('discovery-from-wan', (mark) => mark.data?.type === what.toLowerCase()))
  const asked = given(question, 'RFC7084-L-8')
  const [, fence] = framesOf(did('discovery-fence'))
  const sound = given(talk(evidence, 'information').answer, 'RFC7084-L-8')
  judge.note('The same question on the LAN is answered.', sound)
  judge.absent(answersTo(wan, asked), `A ${what} that comes by the WAN is not served.`, {
    fence: given(fence, 'RFC7084-G-1'),
    since: asked,
  })
})
