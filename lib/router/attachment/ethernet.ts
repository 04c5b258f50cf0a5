import { BROADCAST_MAC, formatIpv6, type Mac, multicastMac, parseMac } from '../../wire/address.ts'
import { ETHER_TYPE, ETHERNET_HEADER, ipOffset } from '../../wire/ethernet.ts'
import { decodeOn } from '../../wire/line.ts'
import type { Attach } from './attachment.ts'
import { neighbors } from './neighbors.ts'

/** One Ethernet port, or several that are bridged. One listener of each kind. */
export interface EthernetPort {
  up(): boolean
  send(frame: Uint8Array): void
  onFrame(listener: (frame: Uint8Array) => void): void
  onCarrier(listener: (up: boolean) => void): void
}

/** What a frame of Ethernet takes, RFC 2464 section 2. */
const mtu = 1500
/** Of IPv6 groups, RFC 2464 section 7. */
const groupMacs = '33:33'

/** IP in Ethernet frames; neighbors are resolved by Neighbor Discovery. */
export function ethernet(mac: Mac, port: EthernetPort): Attach {
  return (ctx, upper) => {
    const put = (octets: Uint8Array, dst: Mac): void => port.send(framed(octets, dst, mac))
    const cache = neighbors(ctx, (target, known) => {
      const solicitation = upper.solicitation(target, known === undefined ? 'multicast' : 'unicast')
      if (solicitation) put(solicitation, known ?? groupMacOf(solicitation))
    })
    port.onFrame((frame) => {
      const packet = decodeOn({}, frame)
      const { dst } = packet.eth
      const isOurs = dst === mac || (packet.ip6 ? dst.startsWith(groupMacs) : dst === BROADCAST_MAC)
      if (isOurs && (packet.ip6 || packet.ip4)) upper.onIp(packet, frame.subarray(ipOffset(packet)))
    })
    port.onCarrier(upper.onUp)
    return {
      mac,
      linkLayerAddress: mac,
      mtu,
      up: port.up,
      send(octets, nextHop, failed) {
        if (nextHop === undefined) put(octets, groupMacOf(octets))
        else cache.deliver(nextHop, (to) => put(octets, to), failed)
      },
      reply: (to, octets) => put(octets, to.eth.src),
      learned: cache.received,
      advertised: cache.advertised,
      linkLayerAddressOf: cache.macOf,
      isUnreachable: cache.isUnreachable,
      isFrom: (neighbor, packet) => cache.macOf(neighbor) === packet.eth.src,
      clear: cache.clear,
    }
  }
}

const isIpv4 = (octets: Uint8Array): boolean => (octets[0] as number) >> 4 === 4

/** Of the group that a packet is for; what IPv4 the router sends is broadcast. */
const groupMacOf = (octets: Uint8Array): Mac => (isIpv4(octets) ? BROADCAST_MAC : multicastMac(formatIpv6(octets, 24)))

/** RFC 894, RFC 2464 section 3. */
function framed(octets: Uint8Array, dst: Mac, src: Mac): Uint8Array {
  const frame = new Uint8Array(ETHERNET_HEADER + octets.length)
  const type = isIpv4(octets) ? ETHER_TYPE.ip4 : ETHER_TYPE.ip6
  frame.set(parseMac(dst), 0)
  frame.set(parseMac(src), 6)
  frame.set([type >> 8, type & 0xff], 12)
  frame.set(octets, ETHERNET_HEADER)
  return frame
}
