import { type Evidence, forwarding, icmpv6Of, inPrefix, na, ns, requirement } from 'denat'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { wanPrefixes } from '../scenarios/wan-prefixes.ts'
import { needsTheWay } from '../steps/control.ts'
import { formed } from './formed.ts'

/** What the router said to the Internet of its own accord, when it was made to. */
function ownPackets({ wan, did, marks, framesOf }: Evidence, when: string) {
  const asked = did('asks', (mark) => mark.data?.when === when)
  const name = String(asked.data?.name).toLowerCase()
  const queries = wan.fromDut
    .all({ udp: { dstPort: 53 }, ip6: {}, dns: { type: 'query' } }, { after: asked })
    .filter(({ packet }) => packet.dns?.questions.some((question) => question.name.toLowerCase() === name))
  const provoked = marks('expired-on-the-way').filter((mark) => mark.data?.when === when)
  return { asked, queries, errors: provoked.flatMap((mark) => framesOf(mark).slice(1)) }
}

requirement('RFC7084-WAA-9', { cases: { 'DNS query': wanPrefixes, 'ICMPv6 error': wanPrefixes } }, (evidence) => {
  const { case: what, isp, judge, given, did, framesOf, notApplicable } = evidence
  const [before] = framesOf(did('two-prefixes'))
  given(framesOf(did('flow'))[0], 'DENAT-DEFAULT-1')
  const { asked, queries, errors } = ownPackets(evidence, 'without-address')
  const own = what === 'DNS query' ? queries : errors
  if (own.length === 0) return notApplicable(`The router sends no ${what} over IPv6 here.`, asked)
  const address = before && formed(evidence, isp.wanPrefix, { before })
  if (address) return notApplicable('The router has a WAN address of its own making.', address)
  judge.each(own, 'Without a WAN address, the router speaks to the Internet from an address of its LAN.', (frame) => {
    const source = frame.packet.ip6?.src ?? '::'
    return isp.dhcpv6.prefixes.some((prefix) => inPrefix(source, prefix)) ? undefined : `source ${source}`
  })
})

requirement(
  'RFC9131-6.1.2',
  {
    cases: { sent: wanPrefixes, 'O flag': wanPrefixes, 'three at most': wanPrefixes, '1 s apart': wanPrefixes },
    // "These advertisements MUST be separated by at least RetransTimer seconds."
    levels: { '1 s apart': 'MUST' },
  },
  (evidence) => {
    const { case: what, wan, judge, given, did, notApplicable } = evidence
    const added = did('two-prefixes')
    const over = did('deprecated')
    const probe = given(formed(evidence, String(added.data?.wanPrefix), { after: added }), 'RFC7084-WAA-1')
    const { target } = icmpv6Of(probe, 'neighbor-solicitation')
    // An optimistic address (RFC 4429) is told of before its DAD.
    const told = wan.fromDut.all(na({ target, solicited: false }, { ip6: { dst: 'ff02::2' } }), {
      after: added,
      before: over,
    })
    if (what === 'sent') {
      const others = wan.fromDut.all(na({ target, solicited: false }), { after: added, before: over })
      if (told.length === 0 && others.length > 0)
        judge.note('It tells all nodes (ff02::1) in their place.', ...others.slice(0, 1))
      judge.found(told[0], over, 'A new WAN address is told to the routers of the link (ff02::2) unasked.', probe)
      return
    }
    if (told.length === 0) return notApplicable('The router tells no router of its new address.', probe)
    if (what === 'O flag')
      return judge.each(told, 'The Override flag of these Neighbor Advertisements is clear.', (frame) =>
        icmpv6Of(frame, 'neighbor-advertisement').override ? 'O=1' : undefined,
      )
    if (what === 'three at most')
      return judge.holds(told.length <= 3, 'No more than three are sent.', `${told.length}`, ...told)
    if (told.length === 1) return notApplicable('One alone is sent.', ...told)
    for (const [index, frame] of told.slice(1).entries()) {
      const previous = told[index] ?? probe
      judge.within(
        frame.at - previous.at,
        { min: 0.9, max: Number.POSITIVE_INFINITY, why: 'RetransTimer, 1 s (RFC 4861 section 10)' },
        'They are RetransTimer apart at the least.',
        previous,
        frame,
      )
    }
  },
)

requirement('RFC7084-WAA-2', { cases: { 'L=0': wanPrefixes, 'L=1': wanPrefixes, IA_NA: coldBoot } }, (evidence) => {
  const { case: what, wan, world, isp, judge, given, did, framesOf, notApplicable } = evidence
  const flow = did(what === 'IA_NA' ? 'online' : 'flow')
  if (what === 'IA_NA' && isp.ra.onLink) return notApplicable('The RA says that the WAN prefix is on the link.', flow)
  given(framesOf(flow)[0], 'DENAT-DEFAULT-1')
  const mark = did('to-wan-neighbour', ({ data }) => data?.what === what)
  const [sent] = framesOf(mark)
  const target = String(mark.data?.target)
  const resolved = wan.fromDut.all(ns({ target }), { after: mark })
  const forwarded = wan.fromDut.first({ ip6: { dst: target }, icmp6: { type: 'echo-request' } }, { after: mark })
  if (what === 'L=1') {
    const [question] = resolved
    if (!question) needsTheWay(evidence, 'WAN neighbors', mark)
    judge.found(
      question,
      forwarding(sent ?? mark),
      `A neighbour in a prefix with L=1 (${target}) is asked for on the link.`,
    )
    return
  }
  const whose = what === 'IA_NA' ? 'the /64 that the assigned address is in' : 'a prefix with L=0'
  judge.holds(
    resolved.length === 0,
    `An address in ${whose} is not taken to be on the link.`,
    `a Neighbor Solicitation for ${target}`,
    mark,
    ...resolved.slice(0, 1),
  )
  if (!forwarded && what !== 'IA_NA') needsTheWay(evidence, 'WAN neighbors', mark)
  const left = judge.found(
    forwarded,
    forwarding(sent ?? mark),
    `A host's packet to an address in ${whose} leaves on the WAN.`,
  )
  judge.equal(left.packet.eth.dst, world.stations.isp?.mac, 'It goes to the default router.', left)
})

requirement('RFC4862-5.5.3-TWOHOUR', wanPrefixes, (evidence) => {
  const { judge, given, did, framesOf, notApplicable } = evidence
  const after = did('two-prefixes')
  for (const prefix of [after.data?.wanPrefix, after.data?.other])
    given(formed(evidence, String(prefix), { after }), 'RFC7084-WAA-1')
  const gone = did('deprecated')
  const kept = framesOf(did('asked-deprecated'))[1]
  judge.note(
    kept
      ? 'The address is kept beyond the RA that cut its valid lifetime to 0: the two-hour rule holds.'
      : 'The address is gone with the RA that cut its valid lifetime to 0: the two-hour rule does not hold.',
    gone,
    ...(kept ? [kept] : []),
  )
  const { asked, queries, errors } = ownPackets(evidence, 'deprecated')
  const own = [...queries, ...errors]
  if (own.length === 0) return notApplicable('The router says nothing to the Internet of its own here.', asked)
  judge.each(
    own,
    'Preferred Lifetime 0 takes effect: the router speaks to the Internet from that address no longer.',
    ({ packet }) => {
      const source = packet.ip6?.src ?? '::'
      return inPrefix(source, String(gone.data?.prefix)) ? `source ${source}` : undefined
    },
  )
})
