import { type Claim, claim, type Frame, invariant, isMulticast, the } from 'denat'
import { busiestOf, grouped, links } from '../shared/frames.ts'

/** Messages that a router sends without a request, in 20 s on one link. */
interface Kind {
  what: Claim
  /** What the clause allows, doubled: restarts and cables begin it again. */
  most: number
  why: Claim
  /** Frames with one key are counted together; undefined: the frame is none of these. */
  keyOf(frame: Frame): string | undefined
}

const window = 20

/** No router sends this number intentionally. */
const worst = 100

const kinds: Kind[] = [
  {
    what: claim`Router Solicitations`,
    most: 12,
    why: claim`RFC 4861 section 6.3.7 separates them by 4 s`,
    keyOf: ({ packet }) => (packet.icmp6?.type === 'router-solicitation' ? '' : undefined),
  },
  {
    what: claim`multicast Router Advertisements`,
    most: 14,
    why: claim`RFC 4861 section 6.2.6 separates them by 3 s`,
    keyOf: ({ packet: { icmp6, ip6 } }) =>
      icmp6?.type === 'router-advertisement' && isMulticast(ip6?.dst ?? '::') ? '' : undefined,
  },
  {
    what: claim`Neighbor Solicitations`,
    most: 42,
    why: claim`RFC 4861 section 7.2.2 separates those for one neighbor by RetransTimer, which is 1 s`,
    keyOf: ({ packet: { icmp6 } }) => (icmp6?.type === 'neighbor-solicitation' ? icmp6.target : undefined),
  },
  {
    what: claim`unsolicited Neighbor Advertisements`,
    most: 14,
    why: claim`RFC 4861 section 7.2.6 allows three for one address, separated by RetransTimer`,
    keyOf: ({ packet: { icmp6, ip6 } }) =>
      icmp6?.type === 'neighbor-advertisement' && !icmp6.solicited && isMulticast(ip6?.dst ?? '::')
        ? icmp6.target
        : undefined,
  },
  {
    what: claim`multicast listener reports`,
    most: 80,
    why: claim`RFC 3810 section 6.1 sends a state change report twice, and puts pending changes into one report`,
    keyOf({ packet: { icmp6 } }) {
      if (icmp6?.type === 'mld1-report' || icmp6?.type === 'mld1-done') return icmp6.group
      return icmp6?.type === 'mld2-report' ? icmp6.records.map(({ group }) => group).join() : undefined
    },
  },
]

export const requirements = [
  invariant('DENAT-STORM', (evidence) => {
    const { judge, given, recording } = evidence
    const perLink = links(evidence).map((link) => ({ link, sent: link.fromDut.all({ icmp6: {} }) }))
    const first = given(
      perLink.flatMap(({ sent }) => sent).find(() => true),
      'RFC7084-W-2',
    )
    for (const { what, most, why, keyOf } of kinds)
      for (const { link, sent } of perLink)
        for (const [key, frames] of grouped(sent, keyOf)) {
          const busiest = busiestOf(frames, window)
          const looked = busiest.slice(0, 3) as [Frame, ...Frame[]]
          const seen = claim`${busiest.length} ${what}${key ? claim` (${the.address(key)})` : claim``} in ${the.seconds(window)} on ${the.name(link.name)}`
          const expected = claim`The router sends at most ${worst} ${what} on one link in ${the.seconds(window)}, as ${why}.`
          judge.holds(busiest.length <= worst, expected, seen, ...looked)
          judge.goal(
            busiest.length <= most,
            claim`The router sends at most ${most} ${what} on one link in ${the.seconds(window)}: ${why}.`,
            seen,
            ...looked,
          )
        }
    const { outcome } = recording
    const isFlood = outcome.end === 'blocked' && outcome.by === 'DENAT-STORM'
    judge.holds(
      !isFlood,
      claim`The router sends no flood or loop of packets.`,
      isFlood ? outcome.because : claim``,
      first,
    )
  }),
]
