import { type Frame, ipOctets, isMulticast } from 'denat'

/** Octets as a part of a key. */
export const text = (octets: Uint8Array = new Uint8Array()): string =>
  Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('latin1')

const ipv6Header = 40

/** What stays the same of a packet on its way. Packets may be fragmented again, and Neighbor Discovery stays on its link. */
export function passing(frame: Frame): string | undefined {
  const { ip6, ext, icmp6 } = frame.packet
  if (!ip6 || isMulticast(ip6.dst) || ext?.some(({ type }) => type === 'fragment')) return undefined
  if (icmp6 && 'options' in icmp6) return undefined
  return `${ip6.src} ${ip6.dst} ${text(ipOctets(frame).subarray(ipv6Header, ipv6Header + ip6.payloadLength))}`
}
