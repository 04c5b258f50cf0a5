import { claim, type Evidence, echoReply, inside, type Judgement, on, prefixLength, requirement, the } from 'denat'
import { manyHosts } from '../scenarios/full-house.ts'
import { modestRefusals, whyUnserved } from '../shared/askers.ts'
import { deepFromLan, deepPage, deepPing, passedOn } from '../steps/home-network/prefix-hints.ts'

/** The prefix that the first router delegated to the one behind it. */
function innerPrefix(evidence: Evidence): string {
  const { judge, assume, at } = evidence
  const { prefix, of, mark } = at(passedOn)
  assume(of !== undefined, whyUnserved(evidence, 'cascade'))
  assume(prefix !== undefined, modestRefusals(evidence).length > 0 ? 'RFC9818-LPD-4' : 'RFC8987-G-7')
  judge.note(
    of && prefixLength(of) < 64
      ? claim`The first downstream router holds ${the.prefix(of)}, and delegates ${the.prefix(prefix)} from it.`
      : claim`The first downstream router receives a /64 for its hint ::/60; it delegates the prefix of its second IA_PD.`,
    mark,
  )
  return prefix as string
}

const isReachedFromLan: Judgement = (evidence) => {
  innerPrefix(evidence)
  const { reply, mark } = evidence.at(deepFromLan)
  evidence.judge.found(reply, mark, claim`A host behind two downstream routers answers a packet from the LAN.`)
}

const flowsOutward: Judgement = (evidence) => {
  const { judge, at, given, wan, lan } = evidence
  const isInner = inside(innerPrefix(evidence))
  const { mark: pinged } = at(deepPing)
  const leaves = lan.of('cascade').toDut.last({ icmp6: { type: 'echo-request' }, ip6: { src: isInner } })
  const sent = given(leaves, 'DENAT-PD-1')
  const out = judge.found(
    wan.fromDut.seek({ icmp6: { type: 'echo-request' }, ip6: { src: isInner } }, { after: sent }),
    pinged,
    claim`A packet from a host behind two downstream routers leaves the WAN with its own source address.`,
    sent,
  )
  judge.found(
    lan.of('cascade').fromDut.seek(echoReply({}, { ip6: { dst: isInner } }), { after: out }),
    pinged,
    claim`The router forwards the response to the first downstream router.`,
    out,
  )
  const { outcome, mark } = at(deepPage)
  judge.equal(outcome, 'connected', claim`The outcome of a connection from this host to the Internet`, mark)
}

export const requirements = [
  requirement('DENAT-PD-4', {
    'flows outward': on(manyHosts, flowsOutward),
    'from the LAN': on(manyHosts, isReachedFromLan),
  }),
]
