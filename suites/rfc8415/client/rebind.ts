import {
  claim,
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  firstTimeout,
  grace,
  granted,
  iaAddresses,
  iaPrefixes,
  type Judgement,
  leaseTimer,
  type Mark,
  on,
  pios,
  prefixContains,
  ra,
  requirement,
  retransmissionTimes,
  the,
} from 'denat'
import { afterRebinding, rebinding, rebindingOver } from '../../scenarios/rebinding.ts'
import { addressAsked, advertised, expired, expiryFence, renumbering } from '../../scenarios/renumbering.ts'
import { judgeFirst, timeouts, transmissions } from '../../shared/exchange.ts'
import { leased } from '../../steps/lease.ts'
import { extended, lastLease } from './renew.ts'

/** A client that counts whole seconds may be early by one. Seconds. */
const clockSlack = 1

const isAskedAtT2: Judgement = (evidence) => {
  const { wan, isp, judge, given, at, lan } = evidence
  const grant = given(at(leased).grant, 'RFC7084-W-4')
  const atT2 = leaseTimer(isp.dhcpv6.t2, claim`T2 of the lease`)
  const rebind = judge.found(
    wan.fromDut.first(dhcpv6('rebind'), { after: grant }),
    { after: grant, seconds: atT2.max },
    claim`When the server does not answer, the router sends a Rebind to all servers.`,
  )
  judge.within(rebind.at - grant.at, atT2, claim`It sends the Rebind at T2.`, grant, rebind)
  judge.equal(
    dhcpv6OptionsOf(rebind, 'server-id').length,
    0,
    claim`Number of Server Identifier options in the Rebind`,
    rebind,
  )
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
  judge.absent(
    withdrawing,
    claim`After the Reply of another server the router keeps the prefix: no RA withdraws it on the LAN.`,
    {
      fence: over.mark,
      since: rebind,
    },
  )
  judge.found(after.reply, after.mark, claim`A flow of a host continues.`)
  judge.found(over.reply, over.mark, claim`The flow still works 3.5 s later.`)
}

const isRepeated: Judgement = (evidence) => {
  const { wan, given, notApplicable } = evidence
  const { grant, valid } = lastLease(evidence)
  given(extended(wan, grant), 'RFC8415-14.2-T1ZERO')
  const first = given(wan.fromDut.first(dhcpv6('rebind'), { after: grant }), 'RFC8415-18.2.5-REBIND')
  const left = valid - (first.at - grant.at)
  if (left < firstTimeout(retransmissionTimes.rebind).max)
    return notApplicable(
      claim`The client sent the Rebind so late that its lease ended before the first timeout.`,
      first,
    )
  judgeFirst(evidence, timeouts(transmissions(wan.fromDut, first)), retransmissionTimes.rebind, first)
}

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
    claim`Until the leases end (valid lifetime ${the.seconds(valid)}) the router rebinds, and does not solicit.`,
    early ? claim`a Solicit ${the.seconds(early.at - grant.at, 3)} after the Reply` : claim``,
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
    claim`Once all leases have ended the router restarts with Solicit.`,
  )
}

/** A slow router is done with the change of its prefix when the lease is all but over. */
const isInTime = ({ at }: Mark, { grant, valid }: { grant: Frame; valid: number }) => at < grant.at + valid - clockSlack

const isTooSoon = (asked: Frame | undefined, { grant, valid }: { grant: Frame; valid: number }) =>
  asked !== undefined && asked.at < grant.at + valid + grace

const addressEnds: Judgement = (evidence) => {
  const { wan, isp, judge, given, at, notApplicable, undecided } = evidence
  const lease = lastLease(evidence)
  const { grant } = lease
  at(expired)
  const before = at(addressAsked, ({ when }) => when === 'leased')
  const over = at(addressAsked, ({ when }) => when === 'over')
  const fence = given(at(expiryFence).answer, 'RFC7084-G-1')
  const [elsewhere] = wan.toDut.all(dhcpv6('reply', { iaNa: {} })).filter((one) => iaAddresses(one).length > 0)
  if (iaAddresses(grant).length === 0 && elsewhere)
    return notApplicable(claim`The address and the prefix are from different Replies.`, elsewhere)
  if (!elsewhere && !isp.ra.managed)
    return notApplicable(claim`This line asks for no address by DHCPv6 (M=0), and the router did not.`, grant)
  given(elsewhere, 'RFC7084-WAA-6')
  if (isInTime(before.mark, lease))
    judge.found(
      before.answer,
      before.mark,
      claim`While the lease is valid the router answers Neighbor Solicitations for the assigned address.`,
      grant,
    )
  if (over.answer && isTooSoon(over.question, lease))
    return undecided(claim`It was asked for less than ${the.seconds(grace)} after its valid lifetime.`, over.mark)
  judge.absent(
    over.answer ? [over.answer] : [],
    claim`The assigned address is not answered for any more, once its valid lifetime is over.`,
    { fence, since: grant },
  )
}

const prefixEnds: Judgement = (evidence) => {
  const { judge, given, at, undecided } = evidence
  const lease = lastLease(evidence)
  const end = at(expired)
  const ofLease = (frame: Frame) =>
    pios(frame).filter((pio) => granted(lease.grant).some((prefix) => prefixContains(prefix, pio.prefix)))
  const before = at(advertised, ({ when }) => when === 'leased')
  const used = given(before.advertised, 'RFC7084-L-1')
  if (isInTime(before.mark, lease))
    judge.holds(
      ofLease(used).some(({ validLifetime }) => validLifetime > 0),
      claim`While the lease is valid its prefix is on the LAN.`,
      claim`no PIO of it`,
      used,
    )
  const after = given(end.answer, 'RFC7084-L-1')
  const kept = ofLease(after).find(({ preferredLifetime }) => preferredLifetime > 0)
  if (kept && isTooSoon(after, lease))
    return undecided(claim`No RA was asked for later than ${the.seconds(grace)} after the valid lifetime.`, after)
  judge.holds(
    kept === undefined,
    claim`The delegated prefix is not offered to hosts any more, once its valid lifetime is over.`,
    claim`PIO ${the.prefix(kept?.prefix)} preferred ${kept?.preferredLifetime ?? the.name(undefined)} s`,
    after,
  )
}

export const requirements = [
  requirement('RFC8415-18.2.5-REBIND', {
    'at T2': on(rebinding, isAskedAtT2),
    'first timeout': on(renumbering, isRepeated),
  }),

  requirement('RFC8415-18.2.5-EXPIRE', {
    'Rebind until the end': on(renumbering, rebindsUntilEnd),
    'Solicit afterwards': on(renumbering, solicitsAfterwards),
    'prefix ends': on(renumbering, prefixEnds),
    'address ends': on(renumbering, addressEnds),
  }),
]
