import {
  type Evidence,
  type Frame,
  forwarding,
  icmpv6Of,
  inPrefix,
  type Judgement,
  type LinkView,
  type Mark,
  na,
  ns,
  on,
  requirement,
} from 'denat'
import { coldBoot, online, toWanNeighbor as toAssignedNeighbor } from '../scenarios/cold-boot.ts'
import {
  expired,
  flow,
  nameAsked,
  toWanNeighbor,
  twoPrefixes,
  wanPrefixes,
  withdrawn,
  withdrawnAsked,
} from '../scenarios/wan-prefixes.ts'
import { needsTheWay } from '../steps/control.ts'
import { formed } from './formed.ts'

/** What the router said to the Internet of its own accord, when it was made to. */
function ownPackets({ wan, at, every }: Evidence, when: 'without-address' | 'deprecated') {
  const { mark: asked, name } = at(nameAsked, (one) => one.when === when)
  const queries = wan.fromDut
    .all({ udp: { dstPort: 53 }, ip6: {}, dns: { type: 'query' } }, { after: asked })
    .filter(({ packet }) => packet.dns?.questions.some((one) => one.name.toLowerCase() === name.toLowerCase()))
  const errors = every(expired).flatMap((one) => (one.when === when && one.error ? [one.error] : []))
  return { asked, queries, errors }
}

const fromLan =
  (what: 'DNS query' | 'ICMPv6 error'): Judgement =>
  (evidence) => {
    const { isp, judge, given, at, notApplicable } = evidence
    const { sent: before } = at(twoPrefixes)
    given(at(flow).reply, 'DENAT-DEFAULT-1')
    const { asked, queries, errors } = ownPackets(evidence, 'without-address')
    const own = what === 'DNS query' ? queries : errors
    if (own.length === 0) return notApplicable(`The router sends no ${what} over IPv6 here.`, asked)
    const address = before && formed(evidence, isp.wanPrefix, { before })
    if (address) return notApplicable('The router has a WAN address of its own making.', address)
    judge.each(own, 'Without a WAN address, the router speaks to the Internet from an address of its LAN.', (frame) => {
      const source = frame.packet.ip6?.src
      const isOurs = isp.dhcpv6.prefixes.some((prefix) => source !== undefined && inPrefix(source, prefix))
      return isOurs ? undefined : `source ${source}`
    })
  }

requirement('RFC7084-WAA-9', {
  'DNS query': on(wanPrefixes, fromLan('DNS query')),
  'ICMPv6 error': on(wanPrefixes, fromLan('ICMPv6 error')),
})

/** Neighbor Advertisements that nobody asked for, to all routers, of the first address formed; `probe` is its DAD. */
function announced({ wan, at, given }: Evidence) {
  const added = at(twoPrefixes)
  const { mark: over } = at(withdrawn)
  const probe = given(formed({ wan }, added.wanPrefix, { after: added.mark }), 'RFC7084-WAA-1')
  const { target } = icmpv6Of(probe, 'neighbor-solicitation')
  // An optimistic address (RFC 4429) is announced before its DAD.
  const during = { after: added.mark, before: over }
  const all = wan.fromDut.all(na({ target, solicited: false }), during)
  return { probe, over, all, toRouters: all.filter(({ packet }) => packet.ip6?.dst === 'ff02::2') }
}

const isAnnounced: Judgement = (evidence) => {
  const { judge } = evidence
  const { probe, over, all, toRouters } = announced(evidence)
  if (toRouters.length === 0 && all.length > 0)
    judge.note('It informs all nodes (ff02::1) in their place.', ...all.slice(0, 1))
  judge.found(toRouters[0], over, 'The routers of the link (ff02::2) are informed of a new WAN address unasked.', probe)
}

/** Ends the judgement where there are none. */
function someAnnounced(evidence: Evidence): [Frame, ...Frame[]] {
  const { probe, toRouters } = announced(evidence)
  const [first, ...rest] = toRouters
  return first ? [first, ...rest] : evidence.notApplicable('The router informs no router of its new address.', probe)
}

const overridesNothing: Judgement = (evidence) =>
  evidence.judge.each(
    someAnnounced(evidence),
    'The Override flag of these Neighbor Advertisements is clear.',
    (frame) => (icmpv6Of(frame, 'neighbor-advertisement').override ? 'O=1' : undefined),
  )

const threeAtMost: Judgement = (evidence) => {
  const sent = someAnnounced(evidence)
  evidence.judge.holds(sent.length <= 3, 'No more than three are sent.', `${sent.length}`, ...sent)
}

