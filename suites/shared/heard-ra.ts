import { type Evidence, type Frame, ra, rs } from 'denat'

/**
 * The RA that the router had to act on: the first after its last Router Solicitation before `act`, or after its first
 * packet on the line. RAs that were sent before the router had booted did not reach it.
 */
export function heardRa({ wan }: Pick<Evidence, 'wan'>, act: Frame): Frame | undefined {
  const awake = wan.fromDut.last(rs(), { before: act }) ?? wan.fromDut.first({ ip6: {} })
  return awake && wan.toDut.first(ra(), { after: awake })
}
