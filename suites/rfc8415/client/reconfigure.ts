import {
  anyOf,
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  type Judgement,
  type Marked,
  on,
  requirement,
  the,
} from 'denat'
import {
  type Demand,
  type Flaw,
  flawedReconfigure,
  flaws,
  meanwhile,
  reconfigure,
  reconfigureAccepted,
  reconfigured,
  twoDemands,
} from '../../scenarios/reconfigure.ts'
import { maySendReconfigure } from '../../shared/renumbering.ts'

/** INF_MAX_DELAY 1 s for an Information-request, and as long for processing: RFC 8415 sections 7.6, 18.2.11. */
const atOnce = 2

const accepted = ({ at, given }: Evidence) => {
  const { accepts, mark } = at(reconfigureAccepted)
  return given(accepts ? mark : undefined, 'RFC7084-WAA-4')
}

/** What a demand led to, once the exchanges before it are over: while one goes on, the next is ignored by right. */
function demanded(evidence: Evidence, what: Demand): Marked<{ what: Demand }, 'sent' | 'answer'> {
  const { at, every, given, wan } = evidence
  accepted(evidence)
  const demand = at(reconfigured, (one) => one.what === what)
  for (const { what: before, answer } of every(reconfigured).filter(({ mark }) => mark.at < demand.mark.at)) {
    if (!answer) continue
    // No server answers a Rebind with a Server Identifier.
    const namesServer = dhcpv6OptionsOf(answer, 'server-id').length > 0
    const ofRebind = namesServer ? 'RFC8415-18.2.11-RECONF' : 'RFC8415-18.2.5-REBIND'
    const by = before === 'Rebind' ? ofRebind : 'RFC8415-18.2.4-RENEW'
    given(wan.toDut.first(dhcpv6('reply', { transactionId: dhcpv6Of(answer).transactionId })), by)
  }
  return demand
}

const leadsTo =
  (what: Demand): Judgement =>
  (evidence) => {
    const { answer, sent, mark } = demanded(evidence, what)
    const expected = claim`A Reconfigure that demands it leads to a ${the.name(what)}.`
    if (!answer) maySendReconfigure(evidence)
    evidence.judge.due(answer, { after: sent ?? mark, seconds: atOnce }, expected)
  }

const namesNoServer: Judgement = (evidence) => {
  const { judge, given } = evidence
  const { answer } = demanded(evidence, 'Rebind')
  if (!answer) maySendReconfigure(evidence)
  const rebind = given(answer, 'RFC8415-18.2.11-RECONF')
  const named = dhcpv6OptionsOf(rebind, 'server-id').map(({ duid }) => duid)
  judge.holds(
    named.length === 0,
    claim`A Rebind that a Reconfigure demanded names no server, like every Rebind: all servers discard one that does (RFC 8415 section 16.7).`,
    claim`it names ${the.list(named.map((item) => the.name(item)))}`,
    rebind,
  )
}

const ignoredMeanwhile: Judgement = (evidence) => {
  const { judge, given, every, wan } = evidence
  accepted(evidence)
  const [one] = every(meanwhile)
  if (!one) maySendReconfigure(evidence)
  const second = one?.second ?? given(one?.mark, 'RFC8415-18.2.11-RECONF')
  const fence = given(one?.fence, 'RFC7084-G-1')
  judge.absent(
    wan.fromDut.all({ dhcp6: { type: anyOf('renew', 'rebind') } }, { after: second, before: fence }),
    claim`A Reconfigure that comes while the exchange goes on which the one before it led to is ignored.`,
    { fence, since: second },
  )
}

/** RFC 8415 section 21.19 has words for one, and none for two. */
const offeredByTwo: Judgement = (evidence) => {
  const { judge, at } = evidence
  accepted(evidence)
  const { sent, answer, mark } = at(twoDemands)
  const led = answer ? claim`leads to: ${the.name(String(dhcpv6Of(answer).type))}` : claim`leads to nothing`
  judge.met(
    claim`A Reconfigure with two Reconfigure Message options, Renew and Information-request, ${led}.`,

    sent ?? mark,
    ...(answer ? [answer] : []),
  )
}

const isDiscarded =
  (flaw: Flaw): Judgement =>
  (evidence) => {
    const { at, wan, judge, given } = evidence
    const { sent, mark, ...one } = at(flawedReconfigure, (of) => of.flaw === flaw)
    const fence = given(one.fence, 'RFC7084-G-1')
    const asking = { dhcp6: { type: anyOf('renew', 'rebind', 'information-request') } }
    // An exchange that goes on already, unanswered, is retransmitted.
    const goesOn = (frame: Frame) =>
      wan.fromDut.first({ dhcp6: { transactionId: dhcpv6Of(frame).transactionId } }, { before: sent ?? mark })
    const leads = wan.fromDut.all(asking, { after: sent ?? mark, before: fence }).filter((frame) => !goesOn(frame))
    // A client that accepted none has no counter to compare this one with.
    if (flaw === 'same replay counter')
      given(demanded(evidence, 'Information-request').answer, 'RFC8415-18.2.11-RECONF')
    judge.absent(leads, claim`A Reconfigure is discarded that is flawed: ${the.name(flaw)}.`, {
      fence,
      since: sent ?? mark,
    })
    const { accepts, mark: offer } = at(reconfigureAccepted)
    if (!accepts) return judge.note(claim`The router accepts no Reconfigure at all.`, offer)
    // The same, well-formed.
    const { answer } = at(reconfigured, ({ what }) => what === 'Renew')
    if (!answer) maySendReconfigure(evidence)
    given(answer, 'RFC8415-18.2.11-RECONF')
  }

export const requirements = [
  requirement('RFC8415-18.2.11-RECONF', {
    Renew: on(reconfigure, leadsTo('Renew')),
    Rebind: on(reconfigure, leadsTo('Rebind')),
    'Rebind names no server': on(reconfigure, namesNoServer),
    'Information-request': on(reconfigure, leadsTo('Information-request')),
    'during the exchange': on(reconfigure, ignoredMeanwhile),
    'two demands at once': on(reconfigure, offeredByTwo, { level: 'MAY' }),
  }),

  requirement(
    'RFC8415-16.11-RECONF-BAD',
    Object.fromEntries(flaws.map((flaw) => [flaw, on(reconfigure, isDiscarded(flaw))])),
  ),
]
