import {
  claim,
  type Evidence,
  echoReply,
  echoRequest,
  forwarding,
  type Judgement,
  on,
  type Pattern,
  requirement,
  the,
  udp,
} from 'denat'
import { longSessions } from '../scenarios/long-sessions.ts'
import { datagram, hops, inboundHops, page, unassignedFence } from '../steps/transit/end-to-end.ts'

/** A packet of a flow that a host opened, in either direction. */
const isForwarded =
  (transport: 'TCP' | 'UDP', way: 'out' | 'in'): Judgement =>
  ({ wan, lan, judge, given, at }) => {
    const { syn, answer } = at(page)
    const { sent: datagramSent, echoed } = at(datagram)
    const [asked, answered] = transport === 'TCP' ? [syn, answer] : [datagramSent, echoed]
    given(answered, 'DENAT-DEFAULT-1')
    const host = lan.of('host')
    const [near, far, first] = way === 'in' ? [wan, host, answered] : [host, wan, asked]
    // Other nodes may do the same at the same time.
    const { ip6, tcp, udp } = first?.packet ?? {}
    const same: Pattern = {
      ip6: { src: ip6?.src, dst: ip6?.dst },
      ...(tcp && { tcp: { srcPort: tcp.srcPort, dstPort: tcp.dstPort } }),
      ...(udp && { udp: { srcPort: udp.srcPort, dstPort: udp.dstPort } }),
    }
    const sent = given(near.toDut.first(same), 'DENAT-DEFAULT-1')
    const name = `${way === 'in' ? 'inbound ' : ''}${transport}`
    const expected = claim`The router forwards a packet (${the.name(name)}).`
    const seen = judge.found(far.fromDut.seek(same, { after: sent }), forwarding(sent), expected)
    const { hopLimit = 0 } = sent.packet.ip6 ?? {}
    judge.equal(seen.packet.ip6?.hopLimit, hopLimit - 1, claim`The hop limit, reduced by exactly one`, sent, seen)
  }

/** A reply that arrives with this hop limit, and its frames on the LAN. */
function reply({ lan, given, at }: Evidence, left: number) {
  const { sent } = at(inboundHops, ({ hopLimit }) => hopLimit === left)
  if (!sent) throw new TypeError('no reply was sent')
  const fence = given(at(unassignedFence).answer, 'DENAT-DEFAULT-1')
  const seen = lan
    .of('host')
    .fromDut.all(udp({ srcPort: 5000, dstPort: 41000 }), { after: sent })
    .filter(({ packet }) => packet.payload?.[0] === left && packet.payload.length === 1)
  return { sent, fence, seen }
}

const isDelivered: Judgement = (evidence) => {
  const { judge } = evidence
  const { sent, seen } = reply(evidence, 2)
  const delivered = judge.found(
    seen[0],
    forwarding(sent),
    claim`The router forwards a reply that arrives with hop limit 2.`,
  )
  judge.equal(delivered.packet.ip6?.hopLimit, 1, claim`The hop limit, reduced by exactly one`, sent, delivered)
}

const endsInbound: Judgement = (evidence) => {
  const { sent, fence, seen } = reply(evidence, 1)
  // The same with a hop limit that is larger by one.
  evidence.given(reply(evidence, 2).seen[0], 'RFC8200-3-HOPLIMIT')
  evidence.judge.absent(seen, claim`The router does not forward a reply that arrives with hop limit 1.`, {
    fence,
    since: sent,
  })
}

/** An echo request of a host with this hop limit. */
function asked({ at }: Evidence, hopLimit: number) {
  const { mark, sent: question = mark, reply: answer } = at(hops, (one) => one.hopLimit === hopLimit)
  const { icmp6 } = 'packet' in question ? question.packet : {}
  if (icmp6?.type !== 'echo-request') throw new TypeError('no echo request was sent')
  return { question, id: icmp6.id, answer }
}

const endsOutbound: Judgement = (evidence) => {
  const { wan, judge, given, at } = evidence
  const { question, id, answer } = asked(evidence, 1)
  const fence = given(at(page).answer, 'DENAT-DEFAULT-1')
  const expected = claim`The router does not forward a packet that arrives with hop limit 1.`
  judge.absent(wan.fromDut.all(echoRequest({ id }), { after: question }), expected, { fence, since: question })
  judge.note(
    answer ? claim`The router sends Time Exceeded.` : claim`The router sends no Time Exceeded.`,
    answer ?? question,
  )
}

const isReducedInbound: Judgement = (evidence) => {
  const { wan, lan, judge, given } = evidence
  const { question, id } = asked(evidence, 64)
  const reply = given(wan.toDut.first(echoReply({ id }), { after: question }), 'RFC8200-3-HOPLIMIT')
  const delivered = judge.found(
    lan.fromDut.seek(echoReply({ id }), { after: reply }),
    forwarding(reply),
    claim`The router forwards a reply from the Internet.`,
  )
  const { hopLimit = 0 } = reply.packet.ip6 ?? {}
  judge.equal(
    delivered.packet.ip6?.hopLimit,
    hopLimit - 1,
    claim`The hop limit, reduced by exactly one`,
    reply,
    delivered,
  )
}

const isReduced =
  (hopLimit: number): Judgement =>
  (evidence) => {
    const { wan, judge } = evidence
    const { question, id } = asked(evidence, hopLimit)
    const forwarded = judge.found(
      wan.fromDut.seek(echoRequest({ id }), { after: question }),
      forwarding(question),
      claim`The router forwards a packet with hop limit ${hopLimit}.`,
    )
    const expected = claim`The hop limit, reduced by exactly one`
    judge.equal(forwarded.packet.ip6?.hopLimit, hopLimit - 1, expected, question, forwarded)
  }

export const requirements = [
  requirement('RFC8200-3-HOPLIMIT', {
    '2': on(longSessions, isReduced(2)),
    '64': on(longSessions, isReduced(64)),
    '255': on(longSessions, isReduced(255)),
    '1': on(longSessions, endsOutbound),
    inbound: on(longSessions, isReducedInbound),
    'inbound, 2': on(longSessions, isDelivered),
    'inbound, 1': on(longSessions, endsInbound),
    TCP: on(longSessions, isForwarded('TCP', 'out')),
    UDP: on(longSessions, isForwarded('UDP', 'out')),
    'inbound TCP': on(longSessions, isForwarded('TCP', 'in')),
    'inbound UDP': on(longSessions, isForwarded('UDP', 'in')),
  }),
]
