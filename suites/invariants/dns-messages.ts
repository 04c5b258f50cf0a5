import { type Evidence, type Frame, invariant, isOneHopOn, type LinkView } from 'denat'
import { type DnsMessage, dnsMessages } from '../dns/messages.ts'

const dnsPort = 53
/** RFC 1035 section 4.2.1: octets of a message by UDP that anyone takes. */
const shortUdp = 512
/** RFC 1035 section 4.1.1: the bit between RA and AD, in the fourth octet; the one that is still reserved. */
const reservedBit = 0x40
/** RFC 1035 section 4.1.1: a server that can't read a question, or does not know its kind, may leave it out. */
const withoutQuestion = ['FORMERR', 'NOTIMP']

const ends = ({ packet: { ip6, ip4, udp, tcp } }: Frame) => {
  const [ip, ports] = [ip6 ?? ip4, udp ?? tcp]
  return { from: `${ip?.src} ${ports?.srcPort}`, to: `${ip?.dst} ${ports?.dstPort}` }
}

const isQuery = ({ dns }: DnsMessage): boolean => dns.type === 'query'
const isAnswer = ({ dns }: DnsMessage): boolean => dns.type === 'response'
const has = ({ dns }: DnsMessage, flag: string): boolean => dns.flags.split('+').includes(flag)
const asked = ({ dns }: DnsMessage): string =>
  dns.questions
    .map(({ name, type, class: its = 'IN' }) => `${name.toLowerCase()} ${type} ${its}`)
    .sort()
    .join(', ')

/** Messages that the router sends itself, and does not forward. */
const isOwn = (frame: Frame, others: readonly Frame[]): boolean =>
  !others.some((other) => other.number < frame.number && isOneHopOn(frame, other))

interface Exchange {
  answer: DnsMessage
  /** Undefined: none of those that came from there has its identifier. */
  question: DnsMessage | undefined
}

/** Answers of the router to hosts of a LAN, each with its question; of what nobody asked nothing is said here. */
function exchanges({ wan }: Pick<Evidence, 'wan'>, link: LinkView): Exchange[] {
  const passedOn = wan.toDut.all({ udp: { srcPort: dnsPort } })
  const questions = dnsMessages(link.toDut).filter(isQuery)
  return dnsMessages(link.fromDut)
    .filter((one) => isAnswer(one) && isOwn(one.frame, passedOn))
    .flatMap((answer) => {
      const { from, to } = ends(answer.frame)
      const before = questions.filter(({ frame }) => {
        const sent = ends(frame)
        return frame.number < answer.frame.number && sent.from === to && sent.to === from
      })
      if (before.length === 0) return []
      return [{ answer, question: before.findLast(({ dns }) => dns.id === answer.dns.id) }]
    })
}

const isReservedSet = ({ frame, over }: DnsMessage): boolean =>
  over === 'UDP' && ((frame.packet.payload?.[3] ?? 0) & reservedBit) !== 0

/** What is wrong with the form of an answer, or with what it repeats of its question. */
function wrongAnswer({ answer, question }: Exchange): string | undefined {
  const { dns, over, frame } = answer
  if (!question) return `identifier ${dns.id}, which no question from there has,`
  const { dns: its } = question
  if ((dns.opcode ?? 'QUERY') !== (its.opcode ?? 'QUERY')) return `opcode ${dns.opcode ?? 'QUERY'}`
  const mayBeBare = withoutQuestion.includes(dns.rcode) && dns.questions.length === 0
  if (asked(answer) !== asked(question) && !mayBeBare)
    return `the question ${asked(answer) || 'of nothing'} in place of ${asked(question)}`
  if (has(answer, 'rd') !== has(question, 'rd')) return `RD is ${has(answer, 'rd') ? 'set' : 'not set'}`
  if (dns.behind) return `${dns.behind} octets behind the last record`
  if (isReservedSet(answer) && !isReservedSet(question)) return 'the reserved bit is set'
  if (dns.edns && !its.edns) return 'an OPT record, which the question has not,'
  const room = Math.max(shortUdp, its.edns?.udpPayloadSize ?? 0)
  const octets = frame.packet.payload?.length ?? 0
  return over === 'UDP' && octets > room ? `${octets} octets, where the host takes ${room},` : undefined
}

/** What is wrong with the form of a query that the router sends for itself. */
function wrongQuery(query: DnsMessage): string | undefined {
  const { dns } = query
  if (dns.questions.length !== 1 && !dns.opcode) return `${dns.questions.length} questions`
  if (dns.answers.length > 0 && !dns.opcode) return 'answers'
  if (dns.rcode !== 'NOERROR') return `the code ${dns.rcode}`
  if (dns.behind) return `${dns.behind} octets behind the last record`
  return has(query, 'tc') ? 'TC is set' : undefined
}

