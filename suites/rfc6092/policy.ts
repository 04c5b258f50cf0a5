import { anyOf, claim, type Evidence, icmpv6, type Judgement, on, quoted, requirement, tcp, the } from 'denat'
import { firewall } from '../scenarios/firewall.ts'
import { attempted, attemptFence, transparentDatagram, transparentEcho, webUiFirewall } from '../scenarios/web-ui.ts'
import { lastAttempt } from '../shared/attempts.ts'
import {
  lanDns,
  metBy,
  metSyn,
  routerScan,
  routerScanFence,
  routerScanned,
  unmetOver,
  unmetSyn,
} from '../steps/firewall/inbound.ts'

/** Source ports: of a SYN that stays unanswered, and of one for which the host sends its own SYN. */
const [unmetPort, metPort] = [50001, 50002]

const staysUnanswered: Judgement = ({ wan, lan, judge, given, at, world }) => {
  const { mark, sent: syn = mark, port } = at(unmetSyn)
  const { mark: over } = at(unmetOver)
  // A router that forwards no packet inwards does not filter by rule.
  const fromInternet = { ip6: { src: anyOf(world.stations.internet?.address, world.stations.internet2?.address) } }
  given(lan.fromDut.first(fromInternet, { before: syn }), 'DENAT-DEFAULT-1')
  given(lan.fromDut.first(fromInternet, { after: over }), 'DENAT-DEFAULT-1')
  const onLan = lan.fromDut.all(tcp({ dstPort: port, srcPort: unmetPort }), { after: syn })
  judge.absent(onLan, claim`An unsolicited inbound SYN does not reach the host.`, { fence: over, since: syn })
  const resets = wan.fromDut.all({ tcp: { srcPort: port, dstPort: unmetPort } }, { after: syn, before: over })
  judge.absent(resets, claim`The router does not answer it by TCP on behalf of the host.`, { fence: over, since: syn })
  const error = wan.fromDut
    .all(icmpv6('destination-unreachable'), { after: syn, before: over })
    .find((frame) => quoted(frame)?.tcp?.srcPort === unmetPort)
  if (!error)
    return judge.note(
      claim`The router sends no error within 9 s: a stealth profile, which many conforming products have.`,
      syn,
      over,
    )
  judge.within(
    error.at - syn.at,
    { min: 6 - 0.1, max: 20, why: claim`not before 6 s (REC-34)` },
    claim`The router sends an error after at least 6 s.`,
    syn,
    error,
  )
  judge.note(claim`The error is code ${error.packet.icmp6?.code ?? the.name(undefined)}.`, error)
}

const isMet: Judgement = ({ wan, judge, at, undecided }) => {
  const met = at(metSyn)
  const by = at(metBy)
  const { sent: syn } = met
  if (!syn) return undecided(claim`The SYN for which the host sends its own was not sent.`, met.mark)
  const out = judge.found(
    wan.fromDut.seek(tcp({ flags: 'syn', dstPort: metPort }), { after: syn }),
    by.mark,
    claim`The router forwards the SYN of the host for the same flow to the WAN.`,
    syn,
  )
  if (by.syn?.packet.ip6?.src !== syn.packet.ip6?.dst)
    undecided(claim`The source address of the host's own SYN is not the destination of the first SYN.`, by.mark)
  judge.equal(
    by.outcome,
    'connected',
    claim`The outcome of the host's own SYN for the same flow`,
    out,
    by.mark,
    ...[by.syn, by.answer].filter((frame) => frame !== undefined),
  )
  const { mark: over } = at(unmetOver)
  const errors = wan.fromDut
    .all(icmpv6('destination-unreachable'), { after: syn, before: over })
    .filter((frame) => quoted(frame)?.tcp?.srcPort === metPort)
  judge.absent(errors, claim`The router sends no error for a SYN that the host answered by its own SYN.`, {
    fence: over,
    since: syn,
  })
}

/** TR-069: the port of connection requests from the ACS of the operator. */
const connectionRequest = 7547

type Place = 'WAN address' | 'LAN address' | 'link-local'

const servesNone =
  (place: Place): Judgement =>
  ({ wan, judge, given, at, every, notApplicable }) => {
    const fenced = at(routerScanFence)
    const fence = given(fenced.answer, 'DENAT-DEFAULT-1')
    const scans = every(routerScanned).filter((one) => one.place === place)
    if (scans.length === 0)
      return notApplicable(claim`The recording shows no such address of the router: ${the.name(place)}.`, fenced.mark)
    for (const { address, mark } of scans) {
      const open = wan.fromDut.all({ ip6: { src: address }, tcp: { flags: 'syn+ack' } }, { before: fence })
      const acs = open.find((frame) => frame.packet.tcp?.srcPort === connectionRequest)
      if (acs) judge.note(claim`The port for TR-069 connection requests is open, as in a managed product.`, acs)
      const services = open.filter((frame) => frame.packet.tcp?.srcPort !== connectionRequest)
      const window = { fence, since: mark }
      judge.absent(
        services,
        claim`The router offers no TCP service to the Internet on its ${the.name(place)} ${the.address(address)}.`,
        window,
      )
      const answers = wan.fromDut.all({ ip6: { src: address }, udp: { dstPort: 50100 } }, { before: fence })
      judge.absent(
        answers,
        claim`The router offers no UDP service to the Internet on its ${the.name(place)} ${the.address(address)}.`,
        window,
      )
    }
  }

