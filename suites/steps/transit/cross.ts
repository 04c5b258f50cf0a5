import { type Bench, claim, type Frame, markOf, type PacketInit, z } from 'denat'
import type { Crossing } from './crossings.ts'
import { type Road, tagged } from './road.ts'

/** The packets of a crossing, by the tag that they carry. */
export const crossingSent = markOf('crossing', { data: { tag: z.string() }, frames: ['first'] })

/** The tag that its packets carry, and no others of the recording. */
export const tagOf = ({ requirement, name }: Pick<Crossing, 'requirement' | 'name'>, way: string): string =>
  `${requirement} ${name}, ${way}`

const headerOctets = { ip6: 40, udp: 8 }

function packetOf(crossing: Crossing, road: Road, copy: number): PacketInit {
  const { src, dst, srcPort, dstPort } = road
  const ext = crossing.headers?.(road)
  const text = tagged(tagOf(crossing, road.way), copy)
  if (crossing.protocol) {
    const { nextHeader, lead } = crossing.protocol
    return { ip6: { src, dst, nextHeader }, payload: Uint8Array.from([...lead, ...text]) }
  }
  const payload = new Uint8Array(Math.max(text.length, (crossing.size ?? 0) - headerOctets.ip6 - headerOctets.udp))
  payload.set(text)
  const packet = { ip6: { src, dst }, ...(ext && { ext }), udp: { srcPort, dstPort } }
  if (!crossing.size || !ext) return { ...packet, payload }
  return { ...packet, payload: payload.subarray(0, payload.length - lengthOf(ext)) }
}

/** Octets of extension headers: options are two longer than their data, a header is a multiple of eight. */
function lengthOf(ext: NonNullable<PacketInit['ext']>): number {
  let total = 0
  for (const header of ext) {
    if (header.type === 'routing') total += 4 + (header.data?.length ?? 0)
    if (header.type === 'hop-by-hop' || header.type === 'destination-options')
      total += 2 + (header.options ?? []).reduce((sum, { data }) => sum + 2 + data.length, 0)
    total = Math.ceil(total / 8) * 8
  }
  return total
}

/** Sends the packets of a crossing along a road. Marks `crossing`; what became of them is on tape. */
export async function cross({ mark, timing }: Bench, road: Road, crossing: Crossing): Promise<void> {
  const tag = tagOf(crossing, road.way)
  let first: Frame | undefined
  let last: Frame | undefined
  for (let copy = 1; copy <= (crossing.copies ?? 5); copy++) {
    last = await road.send(packetOf(crossing, road, copy))
    first ??= last
  }
  mark(crossingSent, { tag }, { first })
  const has = (payload: Uint8Array) => new TextDecoder().decode(payload).includes(`[${tag}] ${crossing.copies ?? 5} `)
  if (last && !crossing.mayBeLost)
    await road.far.awaits({ payload: has }, { since: last, by: timing.after(0.2, claim`time to be forwarded`) })
}
