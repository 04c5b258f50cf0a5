import {
  type Claim,
  claim,
  dhcpv6,
  dhcpv6Of,
  type Evidence,
  type Frame,
  grace,
  granted,
  iaPrefixes,
  type Judgement,
  lifetimeSlack,
  on,
  pios,
  prefixContains,
  ra,
  raUpdate,
  requirement,
  the,
} from 'denat'
import { type AnswerName, mixedAnswers } from '../../scenarios/mixed-answers.ts'
import {
  answered,
  asksForAddress,
  firstLive,
  grantsOf,
  staysOnLan,
  stillThere,
  usesOfPrefix,
} from '../../shared/answered.ts'
import { clientMessages } from '../../shared/client-messages.ts'
import { holdsAll } from '../../shared/exchange.ts'

/** RFC 8415 section 14.1: of 20 s, and here within a few. */
const mostMessages = 20

const prefixOutlivesUnspec = (evidence: Evidence, name: AnswerName, before: string) =>
  staysOnLan(
    evidence,
    name,
    grantsOf(evidence).first,
    before,
    claim`UnspecFail ends no lease: the prefix stays on the LAN.`,
    { mayStartAgain: true },
  )

const addressOutlivesUnspec: Judgement = (evidence) => {
  const name = 'a status in one prefix; UnspecFail in the IA_NA'
  asksForAddress(evidence, name)
  stillThere(
    evidence,
    name,
    claim`UnspecFail ends no lease: the client answers a Neighbor Solicitation for the address.`,
  )
}

const messageRefused: Judgement = (evidence) => {
  const { judge } = evidence
  const name = 'UnspecFail at the top'
  prefixOutlivesUnspec(evidence, name, 'RFC8415-18.2.10-UNSPEC')
  const { reply } = answered(evidence, name)
  const next = answered(evidence, 'UseMulticast at the top')
  const sent = clientMessages(evidence, { after: reply, before: next.asked })
  judge.holds(
    sent.length <= mostMessages,
    claim`The client does not retransmit at the rate of the line: it sends at most ${mostMessages} messages in 20 s.`,
    claim`${sent.length} in ${the.seconds(next.asked.at - reply.at, 1)}`,
    reply,
    next.asked,
  )
}

/** The Request that NoBinding leads to. */
function requestAfter(evidence: Evidence, name: AnswerName, where: Claim): Frame {
  const { judge, wan } = evidence
  const { asked, reply } = answered(evidence, name)
  const request = judge.due(
    wan.fromDut.seek(dhcpv6('request'), { after: reply }),
    { after: reply, seconds: grace },
    claim`The client sends a Request after NoBinding ${where}.`,
  )
  holdsAll(evidence, request, { answer: reply, ias: asked })
  return request
}

const prefixUnbound: Judgement = (evidence) =>
  grantedAgain(evidence, requestAfter(evidence, 'NoBinding in the IA_PD', claim`in the IA_PD`))

const addressUnbound: Judgement = (evidence) => {
  const name = 'NoBinding in the IA_NA'
  asksForAddress(evidence, name)
  requestAfter(evidence, name, claim`in the IA_NA`)
  const expected = claim`The prefix of the IA_PD, which has its binding, stays on the LAN.`
  staysOnLan(evidence, name, grantsOf(evidence).first, 'RFC8415-18.2.10-NOBINDING', expected)
}

/** What the Reply to the Request grants is in force as it was before; how soon is not asked here. */
function grantedAgain(evidence: Evidence, request: Frame): void {
  const { judge, lan, wan } = evidence
  const { first } = grantsOf(evidence)
  const { asked: over } = answered(evidence, 'lifetimes 0 and new leases')
  const between = { after: request, before: over }
  const reply = wan.toDut.all(dhcpv6('reply'), between).find((frame) => granted(frame).includes(first))
  if (!reply) return
  const back = firstLive(lan.of('host').fromDut, first, reply)
  if (back ? back.at < over.at : over.at - reply.at > 2 * raUpdate.goal)
    judge.found(
      back,
      over,
      claim`The prefix that the Reply to the Request contains again, ${the.name(first)}, is on the LAN.`,
      reply,
    )
}

const statusOfOne: AnswerName = 'a status in one prefix; UnspecFail in the IA_NA'

const prefixWithStatus: Judgement = (evidence) => {
  const { besideRefused } = grantsOf(evidence)
  const { reply } = answered(evidence, statusOfOne)
  evidence.judge.due(
    usesOfPrefix(evidence, besideRefused, reply)[0],
    { after: reply, seconds: raUpdate.max },
    claim`An error status in one IA Prefix applies only to that prefix: ${the.name(besideRefused)}, new in the same IA_PD, is on the LAN, or the client requests it again.`,
  )
}

