import type { Clock } from '../../time/clock.ts'
import { BROADCAST_MAC } from '../../wire/address.ts'
import { decode } from '../../wire/decode.ts'
import { encode } from '../../wire/encode.ts'
import type { Mac } from '../../wire/packet.ts'

/** RFC 2131 section 4.1. Seconds. */
const retransmission = 4

/** Asks for an IPv4 address until one is offered. Returns what is to be told of each frame on the WAN. */
export function awaitIpv4Offer(
  clock: Clock,
  mac: Mac,
  put: (frame: Uint8Array) => void,
  offered: () => void,
): (frame: Uint8Array) => void {
  const none = '0.0.0.0'
  const discover = encode({
    eth: { src: mac, dst: BROADCAST_MAC },
    ip4: { src: none, dst: '255.255.255.255' },
    udp: { srcPort: 68, dstPort: 67 },
    dhcp4: {
      ...{ op: 'request', htype: 1, hlen: 6, hops: 0, xid: 1, secs: 0, flags: 0x8000 },
      ...{ ciaddr: none, yiaddr: none, siaddr: none, giaddr: none, chaddr: mac },
      options: [{ type: 'message-type', value: 'discover' }, { type: 'end' }],
    },
  })
  let waiting = true
  const ask = (): void => {
    if (!waiting) return
    put(discover)
    clock.after(retransmission, ask)
  }
  ask()
  return (frame) => {
    if (!waiting || decode(frame).dhcp4?.op !== 'reply') return
    waiting = false
    offered()
  }
}