/** Queries that the router sends to the line in its own name. */
function ownQueries({ wan, lan }: Pick<Evidence, 'wan' | 'lan'>): DnsMessage[] {
  const fromHosts = [...lan.toDut.all({ udp: { dstPort: dnsPort } }), ...lan.toDut.all({ tcp: { dstPort: dnsPort } })]
  return dnsMessages(wan.fromDut).filter((one) => isQuery(one) && isOwn(one.frame, fromHosts))
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

invariant('RFC1035-4.1-DNSFORM', (evidence) => {
  const { judge, lan, notApplicable, recording } = evidence
  const wrong = new Map<Frame, string | undefined>()
  const note = (frame: Frame, what: string | undefined) => wrong.set(frame, wrong.get(frame) ?? what)
  for (const link of lan.segments) {
    for (const one of exchanges(evidence, link)) note(one.answer.frame, wrongAnswer(one))
    for (const frame of unreadable(evidence, link)) note(frame, 'no DNS message')
  }
  for (const query of ownQueries(evidence)) note(query.frame, wrongQuery(query))
  if (wrong.size === 0)
    return notApplicable('The router asks and answers no names in this recording.', ...recording.frames.slice(0, 1))
  judge.each(
    [...wrong.keys()].sort((a, b) => a.number - b.number),
    'What the router says in DNS is well-formed, and an answer repeats its question: identifier, opcode, RD, name, type and class; it has an OPT record only where that had one, and room for it.',
    (frame) => wrong.get(frame),
  )
})

/** What became of what the line's resolver said; undefined where nothing of it was changed. */
function changed({ answer, question }: Exchange, said: readonly DnsMessage[]): string | undefined {
  if (!question) return undefined
  const { dns } = answer
  const upstream = said.filter((one) => asked(one) === asked(question) && one.frame.number < answer.frame.number)
  // What a proxy says itself where it can't ask is its own.
  if (upstream.length === 0 || ['SERVFAIL', 'REFUSED'].includes(dns.rcode)) return undefined
  const codes = [...new Set(upstream.map((one) => one.dns.rcode))]
  if (!codes.includes(dns.rcode)) return `${dns.rcode} in place of ${codes.join(' or ')}`
  if (!has(answer, 'ra') && upstream.every((one) => has(one, 'ra'))) return 'RA is not set'
  // The router is no authority for the names of others, and no resolver of the line has proved them.
  const claimed = ['aa', 'ad'].find((flag) => has(answer, flag) && !upstream.some((one) => has(one, flag)))
  if (claimed) return `${claimed.toUpperCase()} is set`
  for (const record of dns.answers) {
    const same = upstream.flatMap((one) =>
      one.dns.answers.filter(
        ({ name, type }) => name.toLowerCase() === record.name.toLowerCase() && type === record.type,
      ),
    )
    const longest = Math.max(...same.map(({ ttl = 0 }) => ttl))
    if (same.length > 0 && (record.ttl ?? 0) > longest) return `${record.type} with TTL ${record.ttl}, not ${longest},`
  }
  return undefined
}

invariant('RFC5625-3-KEEPS', (evidence) => {
  const { judge, lan, wan, notApplicable, recording } = evidence
  const said = dnsMessages(wan.toDut).filter(isAnswer)
  const all = lan.segments.flatMap((link) => exchanges(evidence, link))
  if (all.length === 0)
    return notApplicable('The router answers no names in this recording.', ...recording.frames.slice(0, 1))
  const wrong = new Map(all.map((one) => [one.answer.frame, changed(one, said)]))
  judge.each(
    [...wrong.keys()],
    "An answer keeps the code and the RA flag of the line's resolver, claims neither authority nor proof that that does not, and its records live no longer than that said.",
    (frame) => wrong.get(frame),
  )
})

/** So many queries show what is drawn. */
const enough = 8
/** A 16-bit number that is drawn lies so near to the one before 1 time in 3,000. */
const near = 10

/** How a number of one query follows from that of the query before, where it does in nearly all. */
function pattern(numbers: readonly number[]): string | undefined {
  const steps = numbers.slice(1).map((value, index) => value - (numbers[index] as number))
  if (steps.every((step) => step === 0)) return `always ${numbers[0]}`
  const small = steps.filter((step) => Math.abs(step) <= near).length
  return small >= 0.75 * steps.length ? `one after the other: ${numbers.slice(0, 4).join(', ')}, ...` : undefined
}

invariant('RFC5625-6.1-RANDOM', (evidence) => {
  const { judge, notApplicable, recording } = evidence
  const byUdp = ownQueries(evidence).filter(({ over }) => over === 'UDP')
  // A query that is asked again, or of several resolvers, may be the same one.
  const isSame = (one: DnsMessage, other: DnsMessage) => one.dns.id === other.dns.id && asked(one) === asked(other)
  const queries = byUdp.filter((query, index) => !byUdp.slice(0, index).some((one) => isSame(one, query)))
  if (queries.length < enough)
    return notApplicable(`The router sends fewer than ${enough} queries by UDP here.`, ...recording.frames.slice(0, 1))
  const frames = queries.map(({ frame }) => frame)
  const looked = frames.slice(0, 4) as [Frame, ...Frame[]]
  for (const [what, numbers] of [
    ['source ports', frames.map(({ packet }) => packet.udp?.srcPort ?? 0)],
    ['identifiers', queries.map(({ dns }) => dns.id)],
  ] as const) {
    const found = pattern(numbers)
    judge.holds(
      found === undefined,
      `The ${what} of its ${queries.length} queries can't be guessed from the ones before.`,
      found ?? '',
      ...looked,
    )
  }
})
