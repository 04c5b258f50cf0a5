import { claim, type Frame, forwarding, isOneHopOn, type Judgement, on, requirement, the } from 'denat'
import { firewall } from '../scenarios/firewall.ts'
import { ipsecSent } from '../steps/firewall/filter.ts'
import { connection, otherSenderSent, simultaneous, unusualSyn, unusualSyns } from '../steps/firewall/other-senders.ts'
import { isStillOnline } from '../steps/still-online.ts'
import { connects } from './errors.ts'

type Transport = 'UDP' | 'TCP'

const filtering = { UDP: 'REC-17', TCP: 'REC-33' } as const

/** Frames with the ports of this one, and with its source address if `withSource` is set. */
function like({ packet: { ip6, udp, tcp } }: Frame, withSource = false) {
  const { srcPort, dstPort } = udp ?? tcp ?? {}
  return { ...(withSource && { ip6: { src: ip6?.src } }), [udp ? 'udp' : 'tcp']: { srcPort, dstPort } }
}

const isReachedFrom =
  (transport: Transport, from: 'another port' | 'another host'): Judgement =>
  (evidence) => {
    const { wan, lan, judge, at, given, has } = evidence
    if (transport === 'TCP') connects(evidence)
    const { sent, opened } = at(otherSenderSent, (one) => one.transport === transport && one.from === from)
    if (!sent || !opened) throw new TypeError('the packets of the other hosts were not sent')
    given(wan.fromDut.first(like(opened), { after: opened }), 'DENAT-DEFAULT-1')
    isStillOnline(evidence, 'strangers')
    const came = lan.fromDut.seek(like(sent, true), { after: sent })
    if (!came.first && from === 'another host' && has('managed'))
      return judge.note(
        claim`The router filters by address (${the.name(filtering[transport])}), which may be the default where a provider manages the gateway.`,
        opened,
        sent,
      )
    judge.found(
      came,
      forwarding(sent),
      from === 'another port'
        ? claim`A ${the.name(transport)} packet from another port of the same remote host reaches the port that a host has sent from.`
        : claim`A ${the.name(transport)} packet from another remote host reaches the port that a host has sent from.`,
      opened,
    )
  }

type IPsec = 'AH' | 'ESP' | 'IKE'

const comesIn =
  (name: IPsec): Judgement =>
  (evidence) => {
    const { sent } = evidence.at(ipsecSent, (one) => one.name === name)
    if (!sent) throw new TypeError('the IPsec packets were not sent')
    isStillOnline(evidence, 'ipsec')
    evidence.judge.found(
      evidence.lan.fromDut.all({}, { after: sent }).find((frame) => isOneHopOn(frame, sent)),
      forwarding(sent),
      claim`An unsolicited ${the.name(name)} packet from the Internet reaches a host.`,
    )
  }

const goesOut =
  (name: IPsec): Judgement =>
  (evidence) => {
    const { answer } = evidence.at(ipsecSent, (one) => one.name === name)
    if (!answer) throw new TypeError('the IPsec packets were not sent')
    isStillOnline(evidence, 'ipsec')
    evidence.judge.found(
      evidence.wan.fromDut.all({}, { after: answer }).find((frame) => isOneHopOn(frame, answer)),
      forwarding(answer),
      claim`The router forwards the ${the.name(name)} packet that answers it to the WAN.`,
    )
  }

const isConnected: Judgement = ({ judge, at }) => {
  const { outcome, syn, answer, mark } = at(connection)
  const expected = claim`The outcome of a TCP connection to a server in the Internet, with 1000 octets in each direction`
  judge.equal(outcome, 'connected', expected, mark, ...[syn, answer].filter((frame) => frame !== undefined))
}

const bothOpen: Judgement = (evidence) => {
  const { wan, lan, judge, every } = evidence
  isStillOnline(evidence, 'connections')
  const segments = every(simultaneous).flatMap(({ segment }) => segment ?? [])
  if (segments.length < 7) throw new TypeError('the segments were not sent')
  for (const segment of segments) {
    const { srcPort, dstPort, flags, seq } = segment.packet.tcp ?? {}
    const inbound = segment.port.startsWith('wan')
    judge.found(
      // A router may lower the MSS of a SYN (RFC 4459), and nothing else.
      (inbound ? lan : wan).fromDut.seek({ tcp: { srcPort, dstPort, flags, seq } }, { after: segment }),
      forwarding(segment),
      inbound
        ? claim`Both ends send a SYN: the router forwards the ${the.name(flags)} of the far end.`
        : claim`Both ends send a SYN: the router forwards the ${the.name(flags)} of the host.`,
    )
  }
}

const opensUnusually =
  (what: string): Judgement =>
  (evidence) => {
    const { wan, judge, at, every, undecided } = evidence
    if (every(unusualSyn).length === 0)
      return undecided(claim`No such SYN was sent when this was recorded.`, at(connection).mark)
    const { segment } = at(unusualSyn, (one) => one.what === what)
    if (!segment) throw new TypeError('the SYN was not sent')
    isStillOnline(evidence, 'connections')
    const { srcPort, dstPort, seq } = segment.packet.tcp ?? {}
    judge.found(
      wan.fromDut.seek({ tcp: { srcPort, dstPort, seq } }, { after: segment }),
      forwarding(segment),
      claim`The router forwards a SYN of a host that ${the.name(what)} to the WAN.`,
    )
  }

export const requirements = [
  /** If a packet from another port of the same host is filtered, one from another host is filtered too. */
  requirement('RFC6092-REC-17', {
    'UDP, another port': on(firewall, isReachedFrom('UDP', 'another port')),
    'UDP, another host': on(firewall, isReachedFrom('UDP', 'another host'), {
      follows: ['RFC6092-REC-17 · UDP, another port'],
    }),
    'TCP, another port': on(firewall, isReachedFrom('TCP', 'another port')),
    'TCP, another host': on(firewall, isReachedFrom('TCP', 'another host'), {
      follows: ['RFC6092-REC-17 · TCP, another port'],
    }),
  }),

  requirement(
    'RFC6092-REC-21',
    Object.fromEntries(
      (['AH', 'ESP', 'IKE'] as const).flatMap((name) => [
        [`${name}, inbound`, on(firewall, comesIn(name))],
        [`${name}, outbound`, on(firewall, goesOut(name))],
      ]),
    ),
  ),

  requirement('RFC6092-REC-31', {
    handshake: on(firewall, isConnected),
    'simultaneous open': on(firewall, bothOpen),
    ...Object.fromEntries(unusualSyns.map((what) => [`a SYN that ${what}`, on(firewall, opensUnusually(what))])),
  }),
]
