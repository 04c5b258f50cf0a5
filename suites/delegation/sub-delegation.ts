import {
  anyOf,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  echoReply,
  echoRequest,
  type Frame,
  forwarding,
  granted,
  inside,
  isLinkLocal,
  type Mark,
  network,
  ns,
  requirement,
  serverAnswer,
} from 'denat'
import { evening } from '../scenarios/evening.ts'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { subLease } from '../scenarios/sub-lease.ts'
import { isUlaPrefix, subnets } from './askers.ts'

/** In any prefix that a router was granted; its hosts may have addresses of each. */
function insideOf({ framesOf }: Evidence, held: Mark): (address: string) => boolean {
  const [granting] = framesOf(held)
  const prefixes = granting ? granted(granting) : [String(held.data?.prefix)]
  return (address) => prefixes.some((prefix) => inside(prefix)(address))
}

requirement(
  'RFC9818-LPD-5-ROUTE',
  {
    cases: {
      replies: evening,
      'first address': evening,
      'last address': evening,
      'just outside': evening,
      'after a restart of the router': subLease,
      'after the router moved': subLease,
    },
  },
  (evidence) => {
    const { case: what, lan, judge, given, did, framesOf, world, wan, marks, notApplicable } = evidence
    subnets(evidence)
    const later = { 'after a restart of the router': 'after-restart', 'after the router moved': 'after-move' }[what]
    if (later) {
      const over = given(marks('extended')[0], 'RFC9818-LPD-1')
      const last = marks(later).at(-1)
      if (!last) return notApplicable('The lab has one LAN port only.', over)
      if (later === 'after-move') {
        const moved = marks('plugged-in').find((mark) => mark.data?.port === last.data?.port && mark.at < last.at)
        const clientId = { duid: world.stations.mover?.duid }
        const granting = lan.fromDut
          .all(dhcpv6('reply', { clientId }), { after: moved ?? over })
          .find((frame) => granted(frame).includes(String(last.data?.prefix)))
        // On another link a server need not extend the lease; where it does, the route follows.
        if (!granting)
          return notApplicable('The router that moved was granted nothing at its new port.', moved ?? over, last)
      }
      const [, arrived] = framesOf(last)
      const claim = `What is for ${last.data?.prefix} reaches the router that has it, on port ${last.data?.port}.`
      judge.found(arrived, last, claim)
      return
    }
    const held = given(marks('sub-delegated')[0], 'RFC9818-LPD-1')
    const prefix = String(held.data?.prefix)
    const router = world.stations.downstream
    const link = lan.of('downstream')
    if (what === 'replies') {
      const flow = did('behind-ping')
      const its = insideOf(evidence, held)
      const sent = given(link.toDut.last(echoRequest({}, { ip6: { src: its } }), { before: flow }), 'DENAT-PD-1')
      const answered = given(wan.toDut.first(echoReply({}, { ip6: { dst: its } }), { after: sent }), 'RFC9818-LPD-6')
      const delivered = judge.found(
        link.fromDut.seek(echoReply({}, { ip6: { dst: its } }), { after: answered }),
        forwarding(answered),
        `A reply to a host behind the downstream router is forwarded into ${prefix}.`,
      )
      judge.equal(
        delivered.packet.eth.dst,
        router?.mac,
        'It goes to the link-layer address of the downstream router',
        delivered,
      )
      return
    }
    const place = { 'first address': 'first', 'last address': 'last', 'just outside': 'outside' }[what]
    const probe = did('route-probe', (mark) => mark.data?.place === place)
    const [sent, arrived] = framesOf(probe)
    const toRouter = link.fromDut.all(
      echoRequest({}, { ip6: { dst: String(probe.data?.target) }, eth: { dst: router?.mac } }),
      { after: sent ?? probe },
    )
    if (place === 'outside') {
      const fence = given(framesOf(did('outside-fence'))[0], 'DENAT-DEFAULT-1')
      judge.absent(
        toRouter,
        `A packet to the prefix right behind ${network(prefix)} does not go to the downstream router.`,
        { fence, since: sent ?? probe },
      )
      return
    }
    if (toRouter[0])
      judge.found(toRouter[0], probe, `A packet to the ${what} of ${prefix} is forwarded to the downstream router.`)
    else {
      // Whom the router asks for in its place: a next hop that nobody has.
      const asked = link.fromDut.first(ns({}), { after: sent ?? probe, before: did('outside-fence') })
      const target = asked?.packet.icmp6?.type === 'neighbor-solicitation' ? asked.packet.icmp6.target : undefined
      if (asked && target !== router?.linkLocal && isLinkLocal(target ?? '::'))
        judge.holds(
          false,
          `A packet to the ${what} of ${prefix} goes to who asked for it, ${router?.linkLocal}.`,
          `the router asks for ${target}, which nobody has`,
          ...(sent ? [sent] : []),
          asked,
        )
      judge.found(arrived, probe, `A packet to the ${what} of ${prefix} reaches the downstream router.`)
    }
  },
)

const removal = { Release: evening, 'end of the lease': subLease }

