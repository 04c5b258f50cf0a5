import {
  anyOf,
  claim,
  dhcpv6,
  type Evidence,
  echoReply,
  echoRequest,
  type Frame,
  forwarding,
  granted,
  inside,
  isLinkLocal,
  type Judgement,
  type Mark,
  network,
  ns,
  on,
  receiverOf,
  requirement,
  the,
} from 'denat'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { longSessions } from '../scenarios/long-sessions.ts'
import {
  afterMove,
  afterRestart,
  afterReturn,
  expiredFence,
  extended,
  leaseExpired,
  prefixGiven,
  rebooted,
  returned,
  subLease,
} from '../scenarios/sub-lease.ts'
import { isUlaPrefix, subnets } from '../shared/askers.ts'
import { framesIn } from '../shared/frames.ts'
import { neglects, pluggedIn } from '../steps/stations.ts'
import { behindPing, subDelegated } from '../steps/sub-delegated.ts'
import {
  behindPage,
  behindUdp,
  outsideFence,
  released,
  releasedFence,
  releasedProbe,
  routeProbe,
} from '../steps/sub-delegation.ts'
import { tookPlace } from '../steps/took-place.ts'

/** The global prefix of the downstream router, and the Reply that delegated it. */
interface Held {
  prefix: string
  granting: Frame
  mark: Mark
  /** Its hosts may have addresses from each of its prefixes. */
  isInside(address: string): boolean
}

function held(evidence: Evidence): Held {
  const { every, given, assume } = evidence
  subnets(evidence)
  const [one] = every(subDelegated)
  const mark = given(one?.mark, 'RFC9818-LPD-1')
  const granting = given(one?.granting, 'RFC9818-LPD-1')
  const prefix = one?.prefix
  assume(prefix !== undefined && !isUlaPrefix(prefix), 'RFC9818-LPD-1')
  const isInside = (address: string) => granted(granting).some((each) => inside(each)(address))
  return { prefix: prefix as string, granting, mark, isInside }
}

const repliesArrive: Judgement = (evidence) => {
  const { lan, wan, judge, given, at, world } = evidence
  const { prefix, isInside } = held(evidence)
  const link = lan.of('downstream')
  const { mark: pinged } = at(behindPing)
  const sent = given(link.toDut.last(echoRequest({}, { ip6: { src: isInside } }), { before: pinged }), 'DENAT-PD-1')
  const answered = given(wan.toDut.first(echoReply({}, { ip6: { dst: isInside } }), { after: sent }), 'RFC9818-LPD-6')
  const delivered = judge.found(
    link.fromDut.seek(echoReply({}, { ip6: { dst: isInside } }), { after: answered }),
    forwarding(answered),
    claim`The router forwards a reply to a host behind the downstream router into ${the.prefix(prefix)}.`,
  )
  judge.equal(
    receiverOf(delivered),
    world.stations.downstream?.mac,
    claim`Its link-layer destination is the downstream router`,
    delivered,
  )
}

/** The probe of one place, and the packets to its target that the DUT sent to the MAC address of the downstream router. */
function probed(evidence: Evidence, place: 'first' | 'last' | 'outside') {
  const { at, lan, world } = evidence
  const { target, probe, arrived, mark } = at(routeProbe, (one) => one.place === place)
  const since = probe ?? mark
  const { downstream: router } = world.stations
  const link = lan.of('downstream')
  const toRouter = link.fromDut.all(echoRequest({}, { ip6: { dst: target }, eth: { dst: router?.mac } }), {
    after: since,
  })
  return { since, probe, arrived, mark, link, router, toRouter }
}

const isRouted =
  (place: 'first' | 'last'): Judgement =>
  (evidence) => {
    const { judge, at } = evidence
    const { prefix } = held(evidence)
    const { since, probe, arrived, mark, link, router, toRouter } = probed(evidence, place)
    const what = claim`A packet to the ${the.name(place)} address of ${the.prefix(prefix)}`
    if (toRouter[0]) {
      judge.found(toRouter[0], mark, claim`${what} is forwarded to the downstream router.`)
      return
    }
    // The neighbor that the router resolves instead: a next hop that no node has.
    const asked = link.fromDut.first(ns({}), { after: since, before: at(outsideFence).mark })
    const target = asked?.packet.icmp6?.type === 'neighbor-solicitation' ? asked.packet.icmp6.target : undefined
    if (asked && target && target !== router?.linkLocal && isLinkLocal(target))
      judge.holds(
        false,
        claim`${what} is forwarded to the requesting router, ${the.address(router?.linkLocal)}.`,
        claim`the router sends a Neighbor Solicitation for ${the.address(target)}, which no node has`,
        ...(probe ? [probe] : []),
        asked,
      )
    judge.found(arrived, mark, claim`${what} reaches the downstream router.`)
  }

