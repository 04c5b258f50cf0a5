import {
  dhcpv6OptionsOf,
  type Evidence,
  echoReply,
  inside,
  type Judgement,
  on,
  optionsOf,
  prefixLength,
  requirement,
} from 'denat'
import { fullHouse } from '../scenarios/full-house.ts'
import { deepFromLan, deepPage, deepPing, hintsFence, passedOn, probe } from '../scenarios/house/prefix-hints.ts'
import { asker, isUlaPrefix, modestRefusals, whyUnserved } from './askers.ts'

/** One global prefix of each IA_PD that the router was granted something in. */
function byIaid(evidence: Evidence, role: string) {
  const { given } = evidence
  const { reply: first } = asker(evidence, role)
  const reply = given(first, whyUnserved(evidence, role))
  const ias = dhcpv6OptionsOf(reply, 'ia-pd').map((ia) => ({
    iaid: ia.iaid,
    prefixes: optionsOf(ia, 'ia-prefix')
      .filter(({ validLifetime, prefix }) => validLifetime > 0 && !isUlaPrefix(prefix))
      .map(({ prefix }) => prefix),
  }))
  return { reply, ias: ias.filter(({ prefixes }) => prefixes.length > 0) }
}

interface Several {
  role: string
  count: number
}
const three = { role: 'three', count: 3 }
const eight = { role: 'eight', count: 8 }

const allAreServed =
  ({ role, count }: Several): Judgement =>
  (evidence) => {
    const { judge, assume } = evidence
    const { reply, ias } = byIaid(evidence, role)
    // Where all is used up nobody is given eight.
    if (ias.length < count) assume(modestRefusals(evidence).length === 0, 'RFC9818-LPD-4')
    judge.equal(ias.length, count, 'Of the IA_PDs of one router, so many are given a prefix', reply)
    const prefixes = ias.flatMap((ia) => ia.prefixes)
    judge.equal(new Set(prefixes).size, prefixes.length, 'Each of their prefixes is another', reply)
  }

const allAreRouted =
  ({ role, count }: Several): Judgement =>
  (evidence) => {
    const { judge, given, assume, at, every } = evidence
    const { ias } = byIaid(evidence, role)
    given(at(hintsFence).reply, 'DENAT-DEFAULT-1')
    const usedUp = ias.length < count && modestRefusals(evidence).length > 0
    assume(ias.length === count, usedUp ? 'RFC9818-LPD-4' : 'RFC8987-G-7')
    for (const { prefix, arrived, mark } of every(probe).filter(({ name }) => name === role))
      judge.found(arrived, mark, `A packet to ${prefix} reaches the router that has it.`)
  }

requirement('RFC8987-G-7', {
  'three IA_PDs': on(fullHouse, allAreServed(three)),
  'eight IA_PDs': on(fullHouse, allAreServed(eight)),
  'three IA_PDs, each routed': on(fullHouse, allAreRouted(three)),
  'eight IA_PDs, each routed': on(fullHouse, allAreRouted(eight)),
})

/** The prefix that the first router delegated to the one behind it. */
function innerPrefix(evidence: Evidence): string {
  const { judge, assume, at } = evidence
  const { prefix, of, mark } = at(passedOn)
  assume(of !== undefined, whyUnserved(evidence, 'cascade'))
  assume(prefix !== undefined, modestRefusals(evidence).length > 0 ? 'RFC9818-LPD-4' : 'RFC8987-G-7')
  judge.note(
    of && prefixLength(of) < 64
      ? `The first router was given ${of}, of which it delegated ${prefix}.`
      : 'The first router was given a /64 for its hint ::/60; what it delegated is the prefix of its second IA_PD.',
    mark,
  )
  return prefix as string
}

const isReachedFromLan: Judgement = (evidence) => {
  innerPrefix(evidence)
  const { reply, mark } = evidence.at(deepFromLan)
  evidence.judge.found(reply, mark, 'A host two routers down is reached from the LAN, and answers.')
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
    'What a host two routers down sends leaves on the WAN with its own source.',
    sent,
  )
  judge.found(
    lan.of('cascade').fromDut.seek(echoReply({}, { ip6: { dst: isInner } }), { after: out }),
    pinged,
    'The answer is forwarded to the first router.',
    out,
  )
  const { outcome, mark } = at(deepPage)
  judge.equal(outcome, 'connected', 'A connection from there to the Internet is', mark)
}

requirement('DENAT-PD-4', {
  'flows outward': on(fullHouse, flowsOutward),
  'from the LAN': on(fullHouse, isReachedFromLan),
})
