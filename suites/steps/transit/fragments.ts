import { type Bench, type Frame, fragment, markOf, z } from 'denat'
import { type Road, tagged, way } from './road.ts'

const udpHeader = 17

/** How a datagram is sent in pieces, and of how many octets it is. */
export const fragmentOrders = {
  ordered: { octets: 4000, reversed: false },
  reversed: { octets: 4000, reversed: true },
  large: { octets: 16000, reversed: false },
  /** One piece with a Fragment header: RFC 8200 section 4.5. */
  atomic: { octets: 200, reversed: false },
} as const

/** A datagram in pieces, which are its frames. */
export const fragmentsSent = markOf('fragments', { data: { order: z.string(), way } })

/** A datagram in fragments along a road, in each of the orders. Marks `fragments`, with the frames of its pieces. */
export async function inFragments({ isp, mark, timing, random }: Bench, road: Road): Promise<void> {
  const { src, dst, srcPort, dstPort } = road
  for (const [order, { octets, reversed }] of Object.entries(fragmentOrders)) {
    const payload = new Uint8Array(octets).map((_, index) => index % 251)
    payload.set(tagged(`fragments ${order}, ${road.way}`))
    const mtu = isp.parameters.ra.mtu ?? 1500
    const first: Frame[] = []
    // A piece may be lost.
    for (let attempt = 1; attempt <= 2; attempt++) {
      const datagram = { ip6: { src, dst }, udp: { srcPort, dstPort }, payload }
      const id = random.int(2 ** 32)
      const pieces =
        order === 'atomic'
          ? [{ ...datagram, ext: [{ type: 'fragment' as const, nextHeader: udpHeader, offset: 0, more: false, id }] }]
          : fragment(datagram, mtu, id)
      if (reversed) pieces.reverse()
      const sent: Frame[] = []
      for (const piece of pieces) sent.push(await road.send(piece))
      const [since] = sent
      if (!since) continue
      if (attempt === 1) first.push(...sent)
      const ends = [{ offset: 0 }, { more: false }].map((fields) =>
        road.far.awaits({ ip6: { src, dst }, ext: [{ type: 'fragment', ...fields }] }, { since, by: timing.answer() }),
      )
      if ((await Promise.all(ends)).every((end) => end)) break
    }
    mark(fragmentsSent, { order, way: road.way }, {}, first)
  }
}
