import {
  anyOf,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  firstTimeout,
  grace,
  granted,
  iaAddresses,
  iaPrefixes,
  type Judgement,
  type LinkView,
  leaseTimer,
  type Mark,
  on,
  optionsOf,
  pios,
  prefixContains,
  ra,
  requirement,
  retransmissionTimes,
} from 'denat'
import { evening } from '../scenarios/evening.ts'
import { flashRenumbering } from '../scenarios/flash-renumbering.ts'
import { mixedAnswers } from '../scenarios/mixed-answers.ts'
import { afterRebinding, rebinding, rebindingOver, rebound, renewedAfterRebind } from '../scenarios/rebinding.ts'
import { addressAsked, advertised, expired, expiryFence, renumbering, unextended } from '../scenarios/renumbering.ts'
import { leased } from '../steps/lease.ts'
import { wasPlayed } from '../steps/was-played.ts'
import { holdsAll, judgeFirst, timeouts, transmissions } from './exchange.ts'

/** A client that counts whole seconds may be early by one. Seconds. */
const clockSlack = 1
/** "Immediately" of RFC 8415 section 14.2, where the preferred lifetime is 16 s. Seconds. */
const leastOwnT1 = 2

/** The Reply whose lease a client extends: the last that granted it one, which it may have asked for anew meanwhile. */
const leaseInForce = ({ toDut }: LinkView, before: Frame): Frame | undefined =>
  toDut.all(dhcpv6('reply', { iaPd: {} }), { before }).findLast((reply) => granted(reply).length > 0)

/** It adds an IA to the lease, for which T1 is not waited: RFC 9915 section 18.2.4. */
const asksForMore = (renew: Frame): boolean =>
  dhcpv6OptionsOf(renew, 'ia-na').some((ia) => optionsOf(ia, 'ia-addr').length === 0)

/** The first Renew of the lease that the scenario is about, which is there by the time that T1 allows. */
function firstRenew(evidence: Evidence): { grant: Frame; renew: Frame; atT1: ReturnType<typeof leaseTimer> } {
  const { wan, isp, judge, given, every } = evidence
  const grant = given(
    every(leased)[0]?.grant ?? wan.toDut.all(dhcpv6('reply')).find((one) => granted(one).length > 0),
    'RFC7084-W-4',
  )
  // Who takes no T1 below a share of the preferred lifetime keeps its lease all the same.
  const atT1 = leaseTimer(isp.dhcpv6.t1, 'T1 of the lease', Math.min(isp.dhcpv6.t2, isp.dhcpv6.preferredLifetime))
  const renew = judge.found(
    wan.fromDut.seek(
      dhcpv6('renew', { iaPd: {} }),
      { after: grant },
      (one) => one.at - grant.at >= atT1.min || !asksForMore(one),
    ),
    { after: grant, seconds: atT1.max },
    'The router renews its lease: a Renew with IA_PD.',
  )
  return { grant, renew, atT1 }
}

function renewsAtT1(evidence: Evidence): void {
  const { wan, judge } = evidence
  const { grant, renew, atT1 } = firstRenew(evidence)
  const lease = leaseInForce(wan, renew) ?? grant
  judge.within(renew.at - lease.at, atT1, 'The first Renew comes at T1.', lease, renew)
  holdsAll(evidence, renew, { answer: lease, ias: lease })
}

/** What a Rebind extended is renewed as any other lease, and of the server that answered last. */
const renewsAfterRebind: Judgement = (evidence) => {
  const { judge, given, at } = evidence
  wasPlayed(evidence, renewedAfterRebind)
  const { reply, renew, mark } = at(renewedAfterRebind)
  const lease = given(reply, 'RFC8415-18.2.5-REBIND')
  const asked = judge.found(renew, mark, 'A lease that a Rebind has extended is asked for again at its T1.', lease)
  judge.equal(dhcpv6Of(asked).type, 'renew', 'That is', lease, asked)
  const serverOf = (frame: Frame) => dhcpv6OptionsOf(frame, 'server-id')[0]?.duid
  const named = serverOf(asked)
  judge.holds(
    named === undefined || named === serverOf(lease),
    'The server that it names is the one that answered the Rebind.',
    String(named),
    lease,
    asked,
  )
}

requirement('RFC8415-18.2.4-RENEW', {
  // What most lines have, but for its length.
  'T1 of 75 s': on(evening, renewsAtT1),
  answered: on(flashRenumbering, renewsAtT1),
  'T1 far below the preferred lifetime': on(mixedAnswers, renewsAtT1, { level: 'SHOULD' }),
  'server silent': on(rebinding, renewsAtT1),
  'first timeout': on(rebinding, (evidence) => {
    const { grant, renew } = firstRenew(evidence)
    if (evidence.isp.dhcpv6.t2 - (renew.at - grant.at) < firstTimeout(retransmissionTimes.renew).max)
      return evidence.notApplicable('It renewed so late that T2 came before the first timeout.', renew)
    judgeFirst(evidence, timeouts(transmissions(evidence.wan.fromDut, renew)), retransmissionTimes.renew, renew)
  }),
  'after a Rebind': on(rebinding, renewsAfterRebind),
  'ends at T2': on(rebinding, (evidence) => {
    const { wan, judge, given, at } = evidence
    firstRenew(evidence)
    const { rebind: sent } = at(rebound)
    const rebind = given(sent, 'RFC8415-18.2.5-REBIND')
    const { mark: over } = at(rebindingOver)
    judge.absent(
      wan.fromDut.all(dhcpv6('renew'), { after: rebind, before: over }),
      'Renew is not sent any more once T2 has come.',
      { fence: over, since: rebind },
    )
  }),
})

