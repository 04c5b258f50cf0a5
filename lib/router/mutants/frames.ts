import { isGua } from '../../wire/address.ts'
import { decode, decodeQuotedPacket } from '../../wire/decode.ts'
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

/** A connection refused in the host's name, in place of an error. */
const resets = (frame: Uint8Array, port: string): Uint8Array => {
  const { eth, ip6, icmp6 } = decode(frame)
  const about = icmp6?.type === 'destination-unreachable' ? decodeQuotedPacket(icmp6.data) : undefined
  if (!port.startsWith('wan') || !ip6 || !about?.tcp || !about.ip6) return frame
  const { srcPort, dstPort, seq } = about.tcp
  return encode({
    eth,
    ip6: { src: about.ip6.dst, dst: about.ip6.src },
    tcp: { srcPort: dstPort, dstPort: srcPort, seq: 0, ack: seq + 1, flags: 'rst+ack', window: 0 },
  })
}

export const frames: Mutant[] = [
  {
    name: 'reset-for-the-host',
    story: 'An unsolicited SYN is answered by a reset, as if the host had sent it.',
    violates: ['RFC6092-REC-34 · nobody answers'],
    behaviour: { tap: resets },
  },
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