const places = { host: 'a host', 'behind a downstream router': 'a host (behind a downstream router)' } as const

type LanPlace = keyof typeof places

/** The scenario switched the firewall off. A host behind a downstream router exists only where prefixes are delegated. */
function switchedOff({ at, world, notApplicable }: Evidence, place: LanPlace): void {
  const { mark } = at(attemptFence, ({ when }) => when === 'firewall-off')
  if (place !== 'host' && world.device.role !== 'gateway')
    notApplicable(claim`A wireless router need not delegate prefixes.`, mark)
}

const isConnected =
  (place: LanPlace): Judgement =>
  (evidence) => {
    const { judge, every, given } = evidence
    switchedOff(evidence, place)
    if (place !== 'host') given(every(attempted).find(({ name }) => name === 'behind')?.mark, 'RFC9818-LPD-1')
    const name = place === 'host' ? 'other-port' : 'behind'
    const { outcome, syn, answer, mark } = lastAttempt(evidence, 'firewall-off', name)
    const frames = [syn, answer].filter((frame) => frame !== undefined)
    const expected = claim`With the firewall switched off, the outcome of a connection from the Internet to ${the.name(places[place])}`
    judge.equal(outcome, 'connected', expected, mark, ...frames)
  }

const isReached =
  (place: LanPlace): Judgement =>
  (evidence) => {
    const { judge, at, every, given } = evidence
    switchedOff(evidence, place)
    const isIt = (one: { place: string; protocol: string }) => one.place === place && one.protocol === 'UDP'
    if (place !== 'host') given(every(transparentDatagram).find(isIt)?.mark, 'RFC9818-LPD-1')
    const { sent, came, mark } = at(transparentDatagram, isIt)
    const expected = claim`With the firewall switched off, a datagram from the Internet reaches ${the.name(places[place])}.`
    judge.found(came, mark, expected, ...(sent ? [sent] : []))
  }

const isAnswered =
  (place: LanPlace): Judgement =>
  (evidence) => {
    const { judge, at, every, given } = evidence
    switchedOff(evidence, place)
    const isIt = (one: { place: string; protocol: string }) => one.place === place && one.protocol === 'ICMPv6'
    if (place !== 'host') given(every(transparentEcho).find(isIt)?.mark, 'RFC9818-LPD-1')
    const { reply, mark } = at(transparentEcho, isIt)
    judge.found(
      reply,
      mark,
      claim`With the firewall switched off, an Echo Request from the Internet reaches ${the.name(places[place])}, and the reply is forwarded.`,
    )
  }

const answersNoQuery =
  (transport: 'UDP' | 'TCP', place: Place): Judgement =>
  ({ wan, judge, given, at, every, notApplicable }) => {
    const fenced = at(routerScanFence)
    const fence = given(fenced.answer, 'DENAT-DEFAULT-1')
    const scans = every(routerScan).filter((one) => one.place === place)
    if (scans.length === 0)
      return notApplicable(claim`The recording shows no global ${the.name(place)} of the router.`, fenced.mark)
    const { own, answer, mark: onLan } = at(lanDns)
    // A proxy that is advertised to hosts and answers none of them does not filter queries.
    if (own) given(answer, 'RFC7084-DNS-LOCAL')
    judge.note(
      own && answer
        ? claim`The router answers DNS queries from its LAN.`
        : claim`The recording shows no answer of the router to a DNS query from its LAN.`,
      onLan,
    )
    for (const { address, mark } of scans) {
      const from = { ip6: { src: address } }
      const answerOf =
        transport === 'UDP'
          ? wan.fromDut.all({ ...from, udp: { srcPort: 53 } }, { after: mark })
          : wan.fromDut
              .all({ ...from, tcp: { srcPort: 53 } }, { after: mark })
              .filter(({ packet }) => (packet.payload?.length ?? 0) > 0)
      judge.absent(
        answerOf,
        claim`The router does not answer a DNS query from the Internet to ${the.address(address)} over ${the.name(transport)}.`,
        {
          fence,
          since: mark,
        },
      )
    }
  }

export const requirements = [
  requirement('RFC6092-REC-34', {
    'nobody answers': on(firewall, staysUnanswered),
    'the host connects': on(firewall, isMet),
  }),

  requirement('RFC6092-REC-50', {
    'WAN address': on(firewall, servesNone('WAN address')),
    'LAN address': on(firewall, servesNone('LAN address')),
    'link-local': on(firewall, servesNone('link-local')),
  }),

  requirement('RFC6092-REC-49', {
    'TCP, host': on(webUiFirewall, isConnected('host')),
    'TCP, behind a downstream router': on(webUiFirewall, isConnected('behind a downstream router')),
    'UDP, host': on(webUiFirewall, isReached('host')),
    'UDP, behind a downstream router': on(webUiFirewall, isReached('behind a downstream router')),
    'ICMPv6, host': on(webUiFirewall, isAnswered('host')),
    'ICMPv6, behind a downstream router': on(webUiFirewall, isAnswered('behind a downstream router')),
  }),

  requirement('RFC6092-REC-8', {
    'UDP, WAN address': on(firewall, answersNoQuery('UDP', 'WAN address')),
    'UDP, LAN address': on(firewall, answersNoQuery('UDP', 'LAN address')),
    'TCP, WAN address': on(firewall, answersNoQuery('TCP', 'WAN address')),
    'TCP, LAN address': on(firewall, answersNoQuery('TCP', 'LAN address')),
  }),
]
