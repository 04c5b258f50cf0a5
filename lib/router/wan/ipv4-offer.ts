import type { Clock } from '../../time/clock.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import type { NetworkInterface } from '../interface/interface.ts'

/** RFC 2131 section 4.1. Seconds. */
const retransmission = 4
const none = '0.0.0.0'

/** Asks for an IPv4 address until one is offered. Returns what takes the IPv4 packets of the WAN. */
export function awaitIpv4Offer(
  clock: Clock,
  on: Pick<NetworkInterface, 'mac' | 'broadcast4'>,
  offered: () => void,
): (packet: Packet) => void {
  const discover: PacketInit = {
    ip4: { src: none, dst: '255.255.255.255' },
    udp: { srcPort: 68, dstPort: 67 },
    dhcp4: {
      ...{ op: 'request', htype: 1, hlen: 6, hops: 0, xid: 1, secs: 0, flags: 0x8000 },
      ...{ ciaddr: none, yiaddr: none, siaddr: none, giaddr: none, chaddr: on.mac },
      options: [{ type: 'message-type', value: 'discover' }, { type: 'end' }],
    },
  }
  let waiting = true
  const ask = (): void => {
    if (!waiting) return
    on.broadcast4(discover)
    clock.after(retransmission, ask)
  }
  ask()
  return ({ dhcp4 }) => {
    if (!waiting || dhcp4?.op !== 'reply') return
    waiting = false
    offered()
  }
}
