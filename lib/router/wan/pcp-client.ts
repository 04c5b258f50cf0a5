import { parseIpv6 } from '../../wire/address.ts'
import type { Ipv6Address, Mac } from '../../wire/packet.ts'
import type { Context } from '../context.ts'
import type { NetworkInterface } from '../interface/interface.ts'

/** RFC 6887 sections 7.1 and 14.1: an ANNOUNCE request is its header alone. */
const version = 2
const announceLength = 24
const port = { client: 5350, server: 5351 }
/** Initial retransmission time, RFC 6887 section 8.1.1. Seconds. */
const initialRetransmission = 3

/**
 * Asks whether there is a PCP server: with none configured, the default router may be one (RFC 6887 section 8.1). Two
 * requests are enough to know; applications of the router have none to make.
 */
export function discoverPcpServer(
  { clock, behavior }: Context,
  on: NetworkInterface,
  router: { address: Ipv6Address; mac: Mac },
): void {
  if (behavior.pcpServer === 'none') return
  const server = behavior.pcpServer === 'default router' ? router.address : 'ff02::2'
  const request = new Uint8Array(announceLength)
  request[0] = version
  request.set(parseIpv6(on.linkLocal), 8)
  const ask = () =>
    on.send({
      ...(server === router.address && { eth: { dst: router.mac } }),
      ip6: { src: on.linkLocal, dst: server },
      udp: { srcPort: port.client, dstPort: port.server },
      payload: request,
    })
  ask()
  clock.after(initialRetransmission, ask)
}