const isNotRouted: Judgement = (evidence) => {
  const { judge, given, at } = evidence
  const { prefix } = held(evidence)
  const { since, toRouter } = probed(evidence, 'outside')
  const fence = given(at(outsideFence).answer, 'DENAT-DEFAULT-1')
  judge.absent(
    toRouter,
    claim`The router does not forward a packet to the prefix that follows ${the.prefix(network(prefix))} to the downstream router.`,
    { fence, since },
  )
}

/** The last packet to a prefix that was delegated again reaches its router. */
function reachesIt(
  { judge }: Evidence,
  last: { prefix: string; port: string; arrived?: Frame | undefined; mark: Mark },
): void {
  const { prefix, port, arrived, mark } = last
  judge.found(
    arrived,
    mark,
    claim`A packet to ${the.prefix(prefix)} reaches the router that holds it, on port ${the.name(port)}.`,
  )
}

const isRoutedAfterRestart: Judgement = (evidence) => {
  const { judge, every, given, assume, at } = evidence
  subnets(evidence)
  given(every(extended)[0]?.mark, 'RFC9818-LPD-1')
  const { before, prefix, mark } = at(rebooted)
  assume(before !== undefined, 'RFC9818-LPD-1')
  const expected = claim`A downstream router that has restarted without its lease receives a prefix again.`
  judge.holds(prefix !== undefined, expected, claim`it receives none`, mark)
  const last = every(afterRestart).at(-1)
  if (last) reachesIt(evidence, last)
}

/** A router that has lost its prefix is served as any other. */
const isRoutedAfterReturn =
  (role: 'rebooter' | 'sleeper'): Judgement =>
  (evidence) => {
    const { judge, every, given, assume, at } = evidence
    subnets(evidence)
    given(every(extended)[0]?.mark, 'RFC9818-LPD-1')
    const ofIt = ({ name }: { name: string }) => name === role
    assume(every(prefixGiven).find(ofIt)?.prefix !== undefined, 'RFC9818-LPD-1')
    tookPlace(evidence, returned)
    const { prefix, mark } = at(returned, ofIt)
    judge.holds(prefix !== undefined, claim`It receives a prefix again.`, claim`it receives none`, mark)
    const last = every(afterReturn).filter(ofIt).at(-1)
    if (last) reachesIt(evidence, last)
  }

const isRoutedAfterMove: Judgement = (evidence) => {
  const { every, given, lan, world, notApplicable } = evidence
  subnets(evidence)
  const over = given(every(extended)[0]?.mark, 'RFC9818-LPD-1')
  const last = every(afterMove).at(-1)
  if (!last) return notApplicable(claim`No router that holds a prefix could move: the lab has one LAN port only.`, over)
  const moved = every(pluggedIn).find(({ port, mark }) => port === last.port && mark.at < last.mark.at)?.mark ?? over
  const clientId = { duid: world.stations.mover?.duid }
  const granting = lan.fromDut
    .all(dhcpv6('reply', { clientId }), { after: moved })
    .find((frame) => granted(frame).includes(last.prefix))
  // On another link a server is not required to extend the lease; where it does, the route changes with it.
  if (!granting) return notApplicable(claim`The router that moved received no lease at its new port.`, moved, last.mark)
  reachesIt(evidence, last)
}

const isRemoved: Judgement = (evidence) => {
  const { lan, judge, given, at, every, world } = evidence
  const { prefix, granting } = held(evidence)
  const { reply: answer, mark } = at(released)
  given(every(routeProbe).find(({ arrived }) => arrived)?.arrived, 'RFC9818-LPD-5-ROUTE')
  const reply = judge.found(answer, mark, claim`The router answers a Release with a Reply (RFC 8415 18.3.7).`, granting)
  const fence = given(at(releasedFence).answer, 'RFC7084-G-1')
  const probes = every(releasedProbe)
  const first = at(releasedProbe)
  judge.absent(
    lan
      .of('downstream')
      .fromDut.all(
        { icmp6: { type: 'echo-request' }, ip6: { dst: inside(prefix) }, eth: { dst: world.stations.downstream?.mac } },
        { after: first.probe ?? first.mark },
      ),
    claim`Later than 2 s after the Release the router forwards no packet to the router that released the prefix.`,
    { fence, since: reply },
  )
  const error = probes.find((one) => one.error)?.error
  judge.note(
    error
      ? claim`The router sends Destination Unreachable to the senders.`
      : claim`The router sends no error to the senders.`,
    error ?? fence,
  )
}

