import { dhcpv6OptionsOf, type Evidence, echoReply, inside, optionsOf, prefixLength, requirement } from 'denat'
import { fullHouse } from '../scenarios/full-house.ts'
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

const counts: Record<string, { role: string; count: number; routed?: true }> = {
  'three IA_PDs': { role: 'three', count: 3 },
  'eight IA_PDs': { role: 'eight', count: 8 },
  'three IA_PDs, each routed': { role: 'three', count: 3, routed: true },
  'eight IA_PDs, each routed': { role: 'eight', count: 8, routed: true },
}

requirement(
  'RFC8987-G-7',
  { cases: Object.fromEntries(Object.keys(counts).map((name) => [name, fullHouse])) },
  (evidence) => {
    const { case: what, judge, given, assume, marks, did, framesOf } = evidence
    const { role, count, routed } = counts[what] as (typeof counts)[string]
    const { reply, ias } = byIaid(evidence, role)
    if (!routed) {
      // Where all is used up nobody is given eight.
      if (ias.length < count) assume(modestRefusals(evidence).length === 0, 'RFC9818-LPD-4')
      judge.equal(ias.length, count, 'Of the IA_PDs of one router, so many are given a prefix', reply)
      const prefixes = ias.flatMap((ia) => ia.prefixes)
      judge.equal(new Set(prefixes).size, prefixes.length, 'Each of their prefixes is another', reply)
      return
    }
    given(framesOf(did('hints-fence'))[0], 'DENAT-DEFAULT-1')
    const usedUp = ias.length < count && modestRefusals(evidence).length > 0
    given(ias.length === count ? reply : undefined, usedUp ? 'RFC9818-LPD-4' : 'RFC8987-G-7')
    const probes = marks('probe').filter((mark) => mark.data?.name === role)
    for (const probe of probes) {
      const [, arrived] = framesOf(probe)
      judge.found(arrived, probe, `A packet to ${probe.data?.prefix} reaches the router that has it.`)
    }
  },
)

requirement(
  'DENAT-PD-4',
  { cases: { 'flows outward': fullHouse, 'from the LAN': fullHouse } },
  ({ case: what, judge, did, given, framesOf, wan, lan }) => {
    const passed = did('passed-on')
    const prefix = given(passed.data?.prefix ? passed : undefined, 'RFC8987-G-7').data?.prefix as string
    const outer = String(passed.data?.of)
    judge.note(
      prefixLength(outer) < 64
        ? `The first router was given ${outer}, of which it passed ${prefix} on.`
        : `The first router was given a /64 for its hint ::/60; what it passed on is that of its second IA_PD.`,
      passed,
    )
    if (what === 'from the LAN') {
      const pinged = did('deep-from-lan')
      judge.found(framesOf(pinged)[0], pinged, 'A host two routers down is reached from the LAN, and answers.')
      return
    }
    const pinged = did('deep-ping')
    const leaves = lan.of('cascade').toDut.last({ icmp6: { type: 'echo-request' }, ip6: { src: inside(prefix) } })
    const sent = given(leaves, 'DENAT-PD-1')
    const out = judge.found(
      wan.fromDut.seek({ icmp6: { type: 'echo-request' }, ip6: { src: inside(prefix) } }, { after: sent }),
      pinged,
      'What a host two routers down sends leaves on the WAN with its own source.',
      sent,
    )
    judge.found(
      lan.of('cascade').fromDut.seek(echoReply({}, { ip6: { dst: inside(prefix) } }), { after: out }),
      pinged,
      'The answer is forwarded to the first router.',
      out,
    )
    const page = did('deep-page')
    judge.equal(String(page.data?.outcome), 'connected', 'A connection from there to the Internet is', page)
  },
)
