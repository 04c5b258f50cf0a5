import {
  anyOf,
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  firstTimeout,
  granted,
  type Judgement,
  type LinkView,
  leaseTimer,
  on,
  optionsOf,
  pios,
  ra,
  requirement,
  retransmissionTimes,
  the,
} from 'denat'
import { flashRenumbering } from '../../scenarios/flash-renumbering.ts'
import { longSessions } from '../../scenarios/long-sessions.ts'
import { mixedAnswers } from '../../scenarios/mixed-answers.ts'
import { rebinding, rebindingOver, rebound, renewedAfterRebind } from '../../scenarios/rebinding.ts'
import { renumbering, unextended } from '../../scenarios/renumbering.ts'
import { holdsAll, judgeFirst, timeouts, transmissions } from '../../shared/exchange.ts'
import { leased } from '../../steps/lease.ts'
import { tookPlace } from '../../steps/took-place.ts'

/** "Immediately" of RFC 8415 section 14.2, where the preferred lifetime is 16 s. Seconds. */
const leastOwnT1 = 2

/** The Reply whose lease a client extends: the last one with a lease, which the client may have requested again. */
const leaseInForce = ({ toDut }: LinkView, before: Frame): Frame | undefined =>
  toDut.all(dhcpv6('reply', { iaPd: {} }), { before }).findLast((reply) => granted(reply).length > 0)

/** It adds an IA to the lease, for which T1 is not waited: RFC 9915 section 18.2.4. */
const asksForMore = (renew: Frame): boolean =>
  dhcpv6OptionsOf(renew, 'ia-na').some((ia) => optionsOf(ia, 'ia-addr').length === 0)

/** RFC 9915 section 18.2.12: a client renews at once where a prefix of the link is new to it, or deprecated. */
function followsLinkChange({ toDut }: LinkView, grant: Frame, renew: Frame): boolean {
  const announced = (frames: Frame[]) =>
    frames.flatMap(pios).map(({ prefix, preferredLifetime }) => `${prefix} ${preferredLifetime > 0}`)
  const known = announced(toDut.all(ra(), { before: grant }))
  return announced(toDut.all(ra(), { after: grant, before: renew })).some((one) => !known.includes(one))
}

/** The first Renew of the lease that the scenario is about, which is there by the time that T1 allows. */
function firstRenew(evidence: Evidence): { grant: Frame; renew: Frame; atT1: ReturnType<typeof leaseTimer> } {
  const { wan, isp, judge, given, every } = evidence
  const grant = given(
    every(leased)[0]?.grant ?? wan.toDut.all(dhcpv6('reply')).find((one) => granted(one).length > 0),
    'RFC7084-W-4',
  )
  // A client that accepts no T1 below a fraction of the preferred lifetime still keeps its lease.
  const atT1 = leaseTimer(isp.dhcpv6.t1, claim`T1 of the lease`, Math.min(isp.dhcpv6.t2, isp.dhcpv6.preferredLifetime))
  const renew = judge.found(
    wan.fromDut.seek(
      dhcpv6('renew', { iaPd: {} }),
      { after: grant },
      (one) => one.at - grant.at >= atT1.min || !(asksForMore(one) || followsLinkChange(wan, grant, one)),
    ),
    { after: grant, seconds: atT1.max },
    claim`The client renews its lease by a Renew with IA_PD.`,
  )
  return { grant, renew, atT1 }
}

function renewsAtT1(evidence: Evidence): void {
  const { wan, judge } = evidence
  const { grant, renew, atT1 } = firstRenew(evidence)
  const lease = leaseInForce(wan, renew) ?? grant
  judge.within(renew.at - lease.at, atT1, claim`The client sends the first Renew at T1.`, lease, renew)
  holdsAll(evidence, renew, { answer: lease, ias: lease })
}

/** What a Rebind extended is renewed as any other lease, and of the server that answered last. */
const renewsAfterRebind: Judgement = (evidence) => {
  const { judge, given, at } = evidence
  tookPlace(evidence, renewedAfterRebind)
  const { reply, renew, mark } = at(renewedAfterRebind)
  const lease = given(reply, 'RFC8415-18.2.5-REBIND')
  const asked = judge.found(
    renew,
    mark,
    claim`The client extends a lease again at its T1 after a Rebind has extended it.`,
    lease,
  )
  judge.equal(dhcpv6Of(asked).type, 'renew', claim`Type of that message`, lease, asked)
  const serverOf = (frame: Frame) => dhcpv6OptionsOf(frame, 'server-id')[0]?.duid
  const named = serverOf(asked)
  judge.holds(
    named === undefined || named === serverOf(lease),
    claim`The Renew names the server that answered the Rebind.`,
    claim`${the.name(String(named))}`,
    lease,
    asked,
  )
}

/** The last Reply before the server fell silent: that its line is back and its lease another one, the router had to know. */
export function lastLease({ at, every, given }: Evidence): { grant: Frame; valid: number } {
  given(every(unextended)[0]?.mark, 'ROB-FLAP')
  const { grant, validLifetime } = at(unextended)
  return { grant: given(grant, 'RFC7084-W-4'), valid: validLifetime }
}

/** What asks for more of a lease first. T1 and T2 may be the client's choice. */
export const extended = ({ fromDut }: LinkView, grant: Frame): Frame | undefined =>
  fromDut.first({ dhcp6: { type: anyOf('renew', 'rebind') } }, { after: grant })

const notAtOnce: Judgement = (evidence) => {
  const { grant } = lastLease(evidence)
  const extending = extended(evidence.wan, grant)
  evidence.judge.holds(
    extending === undefined || extending.at - grant.at >= leastOwnT1,
    claim`With T1 and T2 of 0 the client does not renew at once, not within ${the.seconds(leastOwnT1)}.`,
    extending
      ? claim`${the.name(String(dhcpv6Of(extending).type))} after ${the.seconds(extending.at - grant.at, 3)}`
      : claim``,
    grant,
    ...(extending ? [extending] : []),
  )
}

const beforeLeaseEnds: Judgement = (evidence) => {
  const { grant, valid } = lastLease(evidence)
  evidence.judge.due(
    extended(evidence.wan, grant),
    { after: grant, seconds: valid },
    claim`With T1 and T2 of 0 the client chooses the times itself, and renews or rebinds before the lease ends (valid ${the.seconds(valid)}).`,
  )
}

export const requirements = [
  requirement('RFC8415-18.2.4-RENEW', {
    // What most lines have, but for its length.
    'T1 of 75 s': on(longSessions, renewsAtT1),
    answered: on(flashRenumbering, renewsAtT1),
    'T1 far below the preferred lifetime': on(mixedAnswers, renewsAtT1, { level: 'SHOULD' }),
    'server silent': on(rebinding, renewsAtT1),
    'first timeout': on(rebinding, (evidence) => {
      const { grant, renew } = firstRenew(evidence)
      if (evidence.isp.dhcpv6.t2 - (renew.at - grant.at) < firstTimeout(retransmissionTimes.renew).max)
        return evidence.notApplicable(claim`The client renewed so late that T2 was before the first timeout.`, renew)
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
        claim`The client sends no Renew after T2.`,
        { fence: over, since: rebind },
      )
    }),
  }),

  requirement('RFC8415-14.2-T1ZERO', {
    'not at once': on(renumbering, notAtOnce),
    'before the lease ends': on(renumbering, beforeLeaseEnds),
  }),
]
