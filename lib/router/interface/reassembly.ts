import type { Packet } from '../../wire/packet.ts'
import type { Behavior } from '../behavior.ts'

const ipv6Header = 40
/** RFC 8200 section 5: what every node has to be able to put together. */
const longest = 1500
/** Packets in the making at one time. */
const most = 8

interface Parts {
  /** By offset, in octets. */
  bodies: Map<number, Uint8Array>
  /** Of the whole, once the last one is there. */
  length?: number
}

/** What lies before the first gap. */
function joined({ bodies }: Parts): Uint8Array {
  const octets: number[] = []
  for (let next = bodies.get(0); next; next = bodies.get(octets.length)) octets.push(...next)
  return Uint8Array.from(octets)
}

/** Puts fragments together, in whichever order they come; gives the whole packet with the last of them. RFC 8200 section 4.5. */
export function reassembly({
  fragmentsTaken,
}: Pick<Behavior, 'fragmentsTaken'>): (packet: Packet, octets: Uint8Array) => Uint8Array | undefined {
  const open = new Map<string, Parts>()
  return ({ ip6, ext, payload }, octets) => {
    const header = ext?.find((one) => one.type === 'fragment')
    if (!ip6 || !payload?.length || header?.type !== 'fragment' || fragmentsTaken === 'never') return undefined
    const key = `${ip6.src} ${ip6.dst} ${header.id}`
    const parts: Parts = open.get(key) ?? { bodies: new Map() }
    open.delete(key)
    if (ipv6Header + header.offset + payload.length > longest) return undefined
    if (fragmentsTaken === 'in order' && joined(parts).length !== header.offset) return undefined
    parts.bodies.set(header.offset, payload)
    if (!header.more) parts.length = header.offset + payload.length
    const body = joined(parts)
    if (body.length !== parts.length) {
      if (open.size < most) open.set(key, parts)
      return undefined
    }
    const whole = new Uint8Array(ipv6Header + body.length)
    whole.set(octets.subarray(0, ipv6Header))
    whole.set(body, ipv6Header)
    new DataView(whole.buffer).setUint16(4, body.length)
    whole[6] = header.nextHeader
    return whole
  }
}
