import { type Bench, flawed, isGua, markOf, z } from 'denat'
import { routingType0 } from './crossings.ts'
import { plain, type Road, tagged, way } from './road.ts'

const deprecated = flawed('a type 0 Routing header (RFC 5095)')

const frames = ['sent', 'fence'] as const
/** Packets that carry the tag, and a plain one that was forwarded after them. */
export const deprecatedSent = markOf('rh0', { data: { way, tag: z.string() }, frames })
export const deprecatedToRouter = markOf('rh0-to-router', {
  data: { side: z.enum(['LAN', 'WAN']), tag: z.string() },
  frames,
})

/** Three packets with a type 0 Routing header along a road, and a plain one behind them. Marks `rh0`. */
export async function deadRoutingHeader(bench: Bench, road: Road): Promise<void> {
  const { src, dst, srcPort, dstPort, beyond } = road
  const tag = `RH0 ${road.way}`
  const sent = []
  for (const copy of [1, 2, 3])
    sent.push(
      await road.send(
        {
          ip6: { src, dst },
          ext: [routingType0(beyond)],
          udp: { srcPort, dstPort },
          payload: tagged(tag, copy),
        },
        deprecated,
      ),
    )
  const { came } = await plain(bench, road, `behind ${tag}`)
  bench.mark(deprecatedSent, { way: road.way, tag }, { sent: sent[0], fence: came })
}

/** The same to addresses of the router's own, which would send it on. Marks `rh0-to-router`. */
export async function routingType0ToRouter(bench: Bench, outbound: Road, reply: Road): Promise<void> {
  const { lan, isp, mark } = bench
  const at = (addresses: string[] = []) => addresses.find(isGua)
  for (const [side, target, towards, road] of [
    ['LAN', at(lan.gateway()?.addresses), outbound.dst, outbound],
    ['WAN', at(isp.customer()?.addresses), reply.dst, reply],
  ] as const) {
    if (!target) continue
    const tag = `RH0 to the ${side} address`
    const sent = await road.send(
      {
        ip6: { src: road.src, dst: target },
        ext: [routingType0(towards)],
        udp: { srcPort: road.srcPort, dstPort: road.dstPort },
        payload: tagged(tag),
      },
      deprecated,
    )
    const { came } = await plain(bench, road, `behind ${tag}`)
    mark(deprecatedToRouter, { side, tag }, { sent, fence: came })
  }
}
