import {
  type Claim,
  claim,
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  iaPrefixes,
  isUla,
  type Judgement,
  type Look,
  lifetimeSlack,
  ndOptionsOf,
  on,
  pios,
  prefixContains,
  ra,
  raOf,
  requirement,
  the,
} from 'denat'
import { addressAsked, coldBoot } from '../scenarios/cold-boot.ts'
import { longSessions } from '../scenarios/long-sessions.ts'
import { leaseAge, rebinding } from '../scenarios/rebinding.ts'
import { expired, renumbering } from '../scenarios/renumbering.ts'
import { isLive, piosIn } from '../shared/advertised.ts'
import { subnets } from '../shared/askers.ts'
import { withoutAddress } from '../shared/observers.ts'
import { cells, lastLive, type Renumbered } from '../shared/renumbering.ts'
import { hostMoved } from '../shared/withdrawals.ts'
import { leased } from '../steps/lease.ts'
import { terminalLeased } from '../steps/renumber.ts'
import { subDelegated } from '../steps/sub-delegated.ts'

/** Only of a lease this old can it be seen whether its lifetimes are counted down. Seconds. */
const oldEnough = 10

interface Lifetimes {
  preferredLifetime: number
  validLifetime: number
}

const over = (one: Lifetimes, most: Lifetimes): boolean => beyond(one, most) !== undefined

/** What is above its limit, and by which value. */
function beyond(one: Lifetimes, most: Lifetimes): Claim | undefined {
  const parts = [
    ...(one.preferredLifetime > most.preferredLifetime ? [`preferred lifetime ${one.preferredLifetime} s`] : []),
    ...(one.validLifetime > most.validLifetime ? [`valid lifetime ${one.validLifetime} s`] : []),
  ]
  return parts.length > 0 ? claim`${the.name(parts.join(' and '))}` : undefined
}

/** What is left of a lease some time after the Reply that granted it: once it has run out, 0. */
const leftOf = (lease: Lifetimes, elapsed: number): Lifetimes => ({
  preferredLifetime: Math.max(0, lease.preferredLifetime - elapsed + lifetimeSlack),
  validLifetime: Math.max(0, lease.validLifetime - elapsed + lifetimeSlack),
})

function piosFollowLease({ wan, lan, judge, given, assume, at, every }: Evidence) {
  const grant = given(at(leased).grant, 'RFC7084-W-4')
  at(leaseAge)
  const lease = iaPrefixes(grant).find(({ validLifetime }) => validLifetime > 0)
  if (!lease) return assume(false, 'RFC7084-W-4')
  const next = wan.toDut.first(dhcpv6('reply', { iaPd: {} }), { after: grant })
  const sent = lan.fromDut
    .all(ra(), { after: grant, ...(next && { before: next }) })
    .filter((frame) => isLive(frame, lease.prefix))
  const aged = given(
    sent.find((frame) => frame.at - grant.at >= oldEnough),
    'RFC7084-L-1',
  )
  judge.each(
    sent,
    claim`Lifetimes of PIOs never exceed the remaining lifetimes of the lease of ${the.prefix(lease.prefix)} (${lease.preferredLifetime}/${the.seconds(lease.validLifetime)} at its start).`,
    (frame) => {
      const elapsed = frame.at - grant.at
      const wrong = piosIn(frame, lease.prefix).find((pio) => over(pio, leftOf(lease, elapsed)))
      return (
        wrong && claim`${beyond(wrong, leftOf(lease, elapsed)) ?? claim``}, ${the.seconds(elapsed, 1)} after the Reply,`
      )
    },
  )
  const ages = every(leaseAge).map(({ mark }) => mark)
  judge.note(claim`An RA was seen ${the.seconds(aged.at - grant.at, 1)} after the Reply.`, aged, ...ages)
}

/** An address or a prefix that the router leases; an address as a prefix of 128 bits. */
type Leased = Lifetimes & { within: string }

const addressesIn = (frame: Frame): Leased[] =>
  iaAddresses(frame).map((one) => ({ ...one, within: `${one.address}/128` }))

const prefixesIn = (frame: Frame): Leased[] => iaPrefixes(frame).map((one) => ({ ...one, within: one.prefix }))

/** What is leased of a ULA prefix does not come from the ISP. */
const isFromIsp = ({ within }: Leased): boolean => !isUla(within.split('/')[0] ?? '')

function hostLeasesFollowLease(evidence: Evidence) {
  const { address, mark } = evidence.at(terminalLeased)
  if (!address) return withoutAddress(evidence, mark)
  leasesFollowLease(evidence, 'terminal', claim`DHCPv6 host`, addressesIn)
}