const isAskedAtT2: Judgement = (evidence) => {
  const { wan, isp, judge, given, at, lan } = evidence
  const grant = given(at(leased).grant, 'RFC7084-W-4')
  const atT2 = leaseTimer(isp.dhcpv6.t2, 'T2 of the lease')
  const rebind = judge.found(
    wan.fromDut.first(dhcpv6('rebind'), { after: grant }),
    { after: grant, seconds: atT2.max },
    'When the server stays silent, the router asks every server by Rebind.',
  )
  judge.within(rebind.at - grant.at, atT2, 'It does so at T2.', grant, rebind)
  judge.equal(dhcpv6OptionsOf(rebind, 'server-id').length, 0, 'Server Identifier options in it', rebind)
  const after = at(afterRebinding)
  const over = at(rebindingOver)
  const prefixes = granted(grant)
  /** A lease whose preferred lifetime has ended by itself is not withdrawn: RFC 9915 section 18.2.5 waits for the valid one. */
  const isPreferred = (frame: Frame) =>
    iaPrefixes(grant).some(({ preferredLifetime }) => frame.at < grant.at + preferredLifetime)
  const withdrawing = lan.fromDut
    .all(ra(), { after: rebind, before: over.mark })
    .filter((frame) =>
      pios(frame).some(
        ({ prefix, preferredLifetime, validLifetime }) =>
          (isPreferred(frame) ? preferredLifetime : validLifetime) === 0 &&
          prefixes.some((one) => prefixContains(one, prefix)),
      ),
    )
  judge.absent(withdrawing, 'The answer of another server keeps the prefix: the LAN hears of no withdrawal.', {
    fence: over.mark,
    since: rebind,
  })
  judge.found(after.reply, after.mark, "A host's flow goes on.")
  judge.found(over.reply, over.mark, 'And it still does 3.5 s later.')
}

/** The last Reply before the server fell silent: that its line is back and its lease another one, the router had to know. */
function lastLease({ at, every, given }: Evidence): { grant: Frame; valid: number } {
  given(every(unextended)[0]?.mark, 'ROB-FLAP')
  const { grant, validLifetime } = at(unextended)
  return { grant: given(grant, 'RFC7084-W-4'), valid: validLifetime }
}

const isRepeated: Judgement = (evidence) => {
  const { wan, given, notApplicable } = evidence
  const { grant, valid } = lastLease(evidence)
  given(extended(wan, grant), 'RFC8415-14.2-T1ZERO')
  const first = given(wan.fromDut.first(dhcpv6('rebind'), { after: grant }), 'RFC8415-18.2.5-REBIND')
  const left = valid - (first.at - grant.at)
  if (left < firstTimeout(retransmissionTimes.rebind).max)
    return notApplicable('It asked so late that its lease ended before the first timeout.', first)
  judgeFirst(evidence, timeouts(transmissions(wan.fromDut, first)), retransmissionTimes.rebind, first)
}

requirement('RFC8415-18.2.5-REBIND', {
  'at T2': on(rebinding, isAskedAtT2),
  'first timeout': on(renumbering, isRepeated),
})

/** The Solicits for a prefix since, and the first of them that came before the lease had ended. */
function solicitsSince({ wan }: Evidence, { grant, valid }: { grant: Frame; valid: number }) {
  const solicits = wan.fromDut.all(dhcpv6('solicit', { iaPd: {} }), { after: grant })
  return { solicits, early: solicits.find(({ at }) => at < grant.at + valid - clockSlack) }
}

const rebindsUntilEnd: Judgement = (evidence) => {
  const { wan, judge, given } = evidence
  const lease = lastLease(evidence)
  const { grant, valid } = lease
  const { early } = solicitsSince(evidence, lease)
  given(extended(wan, grant), 'RFC8415-14.2-T1ZERO')
  const rebind = given(wan.fromDut.first(dhcpv6('rebind'), { after: grant }), 'RFC8415-18.2.5-REBIND')
  judge.holds(
    early === undefined,
    `Until the leases end (valid lifetime ${valid} s) the router rebinds, and does not solicit.`,
    early ? `a Solicit ${(early.at - grant.at).toFixed(3)} s after the Reply` : '',
    grant,
    rebind,
    ...(early ? [early] : []),
  )
}

