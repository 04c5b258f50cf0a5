import type { Frame } from '../../recording/recording.ts'
import { BROADCAST_MAC, type Ipv6Address, isGroupMac, type Mac, solicitedNode } from '../../wire/address.ts'
import type { PacketInit } from '../../wire/packet.ts'
import { na } from '../../wire/patterns.ts'
import { ETHERNET_MTU, isGroup, isIpv4 } from '../ip.ts'
import { arpCache } from './arp.ts'
import type { Attach } from './attachment.ts'
import { neighbors } from './neighbors.ts'
import type { Port, Station } from './port.ts'

export interface EthernetOptions {
  mac: Mac
  /** The port that its plug goes into when it is plugged in. */
  port(): Port
  /** False: the frame is not for this station, whatever its destination is. */
  accepts?(frame: Frame): boolean
}

/** IP in Ethernet frames, RFC 2464 and RFC 894: neighbors are resolved by Neighbor Discovery and by ARP. */
export function ethernet({ mac, port, accepts = () => true }: EthernetOptions): Attach {
  return (ctx, upper) => {
    let plug: Port | undefined
    let last: Frame | undefined
    /** The MAC of the DUT, as its last frame has it. */
    let peer: Mac | undefined

    const station: Station = {
      mac,
      receive(packet, frame) {
        if (!accepts(frame)) return
        const { src, dst } = packet.eth
        if (frame.from === 'dut') peer = src
        const toGroup = isGroupMac(dst)
        if (dst !== mac && !toGroup) return
        if (packet.ip6 || packet.ip4) upper.onIp(packet, frame, toGroup)
        else if (packet.arp && !packet.malformed) arp.receive(packet.arp)
      },
    }
    const transmit = (packet: PacketInit, why?: string): Frame => {
      // Once it is unplugged, what is still due is not sent.
      if (plug || !last) last = (plug ?? port()).send(station, packet, why)
      return last
    }
    const solicit = (target: Ipv6Address, known?: Mac, why?: string): Frame =>
      transmit(
        {
          ...(known && { eth: { dst: known } }),
          ip6: { src: upper.sourceFor(target), dst: known ? target : solicitedNode(target) },
          icmp6: { type: 'neighbor-solicitation', target, options: [{ type: 'source-link-layer', mac }] },
        },
        why,
      )
    const cache = neighbors(ctx, solicit)
    const arp = arpCache(ctx, mac, upper, transmit)

    return {
      mac,
      linkLayerAddress: mac,
      mtu: ETHERNET_MTU,
      up: () => plug !== undefined,
      plugIn() {
        plug = port()
        plug.attach(station)
        upper.onUp()
      },
      unplug() {
        cache.clear()
        arp.clear()
        plug?.detach(station)
        plug = undefined
      },
      send(packet, nextHop, { why, sent } = {}) {
        const put = (dst?: Mac): Frame => {
          const frame = transmit({ ...packet, ...(dst && { eth: { ...packet.eth, dst } }) }, why)
          sent?.(frame)
          return frame
        }
        if (nextHop === undefined) return put()
        return (isIpv4(nextHop) ? arp : cache).deliver(nextHop, put)
      },
      reply: (to, packet, why) => transmit(unicast(packet, to.eth.src), why),
      toPeer: (packet, why) => transmit(unicast(packet, peer ?? BROADCAST_MAC), why),
      learned: cache.received,
      answered: cache.answered,
      isSilent: cache.isSilent,
      fence: (neighbor, why) => ({
        question: solicit(neighbor, undefined, why),
        answer: na({ target: neighbor, solicited: true }),
      }),
    }
  }
}

/** To this station, unless it is for a group or names another. */
function unicast(packet: PacketInit, dst: Mac): PacketInit {
  const to = packet.ip6?.dst ?? packet.ip4?.dst
  return to === undefined || isGroup(to) ? packet : { ...packet, eth: { dst, ...packet.eth } }
}
