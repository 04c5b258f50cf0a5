import {
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  echoRequest,
  iaAddresses,
  type Judgement,
  on,
  requirement,
  retransmissionTimes,
  the,
} from 'denat'
import {
  claimed,
  duplicateAddress,
  duplicateAsked,
  duplicateFence,
  probed,
  withDuplicate,
} from '../../scenarios/duplicate-address.ts'
import { declined, claimed as declinedAddress, declinesOver, patience, refused } from '../../scenarios/patience.ts'
import { judgeFirst, judgeNext, timeouts, transmissions } from '../../shared/exchange.ts'

const id = 'RFC8415-18.2.8-DECLINE'

const isChecked: Judgement = ({ wan, judge, given, at }) => {
  const reply = given(wan.toDut.first(dhcpv6('reply', { iaNa: {} })), 'RFC7084-WAA-6')
  const { probe, mark } = at(probed)
  judge.found(probe, mark, claim`The client performs DAD for an address that DHCPv6 assigned before it uses it.`, reply)
}

/** Another node has claimed the address of a Reply; `decline` is the message that the router sends then. */
function conflict({ wan, given, at }: Evidence) {
  given(wan.toDut.first(dhcpv6('reply', { iaNa: {} })), 'RFC7084-WAA-6')
  given(at(probed).probe, id)
  const { address, claim: expected, mark } = at(claimed)
  const since = expected ?? mark
  const reply = given(
    wan.toDut
      .all(dhcpv6('reply', { iaNa: {} }), { before: since })
      .findLast((frame) => iaAddresses(frame).some((one) => one.address === address)),
    'RFC7084-WAA-6',
  )
  const over = at(duplicateFence)
  return { address, reply, since, over, decline: wan.fromDut.first(dhcpv6('decline'), { after: since }) }
}

const isDeclined: Judgement = (evidence) => {
  const { judge } = evidence
  const { address, reply, since, decline } = conflict(evidence)
  const declined = judge.due(
    decline,
    { after: since, seconds: 5 },
    claim`When another node has the address, the client declines it.`,
  )
  const named = iaAddresses(declined).map((one) => one.address)
  judge.equal(named.join(', '), address, claim`The Decline contains that address, and no other`, declined)
  judge.equal(
    dhcpv6OptionsOf(declined, 'server-id')[0]?.duid,
    dhcpv6OptionsOf(reply, 'server-id')[0]?.duid,
    claim`The Decline names the server that assigned the address`,
    declined,
  )
}

const isRepeated: Judgement = (evidence) => {
  const first = evidence.given(conflict(evidence).decline, id)
  const gaps = timeouts(transmissions(evidence.wan.fromDut, first))
  judgeFirst(evidence, gaps, retransmissionTimes.decline, first)
  judgeNext(evidence, gaps, retransmissionTimes.decline)
}

const isUnused: Judgement = (evidence) => {
  const { judge, wan, given, at } = evidence
  const { address, since, over } = conflict(evidence)
  const fence = given(over.answer, 'RFC7084-G-1')
  const { answer } = at(duplicateAsked)
  const used = wan.fromDut.all({ ip6: { src: address } }, { after: since, before: fence })
  judge.absent(
    [...(answer ? [answer] : []), ...used],
    claim`The client neither defends nor uses the address of another node.`,
    {
      fence,
      since,
    },
  )
}

const prefixIsKept: Judgement = (evidence) => {
  const { judge, lan, at } = evidence
  const { since } = conflict(evidence)
  const { reply, mark } = at(withDuplicate)
  const asked = lan.toDut.last(echoRequest(), { after: since, before: mark })
  judge.found(
    reply,
    mark,
    claim`The delegated prefix stays in use: the echo request of a host is answered.`,
    ...(asked ? [asked] : []),
  )
}

const { mrc } = retransmissionTimes.decline

/** The Declines without an answer. After DEC_MAX_RC transmissions the exchange has failed (RFC 8415 section 15). */
function unanswered({ wan, judge, given, at }: Evidence) {
  const { mark: over } = at(declinesOver)
  given(at(refused).request, 'RFC8415-18.2.2-REQUEST')
  given(at(declinedAddress).probe, id)
  const first = given(at(declined).decline, id)
  const sent = transmissions(wan.fromDut, first)
  const last = sent.at(-1) ?? first
  const seen = claim`${sent.length} transmissions`
  judge.note(claim`${seen}, the last ${the.seconds(last.at - first.at, 1)} after the first.`, last)
  return { count: sent.length, seen, looked: [last, over] }
}

const fourTimes: Judgement = (evidence) => {
  const { count, seen, looked } = unanswered(evidence)
  evidence.judge.holds(
    // The section names transmissions and retransmissions; RFC 3315 had one more.
    count <= mrc + 1,
    claim`The client sends a Decline without an answer DEC_MAX_RC (${mrc}) times, and at most one more time.`,
    seen,
    ...looked,
  )
}

const notGivenUp: Judgement = (evidence) => {
  const { count, seen, looked } = unanswered(evidence)
  evidence.judge.holds(count >= mrc, claim`The client sends it ${mrc} times before it stops.`, seen, ...looked)
}

export const requirements = [
  requirement(id, {
    DAD: on(duplicateAddress, isChecked),
    Decline: on(duplicateAddress, isDeclined),
    timing: on(duplicateAddress, isRepeated),
    'address unused': on(duplicateAddress, isUnused),
    // The client SHOULD retain the bindings that do not conflict.
    'prefix kept': on(duplicateAddress, prefixIsKept, { level: 'SHOULD' }),
    'four times': on(patience, fourTimes),
    // Section 15 has it sent again without a word in capitals.
    'not given up before': on(patience, notGivenUp, { level: 'SHOULD' }),
  }),
]
