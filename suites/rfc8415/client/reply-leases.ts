import {
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  iaAddresses,
  type Judgement,
  lastAbout,
  lifetimeSlack,
  on,
  pios,
  prefixContains,
  ra,
  raUpdate,
  requirement,
  the,
} from 'denat'
import {
  type AnswerName,
  brief,
  deprecated,
  flowFrom,
  granted,
  mixedAnswers,
  neighborAsked,
  over,
} from '../../scenarios/mixed-answers.ts'
import { isLive } from '../../shared/advertised.ts'
import {
  answered,
  asksForAddress,
  firstLive,
  grantsOf,
  isWithdrawn,
  staysOnLan,
  stillThere,
  usesOfAddress,
} from '../../shared/answered.ts'
import { clientMessages } from '../../shared/client-messages.ts'
import { namingImpossible } from '../../shared/impossible-prefix.ts'

const piosOf = (frame: Frame, prefix: string) => pios(frame).filter((pio) => prefixContains(prefix, pio.prefix))

const isPreferred = (frame: Frame, prefix: string): boolean =>
  piosOf(frame, prefix).some(({ preferredLifetime }) => preferredLifetime > 0)

/** The Reply with two prefixes, and the first RA after it that has both in force. */
function twoPrefixes(evidence: Evidence): { reply: Frame; both: Frame | undefined } {
  const grants = grantsOf(evidence)
  const { reply } = answered(evidence, 'two prefixes')
  const sent = evidence.lan.of('host').fromDut.all(ra(), { after: reply })
  return { reply, both: sent.find((frame) => isLive(frame, grants.first) && isLive(frame, grants.brief)) }
}

const bothOnLan: Judgement = (evidence) => {
  const grants = grantsOf(evidence)
  const { reply, both } = twoPrefixes(evidence)
  evidence.judge.due(
    both,
    { after: reply, seconds: raUpdate.max },
    claim`Both prefixes of one IA_PD (${the.name(grants.first)}, ${the.name(grants.brief)}) are on the LAN.`,
  )
}

const lifetimesOfEach: Judgement = (evidence) => {
  const { judge, given, lan } = evidence
  const grants = grantsOf(evidence)
  const { reply, both } = twoPrefixes(evidence)
  given(both, 'RFC8415-MULTI-IAPREFIX')
  const sent = lan.of('host').fromDut.all(ra(), { after: reply })
  judge.each(
    sent.filter((frame) => isLive(frame, grants.brief)),
    claim`The prefix of the shorter lease (${brief.preferred}/${the.seconds(brief.valid)}) is never advertised for longer than its remaining lifetime.`,
    (frame) => {
      const left = reply.at + brief.valid - frame.at + lifetimeSlack
      const longer = piosOf(frame, grants.brief).find((pio) => pio.validLifetime > left)
      return (
        longer && claim`${the.seconds(longer.validLifetime)}, ${the.seconds(frame.at - reply.at, 1)} after the Reply,`
      )
    },
  )
}

const bothForward: Judgement = (evidence) => {
  const { judge, given, at, every, notApplicable } = evidence
  const grants = grantsOf(evidence)
  given(twoPrefixes(evidence).both, 'RFC8415-MULTI-IAPREFIX')
  const name: AnswerName = 'IA_PD left out'
  const still = given(answered(evidence, name).seen, 'RFC7084-L-1')
  if (![grants.first, grants.brief].every((prefix) => isLive(still, prefix)))
    return notApplicable(claim`The RA after this answer does not have both prefixes as valid.`, still)
  at(flowFrom, (one) => one.name === name)
  for (const { prefix, reply, mark } of every(flowFrom).filter((one) => one.name === name))
    judge.found(reply, mark, claim`A host reaches the Internet from its address in ${the.prefix(prefix)}.`)
}

/** A router that never advertises what is left of a lease does so here neither. */
const countsNone = { follows: ['RFC9096-L-15 · PIO'] }

const leaveOut = 'RFC8415-18.2.10-LEAVEOUT'

