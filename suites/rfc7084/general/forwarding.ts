import {
  anyOf,
  claim,
  type Evidence,
  echoRequest,
  type Frame,
  icmpv6Of,
  isLinkLocal,
  type Judgement,
  type LinkView,
  ns,
  on,
  ra,
  raOf,
  requirement,
  solicitedNode,
  the,
} from 'denat'
import { coldBoot, gatewayAsked, online } from '../../scenarios/cold-boot.ts'
import { lanServicesAsked } from '../../scenarios/lan-services.ts'
import { flow, probes, probesFence, silentServer } from '../../scenarios/silent-server.ts'
import { listenersAsked } from '../../steps/lan-services/listeners.ts'

type Side = 'lan' | 'wan'

/** On both sides the router answers after the probes; where it sent no packet, no probe could be sent through it. */
function fences({ at, every, given, notApplicable }: Evidence): Record<Side, Frame> {
  const { mark } = at(probes)
  const fenceOf = (side: Side) => {
    const fence = every(probesFence).find((one) => one.side === side)
    if (!fence)
      return notApplicable(
        claim`The router sent no packet on its ${the.name(side)}: no packet could be sent through it.`,
        mark,
      )
    return given(fence.answer, 'RFC7084-G-1')
  }
  given(at(flow).reply, 'DENAT-DEFAULT-1')
  return { lan: fenceOf('lan'), wan: fenceOf('wan') }
}

const nothingGoesOut: Judgement = (evidence) => {
  const { at, given, judge, lan, wan } = evidence
  const { wan: fence } = fences(evidence)
  const { future, mark } = at(probes)
  const sent = given(lan.toDut.first(echoRequest({}, { ip6: { src: future } }), { after: mark }), 'RFC7084-L-1')
  judge.absent(
    wan.fromDut.all({ ip6: { src: future } }, { before: fence }),
    claim`Before the router has an address and a prefix, it forwards no packet from the LAN to the WAN.`,
    { fence, since: sent },
  )
  passesAfterwards(evidence)
}

const nothingComesIn: Judgement = (evidence) => {
  const { at, given, judge, lan, wan } = evidence
  const { lan: fence } = fences(evidence)
  const { future, mark } = at(probes)
  const sent = given(wan.toDut.first(echoRequest({}, { ip6: { dst: future } }), { after: mark }), 'RFC7084-W-2')
  judge.absent(
    lan.fromDut.all(echoRequest({}, { ip6: { dst: future } }), { before: fence }),
    claim`Before the router has an address and a prefix, it forwards no packet from the WAN to the LAN.`,
    { fence, since: sent },
  )
  passesAfterwards(evidence)
}

function passesAfterwards({ at, judge }: Evidence): void {
  const { reply, mark } = at(flow)
  judge.found(reply, mark, claim`Afterwards the router forwards a flow.`)
}

const setsRouterFlag: Judgement = ({ judge, given, at, lan }) => {
  at(online)
  const { answer, mark: asked } = at(gatewayAsked)
  const advertised = given(
    lan.fromDut.all(ra()).find((frame) => raOf(frame).routerLifetime > 0),
    'DENAT-DEFAULT-1',
  )
  const reply = judge.found(
    answer,
    asked,
    claim`On the LAN the router answers a Neighbor Solicitation for its link-local address.`,
  )
  const router = reply.packet.icmp6?.type === 'neighbor-advertisement' && reply.packet.icmp6.router
  judge.equal(reply.packet.ip6?.hopLimit, 255, claim`The hop limit of the Neighbor Advertisement`, reply)
  judge.equal(
    router,
    true,
    claim`The R flag of the Neighbor Advertisement of a router that sends RAs`,
    advertised,
    reply,
  )
}

/** A report is sent again after at most Unsolicited Report Interval (RFC 3810 section 9.11, 1 s; RFC 2710 section 7.10, 10 s). */
const reportWithin = 10

/** A link-local address of the same group had its DAD before the bench could see it, as where a switch passes frames late. */
const isJoinedUnseen = (link: LinkView, group: string): boolean =>
  link.fromDut
    .all({ ip6: {} })
    .map(({ packet }) => packet.ip6?.src ?? '::')
    .some(
      (src) =>
        isLinkLocal(src) &&
        solicitedNode(src) === group &&
        !link.fromDut.first(ns({ target: src }, { ip6: { src: '::' } })),
    )

