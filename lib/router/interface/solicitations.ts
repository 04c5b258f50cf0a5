import { ndOption } from '../../wire/nd-options.ts'
import type { Packet } from '../../wire/packet.ts'

/** What RFC 4861 section 6.1.1 has a router discard a Router Solicitation for. */
export type SolicitationFlaw =
  | 'Hop Limit'
  | 'checksum'
  | 'code'
  | 'option of length 0'
  | 'length'
  | 'link-layer address of ::'

const routerSolicitation = 133

/** Valid or not; a message that is too short to be decoded is recognized by its type. */
export const isSolicitation = ({ icmp6, ip6, payload }: Packet): boolean =>
  icmp6?.type === 'router-solicitation' ||
  (icmp6 === undefined && ip6?.nextHeader === 58 && payload?.[0] === routerSolicitation)

export function solicitationFlaw({ ip6, icmp6, malformed }: Packet): SolicitationFlaw | undefined {
  if (icmp6?.type !== 'router-solicitation') return 'length'
  if (malformed) return 'option of length 0'
  if (ip6?.hopLimit !== 255) return 'Hop Limit'
  if (icmp6.badChecksum) return 'checksum'
  if (icmp6.code !== 0) return 'code'
  return ip6.src === '::' && ndOption(icmp6, 'source-link-layer') ? 'link-layer address of ::' : undefined
}
