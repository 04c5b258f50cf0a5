import { claim, dhcpv6OptionsOf, type Evidence, type Judgement, on, optionsOf, requirement, the } from 'denat'
import { manyHosts } from '../scenarios/full-house.ts'
import { asker, isUlaPrefix, modestRefusals, whyUnserved } from '../shared/askers.ts'
import { hintsFence, probe } from '../steps/home-network/prefix-hints.ts'

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
    // Where too few prefixes are left no router gets eight.
    if (ias.length < count) assume(modestRefusals(evidence).length === 0, 'RFC9818-LPD-4')
    judge.equal(ias.length, count, claim`Number of IA_PDs of one router that get a prefix`, reply)
    const prefixes = ias.flatMap((ia) => ia.prefixes)
    judge.equal(new Set(prefixes).size, prefixes.length, claim`Number of different prefixes in them`, reply)
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
      judge.found(arrived, mark, claim`A packet to ${the.prefix(prefix)} reaches the router with this prefix.`)
  }

export const requirements = [
  requirement('RFC8987-G-7', {
    'three IA_PDs': on(manyHosts, allAreServed(three)),
    'eight IA_PDs': on(manyHosts, allAreServed(eight)),
    'three IA_PDs, each routed': on(manyHosts, allAreRouted(three)),
    'eight IA_PDs, each routed': on(manyHosts, allAreRouted(eight)),
  }),
]
