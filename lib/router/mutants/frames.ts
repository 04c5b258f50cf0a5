import { isGua } from '../../wire/address.ts'
import { decode } from '../../wire/decode.ts'
import { encode } from '../../wire/encode.ts'
import type { Mutant } from './mutant.ts'

const dns = 53

/** Rewrites datagrams that leave on the WAN. */
const onWan =
  (rewrite: (packet: ReturnType<typeof decode>) => Parameters<typeof encode>[0]) =>
  (frame: Uint8Array, port: string): Uint8Array => {
    const packet = decode(frame)
    const { ip6, udp } = packet
    // Its own: DHCPv6 is link-local, and hosts ask its own proxy for names.
    const fromHost = ip6 && udp && isGua(ip6.src) && udp.dstPort !== dns && udp.srcPort !== dns
    return port.startsWith('wan') && fromHost ? encode(rewrite(packet)) : frame
  }

export const frames: Mutant[] = [
  {
    name: 'nat66',
    story: "Hosts' datagrams leave on the WAN with one source address.",
    violates: ['DENAT-NONAT66-1', 'RFC9818-LPD-6 · UDP'],
    behaviour: {
      tap: onWan(({ ip6, udp, ...packet }) => ({
        ...packet,
        ip6: { ...ip6, src: '2d00:100:ffff::66' },
        udp: { ...udp, checksum: undefined },
      })),
    },
  },
  {
    name: 'broken-checksum-offload',
    story: "Hosts' datagrams leave on the WAN with a wrong checksum.",
    violates: ['RFC8200-8.1-CHECKSUM', 'RFC9818-LPD-6 · UDP'],
    behaviour: {
      tap: onWan(({ udp, ...packet }) => ({
        ...packet,
        udp: { ...udp, checksum: (udp?.checksum ?? 0) ^ 0x1111 },
      })),
    },
  },
]
