import { type Bench, scenario } from 'denat'
import { boundary } from './transit/boundary.ts'
import { cross } from './transit/cross.ts'
import { crossings, segmentRouting } from './transit/crossings.ts'
import { cutChains } from './transit/cut-chains.ts'
import { inFragments } from './transit/fragments.ts'
import { flowLabels, slices } from './transit/markings.ts'
import { absentHosts, silentHost } from './transit/neighbours.ts'
import { flowFromInside } from './transit/road.ts'
import { deadRoutingHeader, deadRoutingHeaderToRouter } from './transit/routing-type-0.ts'
import { untranslated } from './transit/untranslated.ts'

/** A connection whose packets all bear a Segment Routing Header. Marks `srh-connection`. */
async function segmentRoutedConnection({ lan, internet, mark }: Bench): Promise<void> {
  internet.serveTcp(8080)
  lan.host.shape((packet) => ({ ...packet, ext: [segmentRouting([packet.ip6?.dst ?? '::'], 0)] }))
  const { outcome, syn, answer } = await lan.host.connect(internet.address, 8080, { bytes: 1000 })
  lan.host.shape()
  mark('srh-connection', { outcome }, [syn, answer])
}

export const transit = scenario(
  'transit',
  {
    story:
      'A host and the Internet exchange what IPv6 allows but few send: extension headers, segment routing, fragments, marked packets, addresses in payloads. Others ask for hosts that are not there, or send headers cut in pieces. No setting is made; all that comes in belongs to flows of the host.',
    world: { name: 'transit', delegatedLength: 61 },
    from: 'online',
  },
  async (bench) => {
    const { outbound, reply } = await flowFromInside(bench)
    const missing = Promise.all([silentHost(bench), absentHosts(bench)])
    for (const road of [outbound, reply]) {
      for (const crossing of crossings) if (crossing.ways.includes(road.way)) await cross(bench, road, crossing)
      await slices(bench, road)
      await deadRoutingHeader(bench, road)
      await inFragments(bench, road)
    }
    await deadRoutingHeaderToRouter(bench, outbound, reply)
    await flowLabels(bench)
    await segmentRoutedConnection(bench)
    await untranslated(bench, outbound)
    await cutChains(bench, reply)
    await boundary(bench)
    await missing
    bench.mark('transit-fence', {}, [await bench.lan.host.ping(bench.internet.address)])
  },
)
