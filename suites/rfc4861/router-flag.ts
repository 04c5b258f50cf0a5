import { claim, type Evidence, icmpv6Of, invariant, ra, raOf } from 'denat'

/** Addresses that a node of the bench has, or checks by DAD: a Neighbor Advertisement about them is not about the router. */
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
    const advertised = lan.segments.flatMap(({ fromDut }) =>
      fromDut.all({ icmp6: { type: 'neighbor-advertisement' } }).filter((frame) => {
        const before = fromDut.last(ra(), { before: frame })
        // Before its first RA and after its final RA it need not be a router.
        const isRouter = before !== undefined && raOf(before).routerLifetime > 0
        return isRouter && !others.has(icmpv6Of(frame, 'neighbor-advertisement').target)
      }),
    )
    if (advertised.length === 0)
      return notApplicable(
        claim`In this recording no node resolves an address of the router after it advertised itself as a default router.`,
        ...recording.frames.slice(0, 1),
      )
    judge.each(
      advertised,
      claim`While its RAs have a Router Lifetime above 0, the router sets the R flag in each Neighbor Advertisement about one of its addresses.`,
      (frame) => (icmpv6Of(frame, 'neighbor-advertisement').router ? undefined : claim`R flag 0`),
    )
  }),
]
