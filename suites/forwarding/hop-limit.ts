import { type Evidence, echoReply, echoRequest, type Pattern, requirement, tcp, udp } from 'denat'
import { evening } from '../scenarios/evening.ts'

/** Packets of the host's flows, by the side that they come from. */
const flows: Record<string, Pattern> = {
  TCP: tcp({ dstPort: 80, flags: 'syn' }),
  UDP: udp({ dstPort: 5000, srcPort: 41000 }),
  'inbound TCP': tcp({ srcPort: 80, flags: 'syn+ack' }),
  'inbound UDP': udp({ srcPort: 5000, dstPort: 41000 }),
}

function ofFlow({ case: what, wan, lan, judge, given, did, framesOf, world }: Evidence): void {
  const pattern = flows[what] ?? {}
  const inbound = what.startsWith('inbound')
  const flow = did(what.endsWith('TCP') ? 'page' : 'datagram')
  given(framesOf(flow)[1], 'DENAT-DEFAULT-1')
  const host = lan.of('host')
  const [near, far] = inbound ? [wan, host] : [host, wan]
  const peer = { ip6: { [inbound ? 'src' : 'dst']: world.stations.internet?.address } }
  const sent = given(near.toDut.first({ ...pattern, ...peer }), 'DENAT-DEFAULT-1')
  const seen = judge.found(
    far.fromDut.first({ ...pattern, ...peer }, { after: sent }),
    `A packet (${what}) is forwarded.`,
    sent,
    ...framesOf(flow),
  )
  const { hopLimit = 0 } = sent.packet.ip6 ?? {}
  judge.equal(seen.packet.ip6?.hopLimit, hopLimit - 1, 'Its hop limit is reduced by exactly one', sent, seen)
}

/** A reply that comes with so little left. */
function ofReply({ case: what, lan, judge, given, did, framesOf }: Evidence): void {
  const left = Number(what.slice(-1))
  const [sent] = framesOf(did('inbound-hops', (mark) => mark.data?.hopLimit === left))
  if (!sent) throw new TypeError('no reply was sent')
  const fence = given(framesOf(did('unassigned-fence'))[0], 'DENAT-DEFAULT-1')
  const seen = lan
    .of('host')
    .fromDut.all(flows['inbound UDP'], { after: sent })
    .filter(({ packet }) => packet.payload?.[0] === left && packet.payload.length === 1)
  if (left === 1) {
    judge.absent(seen, 'A reply that arrives with hop limit 1 is not forwarded.', { fence, since: sent })
    return
  }
  const delivered = judge.found(seen[0], `A reply that arrives with hop limit ${left} is delivered.`, sent)
  judge.equal(delivered.packet.ip6?.hopLimit, left - 1, 'Its hop limit is reduced by one', sent, delivered)
}

requirement(
  'RFC8200-3-HOPLIMIT',
  {
    cases: Object.fromEntries(
      ['2', '64', '255', '1', 'inbound', 'inbound, 2', 'inbound, 1', ...Object.keys(flows)].map((name) => [
        name,
        evening,
      ]),
    ),
  },
  (evidence) => {
    const { case: what, wan, lan, judge, given, did, framesOf } = evidence
    if (what in flows) return ofFlow(evidence)
    if (what.startsWith('inbound, ')) return ofReply(evidence)
    const hops = did('hops', (mark) => String(mark.data?.hopLimit) === (what === 'inbound' ? '64' : what))
    const [sent, answer] = framesOf(hops)
    const question = sent ?? hops
    const id = sent?.packet.icmp6?.type === 'echo-request' ? sent.packet.icmp6.id : -1
    if (what === '1') {
      const over = given(framesOf(did('page'))[1], 'DENAT-DEFAULT-1')
      judge.absent(
        wan.fromDut.all(echoRequest({ id }), { after: question }),
        'A packet that arrives with hop limit 1 is not forwarded.',
        { fence: over, since: question },
      )
      judge.note(answer ? 'Time Exceeded is sent.' : 'No Time Exceeded is sent.', answer ?? question)
      return
    }
    if (what === 'inbound') {
      const reply = given(wan.toDut.first(echoReply({ id }), { after: question }), 'RFC8200-3-HOPLIMIT')
      const delivered = judge.found(
        lan.fromDut.first(echoReply({ id }), { after: reply }),
        'A reply from the Internet is delivered.',
        reply,
      )
      judge.equal(
        delivered.packet.ip6?.hopLimit,
        (reply.packet.ip6?.hopLimit ?? 0) - 1,
        'Its hop limit is reduced by one',
        reply,
        delivered,
      )
      return
    }
    const forwarded = judge.found(
      wan.fromDut.first(echoRequest({ id }), { after: question }),
      `A packet with hop limit ${what} is forwarded.`,
      question,
    )
    judge.equal(
      forwarded.packet.ip6?.hopLimit,
      Number(what) - 1,
      'Its hop limit is reduced by exactly one',
      question,
      forwarded,
    )
  },
)
