import { condition, decodeQuotedPacket, type Frame, icmpv6, type Pattern } from 'denat'

type ErrorType = 'destination-unreachable' | 'packet-too-big' | 'time-exceeded'

/**
 * An ICMPv6 error that may be about a packet: what it quotes goes to the same address and, where it shows ports, has the
 * same ones. A router that limits its errors may send one about an earlier packet meanwhile.
 */
export function errorAbout(type: ErrorType, { packet: { ip6, udp } }: Frame): Pattern {
  const isAbout = (quote: Uint8Array) => {
    const quoted = decodeQuotedPacket(quote)
    if (quoted.ip6?.dst !== ip6?.dst) return false
    return !quoted.udp || (quoted.udp.srcPort === udp?.srcPort && quoted.udp.dstPort === udp?.dstPort)
  }
  return icmpv6(type as 'packet-too-big', { data: condition('a quote of the packet', isAbout) })
}
