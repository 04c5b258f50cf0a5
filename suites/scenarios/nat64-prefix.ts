import { type Bench, type Mark, ra } from 'denat'

/** Of the network: what is told on the LAN must have been learned. */
export const nat64Prefix = '2d00:64:ff9b::'

/** Where the router tells its LAN of the line's NAT64 prefix, the line takes it back. */
export async function nat64Withdrawal({ isp, lan, timing, mark }: Bench, power: Mark): Promise<void> {
  const isLive = (lifetime: unknown) => Number(lifetime) > 0
  const past = { forced: 0, slack: 0, why: 'RAs so far' }
  const announced = await lan.hears(ra({ pref64: { lifetime: isLive } }), { since: power, by: past })
  if (!announced) return
  isp.change({ ra: { pref64: { prefix: nat64Prefix, lifetime: 0 } } })
  const told = isp.advertise()
  const gone = ra({ pref64: { prefix: nat64Prefix, lifetime: 0 } })
  const withdrawn = await lan.hears(gone, { since: told, by: timing.raChange })
  const asked = lan.host.solicitRouter()
  const answer = await lan.hears(ra(), { since: asked, by: timing.raChange })
  mark('nat64-withdrawn', {}, [told, asked, answer, withdrawn])
}
