import { scenario } from 'denat'
import { lookForFilter } from '../steps/firewall/filter.ts'
import { cutChains } from '../steps/transit/cut-chains.ts'
import { traffic } from '../steps/transit/traffic.ts'
import { line } from '../steps/usual-line.ts'

export const transit = scenario(
  'transit',
  {
    story:
      'A host and the Internet exchange packets that IPv6 allows but few nodes send: extension headers, fragments, flow labels, marked packets, segment routing, payloads that a NAT would change. At the end header chains arrive in fragments so small that the first one does not hold the whole chain.',
    world: { name: 'transit', ...line },
    from: 'online',
    formerly: 'evening',
  },
  async (bench) => {
    await lookForFilter(bench)
    const reply = await traffic(bench)
    // Some routers crash.
    await cutChains(bench, reply)
  },
)
