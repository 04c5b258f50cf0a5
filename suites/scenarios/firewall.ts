import { scenario } from 'denat'
import { boundary } from '../steps/firewall/boundary.ts'
import { errorsForFlows } from '../steps/firewall/errors-for-flows.ts'
import { ipsec, unasked } from '../steps/firewall/filter.ts'
import { connectionAttempts, scans } from '../steps/firewall/inbound.ts'
import { connections, otherSenders } from '../steps/firewall/other-senders.ts'
import { joinDownstream } from '../steps/sub-delegation.ts'
import { line } from '../steps/usual-line.ts'

export const firewall = scenario(
  'firewall',
  {
    story:
      'In its default state the router receives unsolicited packets, IPsec, packets of other nodes to the ports of a flow, ICMPv6 errors about flows in use and about no flow, packets whose addresses must not cross the boundary, and connections that both ends open. A downstream router is connected. At the end a node on the Internet scans a host and the router itself.',
    world: { name: 'firewall', ...line },
    from: 'online',
    formerly: 'evening',
  },
  async (bench) => {
    const themes = async () => {
      const [router] = await Promise.all([joinDownstream(bench), unasked(bench).then(() => ipsec(bench))])
      await boundary(bench, 'after reset', router)
      await otherSenders(bench)
      await connections(bench)
      await errorsForFlows(bench, router)
    }
    await Promise.all([connectionAttempts(bench), themes()])
    // Some routers crash.
    await scans(bench)
  },
)
