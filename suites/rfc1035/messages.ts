import { type Claim, claim, type Evidence, type Frame, invariant, type LinkView, the } from 'denat'
import {
  asked,
  type DnsMessage,
  dnsPort,
  type Exchange,
  ends,
  exchanges,
  has,
  isOwn,
  ownQueries,
} from '../shared/dns-messages.ts'

/** RFC 1035 section 4.2.1: octets of a message by UDP that anyone takes. */
const shortUdp = 512

/** RFC 1035 section 4.1.1: the bit between RA and AD, in the fourth octet; the one that is still reserved. */
const reservedBit = 0x40

/** RFC 1035 section 4.1.1: a server that can't read a question, or does not know its kind, may leave it out. */
const withoutQuestion = ['FORMERR', 'NOTIMP']

const isReservedSet = ({ frame, over }: DnsMessage): boolean =>
  over === 'UDP' && ((frame.packet.payload?.[3] ?? 0) & reservedBit) !== 0

/** What is wrong with the form of an answer, or with what it repeats of its question. */
function wrongAnswer({ answer, question }: Exchange): Claim | undefined {
  const { dns, over, frame } = answer
  if (!question) return claim`identifier ${dns.id}, which no question from there has,`
  const { dns: its } = question
  if ((dns.opcode ?? 'QUERY') !== (its.opcode ?? 'QUERY'))
    return claim`opcode ${dns.opcode === undefined ? claim`QUERY` : the.name(dns.opcode)}`
  const mayBeBare = withoutQuestion.includes(dns.rcode) && dns.questions.length === 0
  if (asked(answer) !== asked(question) && !mayBeBare)
    return claim`the question ${asked(answer) ? the.name(asked(answer)) : claim`of nothing`} in place of ${the.name(asked(question))}`
  if (has(answer, 'rd') !== has(question, 'rd')) return claim`RD is ${has(answer, 'rd') ? claim`set` : claim`not set`}`
  if (dns.behind) return claim`${dns.behind} octets behind the last record`
  if (isReservedSet(answer) && !isReservedSet(question)) return claim`the reserved bit is set`
  if (dns.edns && !its.edns) return claim`an OPT record, which the question has not,`
  const room = Math.max(shortUdp, its.edns?.udpPayloadSize ?? 0)
  const octets = frame.packet.payload?.length ?? 0
  return over === 'UDP' && octets > room ? claim`${octets} octets, where the host takes ${room},` : undefined
}

/** What is wrong with the form of a query that the router sends for itself. */
function wrongQuery(query: DnsMessage): Claim | undefined {
  const { dns } = query
  if (dns.questions.length !== 1 && !dns.opcode) return claim`${dns.questions.length} questions`
  if (dns.answers.length > 0 && !dns.opcode) return claim`answers`
  if (dns.rcode !== 'NOERROR') return claim`the code ${the.name(dns.rcode)}`
  if (dns.behind) return claim`${dns.behind} octets behind the last record`
  return has(query, 'tc') ? claim`TC is set` : undefined
}

/** Packets from port 53 to a host that had asked there, which are no DNS messages. */
const unreadable = ({ wan }: Evidence, link: LinkView): Frame[] =>
  link.fromDut
    .all({ udp: { srcPort: dnsPort } })
    .filter(
      (frame) =>
        !frame.packet.dns &&
        frame.originalLength === undefined &&
        !frame.packet.ext?.some(({ type }) => type === 'fragment') &&
        link.toDut
          .all({ dns: { type: 'query' } }, { before: frame })
          .some((one) => ends(one).from === ends(frame).to) &&
        isOwn(frame, wan.toDut.all({ udp: { srcPort: dnsPort } })),
    )

export const requirements = [
  invariant('RFC1035-4.1-DNSFORM', (evidence) => {
    const { judge, lan, notApplicable, recording } = evidence
    const wrong = new Map<Frame, Claim | undefined>()
    const note = (frame: Frame, what: Claim | undefined) => wrong.set(frame, wrong.get(frame) ?? what)
    for (const link of lan.segments) {
      for (const one of exchanges(evidence, link)) note(one.answer.frame, wrongAnswer(one))
      for (const frame of unreadable(evidence, link)) note(frame, claim`no DNS message`)
    }
    for (const query of ownQueries(evidence)) note(query.frame, wrongQuery(query))
    if (wrong.size === 0)
      return notApplicable(
        claim`The router asks and answers no names in this recording.`,
        ...recording.frames.slice(0, 1),
      )
    judge.each(
      [...wrong.keys()].sort((a, b) => a.number - b.number),
      claim`The DNS messages of the router are well-formed, and an answer repeats its question: identifier, opcode, RD, name, type and class; it has an OPT record only where that had one, and room for it.`,
      (frame) => wrong.get(frame),
    )
  }),
]
