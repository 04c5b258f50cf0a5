import { type Evidence, echoReply, echoRequest, forwarding, type Pattern, requirement, udp } from 'denat'
import { evening } from '../scenarios/evening.ts'

/** The host's flows, by the side that a packet comes from. */
const flows = ['TCP', 'UDP', 'inbound TCP', 'inbound UDP']

function ofFlow({ case: what, wan, lan, judge, given, did, framesOf }: Evidence): void {
  const inbound = what.startsWith('inbound')
  const flow = did(what.endsWith('TCP') ? 'page' : 'datagram')
  const [asked, answer] = framesOf(flow)
  given(answer, 'DENAT-DEFAULT-1')
  const host = lan.of('host')
  const [near, far] = inbound ? [wan, host] : [host, wan]
  const first = inbound ? answer : asked
  // Others may do the same at the same time.
  const { ip6, tcp, udp } = first?.packet ?? {}
  const same: Pattern = {
    ip6: { src: ip6?.src, dst: ip6?.dst },
    ...(tcp && { tcp: { srcPort: tcp.srcPort, dstPort: tcp.dstPort } }),
    ...(udp && { udp: { srcPort: udp.srcPort, dstPort: udp.dstPort } }),
  }
  const sent = given(near.toDut.first(same), 'DENAT-DEFAULT-1')
  const seen = judge.found(
    far.fromDut.seek(same, { after: sent }),
    forwarding(sent),
    `A packet (${what}) is forwarded.`,
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
    .fromDut.all(udp({ srcPort: 5000, dstPort: 41000 }), { after: sent })
    .filter(({ packet }) => packet.payload?.[0] === left && packet.payload.length === 1)
  if (left === 1) {
    judge.absent(seen, 'A reply that arrives with hop limit 1 is not forwarded.', { fence, since: sent })
    return
  }
  const delivered = judge.found(seen[0], forwarding(sent), `A reply that arrives with hop limit ${left} is delivered.`)
  judge.equal(delivered.packet.ip6?.hopLimit, left - 1, 'Its hop limit is reduced by one', sent, delivered)
}

requirement(
  'RFC8200-3-HOPLIMIT',
  {
    cases: Object.fromEntries(
      ['2', '64', '255', '1', 'inbound', 'inbound, 2', 'inbound, 1', ...flows].map((name) => [name, evening]),
    ),
  },
  (evidence) => {
    const { case: what, wan, lan, judge, given, did, framesOf } = evidence
    if (flows.includes(what)) return ofFlow(evidence)
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
        lan.fromDut.seek(echoReply({ id }), { after: reply }),
        forwarding(reply),
        'A reply from the Internet is delivered.',
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
      wan.fromDut.seek(echoRequest({ id }), { after: question }),
      forwarding(question),
      `A packet with hop limit ${what} is forwarded.`,
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
