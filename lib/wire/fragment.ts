import { encode } from './encode.ts'
import { ETHERNET_HEADER } from './ethernet.ts'
import type { Packet, PacketInit } from './packet.ts'

const NO_MAC = '00:00:00:00:00:00'

/** The IP packet alone, without the frame around it. */
export function ipBytes(packet: PacketInit | Packet): Uint8Array {
  const { eth, tags, pppoe, ppp, trailer, ...ip } = packet
  return encode({ ...ip, eth: { dst: NO_MAC, src: NO_MAC } }).subarray(ETHERNET_HEADER)
}

/**
 * Splits a packet into fragments that fit the MTU (RFC 8200 section 4.5); a packet that fits stays whole. All after the
 * IPv6 header counts as its fragmentable part. Ethernet addresses and the hop limit are those of the packet.
 */
export function fragment(packet: PacketInit, mtu: number, id: number): PacketInit[] {
  const bytes = ipBytes(packet)
  if (!packet.ip6 || bytes.length <= mtu) return [packet]
  const [nextHeader, hopLimit] = [bytes[6] as number, bytes[7] as number]
  const body = bytes.subarray(40)
  const size = Math.floor((mtu - 48) / 8) * 8
  const fragments: PacketInit[] = []
  for (let offset = 0; offset < body.length; offset += size) {
    const more = offset + size < body.length
    fragments.push({
      ...(packet.eth && { eth: packet.eth }),
      ip6: { ...packet.ip6, hopLimit },
      ext: [{ type: 'fragment', nextHeader, offset, more, id }],
      payload: body.subarray(offset, offset + size),
    })
  }
  return fragments
}
