import { isLinkLocal, isMulticast } from '../../wire/address.ts'
import type { Packet } from '../../wire/packet.ts'

/** Why a Neighbor Discovery message is not believed: RFC 4861 sections 6.1 and 7.1, RFC 6980 section 5. */
export type NeighborDiscoveryFault =
  | 'hop limit'
  | 'code'
  | 'checksum'
  | 'option length'
  | 'source'
  | 'fragment'
  | 'solicited, to a group'

export function isNeighborDiscovery({ icmp6 }: Packet): boolean {
  const type = icmp6?.type
  return typeof type === 'string' && (type.startsWith('neighbor-') || type.startsWith('router-'))
}

/** `reassembled`: it came in fragments. */
export function neighborDiscoveryFaults(packet: Packet, reassembled: boolean): NeighborDiscoveryFault[] {
  const { ip6, icmp6 } = packet
  if (!ip6 || !icmp6) return []
  const faults: [NeighborDiscoveryFault, boolean][] = [
    ['hop limit', ip6.hopLimit !== 255],
    ['code', icmp6.code !== 0],
    ['checksum', icmp6.badChecksum === true],
    ['option length', packet.malformed !== undefined],
    ['source', icmp6.type === 'router-advertisement' && !isLinkLocal(ip6.src)],
    ['solicited, to a group', icmp6.type === 'neighbor-advertisement' && icmp6.solicited && isMulticast(ip6.dst)],
    ['fragment', reassembled || packet.ext !== undefined],
  ]
  return faults.filter(([, is]) => is).map(([fault]) => fault)
}
