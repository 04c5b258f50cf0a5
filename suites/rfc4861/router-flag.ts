import { claim, type Evidence, icmpv6Of, invariant, ra, raOf } from 'denat'

/** Addresses that a station of the bench has or is about to have: what is said of them is said for it. */
function othersAddresses({ recording }: Evidence): ReadonlySet<string> {
  return new Set(
    recording.frames
      .filter(({ direction }) => direction === 'out')
      .flatMap(({ packet: { ip6, icmp6 } }) => [
        ...(ip6 ? [ip6.src] : []),
        ...(icmp6?.type === 'neighbor-advertisement' || (icmp6?.type === 'neighbor-solicitation' && ip6?.src === '::')
          ? [icmp6.target]
          : []),
      ]),
  )
}

export const requirements = [
  invariant('RFC4861-7.2.4-RFLAG', (evidence) => {
    const { judge, lan, notApplicable, recording } = evidence
    const others = othersAddresses(evidence)
    const said = lan.segments.flatMap(({ fromDut }) =>
      fromDut.all({ icmp6: { type: 'neighbor-advertisement' } }).filter((frame) => {
        const before = fromDut.last(ra(), { before: frame })
        // Before it advertises itself, and after its last word, it need be no router.
        const isRouter = before !== undefined && raOf(before).routerLifetime > 0
        return isRouter && !others.has(icmpv6Of(frame, 'neighbor-advertisement').target)
      }),
    )
    if (said.length === 0)
      return notApplicable(
        claim`No neighbor asks for the router here once it says that it is a default router.`,
        ...recording.frames.slice(0, 1),
      )
    judge.each(
      said,
      claim`While its RAs say that it is a default router, so does the R flag of each Neighbor Advertisement about an address of its own.`,
      (frame) => (icmpv6Of(frame, 'neighbor-advertisement').router ? undefined : claim`R flag 0`),
    )
  }),
]