const areApart: Judgement = (evidence) => {
  const { judge, notApplicable } = evidence
  let [previous, ...rest] = someAnnounced(evidence)
  if (rest.length === 0) return notApplicable('One alone is sent.', previous)
  for (const frame of rest) {
    judge.within(
      frame.at - previous.at,
      { min: 0.9, max: Number.POSITIVE_INFINITY, why: 'RetransTimer, 1 s (RFC 4861 section 10)' },
      'They are RetransTimer apart at the least.',
      previous,
      frame,
    )
    previous = frame
  }
}

requirement('RFC9131-6.1.2', {
  sent: on(wanPrefixes, isAnnounced),
  'O flag': on(wanPrefixes, overridesNothing),
  'three at most': on(wanPrefixes, threeAtMost),
  // "These advertisements MUST be separated by at least RetransTimer seconds."
  '1 s apart': on(wanPrefixes, areApart, { level: 'MUST' }),
})

/** A packet of a host for a neighbor of the router's WAN, and what the router made of it. */
function towards({ fromDut }: LinkView, { target, sent, mark }: { target: string; sent?: Frame; mark: Mark }) {
  return {
    target,
    since: sent ?? mark,
    resolved: fromDut.first(ns({ target }), { after: mark }),
    forwarded: fromDut.first({ ip6: { dst: target }, icmp6: { type: 'echo-request' } }, { after: mark }),
  }
}

function goesToDefaultRouter(
  { judge, world }: Evidence,
  { since, target, resolved, forwarded }: ReturnType<typeof towards>,
  whose: string,
): void {
  judge.holds(
    resolved === undefined,
    `An address in ${whose} is not taken to be on the link.`,
    `a Neighbor Solicitation for ${target}`,
    since,
    ...(resolved ? [resolved] : []),
  )
  const left = judge.found(forwarded, forwarding(since), `A host's packet to an address in ${whose} leaves on the WAN.`)
  judge.equal(left.packet.eth.dst, world.stations.isp?.mac, 'It goes to the default router.', left)
}

/** A packet to a prefix that the RA brought. */
function ofPrefix({ wan, at, given }: Evidence, what: 'L=0' | 'L=1') {
  given(at(flow).reply, 'DENAT-DEFAULT-1')
  return towards(
    wan,
    at(toWanNeighbor, (one) => one.what === what),
  )
}

const isOffLink: Judgement = (evidence) => {
  const probed = ofPrefix(evidence, 'L=0')
  if (!probed.resolved && !probed.forwarded) needsTheWay(evidence, 'WAN neighbors', probed.since)
  goesToDefaultRouter(evidence, probed, 'a prefix with L=0')
}

const isOnLink: Judgement = (evidence) => {
  const { since, target, resolved } = ofPrefix(evidence, 'L=1')
  if (!resolved) needsTheWay(evidence, 'WAN neighbors', since)
  const claim = `A neighbor in a prefix with L=1 (${target}) is asked for on the link.`
  evidence.judge.found(resolved, forwarding(since), claim)
}

const ofAssignedAddress: Judgement = (evidence) => {
  const { wan, isp, at, given, notApplicable } = evidence
  const ready = at(online)
  if (isp.ra.onLink) return notApplicable('The RA says that the WAN prefix is on the link.', ready.mark)
  given(ready.online, 'DENAT-DEFAULT-1')
  const probed = towards(wan, at(toAssignedNeighbor))
  goesToDefaultRouter(evidence, probed, 'the /64 that the assigned address is in')
}

requirement('RFC7084-WAA-2', {
  'L=0': on(wanPrefixes, isOffLink),
  'L=1': on(wanPrefixes, isOnLink),
  IA_NA: on(coldBoot, ofAssignedAddress),
})

requirement('RFC4862-5.5.3-TWOHOUR', wanPrefixes, (evidence) => {
  const { judge, given, at, every, notApplicable } = evidence
  const added = at(twoPrefixes)
  for (const prefix of [added.wanPrefix, added.other])
    given(formed(evidence, prefix, { after: added.mark }), 'RFC7084-WAA-1')
  const { prefix, mark: gone } = at(withdrawn)
  const kept = every(withdrawnAsked)[0]?.answer
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
      const source = packet.ip6?.src
      return source !== undefined && inPrefix(source, prefix) ? `source ${source}` : undefined
    },
  )
})
