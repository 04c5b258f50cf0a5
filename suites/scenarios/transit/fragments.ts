import { type Bench, fragment, type PacketInit } from 'denat'
import { type Road, tagged } from './road.ts'

/** How a datagram is sent in pieces, and of how many octets it is. */
export const fragmentOrders = {
  ordered: { octets: 4000, reversed: false },
  reversed: { octets: 4000, reversed: true },
  large: { octets: 16000, reversed: false },
} as const

/** A datagram in fragments along a road, in each of the orders. Marks `fragments`, with the frames of its pieces. */
export async function inFragments({ isp, mark, timing, random }: Bench, road: Road): Promise<void> {
  const { src, dst, srcPort, dstPort, way } = road
  for (const [order, { octets, reversed }] of Object.entries(fragmentOrders)) {
    const payload = new Uint8Array(octets).map((_, index) => index % 251)
    payload.set(tagged(`fragments ${order}, ${way}`))
    const pieces = fragment(
      { ip6: { src, dst }, udp: { srcPort, dstPort }, payload },
      isp.parameters.ra.mtu ?? 1500,
      random.int(2 ** 32),
    )
    if (reversed) pieces.reverse()
    const sent = []
    for (const piece of pieces) sent.push(await road.send(piece))
    const [first] = sent
    if (!first) continue
    const piece = (fields: object): PacketInit => ({ ip6: { src, dst }, ext: [{ type: 'fragment', ...fields }] })
    await Promise.all(
      [piece({ offset: 0 }), piece({ more: false })].map((pattern) =>
        road.far.hears(pattern as Parameters<Road['far']['hears']>[0], { since: first, by: timing.answer() }),
      ),
    )
    mark('fragments', { order, way }, sent)
  }
}
