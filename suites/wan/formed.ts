import { dhcpv6, type Evidence, type Frame, iaAddresses, icmpv6Of, inside, ns, type Where } from 'denat'

/** Addresses that DHCPv6 offered or assigned on the WAN: a router that uses them has not formed them itself. */
export const assignedAddresses = ({ wan }: Pick<Evidence, 'wan'>): Set<string> =>
  new Set(
    [...wan.toDut.all(dhcpv6('advertise')), ...wan.toDut.all(dhcpv6('reply'))]
      .flatMap(iaAddresses)
      .map(({ address }) => address),
  )

/** DAD of the first address that the router formed in this prefix by itself, as an RA had it. */
export function formed(evidence: Pick<Evidence, 'wan'>, prefix: string, where: Where): Frame | undefined {
  const assigned = assignedAddresses(evidence)
  return evidence.wan.fromDut
    .all(ns({ target: inside(prefix) }, { ip6: { src: '::' } }), where)
    .find((frame) => !assigned.has(icmpv6Of(frame, 'neighbor-solicitation').target))
}
