import { claim } from '../say/claim.ts'
import type { Bench } from '../suite/bench.ts'
import type { WorldSpec } from '../suite/scenario.ts'
import { anyOf } from '../wire/match.ts'
import { dhcpv6 } from '../wire/patterns.ts'

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
export async function endLease({ isp, line, timing }: Bench): Promise<boolean> {
  isp.answerWith('a subscription that has ended', ({ type }, usual) => (type === 'solicit' ? undefined : usual))
  const asking = { dhcp6: { type: anyOf('confirm', 'renew', 'rebind', 'request', 'solicit', 'information-request') } }
  const since = line.up()
  const asked = await isp.awaits(asking, { since, by: timing.service })
  if (!asked) return false
  // A client without a lease solicits one, of addresses and of prefixes maybe apart. One that wants no addresses sends no
  // such Solicit, and no other message shows that a lease has ended: then only the time is left.
  const by = timing.after(asked.at - since.at + 5, claim`leases end`)
  const solicits = [dhcpv6('solicit', { iaNa: {} }), dhcpv6('solicit', { iaPd: {} })]
  await Promise.all(solicits.map((one) => isp.awaits(one, { since, by })))
  return true
}
