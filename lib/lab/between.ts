import { claim } from '../say/claim.ts'
import type { Bench } from '../suite/bench.ts'
import type { WorldSpec } from '../suite/scenario.ts'
import { anyOf } from '../wire/match.ts'

/** A line between two subscribers: its server takes back what was leased, and leases nothing. */
export const between: WorldSpec = {
  name: 'between',
  delegatedLength: 'none',
  isp: { ra: { autonomous: undefined }, dhcpv6: { iaNa: false } },
}

/**
 * Ends the lease of a subscriber, so that the router sends Solicit for the next one: after a line cut a router verifies
 * its lease, and gets the answer that it is not valid. False: it sends no message.
 */
export async function endLease({ isp, line, timing, listen }: Bench): Promise<boolean> {
  isp.answerWith('a subscription that has ended', ({ type }, usual) => (type === 'solicit' ? undefined : usual))
  const asking = { dhcp6: { type: anyOf('confirm', 'renew', 'rebind', 'request', 'solicit', 'information-request') } }
  const asked = await isp.awaits(asking, { since: line.up(), by: timing.service })
  if (!asked) return false
  // Addresses and prefixes may be asked about apart from each other.
  await listen(timing.after(5, claim`leases end`))
  return true
}
