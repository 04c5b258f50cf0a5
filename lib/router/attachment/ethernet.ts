import { parseMac } from '../../wire/address.ts'
import { ETHER_TYPE, ETHERNET_HEADER } from '../../wire/ethernet.ts'
import type { Mac } from '../../wire/packet.ts'

/** An IPv6 packet in a frame of its own: RFC 2464 section 3. */
export function framed(octets: Uint8Array, dst: Mac, src: Mac): Uint8Array {
  const frame = new Uint8Array(ETHERNET_HEADER + octets.length)
  frame.set(parseMac(dst), 0)
  frame.set(parseMac(src), 6)
  frame.set([ETHER_TYPE.ip6 >> 8, ETHER_TYPE.ip6 & 0xff], 12)
  frame.set(octets, ETHERNET_HEADER)
  return frame
}
