import {
  type Claim,
  claim,
  type Evidence,
  type Frame,
  forwarding,
  inPrefix,
  type Judgement,
  type LinkView,
  type Mark,
  ns,
  on,
  receiverOf,
  requirement,
  the,
} from 'denat'
import { coldBoot, online, toWanNeighbor as toAssignedNeighbor } from '../../scenarios/cold-boot.ts'
import { flow, toWanNeighbor, twoPrefixes, wanPrefixes } from '../../scenarios/wan-prefixes.ts'
import { formed } from '../../shared/formed.ts'
import { ownPackets } from '../../shared/own-packets.ts'
import { needsTheWay } from '../../steps/control.ts'

const fromLan =
  (what: 'DNS query' | 'ICMPv6 error'): Judgement =>
  (evidence) => {
    const { isp, judge, given, at, notApplicable } = evidence
    const { sent: before } = at(twoPrefixes)
    given(at(flow).reply, 'DENAT-DEFAULT-1')
    const { asked, queries, errors } = ownPackets(evidence, 'without-address')
    const own = what === 'DNS query' ? queries : errors
    if (own.length === 0)
      return notApplicable(claim`The router sends no ${the.name(what)} over IPv6 in this recording.`, asked)
    const address = before && formed(evidence, isp.wanPrefix, { before })
    if (address) return notApplicable(claim`The router has formed a WAN address itself.`, address)
    judge.each(
      own,
      claim`Without a WAN address, the router uses an address of its LAN as the source of packets to the Internet.`,
      (frame) => {
        const source = frame.packet.ip6?.src
        const isOurs = isp.dhcpv6.prefixes.some((prefix) => source !== undefined && inPrefix(source, prefix))
        return isOurs ? undefined : claim`source ${the.address(source)}`
      },
    )
  }

/** A packet of a host to a neighbor on the WAN link, and what the router sends for it. */
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
  whose: Claim,
): void {
  judge.holds(
    resolved === undefined,
    claim`The router does not consider an address in ${whose} to be on-link.`,
    claim`a Neighbor Solicitation for ${the.address(target)}`,
    since,
    ...(resolved ? [resolved] : []),
  )
  const left = judge.found(
    forwarded,
    forwarding(since),
    claim`The router forwards a packet of a host to an address in ${whose} to the WAN.`,
  )
  judge.equal(receiverOf(left), world.stations.isp?.mac, claim`The next hop is the default router.`, left)
}

/** A packet to a prefix in the RA. */
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
  goesToDefaultRouter(evidence, probed, claim`a prefix with L=0`)
}

const isOnLink: Judgement = (evidence) => {
  if (evidence.wan.carrier === 'PPP')
    return evidence.notApplicable(claim`The line is a PPP link: the router has one neighbor there, and resolves none.`)
  const { since, target, resolved } = ofPrefix(evidence, 'L=1')
  if (!resolved) needsTheWay(evidence, 'WAN neighbors', since)
  const expected = claim`The router resolves a neighbor in a prefix with L=1 (${the.address(target)}) on the link.`
  evidence.judge.found(resolved, forwarding(since), expected)
}

const ofAssignedAddress: Judgement = (evidence) => {
  const { wan, isp, at, given, notApplicable } = evidence
  const ready = at(online)
  if (isp.ra.onLink) return notApplicable(claim`The RA of the ISP advertises the WAN prefix with L=1.`, ready.mark)
  given(ready.online, 'DENAT-DEFAULT-1')
  const probed = towards(wan, at(toAssignedNeighbor))
  goesToDefaultRouter(evidence, probed, claim`the /64 of the assigned address`)
}

export const requirements = [
  requirement('RFC7084-WAA-9', {
    'DNS query': on(wanPrefixes, fromLan('DNS query')),
    'ICMPv6 error': on(wanPrefixes, fromLan('ICMPv6 error')),
  }),

  requirement('RFC7084-WAA-2', {
    'L=0': on(wanPrefixes, isOffLink),
    'L=1': on(wanPrefixes, isOnLink),
    IA_NA: on(coldBoot, ofAssignedAddress),
  }),
]