requirement('RFC9818-LPD-5-REMOVE', { cases: removal }, (evidence) => {
  const { case: what, lan, judge, given, did, marks, framesOf, world } = evidence
  subnets(evidence)
  if (what === 'end of the lease') return leaseEnds(evidence)
  const held = given(marks('sub-delegated')[0], 'RFC9818-LPD-1')
  const released = did('released')
  const granting = given(framesOf(held)[0], 'RFC9818-LPD-1')
  given(marks('route-probe').flatMap((mark) => framesOf(mark).slice(1))[0], 'RFC9818-LPD-5-ROUTE')
  const reply = judge.found(
    framesOf(released)[0],
    released,
    'A Release is answered by a Reply (RFC 8415 18.3.7).',
    granting,
  )
  const fenced = did('released-fence')
  const fence = given(framesOf(fenced)[1], 'RFC7084-G-1')
  const probes = marks('released-probe')
  const [first] = probes
  if (!first) throw new TypeError('no probe was sent after the release')
  const router = world.stations.downstream
  judge.absent(
    lan
      .of('downstream')
      .fromDut.all(
        { icmp6: { type: 'echo-request' }, ip6: { dst: inside(String(held.data?.prefix)) }, eth: { dst: router?.mac } },
        { after: first },
      ),
    'From 2 s after the Release on, nothing is forwarded to the router that gave the prefix back.',
    { fence, since: reply },
  )
  const error = probes.flatMap((mark) => framesOf(mark).slice(1))[0]
  judge.note(error ? 'Senders are told by Destination Unreachable.' : 'Senders are told nothing.', error ?? fence)
})

requirement(
  'RFC9818-LPD-6',
  { cases: { echo: [evening, flashRenumbering], TCP: evening, UDP: evening } },
  (evidence) => {
    const { case: what, wan, lan, judge, given, did, framesOf, world, marks } = evidence
    subnets(evidence)
    const held = given(marks('sub-delegated')[0], 'RFC9818-LPD-1')
    const prefix = String(held.data?.prefix)
    given(isUlaPrefix(prefix) ? undefined : held, 'RFC9818-LPD-1')
    const { mark, pattern } = {
      echo: { mark: 'behind-ping', pattern: { icmp6: { type: anyOf('echo-request') } } },
      TCP: { mark: 'behind-page', pattern: { tcp: { dstPort: 80, flags: 'syn' } } },
      UDP: { mark: 'behind-udp', pattern: { udp: { dstPort: 5000 } } },
    }[what as 'echo' | 'TCP' | 'UDP']
    const flow = did(mark)
    const from = { ...pattern, ip6: { src: insideOf(evidence, held) } }
    const sent: Frame = given(lan.of('downstream').toDut.last(from, { before: flow }), 'DENAT-PD-1')
    const out = judge.found(
      wan.fromDut.seek(from, { after: sent }),
      forwarding(sent),
      'A packet from a sub-delegated prefix leaves on the WAN with its own source.',
    )
    judge.equal(out.packet.eth.dst, world.stations.isp?.mac, 'It goes to the ISP', out)
    const answers = framesOf(flow)
    const back = what === 'TCP' ? flow.data?.outcome === 'connected' : answers.length > (what === 'UDP' ? 1 : 0)
    judge.holds(
      back,
      'The replies of that flow reach the host behind the downstream router.',
      'no reply reached it',
      out,
      flow,
      ...answers,
    )
  },
)

requirement('DENAT-PD-1', evening, (evidence) => {
  const { lan, judge, given, did, framesOf, world } = evidence
  subnets(evidence)
  did('plugged-in')
  const link = lan.of('downstream')
  const duid = world.stations.downstream?.duid
  const solicit = given(link.toDut.first(dhcpv6('solicit', { clientId: { duid } })), 'RFC9818-LPD-1')
  const granting = link.fromDut
    .all(dhcpv6('reply', { clientId: { duid } }), { after: solicit })
    .find((frame) => granted(frame).length > 0)
  const reply = judge.due(
    given(granting, 'RFC9818-LPD-1'),
    { after: solicit, seconds: serverAnswer },
    'A downstream home router is given a prefix of its own, with no manual step.',
  )
  judge.note(`It was given ${granted(reply).join(', ')}, T1 ${dhcpv6OptionsOf(reply, 'ia-pd')[0]?.t1} s.`, reply)
  const behind = did('behind')
  judge.holds(
    typeof behind.data?.address === 'string',
    'The host behind it has a global address from that prefix.',
    'it has none',
    behind,
  )
  const pinged = did('behind-ping')
  judge.found(framesOf(pinged)[0], pinged, 'It reaches the Internet and is reached by the answer.')
  const page = did('behind-page')
  judge.equal(
    String(page.data?.outcome),
    'connected',
    'A connection from it to the Internet is',
    page,
    ...framesOf(page),
  )
})

/** A router that neither renews nor releases, but is there: what was its prefix is its no longer. */
function leaseEnds({ judge, given, did, marks, framesOf, wan }: Evidence): void {
  const silent = given(marks('neglects')[0], 'RFC9818-LPD-1')
  const over = did('expired-fence')
  const fence = given(framesOf(over)[0], 'DENAT-DEFAULT-1')
  const probes = marks('expired')
  const target = probes[0]?.data?.prefix
  judge.absent(
    probes.flatMap((mark) => framesOf(mark).slice(1)),
    `3 s after its lease has ended, nothing for ${target} is forwarded to a router that did not renew it.`,
    { fence, since: silent },
  )
  const [first] = probes.flatMap(framesOf)
  judge.absent(
    wan.fromDut.all({ ip6: { dst: inside(String(target)) } }, { after: silent }),
    'Nor does it leave on the WAN.',
    { fence, since: first ?? silent },
  )
}
