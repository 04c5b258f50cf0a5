import { type Evidence, type Frame, ra, rs } from 'denat'

/**
 * The RA that the router had to act on: the first after its last Router Solicitation before `act`, or after its first
 * packet on the line. RAs that were sent before the router had booted did not reach it.
 */
export function receivedRa({ wan }: Pick<Evidence, 'wan'>, act: Frame): Frame | undefined {
  const started = wan.fromDut.last(rs(), { before: act }) ?? wan.fromDut.first({ ip6: {} })
  return started && wan.toDut.first(ra(), { after: started })
}
