import {
  dhcpv6,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  iaPrefixes,
  isUla,
  lifetimeSlack,
  ndOptionsOf,
  pios,
  prefixContains,
  ra,
  raOf,
  requirement,
} from 'denat'
import { subnets } from '../delegation/askers.ts'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { evening } from '../scenarios/evening.ts'
import { rebinding } from '../scenarios/rebinding.ts'
import { renumbering } from '../scenarios/renumbering.ts'
import { hostMoved } from './advertisements.ts'
import { cells, lastLive, piosIn, renumbered } from './matrix.ts'

/** Only of a lease this old can it be seen whether its lifetimes are counted down. Seconds. */
const oldEnough = 10

interface Lifetimes {
  preferredLifetime: number
  validLifetime: number
}

const over = (one: Lifetimes, most: Lifetimes): boolean => beyond(one, most) !== undefined

/** What is above its limit, and by which value. */
function beyond(one: Lifetimes, most: Lifetimes): string | undefined {
  const parts = [
    ...(one.preferredLifetime > most.preferredLifetime ? [`preferred lifetime ${one.preferredLifetime} s`] : []),
    ...(one.validLifetime > most.validLifetime ? [`valid lifetime ${one.validLifetime} s`] : []),
  ]
  return parts.length > 0 ? parts.join(' and ') : undefined
}

/** What is left of a lease some time after the Reply that granted it: once it has run out, 0. */
const leftOf = (lease: Lifetimes, elapsed: number): Lifetimes => ({
  preferredLifetime: Math.max(0, lease.preferredLifetime - elapsed + lifetimeSlack),
  validLifetime: Math.max(0, lease.validLifetime - elapsed + lifetimeSlack),
})

requirement(
  'RFC9096-L-15',
  {
    cases: {
      PIO: rebinding,
      'DHCPv6 host': renumbering,
      'downstream router': renumbering,
      ...cells('RA', 'expiry'),
      ...cells('SLAAC host', 'expiry'),
    },
  },
  (evidence) => {
    if (evidence.case === 'PIO') return piosFollowLease(evidence)
    if (evidence.case === 'expiry, RA') return endsWithLease(evidence)
    if (evidence.case === 'expiry, SLAAC host') return hostMoved(evidence, renumbered(evidence))
    leasesFollowLease(evidence)
  },
)

function piosFollowLease({ wan, lan, judge, given, did, framesOf, marks }: Evidence): void {
  const grant = given(framesOf(did('granted'))[0], 'RFC7084-W-4')
  did('lease-age')
  const next = wan.toDut.first(dhcpv6('reply', { iaPd: {} }), { after: grant })
  const [delegated = '::/0'] = granted(grant)
  const [lease = { preferredLifetime: 0, validLifetime: 0 }] = iaPrefixes(grant)
  const sent = lan.fromDut
    .all(ra(), { after: grant, ...(next && { before: next }) })
    .filter((frame) => piosIn(frame, delegated).some((pio) => pio.validLifetime > 0))
  const aged = given(
    sent.find((frame) => frame.at - grant.at >= oldEnough),
    'RFC7084-L-1',
  )
  judge.each(
    sent,
    `Lifetimes of PIOs never exceed what is left of the lease (${lease.preferredLifetime}/${lease.validLifetime} s at its beginning).`,
    (frame) => {
      const elapsed = frame.at - grant.at
      const wrong = piosIn(frame, delegated).find((pio) => over(pio, leftOf(lease, elapsed)))
      return wrong && `${beyond(wrong, leftOf(lease, elapsed))}, ${elapsed.toFixed(1)} s after the Reply,`
    },
  )
  judge.note(`An RA was seen ${(aged.at - grant.at).toFixed(1)} s after the Reply.`, aged, ...marks('lease-age'))
}

/** Every lease of the router's own server, held against the ISP's newest at that moment. */
function leasesFollowLease(evidence: Evidence) {
  const { case: observer, wan, lan, judge, given, did, marks, notApplicable } = evidence
  const leased = did('terminal-leased')
  const host = observer === 'DHCPv6 host'
  if (host && !leased.data?.address) return notApplicable('The router serves no addresses by DHCPv6.', leased)
  if (!host) given(marks('sub-delegated')[0], 'RFC9818-LPD-1')
  const replies = lan.of(host ? 'terminal' : 'downstream').fromDut.all(dhcpv6('reply'))
  const grants = wan.toDut.all(dhcpv6('reply', { iaPd: {} }))
  const leasesIn = (frame: Frame): (Lifetimes & { within: string })[] =>
    host
      ? iaAddresses(frame).map((one) => ({ ...one, within: `${one.address}/128` }))
      : iaPrefixes(frame).map((one) => ({ ...one, within: one.prefix }))
  // What is delegated of a ULA prefix does not come from the ISP.
  const fromIsp = (frame: Frame) =>
    leasesIn(frame).filter(({ within, validLifetime }) => validLifetime > 0 && !isUla(within.split('/')[0] ?? ''))
  const live = replies.filter((frame) => fromIsp(frame).length > 0)
  judge.each(
    [given(live[0], 'RFC9818-LPD-1'), ...live.slice(1)],
    `Lifetimes that the ${observer} is given never exceed what is left of the ISP's lease.`,
    (frame) => {
      for (const one of fromIsp(frame)) {
        const grant = grants.findLast(
          (reply) => reply.number < frame.number && granted(reply).some((prefix) => prefixContains(prefix, one.within)),
        )
        const lease = grant && iaPrefixes(grant).find(({ prefix }) => prefixContains(prefix, one.within))
        if (!grant || !lease) return `${one.within}, which the ISP never granted,`
        const elapsed = frame.at - grant.at
        if (over(one, leftOf(lease, elapsed)))
          return `${beyond(one, leftOf(lease, elapsed))}, ${elapsed.toFixed(1)} s into a lease of ${lease.preferredLifetime}/${lease.validLifetime} s,`
      }
      return undefined
    },
  )
}

