import type { Frame } from '../recording/recording.ts'
import { parseIpv4 } from '../wire/address.ts'
import type { Ipv4Address, Mac, Packet, PacketInit } from '../wire/packet.ts'
import type { NodeContext } from './context.ts'
import { dhcpv4Client } from './dhcpv4-client.ts'
import { neighbors } from './neighbors.ts'

const UNKNOWN_MAC = '00:00:00:00:00:00'
const BROADCAST = '255.255.255.255'

/** What a host knows of IPv4 once DHCP has given it an address. */
export interface Ipv4Lease {
  address: Ipv4Address
  mask: Ipv4Address
  router?: Ipv4Address
  resolvers: Ipv4Address[]
}

/** The IPv4 half of a host: ARP and an address by DHCP. */
export interface Ipv4Stack {
  /** Asks for an address by DHCP. */
  start(): void
  stop(): void
  lease(): Ipv4Lease | undefined
  send(packet: PacketInit, why?: string, sent?: (frame: Frame) => void): Frame
  /** ARP and DHCP; true when the packet is meant for whoever sits above. */
  receive(packet: Packet): boolean
}

export function ipv4Stack(
  ctx: NodeContext,
  mac: Mac,
  transmit: (packet: PacketInit, why?: string) => Frame,
  changed: () => void,
): Ipv4Stack {
  const dhcp = dhcpv4Client(ctx, mac, transmit, changed)
  const arp = neighbors(ctx, (target, known) =>
    transmit({
      ...(known && { eth: { dst: known } }),
      arp: {
        operation: 'request',
        senderMac: mac,
        sender: dhcp.lease()?.address ?? '0.0.0.0',
        targetMac: UNKNOWN_MAC,
        target,
      },
    }),
  )

  return {
    start: dhcp.start,
    stop() {
      dhcp.stop()
      arp.clear()
    },
    lease: dhcp.lease,
    send(packet, why, sent) {
      const dst = packet.ip4?.dst ?? BROADCAST
      const forward = (to?: Mac): Frame => {
        const frame = transmit({ ...packet, ...(to && { eth: { dst: to } }) }, why)
        sent?.(frame)
        return frame
      }
      if (dst === BROADCAST || (parseIpv4(dst)[0] as number) >= 224) return forward()
      const lease = dhcp.lease()
      const onLink = !lease?.router || sameNetwork(dst, lease)
      return arp.deliver(onLink ? dst : (lease.router as string), forward)
    },
    receive({ arp: message, ip4, udp, dhcp4, malformed }) {
      const own = dhcp.lease()?.address
      if (malformed) return false
      if (message) {
        if (message.operation === 'reply') {
          arp.answered(message.sender, message.senderMac, { solicited: true, override: true })
        } else if (message.operation === 'request' && message.target === own) {
          arp.heard(message.sender, message.senderMac)
          const answer = { senderMac: mac, sender: own, targetMac: message.senderMac, target: message.sender }
          transmit({ arp: { operation: 'reply', ...answer } })
        }
        return false
      }
      if (udp?.dstPort === 68 && dhcp4) {
        if (dhcp4.chaddr === mac) dhcp.receive(dhcp4)
        return false
      }
      return ip4 !== undefined && ip4.dst === own
    },
  }
}

function sameNetwork(address: Ipv4Address, lease: Ipv4Lease): boolean {
  const [a, b, mask] = [address, lease.address, lease.mask].map(parseIpv4) as [Uint8Array, Uint8Array, Uint8Array]
  return mask.every((bits, i) => ((a[i] as number) & bits) === ((b[i] as number) & bits))
}