function routerLeasesFollowLease(evidence: Evidence) {
  evidence.given(evidence.every(subDelegated)[0]?.mark, 'RFC9818-LPD-1')
  leasesFollowLease(evidence, 'downstream', claim`downstream router`, prefixesIn)
}

/** Every lease of the router's own server, compared with the ISP's newest at that time. */
function leasesFollowLease(
  { wan, lan, judge, given }: Evidence,
  station: string,
  observer: Claim,
  leasesIn: (frame: Frame) => Leased[],
): void {
  const replies = lan.of(station).fromDut.all(dhcpv6('reply'))
  const grants = wan.toDut.all(dhcpv6('reply', { iaPd: {} }))
  const fromIsp = (frame: Frame) => leasesIn(frame).filter((one) => one.validLifetime > 0 && isFromIsp(one))
  const live = replies.filter((frame) => fromIsp(frame).length > 0)
  judge.each(
    [given(live[0], 'RFC9818-LPD-1'), ...live.slice(1)],
    claim`Lifetimes that the ${observer} receives never exceed the remaining lifetimes of the ISP's lease.`,
    (frame) => {
      for (const one of fromIsp(frame)) {
        const grant = grants.findLast(
          (reply) => reply.number < frame.number && granted(reply).some((prefix) => prefixContains(prefix, one.within)),
        )
        const lease = grant && iaPrefixes(grant).find(({ prefix }) => prefixContains(prefix, one.within))
        if (!grant || !lease) return claim`${the.name(one.within)}, which the ISP never delegated,`
        const elapsed = frame.at - grant.at
        if (over(one, leftOf(lease, elapsed)))
          return claim`${beyond(one, leftOf(lease, elapsed)) ?? claim``}, ${the.seconds(elapsed, 1)} into a lease of ${lease.preferredLifetime}/${the.seconds(lease.validLifetime)},`
      }
      return undefined
    },
  )
}

/** The server is silent until the lease has run out: nothing of it is advertised as live any more. */
function endsWithLease(evidence: Evidence, change: Renumbered): void {
  const { wan, lan, judge, given, at } = evidence
  const { old } = change
  const { asked, answer, mark } = at(expired)
  lastLive(evidence, change, change.begun)
  const fence = given(answer, 'RFC7084-L-1')
  const grants = wan.toDut.all(dhcpv6('reply', { iaPd: {} }), { before: asked ?? mark })
  const grant = given(
    grants.findLast((frame) => granted(frame).includes(old)),
    'RFC7084-W-4',
  )
  const lease = iaPrefixes(grant).find(({ prefix }) => prefix === old)
  const left = (frame: Frame) => (lease ? leftOf(lease, frame.at - grant.at).validLifetime : 0)
  judge.absent(
    lan.fromDut
      .all(ra(), { after: asked ?? fence })
      .filter((frame) => piosIn(frame, old).some(({ validLifetime }) => validLifetime > left(frame))),
    claim`After the lease of ${the.name(old)} has expired, no RA has a valid prefix from it.`,
    { fence, since: grant },
  )
  const held = pios(fence).some((pio) => prefixContains(old, pio.prefix))
  judge.note(
    held ? claim`The prefix is advertised with lifetime 0.` : claim`The prefix is not advertised any more.`,
    fence,
  )
}

/** ND_PREFERRED_LIMIT and ND_VALID_LIMIT, RFC 9096 section 4. Seconds. */
const limit = { preferredLifetime: 2700, validLifetime: 5400 }

/** The Reply that gave the router its prefix, for longer than the limits. */
function longLease({ wan, isp, given }: Evidence): { grant: Frame; delegated: string[] } {
  if (isp.dhcpv6.validLifetime <= limit.validLifetime) throw new TypeError("the ISP's lease is below the limits")
  const grant = given(
    wan.toDut.all(dhcpv6('reply', { iaPd: {} })).find((frame) => granted(frame).length > 0),
    'RFC7084-W-4',
  )
  return { grant, delegated: granted(grant) }
}

