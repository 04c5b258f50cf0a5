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
import { rebinding } from '../scenarios/rebinding.ts'
import { renumbering } from '../scenarios/renumbering.ts'
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
  const { wan, isp, judge, given, marks, framesOf } = evidence
  const marked = marks('granted').flatMap(framesOf)[0]
  const grant = given(marked ?? wan.toDut.all(dhcpv6('reply')).find((one) => granted(one).length > 0), 'RFC7084-W-4')
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
  'ends at T2': on(rebinding, (evidence) => {
    const { wan, judge, given, did, framesOf } = evidence
    firstRenew(evidence)
    const rebind = given(framesOf(did('rebound'))[0], 'RFC8415-18.2.5-REBIND')
    const over = did('rebinding-over')
    judge.absent(
      wan.fromDut.all(dhcpv6('renew'), { after: rebind, before: over }),
      'Renew is not sent any more once T2 has come.',
      { fence: over, since: rebind },
    )
  }),
})

/** What asks for more of a lease first. T1 and T2 may be the client's choice. */
const extended = ({ fromDut }: LinkView, grant: Frame): Frame | undefined =>
  fromDut.first({ dhcp6: { type: anyOf('renew', 'rebind') } }, { after: grant })

requirement('RFC8415-18.2.5-REBIND', { cases: { 'at T2': rebinding, 'first timeout': renumbering } }, (evidence) => {
  const { case: what, wan, isp, judge, given, did, marks, framesOf, lan, notApplicable } = evidence
  const granting = what === 'first timeout' ? given(marks('unextended')[0], 'ROB-FLAP') : did('granted')
  const grant = given(framesOf(granting)[0], 'RFC7084-W-4')
  const rebinds = wan.fromDut.all(dhcpv6('rebind'), { after: grant })
  if (what === 'first timeout') {
    given(extended(wan, grant), 'RFC8415-14.2-T1ZERO')
    const first = given(rebinds[0], 'RFC8415-18.2.5-REBIND')
    const left = Number(granting.data?.validLifetime) - (first.at - grant.at)
    if (left < firstTimeout(retransmissionTimes.rebind).max)
      return notApplicable('It asked so late that its lease ended before the first timeout.', first)
    const sent = timeouts(transmissions(wan.fromDut, first))
    return judgeFirst(evidence, sent, retransmissionTimes.rebind, first)
  }
  const atT2 = leaseTimer(isp.dhcpv6.t2, 'T2 of the lease')
  const rebind = judge.found(
    rebinds[0],
    { after: grant, seconds: atT2.max },
    'When the server stays silent, the router asks every server by Rebind.',
  )
  judge.within(rebind.at - grant.at, atT2, 'It does so at T2.', grant, rebind)
  judge.equal(dhcpv6OptionsOf(rebind, 'server-id').length, 0, 'Server Identifier options in it', rebind)
  const after = did('after-rebinding')
  const over = did('rebinding-over')
  const prefixes = granted(grant)
  const withdrawing = lan.fromDut
    .all(ra(), { after: rebind, before: over })
    .filter((frame) =>
      pios(frame).some(
        (pio) => pio.preferredLifetime === 0 && prefixes.some((prefix) => prefixContains(prefix, pio.prefix)),
      ),
    )
  judge.absent(withdrawing, 'The answer of another server keeps the prefix: the LAN hears of no withdrawal.', {
    fence: over,
    since: rebind,
  })
  judge.found(framesOf(after)[0], after, "A host's flow goes on.")
  judge.found(framesOf(over)[0], over, 'And it still does 3.5 s later.')
})

