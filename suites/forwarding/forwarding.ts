import { anyOf, type Evidence, echoRequest, icmpv6Of, ns, ra, raOf, requirement, solicitedNode } from 'denat'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { silentServer } from '../scenarios/silent-server.ts'

requirement(
  'RFC7084-G-3',
  { cases: { outbound: silentServer, inbound: silentServer } },
  ({ case: way, wan, lan, judge, given, did, marks, framesOf, notApplicable }) => {
    const probes = did('probes')
    const future = String(probes.data?.future)
    const fences = marks('fence')
    const fenceOf = (side: string) => {
      const mark = fences.find((one) => one.data?.side === side)
      if (!mark) return notApplicable(`The router was silent on its ${side}: nobody could send through it.`, probes)
      return given(framesOf(mark)[1], 'RFC7084-G-1')
    }
    const flow = did('flow')
    given(framesOf(flow)[0], 'DENAT-DEFAULT-1')
    const both = { lan: fenceOf('lan'), wan: fenceOf('wan') }
    if (way === 'outbound') {
      const sent = given(lan.toDut.first(echoRequest({}, { ip6: { src: future } }), { after: probes }), 'RFC7084-L-1')
      judge.absent(
        wan.fromDut.all({ ip6: { src: future } }, { before: both.wan }),
        'Before address and prefix are acquired nothing is forwarded from the LAN to the WAN.',
        { fence: both.wan, since: sent },
      )
    } else {
      const sent = given(wan.toDut.first(echoRequest({}, { ip6: { dst: future } }), { after: probes }), 'RFC7084-W-2')
      judge.absent(
        lan.fromDut.all(echoRequest({}, { ip6: { dst: future } }), { before: both.lan }),
        'Before address and prefix are acquired nothing is forwarded from the WAN to the LAN.',
        { fence: both.lan, since: sent },
      )
    }
    judge.found(framesOf(flow)[0], flow, 'Afterwards a flow passes.')
  },
)

function saysThatItIsARouter({ judge, given, did, framesOf, lan }: Evidence): void {
  did('online')
  const asked = did('asked-gateway')
  const [, answer] = framesOf(asked)
  const advertised = given(
    lan.fromDut.all(ra()).find((frame) => raOf(frame).routerLifetime > 0),
    'DENAT-DEFAULT-1',
  )
  const reply = judge.found(answer, asked, 'On the LAN a Neighbor Solicitation for its link-local address is answered.')
  const router = reply.packet.icmp6?.type === 'neighbor-advertisement' && reply.packet.icmp6.router
  judge.equal(reply.packet.ip6?.hopLimit, 255, 'Hop limit of the answer', reply)
  judge.equal(router, true, 'R flag of the answer, where the router advertises itself', advertised, reply)
}

/** A report is sent again after at most Unsolicited Report Interval (RFC 3810 section 9.11, 1 s; RFC 2710 section 7.10, 10 s). */
const reportWithin = 10

/** An address is checked only after its solicited-node group was joined (RFC 4862 section 5.4.2), which MLD tells. */
function reportsItsGroups({ judge, wan, lan, marks, notApplicable }: Evidence): void {
  const checked = ns({}, { ip6: { src: '::' } })
  let looked = 0
  for (const link of [wan, ...lan.segments])
    for (const probe of link.fromDut.all(checked)) {
      const { target } = icmpv6Of(probe, 'neighbor-solicitation')
      const group = solicitedNode(target)
      const report = link.fromDut.all({ icmp6: { type: anyOf('mld1-report', 'mld2-report') } }).find(({ packet }) => {
        const { icmp6 } = packet
        if (icmp6?.type === 'mld2-report') return icmp6.records.some((record) => record.group === group)
        return icmp6?.type === 'mld1-report' && icmp6.group === group
      })
      judge.found(
        report,
        { after: probe, seconds: reportWithin },
        `On the ${link.name} MLD reports tell of ${group}, the group of ${target}.`,
      )
      looked++
    }
  if (looked === 0)
    notApplicable('No address was seen to be checked: the ports came up afterwards.', ...marks('probes'))
}

requirement(
  'RFC7084-G-1',
  {
    cases: { 'WAN link-local': silentServer, 'LAN link-local': silentServer, 'R flag': coldBoot, MLD: silentServer },
  },
  (evidence) => {
    const { case: where, judge, did, marks, framesOf, notApplicable } = evidence
    if (where === 'R flag') return saysThatItIsARouter(evidence)
    const probes = did('probes')
    if (where === 'MLD') return reportsItsGroups(evidence)
    did('fence')
    const side = where === 'WAN link-local' ? 'wan' : 'lan'
    const asked = marks('fence').find((mark) => mark.data?.side === side)
    if (!asked) return notApplicable(`The router was silent on its ${side}: it had no address to be asked for.`, probes)
    const [, answer] = framesOf(asked)
    const reply = judge.found(answer, asked, 'A Neighbor Solicitation for an address of the router is answered.')
    const { hopLimit } = reply.packet.ip6 ?? {}
    judge.equal(hopLimit, 255, 'Hop limit of the answer', reply)
    const router = reply.packet.icmp6?.type === 'neighbor-advertisement' && reply.packet.icmp6.router
    // Until it has a prefix it need not forward (RFC 7084 G-3), and so need not be a router.
    judge.note(`R flag on the ${side === 'wan' ? 'WAN' : 'LAN, before there is a prefix'}: ${Number(router)}.`, reply)
  },
)