/** What a router leases to others is capped. */
function leasesAreCapped(
  { lan, judge, notApplicable }: Evidence,
  observer: Claim,
  leasesIn: (frame: Frame) => Leased[],
  ...asked: Look[]
) {
  const leases = (frame: Frame) => leasesIn(frame).filter(isFromIsp)
  const replies = lan.fromDut.all(dhcpv6('reply')).filter((frame) => leases(frame).length > 0)
  if (replies.length === 0) return notApplicable(claim`The router assigns no lease to a ${observer}.`, ...asked)
  judge.each(
    replies,
    claim`Lifetimes that the ${observer} receives are at most ${limit.preferredLifetime} and ${the.seconds(limit.validLifetime)}.`,
    (frame) => {
      const wrong = leases(frame).find((one) => over(one, limit))
      return wrong && beyond(wrong, limit)
    },
  )
}

const hostLeasesAreCapped: Judgement = (evidence) => {
  longLease(evidence)
  leasesAreCapped(evidence, claim`DHCPv6 host`, addressesIn, evidence.at(addressAsked).mark)
}

const routerLeasesAreCapped: Judgement = (evidence) => {
  longLease(evidence)
  subnets(evidence)
  const { mark } = evidence.every(subDelegated)[0] ?? {}
  leasesAreCapped(evidence, claim`downstream router`, prefixesIn, evidence.given(mark, 'RFC9818-LPD-1'))
}

/** RAs with this option, since the router has its prefix. */
function saying(evidence: Evidence, what: Claim, contains: (frame: Frame, delegated: string[]) => boolean) {
  const { grant, delegated } = longLease(evidence)
  const sent = evidence.lan.fromDut.all(ra(), { after: grant })
  const holding = sent.filter((frame) => contains(frame, delegated))
  if (holding.length === 0)
    evidence.notApplicable(claim`No RA has this option (${what}).`, evidence.given(sent[0], 'RFC7084-L-1'))
  return { holding, delegated }
}

/** None of these values of an RA is above the limit. Seconds. */
const isCapped =
  (what: Claim, most: number, values: (frame: Frame) => number[]): Judgement =>
  (evidence) => {
    const { holding } = saying(evidence, what, (frame) => values(frame).length > 0)
    evidence.judge.each(holding, claim`${what}: no lifetime is above ${the.seconds(most)}.`, (frame) => {
      const wrong = values(frame).find((value) => value > most)
      return wrong === undefined ? undefined : claim`${the.seconds(wrong)}`
    })
  }

const piosAreCapped: Judgement = (evidence) => {
  const ofThem = (frame: Frame, prefixes: string[]) => prefixes.flatMap((prefix) => piosIn(frame, prefix))
  const { holding, delegated } = saying(evidence, claim`PIO`, (frame, prefixes) => ofThem(frame, prefixes).length > 0)
  const expected = claim`PIO: no preferred lifetime is above ${the.seconds(limit.preferredLifetime)}, and no valid lifetime above ${the.seconds(limit.validLifetime)}.`
  evidence.judge.each(holding, expected, (frame) => {
    const wrong = ofThem(frame, delegated).find((pio) => over(pio, limit))
    return wrong && beyond(wrong, limit)
  })
}

/** Options about a ULA are not learned from the ISP. */
const routesFromIsp = (frame: Frame): number[] =>
  ndOptionsOf(frame, 'route-information').flatMap(({ prefix, lifetime }) =>
    isUla(prefix.split('/')[0] ?? '') ? [] : [lifetime],
  )

const { preferredLifetime, validLifetime } = limit

export const requirements = [
  requirement('RFC9096-L-15', {
    PIO: on(rebinding, piosFollowLease),
    'DHCPv6 host': on(renumbering, hostLeasesFollowLease),
    'downstream router': on(renumbering, routerLeasesFollowLease),
    ...cells('RA', endsWithLease, 'expiry'),
    ...cells('SLAAC host', hostMoved, 'expiry'),
  }),

  requirement('RFC9096-L-16', {
    'Router Lifetime': on(
      coldBoot,
      isCapped(claim`Router Lifetime`, preferredLifetime, (frame) => [raOf(frame).routerLifetime]),
    ),
    PIO: on(coldBoot, piosAreCapped),
    RIO: on(coldBoot, isCapped(claim`RIO`, validLifetime, routesFromIsp)),
    RDNSS: on(
      coldBoot,
      isCapped(claim`RDNSS`, validLifetime, (frame) => ndOptionsOf(frame, 'rdnss').map(({ lifetime }) => lifetime)),
    ),
    DNSSL: on(
      coldBoot,
      isCapped(claim`DNSSL`, validLifetime, (frame) => ndOptionsOf(frame, 'dnssl').map(({ lifetime }) => lifetime)),
    ),
    'DHCPv6 host': on(coldBoot, hostLeasesAreCapped),
    'downstream router': on(longSessions, routerLeasesAreCapped),
  }),
]
