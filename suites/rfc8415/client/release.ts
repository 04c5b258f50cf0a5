import {
  claim,
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  iaPrefixes,
  invariant,
  isLinkLocal,
  type Judgement,
  on,
  pios,
  prefixContains,
  ra,
  requirement,
  retransmissionTimes,
  the,
} from 'denat'
import { release, releaseOver } from '../../scenarios/release.ts'
import { switchedOff } from '../../scenarios/web-ui.ts'
import { clientMessages } from '../../shared/client-messages.ts'
import { judgeFirst, judgeNext, sameClient, timeouts, transmissions } from '../../shared/exchange.ts'
import { leased } from '../../steps/lease.ts'

/** It is a client's own affair whether it releases; RFC 9096 WPD-9 forbids it at a restart only. */
const nothingReleased = claim`Disabling IPv6 releases no lease: it expires.`

/** The lease, and the first Release of it once IPv6 is off; ends the judgement where there is none. */
function releasing({ wan, given, at, notApplicable }: Evidence) {
  const grant = given(at(leased).grant, 'RFC7084-W-4')
  const { mark: over } = at(releaseOver)
  const { mark: off } = at(switchedOff)
  const sent = wan.fromDut.all(dhcpv6('release'), { after: off })
  const [first] = sent
  if (!first) return notApplicable(nothingReleased, off, over)
  // A router may have its address and its prefix by exchanges of their own.
  return { grant, over, first, sent, grants: wan.toDut.all(dhcpv6('reply'), { before: off }) }
}

const namesTheLeases: Judgement = (evidence) => {
  const { judge } = evidence
  const { grant, grants, first } = releasing(evidence)
  const own = grants.findLast((reply) => sameClient(reply, first)) ?? grant
  judge.equal(
    dhcpv6OptionsOf(first, 'server-id')[0]?.duid,
    dhcpv6OptionsOf(own, 'server-id')[0]?.duid,
    claim`The Release names the server that assigned the lease`,
    first,
  )
  for (const type of ['ia-na', 'ia-pd'] as const)
    for (const { iaid } of dhcpv6OptionsOf(first, type))
      judge.holds(
        dhcpv6OptionsOf(own, type).some((one) => one.iaid === iaid),
        claim`The Release contains an IA of the lease: ${the.name(type)} ${iaid}.`,
        claim`no Reply has that IA`,
        own,
        first,
      )
}

const comesFromElsewhere: Judgement = (evidence) => {
  const { judge } = evidence
  const { grant, grants, sent } = releasing(evidence)
  const leases = new Set([grant, ...grants].flatMap(iaAddresses).map(({ address }) => address))
  judge.each(sent, claim`No Release has an address that it releases as source.`, ({ packet: { ip6 } }) =>
    ip6 && leases.has(ip6.src) ? claim`source ${the.address(ip6.src)}` : undefined,
  )
  const isLocal = sent.every(({ packet: { ip6 } }) => ip6 !== undefined && isLinkLocal(ip6.src))
  judge.note(isLocal ? claim`Their source is a link-local address.` : claim`Their source is no link-local address.`)
}

/** The transmissions of the first Release. */
function transmitted(evidence: Evidence) {
  const { first, over } = releasing(evidence)
  return { first, over, transmissions: transmissions(evidence.wan.fromDut, first) }
}

const isSentAgain: Judgement = (evidence) => {
  const { first, over, transmissions: sent } = transmitted(evidence)
  evidence.judge.holds(
    sent.length > 1,
    claim`The client retransmits a Release without an answer at least once: it may end the exchange early, but should not at once.`,
    claim`one Release`,
    first,
    over,
  )
}

const isTimed: Judgement = (evidence) => {
  const { first, over, transmissions: sent } = transmitted(evidence)
  if (sent.length === 1)
    return evidence.notApplicable(claim`The client ended the exchange before the first timeout.`, first, over)
  judgeFirst(evidence, timeouts(sent), retransmissionTimes.release, first)
  judgeNext(evidence, timeouts(sent), retransmissionTimes.release)
}

const endsWithReply: Judgement = (evidence) => {
  const { wan, judge, notApplicable } = evidence
  const { first, over, sent } = releasing(evidence)
  const reply = wan.toDut.first(dhcpv6('reply'), { after: first })
  if (!reply)
    return notApplicable(
      claim`No Release was answered: the server answers only the third Release, and discards an invalid one.`,
      ...transmissions(wan.fromDut, first),
    )
  judge.absent(
    sent.filter((frame) => sameClient(frame, reply) && frame.at > reply.at),
    claim`A Reply ends the Release, also one with NoBinding.`,
    { fence: over, since: reply },
  )
}

