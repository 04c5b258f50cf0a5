import type { Dhcpv4 } from '../../wire/dhcpv4.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import { answerDhcpv4, gateway4 } from './dhcpv4-server.ts'

const ECHO_REPLY = 0
const ECHO_REQUEST = 8
/** RFC 2131 section 2: the client can't take unicast yet. */
const BROADCAST_FLAG = 0x8000

/**
 * As much IPv4 as makes a router believe that it is online: DHCPv4, and a gateway behind which every address answers
 * echo requests and, by `answerUdp`, DNS and NTP. Gives the packet that answers, if any.
 */
export function answerIpv4(
  packet: Packet,
  answerUdp: (packet: Packet) => PacketInit | undefined,
): PacketInit | undefined {
  const { ip4, icmp4, udp, dhcp4, payload } = packet
  if (!ip4) return undefined
  if (dhcp4 && udp?.dstPort === 67) return toClient(answerDhcpv4(dhcp4))
  const back: PacketInit = { ip4: { src: ip4.dst, dst: ip4.src, ttl: 64 } }
  if (icmp4?.type === ECHO_REQUEST && !icmp4.badChecksum)
    return { ...back, icmp4: { type: ECHO_REPLY, code: 0, rest: icmp4.rest }, payload }
  if (!udp || udp.badChecksum) return undefined
  const answer = answerUdp(packet)
  return answer && { ...back, udp: { srcPort: udp.dstPort, dstPort: udp.srcPort }, ...answer }
}

/** RFC 2131 section 4.1. */
function toClient(message: Dhcpv4 | undefined): PacketInit | undefined {
  if (!message) return undefined
  const address = message.ciaddr !== '0.0.0.0' ? message.ciaddr : message.yiaddr
  const broadcast = address === '0.0.0.0' || (message.flags & BROADCAST_FLAG) !== 0
  return {
    ip4: { src: gateway4, dst: broadcast ? '255.255.255.255' : address, ttl: 64 },
    udp: { srcPort: 67, dstPort: 68 },
    dhcp4: message,
  }
}
