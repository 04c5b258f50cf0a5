import { claim, type Evidence, type Frame, icmpv6Of, type Judgement, type MarkType, on, requirement, the } from 'denat'
import { lanServicesAsked } from '../scenarios/lan-services.ts'
import {
  advertisementFlaws,
  duplicateQuestion,
  falseClaim,
  falseMac,
  falseQuestion,
  questionFence,
  solicitationFlaws,
  validClaim,
} from '../steps/lan-services/false-neighbors.ts'

/** One such mark; an older recording, without these packets, does not show it. */
function markIn<D extends object, F extends string>(
  { at, every, recording, undecided }: Evidence,
  type: MarkType<D, F>,
  where: (one: D) => boolean = () => true,
) {
  const [first] = recording.frames
  if (every(type).length === 0 && recording.outcome.end !== 'blocked' && first)
    undecided(claim`Such packets were not sent when this was recorded.`, first)
  return at(type, where)
}

const isIgnored =
  (name: string): Judgement =>
  (evidence) => {
    const { lan, judge, given } = evidence
    const { question } = markIn(evidence, falseQuestion, (one) => one.name === name)
    const { before, after } = markIn(evidence, questionFence)
    given(before, 'RFC4861-7.2.4-DADNS')
    const asked = given(question, 'RFC7084-L-1')
    const fence = given(after, 'RFC4861-7.2.4-DADNS')
    judge.absent(
      lan.fromDut.all({ ip6: { dst: asked.packet.ip6?.src }, icmp6: { type: 'neighbor-advertisement' } }),
      claim`The router does not answer a Neighbor Solicitation with ${the.name(name)}.`,
      { since: asked, fence },
    )
  }

const isNotBelieved =
  (name: string): Judgement =>
  (evidence) => {
    const { lan, judge, given, every } = evidence
    const { address, before, claim: expected, answer, mark } = markIn(evidence, falseClaim, (one) => one.name === name)
    // A router that ignores all advertisements cannot be distinguished from one that discards this one.
    for (const valid of every(validClaim))
      given(
        lan.fromDut.first({ eth: { dst: falseMac }, ip6: { dst: valid.address } }, { before: valid.mark }),
        'RFC4861-7.2.5-OVERRIDE',
      )
    const known = given(before, 'DENAT-DEFAULT-1')
    const made = given(expected, 'DENAT-DEFAULT-1')
    const lost = lan.fromDut.first({ eth: { dst: falseMac }, ip6: { dst: address } }, { after: made, before: mark })
    judge.holds(
      lost === undefined,
      claim`The router ignores a Neighbor Advertisement with ${the.name(name)}: it sends packets for the target to the same MAC as before.`,
      lost ? claim`${lost} is sent to ${the.address(falseMac)}, which the advertisement named` : claim``,
      known,
      made,
      ...(lost ? [lost] : []),
    )
    given(answer, 'DENAT-DEFAULT-1')
  }

const isDefended =
  (of: 'link-local' | 'global'): Judgement =>
  (evidence) => {
    const { judge, given, notApplicable, every } = evidence
    const [any] = every(duplicateQuestion)
    if (any?.question && !every(duplicateQuestion).some((one) => one.of === of))
      return notApplicable(claim`The recording shows no such address of the router on the LAN.`, any.question)
    const { question, answer, mark } = markIn(evidence, duplicateQuestion, (one) => one.of === of)
    const asked = given(question, 'RFC7084-L-1')
    const advertised: Frame = judge.found(
      answer,
      mark,
      claim`The router answers a Neighbor Solicitation from :: for one of its addresses, so that no other node uses the address.`,
      asked,
    )
    const { solicited } = icmpv6Of(advertised, 'neighbor-advertisement')
    judge.equal(
      advertised.packet.ip6?.dst,
      'ff02::1',
      claim`The destination address of the Neighbor Advertisement`,
      asked,
      advertised,
    )
    judge.holds(!solicited, claim`Its Solicited flag is not set.`, claim`Solicited flag 1`, advertised)
  }

export const requirements = [
  requirement(
    'RFC4861-7.1.1-NSVALID',
    Object.fromEntries(Object.keys(solicitationFlaws).map((name) => [name, on(lanServicesAsked, isIgnored(name))])),
  ),

  requirement(
    'RFC4861-7.1.2-NAVALID',
    Object.fromEntries(
      Object.keys(advertisementFlaws).map((name) => [name, on(lanServicesAsked, isNotBelieved(name))]),
    ),
  ),

  requirement('RFC4861-7.2.5-OVERRIDE', lanServicesAsked, (evidence) => {
    const { lan, judge, given } = evidence
    const { address, before, claim: expected, mark } = markIn(evidence, validClaim)
    const known = given(before, 'DENAT-DEFAULT-1')
    const made = given(expected, 'DENAT-DEFAULT-1')
    judge.holds(
      lan.fromDut.first({ eth: { dst: falseMac }, ip6: { dst: address } }, { after: made, before: mark }) !== undefined,
      claim`After a Neighbor Advertisement with the Override flag names another MAC for ${the.address(address)}, the router sends packets to that MAC.`,
      claim`no packet to that MAC within 1 s`,
      known,
      made,
      mark,
    )
  }),

  requirement('RFC4861-7.2.4-DADNS', {
    'link-local address': on(lanServicesAsked, isDefended('link-local')),
    'global address': on(lanServicesAsked, isDefended('global')),
  }),
]
