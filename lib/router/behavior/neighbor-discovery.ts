import type { InterfaceIds } from '../interface/interface-ids.ts'
import type { NeighborDiscoveryFault } from '../interface/neighbor-discovery-faults.ts'

/** Neighbor Discovery: each decision, and what meets the requirements. */
export interface NeighborDiscoveryBehavior {
  /** Hop limit of Router Solicitations: RFC 4861 section 4.1. */
  rsHopLimit: number
  /** Hop limit of Router Advertisements: RFC 4861 section 4.2. */
  raHopLimit: number
  /** Of the link-local address on the WAN: RFC 4862 section 5.3, RFC 7217. */
  wanLinkLocal: InterfaceIds | 'another at each boot'
  /** On a LAN; `fe80::1` is easy to remember. */
  lanLinkLocal: InterfaceIds | 'fe80::1'
  /** Hop limit of the router's own packets, Neighbor Discovery and MLD apart: RFC 4861 section 6.3.4. */
  ownHopLimit: number
  /** Flow Label of the router's own packets: RFC 6437 section 3. */
  ownFlowLabel: 'zero' | 'drawn'
  /** Traffic Class of the router's own packets: RFC 2474 section 4.2.2.2 has 0xc0 for network control. */
  ownTrafficClass: number
  /** DupAddrDetectTransmits: RFC 4862 section 5.1. */
  dadTransmits: number
  /** Greatest delay in seconds before DAD of an address that a server assigned: RFC 4862 section 5.4.2. */
  leasedDadDelay: number
  /** Solicitations of DAD hold a Nonce: RFC 7527. */
  dadNonce: boolean
  /** A global address is used before DAD is over: RFC 4429. */
  optimisticDad: boolean
  /** Each own address is checked before it is used: RFC 4862 section 5.4. */
  dad: boolean
  /** An address is used though another node has it: RFC 4862 section 5.4. */
  usesDuplicate(address: string, port: string): boolean
  /** DAD of an address that DHCPv6 assigned: RFC 8415 section 18.2.10.1. */
  leasedAddressChecked: boolean
  /** Neighbor Solicitations for this address of its own are answered on this port: RFC 4861 section 7.2.4. */
  answersSolicitations(target: string, port: string, how: 'multicast' | 'unicast'): boolean
  /** Neighbor Solicitations from :: for an address of its own: RFC 4861 section 7.2.4. */
  duplicateQuestions: 'answered' | 'silent' | 'as any other'
  /** Fragments of packets for itself: RFC 8200 section 4.5. */
  fragmentsTaken: 'in any order' | 'in order' | 'never'
  /** A message with this fault is believed: RFC 4861 sections 6.1 and 7.1, RFC 6980 section 5. */
  believesDespite(fault: NeighborDiscoveryFault, type: string | number): boolean
  /** Target Link-Layer Address in the answer to a unicast solicitation: RFC 4861 section 4.4 has it MAY be left out. */
  targetOption: 'always' | 'in answers to multicast'
  /** The source that resolves a neighbor's link-layer address: RFC 4861 section 7.2.2. */
  solicitsFrom: 'link-local' | 'an address in its prefix'
  /** Packets that wait for one neighbor's link-layer address: RFC 4861 section 7.2.2 requires at least one. */
  packetsWaiting: number
  /** ReachableTime, seconds: RFC 4861 section 6.3.2 draws it between 15 and 45. */
  neighborReachableTime: number
  /** A new address on the LAN is advertised to hosts: RFC 4861 section 7.2.6. */
  lanAddressesAnnounced: boolean
  /** An unsolicited Neighbor Advertisement with another MAC and the Override flag: RFC 4861 section 7.2.5. */
  unsolicitedOverride: 'taken' | 'ignored'
  /** R flag of Neighbor Advertisements: RFC 4861 section 4.4. */
  routerFlag: 'always' | 'never' | 'when asked by multicast'
  /** Neighbor Advertisements after a new global address on the WAN: RFC 9131 section 6.1.2. */
  newAddressAdvertisements: number
  /** RetransTimer between them, seconds. */
  newAddressInterval: number
  newAddressAdvertisedTo: 'ff02::2' | 'ff02::1'
  /** O flag of these. */
  newAddressOverrides: boolean
  /** Groups are reported by MLD: RFC 4862 section 5.4.2. */
  reportsGroups: boolean
  /** And when a querier asks: RFC 3810 section 6.2. */
  groupsReportedWhenAsked: boolean
  /** How: RFC 2710 or RFC 3810. */
  mldVersion: 1 | 2
  /** Robustness Variable, which a report is sent as often as: RFC 3810 section 9.1. */
  mldRobustness: number
  /** Other groups that its interfaces listen to, such as that of mDNS: RFC 4291 section 2.7.1. */
  moreGroups: readonly string[]
  /** MAX_MULTICAST_SOLICIT and MAX_UNICAST_SOLICIT: RFC 4861 section 10. */
  neighborSolicitations: number
  /** RetransTimer between them, seconds. */
  neighborRetransTimer: number
  /** No packet leads to a new solicitation for so long after the last one without an answer, seconds. */
  unreachableFor: number
  /** A Neighbor Solicitation with options of other types than those of RFC 4861. */
  unknownOptions: 'skipped' | 'spoil the message'
  /** A neighbor that is not known to be reachable is asked for after packets went to it: RFC 4861 section 7.3.3. */
  silentNeighborsProbed: boolean
  /** Which entry is deleted where the Neighbor Cache is full: RFC 6583 section 7. */
  fullNeighborCache: 'oldest unresolved entry deleted' | 'resolved entries deleted'
}

export const neighborDiscovery: NeighborDiscoveryBehavior = {
  rsHopLimit: 255,
  raHopLimit: 255,
  wanLinkLocal: 'EUI-64',
  lanLinkLocal: 'EUI-64',
  ownHopLimit: 64,
  ownFlowLabel: 'zero',
  ownTrafficClass: 0,
  dadTransmits: 1,
  leasedDadDelay: 0,
  dadNonce: false,
  optimisticDad: false,
  dad: true,
  usesDuplicate: () => false,
  leasedAddressChecked: true,
  answersSolicitations: () => true,
  duplicateQuestions: 'answered',
  fragmentsTaken: 'in any order',
  believesDespite: () => false,
  targetOption: 'always',
  solicitsFrom: 'link-local',
  packetsWaiting: 8,
  neighborReachableTime: 30,
  lanAddressesAnnounced: false,
  unsolicitedOverride: 'taken',
  routerFlag: 'always',
  newAddressAdvertisements: 3,
  newAddressInterval: 1,
  newAddressAdvertisedTo: 'ff02::2',
  newAddressOverrides: false,
  reportsGroups: true,
  groupsReportedWhenAsked: true,
  mldVersion: 2,
  mldRobustness: 2,
  moreGroups: [],
  neighborSolicitations: 3,
  neighborRetransTimer: 1,
  unreachableFor: 0,
  unknownOptions: 'skipped',
  silentNeighborsProbed: true,
  fullNeighborCache: 'oldest unresolved entry deleted',
}