requirement(
  'RFC8415-18.2.5-EXPIRE',
  {
    cases: {
      'Rebind until the end': renumbering,
      'Solicit afterwards': renumbering,
      'prefix ends': renumbering,
      'address ends': renumbering,
    },
  },
  ({ case: what, wan, isp, judge, given, did, marks, framesOf, notApplicable, cannotTell }) => {
    // That its line is back and its lease another one, the router had to know for this.
    const granting = given(marks('unextended')[0], 'ROB-FLAP')
    const grant = given(framesOf(granting)[0], 'RFC7084-W-4')
    const valid = Number(granting.data?.validLifetime)
    const solicits = wan.fromDut.all(dhcpv6('solicit', { iaPd: {} }), { after: grant })
    const early = solicits.find(({ at }) => at < grant.at + valid - clockSlack)
    if (what === 'Rebind until the end') {
      given(extended(wan, grant), 'RFC8415-14.2-T1ZERO')
      const rebind = given(wan.fromDut.first(dhcpv6('rebind'), { after: grant }), 'RFC8415-18.2.5-REBIND')
      judge.holds(
        early === undefined,
        `Until the leases end (valid lifetime ${valid} s) the router rebinds, and does not solicit.`,
        `a Solicit ${((early?.at ?? 0) - grant.at).toFixed(3)} s after the Reply`,
        grant,
        rebind,
        ...(early ? [early] : []),
      )
      return
    }
    if (what === 'Solicit afterwards') {
      judge.due(
        early ?? solicits[0],
        { after: grant, seconds: valid + 10 },
        'Once all leases have ended the router solicits anew.',
      )
      return
    }
    const expired = did('expired')
    // A slow router is done with the change of its prefix when the lease is all but over.
    const inTime = ({ at }: Mark) => at < grant.at + valid - clockSlack
    const tooSoon = (asked: Frame | undefined) => asked !== undefined && asked.at < grant.at + valid + grace
    if (what === 'address ends') {
      const [before, over] = ['leased', 'over'].map((when) => did('asked', ({ data }) => data?.when === when)) as [
        Mark,
        Mark,
      ]
      const fence = given(framesOf(did('expiry-fence'))[1], 'RFC7084-G-1')
      const [elsewhere] = wan.toDut.all(dhcpv6('reply', { iaNa: {} })).filter((one) => iaAddresses(one).length > 0)
      if (iaAddresses(grant).length === 0 && elsewhere)
        return notApplicable('The router asks for its address by an exchange of its own.', elsewhere)
      if (!elsewhere && !isp.ra.managed)
        return notApplicable('This line asks for no address by DHCPv6 (M=0), and the router did not.', grant)
      given(elsewhere, 'RFC7084-WAA-6')
      if (inTime(before))
        judge.found(framesOf(before)[1], before, 'While the lease lives the assigned address is answered for.', grant)
      const [question, answer] = framesOf(over)
      if (answer && tooSoon(question))
        return cannotTell(`It was asked for less than ${grace} s after its valid lifetime.`, over)
      judge.absent(
        answer ? [answer] : [],
        'The assigned address is not answered for any more, once its valid lifetime is over.',
        {
          fence,
          since: grant,
        },
      )
      return
    }
    const ofLease = (frame: Frame) =>
      pios(frame).filter((pio) => granted(grant).some((prefix) => prefixContains(prefix, pio.prefix)))
    const leased = did('advertised', ({ data }) => data?.when === 'leased')
    const used = given(framesOf(leased)[1], 'RFC7084-L-1')
    if (inTime(leased))
      judge.holds(
        ofLease(used).some(({ validLifetime }) => validLifetime > 0),
        'While the lease lives its prefix is on the LAN.',
        'no PIO of it',
        used,
      )
    const advertised = given(framesOf(expired)[2], 'RFC7084-L-1')
    const kept = ofLease(advertised).find(({ preferredLifetime }) => preferredLifetime > 0)
    if (kept && tooSoon(advertised))
      return cannotTell(`No RA was asked for later than ${grace} s after the valid lifetime.`, advertised)
    judge.holds(
      kept === undefined,
      'The delegated prefix is not offered to hosts any more, once its valid lifetime is over.',
      `PIO ${kept?.prefix} preferred ${kept?.preferredLifetime} s`,
      advertised,
    )
  },
)

requirement(
  'RFC8415-14.2-T1ZERO',
  { cases: { 'not at once': renumbering, 'before the lease ends': renumbering } },
  ({ case: what, wan, judge, given, marks, framesOf }) => {
    const granting = given(marks('unextended')[0], 'ROB-FLAP')
    const grant = given(framesOf(granting)[0], 'RFC7084-W-4')
    const valid = Number(granting.data?.validLifetime)
    const extending = extended(wan, grant)
    if (what === 'before the lease ends') {
      judge.due(
        extending,
        { after: grant, seconds: valid },
        `With T1 and T2 of 0 the router chooses its own times, and renews or rebinds before the lease ends (valid ${valid} s).`,
      )
      return
    }
    judge.holds(
      extending === undefined || extending.at - grant.at >= leastOwnT1,
      `With T1 and T2 of 0 nothing is renewed at once, not within ${leastOwnT1} s.`,
      `${extending && dhcpv6Of(extending).type} after ${((extending?.at ?? 0) - grant.at).toFixed(3)} s`,
      grant,
      ...(extending ? [extending] : []),
    )
  },
)
