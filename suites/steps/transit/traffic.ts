import { type Bench, claim, markOf, z } from 'denat'
import { cross } from './cross.ts'
import { crossings, segmentRouting } from './crossings.ts'
import { inFragments } from './fragments.ts'
import { flowLabels, slices } from './markings.ts'
import { probePrefixEdge } from './prefix-edge.ts'
import { flowFromInside, plain, type Road, transitFence } from './road.ts'
import { deadRoutingHeader, routingType0ToRouter } from './routing-type-0.ts'
import { untranslated } from './untranslated.ts'

export const routedConnection = markOf('srh-connection', { data: { outcome: z.string() }, frames: ['syn', 'answer'] })

/** A connection whose packets all carry a Segment Routing Header. Marks `srh-connection`. */
async function segmentRoutedConnection({ lan, internet, mark }: Bench): Promise<void> {
  internet.serveTcp(8080)
  lan.host.shape((packet) => (packet.ip6?.dst ? { ...packet, ext: [segmentRouting([packet.ip6.dst], 0)] } : packet))
  const { outcome, syn, answer } = await lan.host.connect(internet.address, 8080, { bytes: 1000 })
  lan.host.shape()
  mark(routedConnection, { outcome }, { syn, answer })
}

/**
 * What IPv6 allows but few send, between a host and the Internet; all that comes in belongs to flows of the host. Returns
 * the way in.
 */
export async function traffic(bench: Bench): Promise<Road> {
  const { outbound, reply } = await flowFromInside(bench)
  // Pieces of one way that are lost are sent again while the other way is tried.
  const inPieces: Promise<void>[] = []
  for (const road of [outbound, reply]) {
    for (const crossing of crossings) if (crossing.ways.includes(road.way)) await cross(bench, road, crossing)
    await slices(bench, road)
    await deadRoutingHeader(bench, road)
    inPieces.push(inFragments(bench, road))
  }
  await Promise.all(inPieces)
  const { sent } = await plain(bench, reply, 'the last')
  await routingType0ToRouter(bench, outbound, reply)
  await flowLabels(bench)
  await segmentRoutedConnection(bench)
  await untranslated(bench, outbound)
  await probePrefixEdge(bench)
  await bench.listen(bench.timing.after(3, claim`time to be forwarded`), sent)
  bench.mark(transitFence, {}, { answer: await bench.lan.host.ping(bench.internet.address) })
  return reply
}
