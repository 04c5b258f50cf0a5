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

/** A router may take so long to pass a packet on, neighbor resolution included. Seconds. */
const transit = 5

export const isOf = (types: readonly string[]) => (type: unknown) => types.includes(String(type))

/** What a sender does wrong by a MUST, and what no requirement of its own is about. */
function wrongIn({ packet }: Frame): Claim | undefined {
  const flaw = flawsOf(packet).find(({ unusual, topic }) => !unusual && !topic)
  return flaw && claim`${the.text(flaw.what)}`
}

/** Where a frame is wrong because it is passed on, or answers what was wrong itself, that is not the router's doing. */
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

/** Every frame that fits and that the router sends of its own accord is well-formed; `also` says what else is wrong with one. */
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