/** RFC 8415 section 18.2.7: a prefix is out of use once an RA has withdrawn it. */
const lanIsInformed: Judgement = (evidence) => {
  const { lan, wan, judge, given } = evidence
  const { grant, first: any } = releasing(evidence)
  const first = wan.fromDut.first(dhcpv6('release', { iaPd: {} }), { after: evidence.at(switchedOff).mark }) ?? any
  const prefixes = granted(grant)
  const ofLease = (frame: Frame) =>
    pios(frame).filter((pio) => prefixes.some((prefix) => prefixContains(prefix, pio.prefix)))
  // Of a /64 there is one for one segment.
  const numbered = lan.segments.filter((segment) =>
    segment.fromDut.all(ra()).some((frame) => ofLease(frame).length > 0),
  )
  for (const segment of numbered.length > 0 ? numbered : lan.segments) {
    const last = given(
      segment.fromDut.all(ra(), { before: first }).findLast((frame) => ofLease(frame).length > 0),
      'RFC7084-W-4',
    )
    judge.holds(
      ofLease(last).every(({ preferredLifetime, validLifetime }) => preferredLifetime === 0 && validLifetime === 0),
      claim`Before the first Release an RA on ${the.name(segment.name)} withdraws the prefix: PIO with lifetimes 0.`,
      claim`the last RA before it has PIO ${the.list(
        ofLease(last).map((pio) => claim`${pio.preferredLifetime}/${the.seconds(pio.validLifetime)}`),
      )}`,
      last,
      first,
    )
  }
}

/** A frame that left before the Release may be seen after it: its way was longer. Seconds. */
const onTheWay = 0.1

/** Leases that a Release gives back. */
interface Released {
  release: Frame
  prefixes: string[]
  addresses: string[]
  /** The Reply that grants one of them again. */
  again?: Frame
}

const isReleasing = ({ packet: { dhcp6 } }: Frame): boolean => dhcp6?.type === 'release'

/** By the first transmission of each. */
function releasedIn(evidence: Evidence): Released[] {
  const firsts = new Map<number, Frame>()
  for (const frame of clientMessages(evidence).filter(isReleasing)) {
    const { transactionId } = dhcpv6Of(frame)
    firsts.set(transactionId, firsts.get(transactionId) ?? frame)
  }
  return [...firsts.values()].map((release) => {
    const prefixes = iaPrefixes(release).map(({ prefix }) => prefix)
    const addresses = iaAddresses(release).map(({ address }) => address)
    const again = evidence.wan.toDut.all(dhcpv6('reply'), { after: release }).find((reply) => {
      const granted = [...iaPrefixes(reply), ...iaAddresses(reply)].filter(({ validLifetime }) => validLifetime > 0)
      return granted.some((one) => [...prefixes, ...addresses].includes('prefix' in one ? one.prefix : one.address))
    })
    return { release, prefixes, addresses, ...(again && { again }) }
  })
}

/** Prefixes that a frame on the LAN gives hosts for their use: in an RA, or in a Reply of the DHCPv6 server. */
function givenOut(frame: Frame): string[] {
  const leases = frame.packet.dhcp6 ? [...iaPrefixes(frame), ...iaAddresses(frame)] : []
  return [...pios(frame), ...leases]
    .filter(({ preferredLifetime }) => preferredLifetime > 0)
    .map((one) => ('prefix' in one ? one.prefix : `${one.address}/128`))
}

export const requirements = [
  requirement('RFC8415-18.2.7-RELEASE', {
    'LAN told before': on(release, lanIsInformed),
    'names the leases': on(release, namesTheLeases),
    'source address': on(release, comesFromElsewhere),
    timing: on(release, isTimed),
    // "Implementations SHOULD retransmit one or more times but MAY choose to terminate the retransmission procedure early."
    'sent again': on(release, isSentAgain, { level: 'SHOULD' }),
    'NoBinding ends it': on(release, endsWithReply),
  }),

  invariant('RFC8415-18.2.7-OUTOFUSE', (evidence) => {
    const { judge, given, wan, lan } = evidence
    const released = releasedIn(evidence)
    for (const { release, prefixes, addresses, again } of released) {
      const later = ({ at, number }: Frame) => at > release.at + onTheWay && !(again && number > again.number)
      const prefixFor = (frame: Frame) =>
        givenOut(frame).find((value) => prefixes.some((prefix) => prefixContains(prefix, value)))
      const toHosts = [...lan.fromDut.all(ra()), ...lan.fromDut.all(dhcpv6('reply'))].filter(later)
      const lastUse = toHosts.sort((a, b) => a.number - b.number).find((frame) => prefixFor(frame) !== undefined)
      const seen = (frame: Frame) => claim`${the.seconds(frame.at - release.at, 2)} after it in ${frame}`
      judge.holds(
        lastUse === undefined,
        claim`The router stops using a prefix before it releases it: it advertises and leases nothing from the prefix until it gets it again.`,
        claim`${the.prefix(lastUse && prefixFor(lastUse))}, ${lastUse ? seen(lastUse) : the.name(undefined)}`,
        release,
        ...(lastUse ? [lastUse] : []),
      )
      const sent = wan.fromDut.all({ ip6: {} }).filter((frame) => later(frame) && !isReleasing(frame))
      const used = sent.find(({ packet: { ip6 } }) => ip6 && addresses.includes(ip6.src))
      judge.holds(
        used === undefined,
        claim`The router sends no packet from an address that it has released until it gets the address again.`,
        claim`${the.address(used?.packet.ip6?.src)}, ${used ? seen(used) : the.name(undefined)}`,
        release,
        ...(used ? [used] : []),
      )
    }
    const first = given(clientMessages(evidence)[0], 'RFC7084-WAA-3')
    if (released.length === 0) judge.met(claim`No lease is released in this recording.`, first)
  }),
]
