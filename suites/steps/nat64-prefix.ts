import { type Bench, claim, type Mark, markOf, ra } from 'denat'

/** Of the network: what is advertised on the LAN must have been learned. */
export const nat64Prefix = '2d00:64:ff9b::'

/** The line's RA with lifetime 0, and what a host was answered afterwards; `withdrawn`: the first LAN RA with lifetime 0. */
export const nat64Withdrawn = markOf('nat64-withdrawn', { frames: ['sent', 'asked', 'answer', 'withdrawn'] })

/** Where the router advertises the line's NAT64 prefix on its LAN, the line takes it back. */
export async function nat64Withdrawal({ isp, lan, timing, mark }: Bench, power: Mark): Promise<void> {
  const isLive = (lifetime: unknown) => Number(lifetime) > 0
  const past = { forced: 0, slack: 0, why: claim`RAs so far` }
  const announced = await lan.awaits(ra({ pref64: { lifetime: isLive } }), { since: power, by: past })
  if (!announced) return
  isp.change({ ra: { pref64: { prefix: nat64Prefix, lifetime: 0 } } })
  const sent = isp.advertise()
  const gone = ra({ pref64: { prefix: nat64Prefix, lifetime: 0 } })
  const withdrawn = await lan.awaits(gone, { since: sent, by: timing.raChange })
  const asked = lan.host.solicitRouter()
  const answer = await lan.awaits(ra(), { since: asked, by: timing.raChange })
  mark(nat64Withdrawn, {}, { sent, asked, answer, withdrawn })
}