const solicitsAfterwards: Judgement = (evidence) => {
  const lease = lastLease(evidence)
  const { solicits, early } = solicitsSince(evidence, lease)
  evidence.judge.due(
    early ?? solicits[0],
    { after: lease.grant, seconds: lease.valid + 10 },
    'Once all leases have ended the router restarts with Solicit.',
  )
}

/** A slow router is done with the change of its prefix when the lease is all but over. */
const isInTime = ({ at }: Mark, { grant, valid }: { grant: Frame; valid: number }) => at < grant.at + valid - clockSlack
const isTooSoon = (asked: Frame | undefined, { grant, valid }: { grant: Frame; valid: number }) =>
  asked !== undefined && asked.at < grant.at + valid + grace

const addressEnds: Judgement = (evidence) => {
  const { wan, isp, judge, given, at, notApplicable, cannotTell } = evidence
  const lease = lastLease(evidence)
  const { grant } = lease
  at(expired)
  const before = at(addressAsked, ({ when }) => when === 'leased')
  const over = at(addressAsked, ({ when }) => when === 'over')
  const fence = given(at(expiryFence).answer, 'RFC7084-G-1')
  const [elsewhere] = wan.toDut.all(dhcpv6('reply', { iaNa: {} })).filter((one) => iaAddresses(one).length > 0)
  if (iaAddresses(grant).length === 0 && elsewhere)
    return notApplicable('The router asks for its address by an exchange of its own.', elsewhere)
  if (!elsewhere && !isp.ra.managed)
    return notApplicable('This line asks for no address by DHCPv6 (M=0), and the router did not.', grant)
  given(elsewhere, 'RFC7084-WAA-6')
  if (isInTime(before.mark, lease))
    judge.found(before.answer, before.mark, 'While the lease lives the assigned address is answered for.', grant)
  if (over.answer && isTooSoon(over.question, lease))
    return cannotTell(`It was asked for less than ${grace} s after its valid lifetime.`, over.mark)
  judge.absent(
    over.answer ? [over.answer] : [],
    'The assigned address is not answered for any more, once its valid lifetime is over.',
    { fence, since: grant },
  )
}

const prefixEnds: Judgement = (evidence) => {
  const { judge, given, at, cannotTell } = evidence
  const lease = lastLease(evidence)
  const end = at(expired)
  const ofLease = (frame: Frame) =>
    pios(frame).filter((pio) => granted(lease.grant).some((prefix) => prefixContains(prefix, pio.prefix)))
  const before = at(advertised, ({ when }) => when === 'leased')
  const used = given(before.advertised, 'RFC7084-L-1')
  if (isInTime(before.mark, lease))
    judge.holds(
      ofLease(used).some(({ validLifetime }) => validLifetime > 0),
      'While the lease lives its prefix is on the LAN.',
      'no PIO of it',
      used,
    )
  const after = given(end.answer, 'RFC7084-L-1')
  const kept = ofLease(after).find(({ preferredLifetime }) => preferredLifetime > 0)
  if (kept && isTooSoon(after, lease))
    return cannotTell(`No RA was asked for later than ${grace} s after the valid lifetime.`, after)
  judge.holds(
    kept === undefined,
    'The delegated prefix is not offered to hosts any more, once its valid lifetime is over.',
    `PIO ${kept?.prefix} preferred ${kept?.preferredLifetime} s`,
    after,
  )
}

requirement('RFC8415-18.2.5-EXPIRE', {
  'Rebind until the end': on(renumbering, rebindsUntilEnd),
  'Solicit afterwards': on(renumbering, solicitsAfterwards),
  'prefix ends': on(renumbering, prefixEnds),
  'address ends': on(renumbering, addressEnds),
})

/** What asks for more of a lease first. T1 and T2 may be the client's choice. */
const extended = ({ fromDut }: LinkView, grant: Frame): Frame | undefined =>
  fromDut.first({ dhcp6: { type: anyOf('renew', 'rebind') } }, { after: grant })

const notAtOnce: Judgement = (evidence) => {
  const { grant } = lastLease(evidence)
  const extending = extended(evidence.wan, grant)
  evidence.judge.holds(
    extending === undefined || extending.at - grant.at >= leastOwnT1,
    `With T1 and T2 of 0 nothing is renewed at once, not within ${leastOwnT1} s.`,
    extending ? `${dhcpv6Of(extending).type} after ${(extending.at - grant.at).toFixed(3)} s` : '',
    grant,
    ...(extending ? [extending] : []),
  )
}

const beforeLeaseEnds: Judgement = (evidence) => {
  const { grant, valid } = lastLease(evidence)
  evidence.judge.due(
    extended(evidence.wan, grant),
    { after: grant, seconds: valid },
    `With T1 and T2 of 0 the router chooses its own times, and renews or rebinds before the lease ends (valid ${valid} s).`,
  )
}

requirement('RFC8415-14.2-T1ZERO', {
  'not at once': on(renumbering, notAtOnce),
  'before the lease ends': on(renumbering, beforeLeaseEnds),
})
