import {
  claim,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  type Judgement,
  on,
  requirement,
  statusOf,
  the,
} from 'denat'
import { lanServicesAsked } from '../../scenarios/lan-services.ts'
import { answersTo, stepOf } from '../../shared/dhcpv6-messages.ts'
import {
  dhcpv6Fence,
  invalidMessage,
  invalidMessages,
  leaseMessage,
  type Step,
  unicastMessage,
  unicastMessages,
} from '../../steps/lan-services/dhcpv6-service.ts'

/** RFC 9915 section 21.13. */
const unspecFail = 1

const useMulticast = 5

const leasesNothing = (answer: Frame): boolean => iaAddresses(answer).length === 0 && granted(answer).length === 0

/** Whether a step was reached: what follows the offer of an address is asked only of a server that offers one. */
const talked = ({ every }: Evidence, step: Step): boolean => every(leaseMessage).some((one) => one.step === step)

/** The offer of an address; ends as not applicable where the server gives none. */
export function offerOf(evidence: Evidence): Frame {
  const { given, assume, notApplicable } = evidence
  const information = given(stepOf(evidence, 'information').answer, 'RFC7084-L-8')
  const offer = stepOf(evidence, 'solicit').answer
  if (!offer || iaAddresses(offer).length === 0)
    return notApplicable(claim`The server is stateless: it offers no address.`, offer ?? information)
  // Clients discard an Advertise without a Server Identifier.
  assume(dhcpv6OptionsOf(offer, 'server-id').length > 0, 'RFC9915-16-SERVERFORM')
  return offer
}

/** By type: the step with a valid message of this type, and the requirement that is not met where it is not answered. */
const controls: Record<string, [Step, string]> = {
  solicit: ['solicit', 'RFC8415-18.3.4-RENEW'],
  request: ['request', 'RFC8415-18.3.4-RENEW'],
  confirm: ['confirm on-link', 'RFC8415-18.3.3-CONFIRM'],
  renew: ['renew unknown', 'RFC8415-18.3.4-RENEW'],
  rebind: ['rebind', 'RFC8415-18.3.4-RENEW'],
  release: ['release unknown', 'RFC8415-18.3.8-DECLINE'],
  decline: ['decline unknown', 'RFC8415-18.3.8-DECLINE'],
}

/**
 * The valid message of the same kind, with its answer, so that a missing answer has no other cause. Ends as not applicable
 * where the server assigns no addresses, and answers no client about them.
 */
function validAnswer(evidence: Evidence, type: string): Frame {
  const { given } = evidence
  const [step, blocker] = controls[type] ?? []
  if (!step || !blocker) return given(stepOf(evidence, 'information').answer, 'RFC7084-L-8')
  // A server without addresses may still answer a Solicit.
  const advertise = step === 'solicit' && stepOf(evidence, step).answer
  if (advertise) return advertise
  if (!talked(evidence, step)) offerOf(evidence)
  return given(stepOf(evidence, step).answer, blocker)
}

/** The answer to a valid message, after the time in which no answer may arrive. */
export const fenceOf = ({ at, given }: Evidence): Frame => given(at(dhcpv6Fence).answer, 'RFC7084-L-8')

const isDiscarded =
  (name: string, type: string): Judgement =>
  (evidence) => {
    const { at, lan, judge, given } = evidence
    const asked = given(at(invalidMessage, (one) => one.name === name).question, 'RFC7084-L-8')
    const fence = fenceOf(evidence)
    const valid = validAnswer(evidence, type)
    judge.note(claim`The server answers a valid message of the kind, or the nearest to it.`, valid)
    const received = answersTo(lan.of('dhcpv6-client'), asked)
    const refusal = received.find((answer) => statusOf(dhcpv6Of(answer)) === unspecFail && leasesNothing(answer))
    if (refusal) judge.note(claim`The server refuses it by UnspecFail, as RFC 9915 section 16 permits.`, refusal)
    judge.absent(
      received.filter((answer) => answer !== refusal),
      claim`The server discards this message: ${the.name(name)}.`,
      { fence, since: asked },
    )
  }

/** What is wrong with a message, without the type of the message: a server that never looks for it is one fault. */
const flawOf = (name: string): string => name.slice(name.indexOf(' ') + 1)

const withSameFlaw = (name: string): string[] => {
  const first = [...invalidMessages.keys()].find((other) => flawOf(other) === flawOf(name))
  return first === undefined || first === name ? [] : [`RFC8415-16-SRV-VALID · ${first}`]
}

/** Messages that a server of RFC 8415 may have allowed its clients to send by unicast. */
const maybeUnicast: readonly string[] = ['request', 'renew', 'release', 'decline']

const isNotServed =
  (type: string): Judgement =>
  (evidence) => {
    const { at, every, lan, judge, notApplicable } = evidence
    const link = lan.of('dhcpv6-client')
    at(unicastMessage, (one) => one.type === type)
    const questions = every(unicastMessage).flatMap((one) => (one.type === type ? (one.question ?? []) : []))
    const fence = fenceOf(evidence)
    const valid = validAnswer(evidence, type)
    const allowed = maybeUnicast.includes(type)
    const lease = allowed ? stepOf(evidence, 'request').answer : undefined
    if (lease && dhcpv6OptionsOf(lease, 'server-unicast').length > 0)
      return notApplicable(claim`The server has permitted its clients to use unicast (option 12).`, lease)
    judge.note(claim`Sent by multicast, it is answered.`, valid)
    for (const question of questions) {
      const received = answersTo(link, question)
      const refusal = received.find((answer) => statusOf(dhcpv6Of(answer)) === useMulticast && leasesNothing(answer))
      if (allowed && refusal)
        judge.note(claim`The server answers it by UseMulticast, as RFC 8415 section 18.4 requires.`, refusal)
      judge.absent(
        received.filter((answer) => !allowed || answer !== refusal),
        claim`A ${the.name(type)} that was sent to ${the.address(question.packet.ip6?.dst)} instead of ff02::1:2 is ${allowed ? claim`not answered with a lease` : claim`discarded`}.`,
        { fence, since: question },
      )
    }
  }

/** A server that takes even a Solicit never looks where a message was sent to. */
const [firstUnicast = '', ...otherUnicast] = unicastMessages

export const requirements = [
  requirement(
    'RFC8415-16-SRV-VALID',
    Object.fromEntries(
      [...invalidMessages].map(([name, type]) => [
        name,
        on(lanServicesAsked, isDiscarded(name, String(type)), { follows: withSameFlaw(name) }),
      ]),
    ),
  ),

  requirement('RFC8415-18.3.1-MULTICAST', {
    [firstUnicast]: on(lanServicesAsked, isNotServed(firstUnicast)),
    ...Object.fromEntries(
      otherUnicast.map((type) => [
        type,
        on(lanServicesAsked, isNotServed(type), { follows: [`RFC8415-18.3.1-MULTICAST · ${firstUnicast}`] }),
      ]),
    ),
  }),
]