/** The server is silent until the lease has run out: nothing of it is advertised as live any more. */
function endsWithLease(evidence: Evidence): void {
  const { lan, judge, given, did, framesOf } = evidence
  const change = renumbered(evidence)
  const expired = did('expired')
  const [grant, asked, answer] = framesOf(expired)
  const before = lastLive(evidence, change, change.begun)
  const fence = given(answer, 'RFC7084-L-1')
  const lease = grant && iaPrefixes(grant).find(({ prefix }) => prefix === change.old)
  const left = (frame: Frame) => (grant && lease ? leftOf(lease, frame.at - grant.at).validLifetime : 0)
  judge.absent(
    lan.fromDut
      .all(ra(), { after: asked ?? fence })
      .filter((frame) => piosIn(frame, change.old).some(({ validLifetime }) => validLifetime > left(frame))),
    `Once the lease of ${change.old} has run out, no RA has a live prefix of it.`,
    { fence, since: grant ?? before },
  )
  const held = pios(fence).some((pio) => prefixContains(change.old, pio.prefix))
  judge.note(held ? 'It is advertised with lifetime 0.' : 'It is not advertised any more.', fence)
}

/** ND_PREFERRED_LIMIT and ND_VALID_LIMIT, RFC 9096 section 4. Seconds. */
const limit = { preferredLifetime: 2700, validLifetime: 5400 }

requirement(
  'RFC9096-L-16',
  {
    cases: {
      'Router Lifetime': coldBoot,
      PIO: coldBoot,
      RIO: coldBoot,
      RDNSS: coldBoot,
      DNSSL: coldBoot,
      'DHCPv6 host': coldBoot,
      'downstream router': evening,
    },
  },
  (evidence) => {
    const { case: what, wan, lan, judge, given, did, marks, isp, notApplicable } = evidence
    const grant = given(
      wan.toDut.all(dhcpv6('reply', { iaPd: {} })).find((frame) => granted(frame).length > 0),
      'RFC7084-W-4',
    )
    const [delegated = '::/0'] = granted(grant)
    if (isp.dhcpv6.validLifetime <= limit.validLifetime) throw new TypeError("the ISP's lease is below the limits")
    if (what === 'downstream router') subnets(evidence)
    if (what === 'DHCPv6 host' || what === 'downstream router') {
      const asked = what === 'DHCPv6 host' ? did('asked-address') : given(marks('sub-delegated')[0], 'RFC9818-LPD-1')
      // What is given of a ULA is not learned from the ISP.
      const leases = (frame: Frame): Lifetimes[] =>
        what === 'DHCPv6 host'
          ? iaAddresses(frame).filter(({ address }) => !isUla(address))
          : iaPrefixes(frame).filter(({ prefix }) => !isUla(prefix.split('/')[0] ?? ''))
      const replies = lan.fromDut.all(dhcpv6('reply')).filter((frame) => leases(frame).length > 0)
      const [first, ...rest] = replies
      if (!first) return notApplicable('The router serves no addresses by DHCPv6.', asked)
      return judge.each(
        [first, ...rest],
        `Lifetimes that the ${what} is given are ${limit.preferredLifetime} and ${limit.validLifetime} s at the most.`,
        (frame) => {
          const wrong = leases(frame).find((one) => over(one, limit))
          return wrong && beyond(wrong, limit)
        },
      )
    }
    const sent = lan.fromDut.all(ra(), { after: grant })
    const values = (frame: Frame): number[] => {
      if (what === 'Router Lifetime') return [raOf(frame).routerLifetime]
      if (what === 'RDNSS') return ndOptionsOf(frame, 'rdnss').map(({ lifetime }) => lifetime)
      if (what === 'DNSSL') return ndOptionsOf(frame, 'dnssl').map(({ lifetime }) => lifetime)
      // What is said of a ULA is not learned from the ISP.
      if (what === 'RIO')
        return ndOptionsOf(frame, 'route-information').flatMap(({ prefix, lifetime }) =>
          isUla(prefix.split('/')[0] ?? '') ? [] : [lifetime],
        )
      return piosIn(frame, delegated).map(({ validLifetime }) => validLifetime)
    }
    const most = what === 'Router Lifetime' ? limit.preferredLifetime : limit.validLifetime
    const holding = sent.filter((frame) => values(frame).length > 0)
    const [first, ...rest] = holding
    if (!first) return notApplicable(`No RA has this option (${what}).`, given(sent[0], 'RFC7084-L-1'))
    const claim =
      what === 'PIO'
        ? `PIO: no preferred lifetime is above ${limit.preferredLifetime} s, and no valid lifetime above ${limit.validLifetime} s.`
        : `${what}: no lifetime is above ${most} s.`
    judge.each([first, ...rest], claim, (frame) => {
      const wrong = values(frame).find((value) => value > most)
      const preferred = what === 'PIO' && piosIn(frame, delegated).find((pio) => over(pio, limit))
      if (preferred) return beyond(preferred, limit)
      return wrong === undefined ? undefined : `${wrong} s`
    })
  },
)
