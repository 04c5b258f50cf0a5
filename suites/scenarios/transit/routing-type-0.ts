import { type Bench, flawed } from 'denat'
import { routingType0 } from './crossings.ts'
import { plain, type Road, tagged } from './road.ts'

const deprecated = flawed('a type 0 Routing header (RFC 5095)')

/** Three packets with a type 0 Routing header along a road, and a plain one behind them. Marks `rh0`. */
export async function deadRoutingHeader(bench: Bench, road: Road): Promise<void> {
  const { src, dst, srcPort, dstPort, beyond, way } = road
  const sent = []
  for (const copy of [1, 2, 3])
    sent.push(
      await road.send(
        {
          ip6: { src, dst },
          ext: [routingType0(beyond)],
          udp: { srcPort, dstPort },
          payload: tagged(`RH0 ${way}`, copy),
        },
        deprecated,
      ),
    )
  const [, fence] = await plain(bench, road, `behind RH0 ${way}`)
  bench.mark('rh0', { way, tag: `RH0 ${way}` }, [sent[0], fence])
}

/** The same to addresses of the router's own, which would send it on. Marks `rh0-to-router`. */
export async function deadRoutingHeaderToRouter(bench: Bench, outbound: Road, reply: Road): Promise<void> {
  const { lan, isp, mark } = bench
  const at = (addresses: string[] = []) => addresses.find((address) => !address.startsWith('fd'))
  for (const [side, target, towards, way] of [
    ['LAN', at(lan.gateway()?.addresses), outbound.dst, outbound],
    ['WAN', at(isp.customer()?.addresses), reply.dst, reply],
  ] as const) {
    if (!target) continue
    const tag = `RH0 to the ${side} address`
    const sent = await way.send(
      {
        ip6: { src: way.src, dst: target },
        ext: [routingType0(towards)],
        udp: { srcPort: way.srcPort, dstPort: way.dstPort },
        payload: tagged(tag),
      },
      deprecated,
    )
    const [, fence] = await plain(bench, way, `behind ${tag}`)
    mark('rh0-to-router', { side, tag }, [sent, fence])
  }
}
