import type { Ipv6Address } from '../../wire/address.ts'
import type { Packet } from '../../wire/packet.ts'
import type { Context } from '../context.ts'
import type { NetworkInterface } from '../interface/interface.ts'

/** IPv6 header, the Redirect's own octets, and its Target Link-Layer Address option; RFC 4861 section 4.6.3 has 8 octets before the quote. */
const room = 1280 - 40 - 40 - 8 - 8
/** Seconds between two Redirects for the same source and destination. */
const pause = 1

/** Sends Redirects for a better first hop, RFC 4861 section 8.2. */
export function redirects({ clock, behavior }: Context) {
  const sent = new Map<string, number>()
  return function redirect({ ip6 }: Packet, octets: Uint8Array, on: NetworkInterface, nextHop: Ipv6Address): void {
    if (behavior.redirects === 'not sent' || !ip6) return
    const key = `${ip6.src} ${ip6.dst}`
    if (clock.now() - (sent.get(key) ?? Number.NEGATIVE_INFINITY) < pause) return
    sent.set(key, clock.now())
    const mac = on.linkLayerAddressOf(nextHop)
    const quoted = octets.slice(0, Math.min(40 + ip6.payloadLength, room))
    on.send(
      {
        ip6: { src: on.linkLocal, dst: ip6.src, hopLimit: 255 },
        icmp6: {
          type: 'redirect',
          target: nextHop,
          destination: ip6.dst,
          options: [
            ...(mac === undefined ? [] : [{ type: 'target-link-layer' as const, mac }]),
            { type: 'redirected-header', data: quoted.slice(0, quoted.length - (quoted.length % 8)) },
          ],
        },
      },
      ip6.src,
    )
  }
}