/** A node performs DAD for an address only after it has joined the solicited-node group (RFC 4862 section 5.4.2), which MLD reports. */
const reportsItsGroups: Judgement = ({ judge, wan, lan, at, notApplicable }) => {
  const { mark: probed } = at(probes)
  const checked = ns({}, { ip6: { src: '::' } })
  let looked = 0
  for (const link of [wan, ...lan.segments])
    for (const probe of link.fromDut.all(checked)) {
      const { target } = icmpv6Of(probe, 'neighbor-solicitation')
      const group = solicitedNode(target)
      if (isJoinedUnseen(link, group)) continue
      const report = link.fromDut.all({ icmp6: { type: anyOf('mld1-report', 'mld2-report') } }).find(({ packet }) => {
        const { icmp6 } = packet
        if (icmp6?.type === 'mld2-report') return icmp6.records.some((record) => record.group === group)
        return icmp6?.type === 'mld1-report' && icmp6.group === group
      })
      judge.found(
        report,
        { after: probe, seconds: reportWithin },
        claim`On the ${the.name(link.name)} the router sends an MLD report for ${the.address(group)}, the solicited-node group of ${the.address(target)}.`,
      )
      looked++
    }
  if (looked === 0) notApplicable(claim`The recording has no DAD probe: the ports came up afterwards.`, probed)
}

const isAnswered =
  (side: Side): Judgement =>
  ({ judge, at, every, notApplicable }) => {
    const { mark: probed } = at(probes)
    at(probesFence)
    const asked = every(probesFence).find((one) => one.side === side)
    if (!asked)
      return notApplicable(
        claim`The router sent no packet on its ${the.name(side)}: no address is known to send a Neighbor Solicitation for.`,
        probed,
      )
    const expected = claim`The router answers a Neighbor Solicitation for its address.`
    const reply = judge.found(asked.answer, asked.mark, expected)
    const { hopLimit } = reply.packet.ip6 ?? {}
    judge.equal(hopLimit, 255, claim`The hop limit of the Neighbor Advertisement`, reply)
    const router = reply.packet.icmp6?.type === 'neighbor-advertisement' && reply.packet.icmp6.router
    // Until it has a prefix it does not forward (RFC 7084 G-3), and so the R flag is not required.
    judge.note(
      claim`R flag on the ${side === 'wan' ? claim`WAN` : claim`LAN, before there is a prefix`}: ${Number(router)}.`,
      reply,
    )
  }

const reportsWhenQueried =
  (side: Side): Judgement =>
  ({ judge, at, every, recording, assume, undecided, wan, lan }) => {
    const asked = every(listenersAsked)
    const [first] = recording.frames
    if (asked.length === 0 && recording.outcome.end !== 'blocked' && first)
      return undecided(claim`This recording is of a version that sent no multicast listener query.`, first)
    // A router that sends no packet on this side has no known address there.
    const isKnown = asked.length === 0 || asked.some((one) => one.side === side)
    assume(isKnown, side === 'wan' ? 'RFC7084-W-2' : 'RFC7084-L-1')
    const { group, query, report, mark } = at(listenersAsked, (one) => one.side === side)
    // Where the router sends no report at all, the cases of unsolicited reports fail.
    const { fromDut } = side === 'wan' ? wan : lan
    assume(fromDut.first({ icmp6: { type: anyOf('mld1-report', 'mld2-report') } }) !== undefined, 'RFC7084-G-1')
    const expected = claim`A multicast listener query on the ${side === 'wan' ? claim`WAN` : claim`LAN`} is answered by a report for ${the.address(group)}, the solicited-node group of the link-local address.`
    judge.found(report, mark, expected, ...(query ? [query] : []))
  }

export const requirements = [
  requirement('RFC7084-G-3', { outbound: on(silentServer, nothingGoesOut), inbound: on(silentServer, nothingComesIn) }),

  requirement('RFC7084-G-1', {
    'MLD query, WAN': on(lanServicesAsked, reportsWhenQueried('wan')),
    'MLD query, LAN': on(lanServicesAsked, reportsWhenQueried('lan')),
    'WAN link-local': on(silentServer, isAnswered('wan')),
    'LAN link-local': on(silentServer, isAnswered('lan')),
    'R flag': on(coldBoot, setsRouterFlag),
    MLD: on(silentServer, reportsItsGroups),
  }),
]
