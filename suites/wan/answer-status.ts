import {
  dhcpv6,
  dhcpv6Of,
  type Evidence,
  type Frame,
  grace,
  granted,
  iaPrefixes,
  lifetimeSlack,
  pios,
  prefixContains,
  ra,
  raUpdate,
  requirement,
} from 'denat'
import { mixedAnswers } from '../scenarios/mixed-answers.ts'
import {
  answered,
  asksForAddress,
  casesOf,
  firstLive,
  grantsOf,
  staysOnLan,
  stillThere,
  usesOfPrefix,
} from './answered.ts'
import { clientMessages } from './client-messages.ts'
import { holdsAll } from './exchange.ts'

const unspecified = casesOf({
  'in the IA_PD': 'UnspecFail in the IA_PD',
  'in the IA_NA': 'a status in one prefix; UnspecFail in the IA_NA',
  'at the top': 'UnspecFail at the top',
})
/** RFC 8415 section 14.1: of 20 s, and here within a few. */
const mostMessages = 20

requirement('RFC8415-18.2.10-UNSPEC', unspecified, (evidence) => {
  const { case: where, judge } = evidence
  const name = unspecified.about(evidence)
  const { first } = grantsOf(evidence)
  if (where === 'in the IA_NA') {
    asksForAddress(evidence, name)
    stillThere(evidence, name, 'UnspecFail ends no lease: a Neighbor Solicitation for the address is answered.')
    return
  }
  const before = where === 'at the top' ? 'RFC8415-18.2.10-UNSPEC' : 'RFC8415-18.2.10-LEAVEOUT'
  staysOnLan(evidence, name, first, before, 'UnspecFail ends no lease: the prefix stays on the LAN.')
  if (where === 'in the IA_PD') return
  const { reply } = answered(evidence, name)
  const next = answered(evidence, 'UseMulticast at the top')
  const sent = clientMessages(evidence, { after: reply, before: next.asked })
  judge.holds(
    sent.length <= mostMessages,
    `The client does not ask again at line rate: no more than ${mostMessages} messages in 20 s.`,
    `${sent.length} in ${(next.asked.at - reply.at).toFixed(1)} s`,
    reply,
    next.asked,
  )
})

requirement('RFC8415-18.2.10-USEMCAST', mixedAnswers, (evidence) => {
  const { judge } = evidence
  const name = 'UseMulticast at the top'
  const claim =
    'A message that went by multicast is told to use multicast: that ends no lease, and the prefix stays on the LAN.'
  staysOnLan(evidence, name, grantsOf(evidence).first, 'RFC8415-18.2.10-UNSPEC', claim)
  const { reply } = answered(evidence, name)
  const { asked } = answered(evidence, 'NoBinding in the IA_PD')
  judge.holds(asked.at > reply.at, 'The lease is renewed later, by multicast as before.', 'nothing such', reply, asked)
})

const unbound = casesOf({ 'in the IA_PD': 'NoBinding in the IA_PD', 'in the IA_NA': 'NoBinding in the IA_NA' })

requirement('RFC8415-18.2.10-NOBINDING', unbound, (evidence) => {
  const { case: where, judge, wan } = evidence
  const { asked, reply } = answered(evidence, unbound.about(evidence))
  if (where === 'in the IA_NA') asksForAddress(evidence, unbound.about(evidence))
  const request = judge.due(
    wan.fromDut.seek(dhcpv6('request'), { after: reply }),
    { after: reply, seconds: grace },
    `NoBinding ${where} leads to a Request.`,
  )
  holdsAll(evidence, request, { answer: reply, ias: asked })
  if (where === 'in the IA_PD') grantedAgain(evidence, request)
  if (where === 'in the IA_NA')
    staysOnLan(
      evidence,
      unbound.about(evidence),
      grantsOf(evidence).first,
      'RFC8415-18.2.10-NOBINDING',
      'The prefix of the IA_PD, which has its binding, stays on the LAN.',
    )
})

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
    judge.found(back, over, `The prefix that the Reply to it grants again, ${first}, is on the LAN.`, reply)
}

const inOneLease = casesOf({
  'IA Prefix beside it': 'a status in one prefix; UnspecFail in the IA_NA',
  'prefix of before': 'a status in one prefix; UnspecFail in the IA_NA',
})

/** No clause says what a client makes of it: it is hoped for. */
const hopedFor = { 'IA Prefix beside it': 'SHOULD', 'prefix of before': 'SHOULD' } as const

requirement('RFC8415-21.22-LEASESTATUS', { ...inOneLease, levels: hopedFor }, (evidence) => {
  const { case: what, judge } = evidence
  const name = inOneLease.about(evidence)
  const { first, besideRefused } = grantsOf(evidence)
  const { reply } = answered(evidence, name)
  if (what === 'prefix of before') {
    const claim = 'The prefix that is extended beside one with an error status stays on the LAN.'
    staysOnLan(evidence, name, first, 'RFC8415-18.2.10-NOBINDING', claim)
    return
  }
  judge.due(
    usesOfPrefix(evidence, besideRefused, reply)[0],
    { after: reply, seconds: raUpdate.max },
    `An error status of one IA Prefix is that prefix's alone: ${besideRefused}, new in the same IA_PD, is on the LAN, or is asked for again.`,
  )
})

requirement('RFC8415-21.13-SUCCESS', mixedAnswers, (evidence) => {
  const { judge } = evidence
  const { saidSuccess } = grantsOf(evidence)
  const { reply } = answered(evidence, 'Success everywhere; Server Unicast')
  judge.due(
    usesOfPrefix(evidence, saidSuccess, reply)[0],
    { after: reply, seconds: raUpdate.max },
    `A prefix is used though Success is said of it, of its IA_PD and of the whole Reply: ${saidSuccess} is on the LAN, or the router asks for it again.`,
  )
})

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
  const told = lan.fromDut.all(ra(), meanwhile).find((frame) => pios(frame).some((pio) => extends_(pio, frame.at)))
  const { transactionId } = dhcpv6Of(asked)
  const renewed = wan.fromDut
    .all(dhcpv6('renew', { iaPd: {} }), meanwhile)
    .find((frame) => dhcpv6Of(frame).transactionId !== transactionId)
  const [taken] = [told, renewed].filter((frame) => frame !== undefined).sort((a, b) => a.number - b.number)
  judge.due(
    taken,
    { after: reply, seconds: raUpdate.max },
    `NoAddrsAvail in the IA_NA is of that IA alone: the prefix ${first}, which the same Reply extends, is advertised for longer than it was left, or T1 leads to a new Renew.`,
    asked,
  )
})