/** A lease that a Reply does not mention stays as it was; where it was missing before, `before` is the cause. */
const isKept =
  (name: AnswerName, which: 'first' | 'brief', before: string): Judgement =>
  (evidence) => {
    const prefix = grantsOf(evidence)[which]
    const expected = claim`The prefix ${the.prefix(prefix)}, which the Reply does not contain, stays on the LAN.`
    staysOnLan(evidence, name, prefix, before, expected)
  }

const endsInTime: Judgement = (evidence) => {
  const { judge, given, lan, at } = evidence
  const grants = grantsOf(evidence)
  const { reply } = answered(evidence, 'two prefixes')
  given(firstLive(lan.fromDut, grants.brief, reply), 'RFC8415-MULTI-IAPREFIX')
  const end = reply.at + brief.valid + raUpdate.goal
  const later = lan.fromDut.all(ra(), { after: reply, before: at(over).mark }).filter((frame) => frame.at > end)
  given(later[0], 'RFC7084-L-1')
  judge.each(
    later,
    claim`A prefix that no later Reply contains is valid on the LAN for its ${the.seconds(brief.valid)}, and not longer.`,
    (frame) =>
      isLive(frame, grants.brief) ? claim`valid ${the.seconds(frame.at - reply.at, 1)} after the Reply,` : undefined,
  )
}

const addressIsKept: Judgement = (evidence) => {
  const name: AnswerName = 'NoAddrsAvail in the IA_NA; no resolver'
  asksForAddress(evidence, name)
  const expected = claim`The client uses its former address until its lifetime ends: it answers a Neighbor Solicitation for it.`
  stillThere(evidence, name, expected)
  const stays = claim`The prefix of the IA_PD in the same Reply stays on the LAN.`
  staysOnLan(evidence, name, grantsOf(evidence).first, leaveOut, stays)
}

const renumbers: AnswerName = 'lifetimes 0 and new leases'

const isEndless: AnswerName = 'infinity; preferred lifetime 0'

const zeroLife = 'RFC8415-18.2.10-ZEROLIFE'

/** What is to blame where a new prefix does not come to the LAN: leases that no router can serve it with, or the id. */
const brokenBy = (evidence: Evidence, id: string): string =>
  namingImpossible(evidence, { before: evidence.at(over).mark }).length > 0 ? 'ROB-DHCP6-PREFIXLENGTH' : id

const prefixGoes: Judgement = (evidence) => {
  const { judge, given, assume, lan } = evidence
  const grants = grantsOf(evidence)
  const { reply } = answered(evidence, renumbers)
  const { fromDut } = lan.of('host')
  given(
    fromDut.all(ra(), { before: reply }).findLast((frame) => isLive(frame, grants.first)),
    'RFC7084-W-4',
  )
  judge.due(
    fromDut.seek(ra(), { after: reply }, (frame) => !isLive(frame, grants.first)),
    { after: reply, seconds: raUpdate.max },
    claim`The prefix ${the.name(grants.first)}, whose valid lifetime in the Reply is 0, is no longer valid on the LAN.`,
  )
  const fresh = firstLive(lan.fromDut, grants.renumbered, reply)
  const blamed = brokenBy(evidence, zeroLife)
  assume(fresh !== undefined || blamed === zeroLife, blamed)
  judge.due(
    fresh,
    { after: reply, seconds: raUpdate.max },
    claim`The new prefix of the same IA_PD, ${the.name(grants.renumbered)}, is valid on the LAN.`,
  )
}

