import {
  type Claim,
  claim,
  type Evidence,
  type Frame,
  flawsOf,
  invariant,
  isFlawed,
  isOneHopOn,
  isRelay,
  type LinkView,
  type Pattern,
  type Requirement,
  the,
} from 'denat'

/** The time that a router may need to forward a packet, address resolution included. Seconds. */
const transit = 5

export const isOf = (types: readonly string[]) => (type: unknown) => types.includes(String(type))

/** A violation of a MUST by the sender that no other requirement judges. */
function wrongIn({ packet }: Frame): Claim | undefined {
  const flaw = flawsOf(packet).find(({ unusual, topic }) => !unusual && !topic)
  return flaw && claim`${the.text(flaw.what)}`
}

/** The router is not responsible for a frame that is wrong because it is forwarded, or answers a wrong one. */
function isOwn(frame: Frame, { recording }: Evidence): boolean {
  const { dhcp6 } = frame.packet
  const id = dhcp6 && !isRelay(dhcp6) ? dhcp6.transactionId : undefined
  return !recording.frames.some((other) => {
    if (other.direction !== 'out' || other.number > frame.number) return false
    if (other.port !== frame.port && other.at > frame.at - transit && isOneHopOn(frame, other)) return true
    const question = other.packet.dhcp6
    const isAsked = question && !isRelay(question) && id !== undefined && question.transactionId === id
    return isAsked && (isFlawed(other) || wrongIn(other) !== undefined)
  })
}

/** Every frame that fits and that the router itself sends is well-formed; `also` returns what else is wrong with one. */
export function wellFormed(
  id: string,
  what: Claim,
  from: (evidence: Evidence) => LinkView[],
  pattern: Pattern,
  also: (frame: Frame, evidence: Evidence) => Claim | undefined = () => undefined,
): Requirement {
  return invariant(id, (evidence) => {
    const { judge, notApplicable, recording } = evidence
    const sent = from(evidence).flatMap((link) => link.fromDut.all(pattern))
    const whole = sent.filter(({ originalLength }) => originalLength === undefined)
    if (whole.length === 0)
      return notApplicable(claim`The router sends no ${what} in this recording.`, ...recording.frames.slice(0, 1))
    judge.each(whole, claim`Every ${what} that the router sends is well-formed.`, (frame) => {
      const wrong = wrongIn(frame) ?? also(frame, evidence)
      return wrong !== undefined && isOwn(frame, evidence) ? wrong : undefined
    })
  })
}