const formerWithStatus: Judgement = (evidence) => {
  const expected = claim`The prefix that is extended in the same IA_PD as one with an error status stays on the LAN.`
  staysOnLan(evidence, statusOfOne, grantsOf(evidence).first, 'RFC8415-18.2.10-NOBINDING', expected)
}

export const requirements = [
  requirement('RFC8415-18.2.10-UNSPEC', {
    'in the IA_PD': on(mixedAnswers, (evidence) =>
      prefixOutlivesUnspec(evidence, 'UnspecFail in the IA_PD', 'RFC8415-18.2.10-LEAVEOUT'),
    ),
    'in the IA_NA': on(mixedAnswers, addressOutlivesUnspec),
    'at the top': on(mixedAnswers, messageRefused),
  }),

  requirement('RFC8415-18.2.10-USEMCAST', mixedAnswers, (evidence) => {
    const { judge } = evidence
    const name = 'UseMulticast at the top'
    const expected = claim`UseMulticast in the Reply to a multicast message ends no lease: the prefix stays on the LAN.`
    staysOnLan(evidence, name, grantsOf(evidence).first, 'RFC8415-18.2.10-UNSPEC', expected)
    const { reply } = answered(evidence, name)
    const { asked } = answered(evidence, 'NoBinding in the IA_PD')
    judge.met(claim`The client renews the lease later, by multicast as before.`, reply, asked)
  }),

  requirement('RFC8415-18.2.10-NOBINDING', {
    'in the IA_PD': on(mixedAnswers, prefixUnbound),
    'in the IA_NA': on(mixedAnswers, addressUnbound),
  }),

  requirement('RFC8415-21.22-LEASESTATUS', {
    // No clause specifies how a client handles it: it is a goal.
    'IA Prefix beside it': on(mixedAnswers, prefixWithStatus, { level: 'SHOULD' }),
    'prefix of before': on(mixedAnswers, formerWithStatus, { level: 'SHOULD' }),
  }),

  requirement('RFC8415-21.13-SUCCESS', mixedAnswers, (evidence) => {
    const { judge } = evidence
    const { saidSuccess } = grantsOf(evidence)
    const { reply } = answered(evidence, 'Success everywhere; Server Unicast')
    judge.due(
      usesOfPrefix(evidence, saidSuccess, reply)[0],
      { after: reply, seconds: raUpdate.max },
      claim`The client uses a prefix with status Success in the IA Prefix, in its IA_PD and in the Reply: ${the.name(saidSuccess)} is on the LAN, or the client requests it again.`,
    )
  }),

  requirement('RFC8415-18.2.10-BESIDE', mixedAnswers, (evidence) => {
    const { judge, lan, wan } = evidence
    const name = 'NoAddrsAvail in the IA_NA; no resolver'
    asksForAddress(evidence, name)
    const { asked, reply } = answered(evidence, name)
    const { first } = grantsOf(evidence)
    const ends = wan.toDut
      .all(dhcpv6('reply'), { before: reply })
      .flatMap((frame) =>
        iaPrefixes(frame).map(({ prefix, validLifetime }) => ({ prefix, at: frame.at + validLifetime })),
      )
    const former = Math.max(...ends.filter(({ prefix }) => prefix === first).map(({ at }) => at))
    // What a later Reply grants is not this one's.
    const later = wan.toDut.first(dhcpv6('reply', { iaPd: {} }), { after: reply })
    const meanwhile = { after: reply, ...(later && { before: later }) }
    const extends_ = (pio: { prefix: string; validLifetime: number }, at: number): boolean =>
      prefixContains(first, pio.prefix) && at + pio.validLifetime > former + lifetimeSlack
    const extended = lan.fromDut
      .all(ra(), meanwhile)
      .find((frame) => pios(frame).some((pio) => extends_(pio, frame.at)))
    const { transactionId } = dhcpv6Of(asked)
    const renewed = wan.fromDut
      .all(dhcpv6('renew', { iaPd: {} }), meanwhile)
      .find((frame) => dhcpv6Of(frame).transactionId !== transactionId)
    const [taken] = [extended, renewed].filter((frame) => frame !== undefined).sort((a, b) => a.number - b.number)
    judge.due(
      taken,
      { after: reply, seconds: raUpdate.max },
      claim`NoAddrsAvail in the IA_NA applies only to that IA: the router advertises the prefix ${the.name(first)}, which the same Reply extends, for longer than its former remaining lifetime, or the client sends a new Renew at T1.`,
      asked,
    )
  }),
]
