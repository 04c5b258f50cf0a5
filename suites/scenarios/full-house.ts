import { scenario } from 'denat'
import { accompanied } from '../steps/canaries.ts'
import { prefixHints } from '../steps/house/prefix-hints.ts'
import { terminals } from '../steps/house/terminals.ts'
import { transitFence } from '../steps/transit/road.ts'
import { scan } from '../steps/transit/scan.ts'

export const fullHouse = scenario(
  'full-house',
  {
    story:
      'Twenty terminals are in use at one time, four of them behind home routers of their own. More home routers ask for prefixes: with no hint, with one for a length or for a prefix, one of them for eight; one passes a prefix on. In the end a host tries addresses that nobody has.',
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
