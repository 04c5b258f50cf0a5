import { scenario } from 'denat'
import { accompanied } from '../steps/canaries.ts'
import { terminals } from '../steps/home-network/hosts.ts'
import { prefixHints } from '../steps/home-network/prefix-hints.ts'
import { transitFence } from '../steps/transit/road.ts'
import { scan } from '../steps/transit/scan.ts'

export const manyHosts = scenario(
  'full-house',
  {
    story:
      'Twenty terminals are in use at one time, four of them behind downstream routers. More downstream routers request prefixes: without a hint, with a hint for a length or for a prefix, one of them for eight prefixes; one delegates a prefix to a second router. At the end a host sends packets to addresses that no node has.',
    world: { name: 'full-house', delegatedLength: 56 },
    from: 'online',
    needs: ['subnets'],
  },
  accompanied(async (bench) => {
    const { lan, internet, mark } = bench
    await Promise.all([terminals(bench), prefixHints(bench)])
    await scan(bench, { from: 'LAN', addresses: 300, echoes: 50, over: 1 })
    mark(transitFence, {}, { answer: await lan.host.ping(internet.address) })
  }),
)
