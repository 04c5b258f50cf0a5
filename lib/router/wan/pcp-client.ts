import { parseIpv6 } from '../../wire/address.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import type { Context } from '../context.ts'
import type { NetworkInterface } from '../interface/interface.ts'

/** RFC 6887 sections 7.1 and 14.1: an ANNOUNCE request is its header alone. */
const version = 2
const announceLength = 24
const port = { client: 5350, server: 5351 }
/** Initial retransmission time, RFC 6887 section 8.1.1. Seconds. */
const initialRetransmission = 3

/**
 * Asks whether there is a PCP server: with none configured, the default router may be one (RFC 6887 section 8.1), which
 * this RA came from. Two requests are enough to know; applications of the router have none to make.
 */
export function discoverPcpServer({ clock, behavior }: Context, on: NetworkInterface, advertisement: Packet): void {
  const router = advertisement.ip6?.src
  if (behavior.pcpServer === 'none' || router === undefined) return
  const isRouter = behavior.pcpServer === 'default router'
  const payload = new Uint8Array(announceLength)
  payload[0] = version
  payload.set(parseIpv6(on.linkLocal), 8)
  const request: PacketInit = {
    ip6: { src: on.linkLocal, dst: isRouter ? router : 'ff02::2' },
    udp: { srcPort: port.client, dstPort: port.server },
    payload,
  }
  const ask = () => (isRouter ? on.reply(advertisement, request) : on.send(request))
  ask()
  clock.after(initialRetransmission, ask)
}
