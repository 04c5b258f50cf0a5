import {
  claim,
  type Dhcpv6Message,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  invariant,
  isRelay,
  optionsOf,
  statusOf,
  the,
} from 'denat'
import { clientMessages } from '../../shared/client-messages.ts'
import { infinity } from '../../steps/answers.ts'

/** A Reply may come when the next message is on its way; a clock may count whole seconds. */
const grace = 1

interface Lease {
  value: string
  /** Seconds. */
  valid: number
  /** It is valid by RFC 8415 sections 21.4, 21.6, 21.21 and 21.22. */
  isValid: boolean
}

function leasesIn(frame: Frame): Lease[] {
  const ias = [...dhcpv6OptionsOf(frame, 'ia-na'), ...dhcpv6OptionsOf(frame, 'ia-pd')]
  return ias.flatMap((ia) => {
    const isIaValid = statusOf(ia) === 0 && !(ia.t2 > 0 && ia.t1 > ia.t2)
    return [...optionsOf(ia, 'ia-addr'), ...optionsOf(ia, 'ia-prefix')].map((one) => ({
      value: one.type === 'ia-addr' ? one.address : one.prefix,
      valid: one.validLifetime,
      isValid: isIaValid && statusOf(one) === 0 && one.preferredLifetime <= one.validLifetime,
    }))
  })
}

const isExtending = ({ type }: Dhcpv6Message): boolean => type === 'renew' || type === 'rebind'

/** When a lease ends, and the Reply with that time. */
interface End {
  at: number
  reply: Frame
}

/** Renews and Rebinds that name a lease which had ended before their exchange began. */
function namedUnanswered({ wan }: Evidence): { message: Frame; value: string; end: End }[] {
  const began = new Map<number, Frame>()
  const answered = new Set<number>()
  const ends = new Map<string, End>()
  const found: { message: Frame; value: string; end: End }[] = []
  for (const frame of wan.frames.all({ dhcp6: {} })) {
    if (!frame.packet.dhcp6 || isRelay(frame.packet.dhcp6)) continue
    const { type, transactionId } = dhcpv6Of(frame)
    if (frame.from === 'dut') {
      const first = began.get(transactionId) ?? frame
      began.set(transactionId, first)
      if (!isExtending(dhcpv6Of(frame))) continue
      for (const { value } of leasesIn(frame)) {
        const end = ends.get(value)
        if (end && first.at > end.at + grace) found.push({ message: frame, value, end })
      }
    } else if (type === 'reply') {
      const asked = began.get(transactionId)
      const believed = asked !== undefined && !answered.has(transactionId) && isFor(frame, asked)
      answered.add(transactionId)
      for (const { value, valid, isValid } of leasesIn(frame)) {
        const at = valid >= infinity ? Number.POSITIVE_INFINITY : frame.at + valid
        // Where a client may ignore a Reply, the lease lasts for the longest of their lifetimes.
        if ((believed && isValid) || at > (ends.get(value)?.at ?? at)) ends.set(value, { at, reply: frame })
      }
    }
  }
  return found
}

/** The Reply is valid by RFC 8415 section 16.10. */
function isFor(reply: Frame, asked: Frame): boolean {
  const [own, named] = [asked, reply].map((frame) => dhcpv6OptionsOf(frame, 'client-id')[0]?.duid)
  const isComplete = reply.packet.malformed === undefined && dhcpv6OptionsOf(reply, 'server-id').length > 0
  return isComplete && named === own && statusOf(dhcpv6Of(reply)) === 0
}

export const requirements = [
  invariant('RFC8415-18.2.4-ENDED', (evidence) => {
    const { judge, given } = evidence
    const unanswered = namedUnanswered(evidence)
    const sent = clientMessages(evidence)
    const extending = sent.filter((frame) => isExtending(dhcpv6Of(frame)))
    judge.each(
      extending.length > 0 ? extending : [given(sent[0], 'RFC7084-WAA-3')],
      claim`No Renew or Rebind contains a lease that is no longer valid: one with valid lifetime 0 in a Reply, or an expired one.`,
      (frame) => {
        const wrong = unanswered.find(({ message }) => message === frame)
        if (!wrong) return undefined
        const { value, end } = wrong
        const by = claim`by ${end.reply} it ended ${the.seconds(frame.at - end.at, 1)} before`
        return claim`${the.name(value)}: ${by},`
      },
    )
  }),
]