const prefixIsDeprecated: Judgement = (evidence) => {
  const { judge, given, lan, at } = evidence
  const { endless, renumbered } = grantsOf(evidence)
  const { reply } = answered(evidence, isEndless)
  const sent = lan.of('host').fromDut.all(ra(), { after: reply, before: at(over).mark })
  given(firstLive(lan.fromDut, endless, reply), 'RFC8415-7.7-INFINITY')
  const last = given(lastAbout('prefix-information', sent), 'RFC7084-L-1')
  judge.holds(
    !isPreferred(last, renumbered),
    claim`The prefix ${the.name(renumbered)}, whose preferred lifetime in the Reply is 0, is deprecated on the LAN.`,
    claim`it is preferred`,
    reply,
    last,
  )
  const flow = at(flowFrom, ({ name }) => name === isEndless)
  judge.holds(
    flow.reply !== undefined || isLive(last, renumbered),
    claim`The prefix is still valid: an RA advertises it as valid, or a host reaches the Internet from it.`,
    claim`neither`,
    last,
    flow.reply ?? flow.mark,
  )
}

/** The first use of the new address in the IA_NA that also has one with lifetime 0, before the next Reply about it. */
function useOfNewAddress(evidence: Evidence): { taken: Frame | undefined; next: Frame } {
  const fresh = answered(evidence, renumbers).reply
  const next = answered(evidence, isEndless).reply
  const uses = usesOfAddress(evidence, grantsOf(evidence).renumberedAddress, fresh)
  return { next, taken: uses.find(({ number }) => number < next.number) }
}

const addressIsAdded: Judgement = (evidence) => {
  const { reply } = answered(evidence, renumbers)
  asksForAddress(evidence, renumbers)
  const { taken, next } = useOfNewAddress(evidence)
  const { renumberedAddress } = grantsOf(evidence)
  evidence.judge.found(
    taken,
    next,
    claim`The client uses the new address of the same IA_NA, ${the.address(renumberedAddress)}.`,
    reply,
  )
}

const addressIsDeprecated: Judgement = (evidence) => {
  asksForAddress(evidence, isEndless)
  evidence.given(useOfNewAddress(evidence).taken, zeroLife)
  const { renumberedAddress } = grantsOf(evidence)
  stillThere(
    evidence,
    isEndless,
    claim`The address ${the.address(renumberedAddress)}, whose preferred lifetime in the Reply is 0, is still valid: the client answers a Neighbor Solicitation.`,
  )
}

const addressGoes: Judgement = (evidence) => {
  const { judge, given, at, every } = evidence
  asksForAddress(evidence, renumbers)
  const { grant } = at(granted)
  const old = grant && iaAddresses(grant)[0]?.address
  const questions = every(neighborAsked).filter(({ name }) => name === renumbers)
  const asked = questions.find(({ target }) => target === old)
  const since = given(asked?.question, 'RFC7084-WAA-6')
  judge.absent(
    asked?.answer ? [asked.answer] : [],
    claim`The client stops using the address ${the.name(old)}, whose valid lifetime in the Reply is 0.`,
    { fence: given(questions.at(-1)?.answer, 'RFC7084-G-1'), since },
  )
}

/** The Reply with lifetimes of 0xffffffff, and the RAs after it. Each answer arrives in a valid state. */
function endlessLeases(evidence: Evidence): { reply: Frame; sent: Frame[] } {
  const { given, lan, at } = evidence
  const { fromDut } = lan.of('host')
  const { reply } = answered(evidence, isEndless)
  const before = answered(evidence, renumbers).reply
  // The prefix of the Reply before has come to the LAN.
  given(firstLive(fromDut, grantsOf(evidence).renumbered, before), brokenBy(evidence, zeroLife))
  return { reply, sent: fromDut.all(ra(), { after: reply, before: at(over).mark }) }
}

const neverEnds: Judgement = (evidence) => {
  const { judge, given, at } = evidence
  const { endless } = grantsOf(evidence)
  const { reply, sent } = endlessLeases(evidence)
  const last = given(sent.at(-1), 'RFC7084-L-1')
  judge.absent(
    sent.filter((frame) => isWithdrawn(frame, endless)),
    claim`The router does not withdraw a prefix whose lifetimes are 0xffffffff.`,
    { fence: last, since: reply },
  )
  // An RA may leave out options that others contain (RFC 4861 section 6.2.3).
  const about = sent.findLast((frame) => piosOf(frame, endless).length > 0) ?? last
  judge.holds(isLive(about, endless), claim`It is on the LAN.`, claim`it is not in the RA`, reply, about)
  const end = at(over)
  judge.found(end.reply, end.mark, claim`A host reaches the Internet.`)
}

