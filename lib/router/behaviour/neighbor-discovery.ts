import type { NeighborDiscoveryFault } from '../neighbor-discovery-faults.ts'

/** Neighbor Discovery: each decision, and what meets the requirements. */
export interface NeighborDiscoveryBehaviour {
  /** Hop limit of Router Solicitations: RFC 4861 section 4.1. */
  rsHopLimit: number
  /** Hop limit of Router Advertisements: RFC 4861 section 4.2. */
  raHopLimit: number
  /** Each own address is checked before it is used: RFC 4862 section 5.4. */
  dad: boolean
  /** An address is used though another node has it: RFC 4862 section 5.4. */
  usesDuplicate(address: string, port: string): boolean
  /** DAD of an address that DHCPv6 assigned: RFC 8415 section 18.2.10.1. */
  leasedAddressChecked: boolean
  /** Neighbor Solicitations for this address of its own are answered on this port: RFC 4861 section 7.2.4. */
  answersSolicitations(target: string, port: string, how: 'multicast' | 'unicast'): boolean
  /** A message with this fault is believed: RFC 4861 sections 6.1 and 7.1, RFC 6980 section 5. */
  believesDespite(fault: NeighborDiscoveryFault, type: string | number): boolean
  /** R flag of Neighbor Advertisements: RFC 4861 section 4.4. */
  routerFlag: boolean
  /** Neighbor Advertisements after a new global address on the WAN: RFC 9131 section 6.1.2. */
  newAddressAdvertisements: number
  /** RetransTimer between them, seconds. */
  newAddressInterval: number
  newAddressToldTo: 'ff02::2' | 'ff02::1'
  /** O flag of these. */
  newAddressOverrides: boolean
  /** Groups are reported by MLD: RFC 4862 section 5.4.2. */
  reportsGroups: boolean
  /** MAX_MULTICAST_SOLICIT and MAX_UNICAST_SOLICIT: RFC 4861 section 10. */
  neighbourSolicitations: number
  /** A neighbour that is not known to be reachable is asked for after packets went to it: RFC 4861 section 7.3.3. */
  silentNeighboursProbed: boolean
  /** Who gives way where the Neighbor Cache is full: RFC 6583 section 7. */
  fullNeighbourCache: 'oldest question given up' | 'known neighbours forgotten'
}

export const neighborDiscovery: NeighborDiscoveryBehaviour = {
  rsHopLimit: 255,
  raHopLimit: 255,
  dad: true,
  usesDuplicate: () => false,
  leasedAddressChecked: true,
  answersSolicitations: () => true,
  believesDespite: () => false,
  routerFlag: true,
  newAddressAdvertisements: 3,
  newAddressInterval: 1,
  newAddressToldTo: 'ff02::2',
  newAddressOverrides: false,
  reportsGroups: true,
  neighbourSolicitations: 3,
  silentNeighboursProbed: true,
  fullNeighbourCache: 'oldest question given up',
}
