import {
  dhcpv6,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  granted,
  iaAddresses,
  isLinkLocal,
  pios,
  prefixContains,
  ra,
  requirement,
  retransmissionTimes,
} from 'denat'
import { release } from '../scenarios/release.ts'
import { judgeFirst, judgeNext, sameClient, timeouts, transmissions } from './exchange.ts'

/** It is a client's own affair whether it releases; RFC 9096 WPD-9 forbids it at a restart only. */
const nothingReleased = 'Switching IPv6 off releases no lease: it ends by itself.'

requirement(
  'RFC8415-18.2.7-RELEASE',
  {
    cases: {
      'LAN told before': release,
      'names the leases': release,
      'source address': release,
      timing: release,
      'sent again': release,
      'NoBinding ends it': release,
    },
    // "Implementations SHOULD retransmit one or more times but MAY choose to terminate the retransmission procedure early."
    levels: { 'sent again': 'SHOULD' },
  },
  (evidence) => {
    const { case: what, wan, judge, given, did, framesOf, notApplicable } = evidence
    const grant = given(framesOf(did('granted'))[0], 'RFC7084-W-4')
    const over = did('release-over')
    const off = did('switched-off')
    const first = wan.fromDut.first(dhcpv6('release'), { after: off })
    if (!first) return notApplicable(nothingReleased, off, over)
    if (what === 'LAN told before')
      return judgeLan(evidence, grant, wan.fromDut.first(dhcpv6('release', { iaPd: {} }), { after: off }) ?? first)
    // A router may have its address and its prefix by exchanges of their own.
    const grants = wan.toDut.all(dhcpv6('reply'), { before: off })
    if (what === 'names the leases') {
      const own = grants.findLast((reply) => sameClient(reply, first)) ?? grant
      judge.equal(
        dhcpv6OptionsOf(first, 'server-id')[0]?.duid,
        dhcpv6OptionsOf(own, 'server-id')[0]?.duid,
        'Release names the server that granted the lease',
        first,
      )
      for (const type of ['ia-na', 'ia-pd'] as const)
        for (const { iaid } of dhcpv6OptionsOf(first, type))
          judge.holds(
            dhcpv6OptionsOf(own, type).some((one) => one.iaid === iaid),
            `It holds an IA of the lease: ${type} ${iaid}.`,
            'that IA was never granted',
            own,
            first,
          )
      return
    }
    if (what === 'source address') {
      const sent = wan.fromDut.all(dhcpv6('release'), { after: off })
      const given = [grant, ...grants].flatMap(iaAddresses).map(({ address }) => address)
      judge.each(sent, 'No Release comes from an address that it releases.', ({ packet }) =>
        given.includes(packet.ip6?.src ?? '') ? `source ${packet.ip6?.src}` : undefined,
      )
      judge.note(isLinkLocal(first.packet.ip6?.src ?? '::') ? 'They come from a link-local address.' : 'No link-local.')
      return
    }
    const sent = transmissions(wan.fromDut, first)
    if (what === 'sent again')
      return judge.holds(
        sent.length > 1,
        'A Release that nobody answers is sent again, once at the least: the client may end early, and should not at once.',
        'one Release',
        first,
        over,
      )
    if (what === 'timing') {
      if (sent.length === 1) return notApplicable('The client ended before any timeout.', first, over)
      judgeFirst(evidence, timeouts(sent), retransmissionTimes.release, first)
      return judgeNext(evidence, timeouts(sent), retransmissionTimes.release)
    }
    const reply = wan.toDut.first(dhcpv6('reply'), { after: first })
    const asked = wan.fromDut.all(dhcpv6('release'), { after: off }).filter((one) => reply && sameClient(one, reply))
    if (!reply) return notApplicable('The client ended before the third Release, which alone is answered.', ...sent)
    judge.absent(
      asked.filter(({ at }) => at > reply.at),
      'A Reply ends the Release, also where the server knows of no such lease (NoBinding).',
      { fence: over, since: reply },
    )
  },
)

/** RFC 8415 section 18.2.7: a prefix is out of use once an RA has said so. */
function judgeLan({ lan, judge, given }: Evidence, grant: Frame, first: Frame): void {
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
      `Before the first Release hosts on ${segment.name} are told that the prefix is gone: PIO with lifetimes 0.`,
      `the last RA before it has PIO ${ofLease(last)
        .map((pio) => `${pio.preferredLifetime}/${pio.validLifetime} s`)
        .join(', ')}`,
      last,
      first,
    )
  }
}