const endsWithItsLease: Judgement = (evidence) => {
  const { judge, given, assume, wan, lan, at, notApplicable } = evidence
  const { endless, renumbered } = grantsOf(evidence)
  const { reply, sent } = endlessLeases(evidence)
  const { valid } = deprecated
  const applied = given(firstLive(lan.of('host').fromDut, endless, reply), 'RFC8415-7.7-INFINITY')
  const live = sent.filter((frame) => isLive(frame, renumbered) && frame.at >= applied.at)
  // Where it counts as before, the answer was not taken over for this prefix.
  assume(!live.some((frame) => isPreferred(frame, renumbered)), zeroLife)
  if (live.length === 0)
    return notApplicable(claim`The router does not advertise deprecated prefixes.`, applied, at(over).mark)
  judge.each(
    live,
    claim`The router advertises a prefix for no longer than it is valid (${the.seconds(valid)}), although T1 of its IA_PD is infinite.`,
    (frame) => {
      const extended = wan.toDut.last(dhcpv6('reply', { iaPd: {} }), { before: frame }) ?? reply
      const left = extended.at + valid - frame.at + lifetimeSlack
      const longer = piosOf(frame, renumbered).find((pio) => pio.validLifetime > left)
      return (
        longer && claim`${the.seconds(longer.validLifetime)}, ${the.seconds(frame.at - reply.at, 1)} after the Reply,`
      )
    },
  )
}

const neverRenews: Judgement = (evidence) => {
  const { reply } = answered(evidence, isEndless)
  const { mark: end } = evidence.at(over)
  // An IA_NA of another exchange was given no such lease.
  const asking = clientMessages(evidence, { after: reply, before: end }).filter(
    (frame) => dhcpv6OptionsOf(frame, 'ia-pd').length > 0,
  )
  evidence.judge.absent(asking, claim`With T1 of 0xffffffff the client sends no message with IA_PD at the former T1.`, {
    fence: end,
    since: reply,
  })
}

export const requirements = [
  requirement('RFC8415-MULTI-IAPREFIX', {
    'both on the LAN': on(mixedAnswers, bothOnLan),
    'lifetimes of each': on(mixedAnswers, lifetimesOfEach, countsNone),
    'both forward': on(mixedAnswers, bothForward),
  }),

  requirement(leaveOut, {
    'one of two prefixes': on(
      mixedAnswers,
      isKept('one of two prefixes; IA_NA with T1 > T2', 'brief', 'RFC8415-MULTI-IAPREFIX'),
    ),
    'the IA_PD': on(mixedAnswers, isKept('IA_PD left out', 'first', leaveOut)),
    'NoPrefixAvail in the IA_PD': on(mixedAnswers, isKept('NoPrefixAvail in the IA_PD', 'first', leaveOut)),
    'an empty IA_PD': on(mixedAnswers, isKept('IA_PD empty; another resolver', 'first', leaveOut)),
    'NoAddrsAvail in the IA_NA': on(mixedAnswers, addressIsKept),
    'until its own lifetime': on(mixedAnswers, endsInTime, countsNone),
  }),

  requirement(zeroLife, {
    'prefix gone': on(mixedAnswers, prefixGoes),
    'address gone': on(mixedAnswers, addressGoes),
    'address added': on(mixedAnswers, addressIsAdded),
    'prefix deprecated': on(mixedAnswers, prefixIsDeprecated),
    'address deprecated': on(mixedAnswers, addressIsDeprecated),
  }),

  requirement('RFC8415-7.7-INFINITY', {
    lifetimes: on(mixedAnswers, neverEnds),
    T1: on(mixedAnswers, neverRenews),
    'T1 beyond the lifetimes': on(mixedAnswers, endsWithItsLease, countsNone),
  }),
]
