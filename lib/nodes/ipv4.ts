import type { Frame } from '../recording/recording.ts'
import { type Ipv4Address, parseIpv4 } from '../wire/address.ts'
import type { Packet, PacketInit } from '../wire/packet.ts'
import type { Attachment } from './attachment/attachment.ts'
import type { NodeContext } from './context.ts'
import { dhcpv4Client, type Ipv4Lease } from './dhcpv4-client.ts'
import { isGroup } from './ip.ts'

const BROADCAST = '255.255.255.255'

/** The IPv4 half of a host: an address by DHCP, and a router. */
export interface Ipv4Stack {
  /** Asks for an address by DHCP. */
  start(): void
  stop(): void
  lease(): Ipv4Lease | undefined
  send(packet: PacketInit, why?: string, sent?: (frame: Frame) => void): Frame
  /** DHCP; true when the packet is for the layer above. */
  receive(packet: Packet): boolean
}

export function ipv4Stack(ctx: NodeContext, link: Attachment, changed: () => void): Ipv4Stack {
  const dhcp = dhcpv4Client(ctx, link.mac, link.send, changed)

  return {
    start: dhcp.start,
    stop: dhcp.stop,
    lease: dhcp.lease,
    send(packet, why, sent) {
      const dst = packet.ip4?.dst ?? BROADCAST
      const lease = dhcp.lease()
      const onLink = !lease?.router || sameNetwork(dst, lease)
      const nextHop = onLink ? dst : lease.router
      return link.send(packet, isGroup(dst) ? undefined : nextHop, { why, sent })
    },
    receive({ ip4, udp, dhcp4, malformed }) {
      if (malformed) return false
      if (udp?.dstPort === 68 && dhcp4) {
        if (dhcp4.chaddr === link.mac) dhcp.receive(dhcp4)
        return false
      }
      return ip4 !== undefined && ip4.dst === dhcp.lease()?.address
    },
  }
}

function sameNetwork(address: Ipv4Address, lease: Ipv4Lease): boolean {
  const [a, b, mask] = [address, lease.address, lease.mask].map(parseIpv4) as [Uint8Array, Uint8Array, Uint8Array]
  return mask.every((bits, i) => ((a[i] as number) & bits) === ((b[i] as number) & bits))
}
