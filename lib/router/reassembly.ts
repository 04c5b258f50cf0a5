import type { Packet } from '../wire/packet.ts'

const ethernetHeader = 14
const ipv6Header = 40
/** RFC 8200 section 5: what every node has to be able to put together. */
const longest = 1500
/** Packets in the making at one time. */
const most = 8

/** Puts fragments together, where they come in order; gives the whole frame with the last of them. RFC 8200 section 4.5. */
export function reassembly(): (packet: Packet, frame: Uint8Array) => Uint8Array | undefined {
  const open = new Map<string, Uint8Array>()
  return ({ ip6, ext, payload }, frame) => {
    const header = ext?.find((one) => one.type === 'fragment')
    if (!ip6 || !payload || header?.type !== 'fragment') return undefined
    const key = `${ip6.src} ${ip6.dst} ${header.id}`
    const before = header.offset === 0 ? new Uint8Array(0) : open.get(key)
    open.delete(key)
    if (!before || before.length !== header.offset || ipv6Header + before.length + payload.length > longest)
      return undefined
    const body = new Uint8Array([...before, ...payload])
    if (header.more) {
      if (open.size < most) open.set(key, body)
      return undefined
    }
    const whole = new Uint8Array(ethernetHeader + ipv6Header + body.length)
    whole.set(frame.subarray(0, ethernetHeader + ipv6Header))
    whole.set(body, ethernetHeader + ipv6Header)
    new DataView(whole.buffer).setUint16(ethernetHeader + 4, body.length)
    whole[ethernetHeader + 6] = header.nextHeader
    return whole
  }
}