interface Flow {
  pattern: Parameters<Evidence['lan']['toDut']['all']>[0]
  /** The end, and the frame that proves that it was answered. */
  flow(evidence: Evidence): { mark: Mark; isAnswered: boolean; frames: Frame[] }
}

const echo: Flow = {
  pattern: { icmp6: { type: anyOf('echo-request') } },
  flow({ at }) {
    const { mark, reply } = at(behindPing)
    return { mark, isAnswered: reply !== undefined, frames: framesIn(reply) }
  },
}

const connection: Flow = {
  pattern: { tcp: { dstPort: 80, flags: 'syn' } },
  flow({ at }) {
    const { mark, outcome, syn, answer } = at(behindPage)
    return { mark, isAnswered: outcome === 'connected', frames: framesIn(syn, answer) }
  },
}

const datagrams: Flow = {
  pattern: { udp: { dstPort: 5000 } },
  flow({ at }) {
    const { mark, sent, echoed } = at(behindUdp)
    return { mark, isAnswered: echoed !== undefined, frames: framesIn(sent, echoed) }
  },
}

const isForwarded =
  ({ pattern, flow }: Flow): Judgement =>
  (evidence) => {
    const { wan, lan, judge, given, world } = evidence
    const { isInside } = held(evidence)
    const { mark, isAnswered, frames } = flow(evidence)
    const from = { ...pattern, ip6: { src: isInside } }
    const sent = given(lan.of('downstream').toDut.last(from, { before: mark }), 'DENAT-PD-1')
    const out = judge.found(
      wan.fromDut.seek(from, { after: sent }),
      forwarding(sent),
      claim`The router forwards a packet from a sub-delegated prefix to the WAN with its source unchanged.`,
    )
    judge.equal(receiverOf(out), world.stations.isp?.mac, claim`Its link-layer destination is the ISP router`, out)
    judge.holds(
      isAnswered,
      claim`The replies of this flow reach the host behind the downstream router.`,
      claim`no reply reached it`,
      out,
      mark,
      ...frames,
    )
  }

/** A router that is connected but neither renews nor releases no longer holds its prefix. */
function leaseEnds(evidence: Evidence) {
  const { judge, given, assume, every, at, wan } = evidence
  subnets(evidence)
  const silent = given(every(neglects)[0]?.mark, 'RFC9818-LPD-1')
  const fence = given(at(expiredFence).reply, 'DENAT-DEFAULT-1')
  const probes = every(leaseExpired)
  const target = probes[0]?.prefix
  if (!target) return assume(false, 'RFC9818-LPD-1')
  judge.absent(
    framesIn(...probes.map(({ arrived }) => arrived)),
    claim`Later than 3 s after the lease has expired, the router forwards no packet to ${the.address(target)} to the router that did not renew it.`,
    { fence, since: silent },
  )
  judge.absent(
    wan.fromDut.all({ ip6: { dst: inside(target) } }, { after: silent }),
    claim`The router does not forward it to the WAN either.`,
    {
      fence,
      since: probes[0]?.sent ?? silent,
    },
  )
}

export const requirements = [
  requirement('RFC9818-LPD-5-ROUTE', {
    replies: on(longSessions, repliesArrive),
    'first address': on(longSessions, isRouted('first')),
    'last address': on(longSessions, isRouted('last')),
    'just outside': on(longSessions, isNotRouted),
    'after a restart of the router': on(subLease, isRoutedAfterRestart),
    'after the router moved': on(subLease, isRoutedAfterMove),
    'after its Release': on(subLease, isRoutedAfterReturn('rebooter')),
    'after the end of its lease': on(subLease, isRoutedAfterReturn('sleeper')),
  }),

  requirement('RFC9818-LPD-5-REMOVE', {
    Release: on(longSessions, isRemoved),
    // A prefix without a lease belongs to the unassigned part.
    'end of the lease': on(subLease, leaseEnds, { follows: ['RFC7084-WPD-5 · from the LAN'] }),
  }),

  requirement('RFC9818-LPD-6', {
    echo: on([longSessions, flashRenumbering], isForwarded(echo)),
    TCP: on(longSessions, isForwarded(connection)),
    UDP: on(longSessions, isForwarded(datagrams)),
  }),
]
