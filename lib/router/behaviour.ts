import type { WebUiStatus } from '../web-ui/port.ts'
import { dhcpv6OptionCode } from '../wire/dhcpv6-options.ts'

/**
 * Every decision of the reference router that a requirement judges. `compliant` meets them all; a mutant is another
 * value. Names are the specifications'.
 */
export interface Behaviour {
  // Neighbor Discovery
  /** Hop limit of Router Solicitations: RFC 4861 section 4.1. */
  rsHopLimit: number
  /** Hop limit of Router Advertisements: RFC 4861 section 4.2. */
  raHopLimit: number
  /** Each own address is checked before it is used: RFC 4862 section 5.4. */
  dad: boolean
  /** Neighbor Solicitations for this address of its own are answered on this port: RFC 4861 section 7.2.4. */
  answersSolicitations(target: string, port: string, how: 'multicast' | 'unicast'): boolean
  /** R flag of Neighbor Advertisements: RFC 4861 section 4.4. */
  routerFlag: boolean
  /** Groups are reported by MLD: RFC 4862 section 5.4.2. */
  reportsGroups: boolean

  // WAN, as a host
  /** Router Advertisements on the WAN are believed: RFC 7084 W-1. */
  acceptsRas: boolean
  /** No Router Solicitation before DAD of the link-local address is over: RFC 7084 W-2. */
  dadBeforeRouterSolicitation: boolean
  /** RFC 7084 W-2. */
  rsSource: 'link-local' | 'unspecified'
  /** MAX_RTR_SOLICITATIONS, RFC 4861 section 10. */
  routerSolicitations: number
  /** RTR_SOLICITATION_INTERVAL, RFC 4861 section 10. Seconds. */
  solicitationInterval: number
  /** A Router Advertisement ends the solicitation: RFC 4861 section 6.3.7. */
  solicitationEnds: boolean
  /** An address is formed from each PIO with A=1: RFC 7084 WAA-1. */
  slaacOnWan: boolean
  /** WAN addresses end with their valid lifetime: RFC 4862 section 5.5.4. */
  wanAddressesExpire: boolean
  /** Router Lifetime 0 takes the sender off the default router list: RFC 4861 section 6.3.4. */
  zeroRouterLifetimeHeeded: boolean
  /** The MTU option is applied between 1280 and 1500: RFC 4861 section 6.3.4. */
  wanMtuApplied: boolean

  // DHCPv6 client
  /** Flags of an RA that start prefix delegation: RFC 7084 WPD-4. */
  delegationStartsOn: 'M or O' | 'M' | 'O'
  /** IA_NA is asked for where M=1: RFC 7084 WAA-6. */
  requestsAddress: boolean
  /** IA_PD is asked for: RFC 7084 W-4. */
  requestsPrefix: boolean
  /** Source of the client's messages (RFC 8415 section 17); a global one is formed from any PIO. */
  clientSource: 'link-local' | 'global'
  /** Port that the client sends from: RFC 8415 section 7.2. */
  clientPort: number
  /** Option Request Option of all messages: RFC 7084 WAA-4, WAA-8. */
  optionRequest: number[]
  /** Retransmission, RFC 8415 section 15. */
  retransmission: 'exponential' | 'fixed'
  /** RAND, RFC 8415 section 15. */
  retransmissionRandomized: boolean
  /** RAND of the first Solicit is above 0 (where not, so far below that it shows): RFC 8415 section 18.2.1. */
  firstSolicitRandomPositive: boolean
  /** Solicits without answer before the client gives up; 0 for never: RFC 8415 section 18.2.1. */
  solicitAttempts: number
  /** SOL_MAX_RT is obeyed: RFC 7084 WAA-8. */
  solMaxRtObeyed: boolean
  /** Advertises are collected for the first timeout and the highest preference wins: RFC 8415 section 18.2.1. */
  advertisesCollected: boolean
  /** The first Renew comes at this share of T1: RFC 8415 section 18.2.4. */
  renewAtShareOfT1: number
  /** Rebind comes at this share of T2: RFC 8415 section 18.2.5. */
  rebindAtShareOfT2: number
  /** Renew names the server: RFC 8415 section 18.2.4. */
  renewNamesServer: boolean
  /** IAs in Renew: RFC 8415 section 18.2.4. */
  renewHolds: 'all IAs' | 'IA_NA'
  /** Renew and Rebind hold the granted IA Prefix: RFC 7084 WPD-1. */
  leasesNamed: boolean
  /** The IAID of Rebind is that of the other messages: RFC 7084 WPD-1. */
  iaidKept: boolean
  /** An unanswered Renew goes on to Rebind at T2: RFC 8415 section 18.2.5. */
  atT2: 'rebind' | 'solicit' | 'renew'
  /** Rebind names no server: RFC 8415 section 18.2.5. */
  rebindNamesServer: boolean
  /** The DUID is the same over restarts: RFC 7084 W-5. */
  duid: 'stable' | 'new at each boot'
  /** Delegated lengths that are taken: RFC 7084 WPD-3. */
  delegatedLengthTaken(length: number): boolean
  /** A lease with valid lifetime 0 ends at once: RFC 8415 section 18.2.10.1. */
  zeroLifetimeHeeded: boolean
  /** NoBinding leads to a Request: RFC 8415 section 18.2.10.1. */
  noBindingLeadsTo: 'request' | 'nothing'
  /** Leases are released before an orderly restart: RFC 9096 WPD-9 says no. */
  releaseOnReboot: boolean
  /** With a stored lease the first message is a Rebind: RFC 8415 section 18.2.12. */
  afterReboot: 'rebind' | 'solicit'

  // LAN: prefixes and Router Advertisements
  /** RFC 7084 L-1. */
  routerAdvertisements: boolean
  /** RFC 7084 L-1. */
  solicitationsAnswered: boolean
  /** Source of RAs: RFC 4861 section 4.2. */
  raSource: 'link-local' | 'global'
  /** Each LAN has a /64 of its own: RFC 7084 L-2. */
  lanSubnets: 'one each' | 'the same'
  /** RFC 7084 L-2. */
  lanPrefixLength(lan: number): number
  /** LAN interfaces that are given a prefix: RFC 7084 L-2, L-5. */
  lansServed: 'all' | 'first'
  /** A flag of PIOs: RFC 7084 L-6. */
  pioAutonomous: boolean
  /** L flag of PIOs: RFC 7084 L-6. */
  pioOnLink: boolean
  /** M flag: RFC 7084 L-9; `as served` is 1 where the DHCPv6 server gives addresses. */
  managedFlag: 'as served' | 'set'
  /** O flag: RFC 7084 L-9. */
  otherFlag: boolean
  /** Route Information Options for delegated and ULA prefixes: RFC 7084 L-3. */
  routeInformation: 'always' | 'with a default router' | 'delegated only' | 'never'
  /** RDNSS: RFC 7084 L-11. */
  rdnss: boolean
  /** DNSSL: RFC 7084 L-11. */
  dnssl: boolean
  /** Router Lifetime is 0 without a default router on the WAN: RFC 7084 G-4. */
  routerLifetimeFollowsWan: boolean
  /** The loss of the WAN's default router is told at once: RFC 7084 G-5. */
  lossAnnounced: boolean
  /** Its return is told as well, of its own accord or when asked: RFC 7084 G-5. */
  returnTold: boolean
  /** Lifetimes of PIOs are those of the lease, in real time: RFC 9096 L-15. */
  lifetimesFollowLease: boolean
  /** ND_PREFERRED_LIMIT and ND_VALID_LIMIT, seconds: RFC 9096 section 3.4, L-16. */
  preferredLimit: number
  validLimit: number
  /** What becomes of the PIO of a stale prefix: RFC 9096 L-13. */
  stalePios: 'withdrawn' | 'omitted' | 'kept'
  /** A and L of a withdrawn PIO: RFC 9096 L-13. */
  withdrawnPioFlags: 'unchanged' | 'cleared'
  /** Advertised prefixes are stored, and withdrawn after a restart: RFC 9096 section 3.5. */
  advertisedPrefixesStored: boolean
  /** Final RAs with Router Lifetime 0: RFC 4861 section 6.2.5. */
  finalAdvertisement: boolean
  /** Unique local addresses on the LAN: RFC 7084 ULA-1. */
  ula: boolean

  // LAN: DHCPv6 server
  /** RFC 7084 L-8. */
  dhcpv6Server: boolean
  /** Information-request is answered: RFC 7084 L-8. */
  informationAnswered: boolean
  /** IA_NA is served. */
  servesAddresses: boolean
  /** Option 23: RFC 7084 L-10. */
  offersDnsServers: 'own' | "the ISP's link-local" | 'none'
  /** Option 24: RFC 7084 L-10. */
  offersDomainList: boolean
  /** IA_PD is answered with prefixes: RFC 9818 LPD-1. */
  subDelegates: 'prefixes' | 'NoPrefixAvail' | 'ignored'
  /** A sub-delegated prefix is routed: RFC 9818 LPD-5. */
  subDelegationRouted: 'whole prefix' | 'one /64 too many' | 'not'
  /** A Release takes the route away: RFC 9818 LPD-5. */
  releaseRemovesRoute: boolean
  /** Stale leases come back with lifetimes 0, and new ones beside them: RFC 9096 section 3.5. */
  staleLeases: 'zeroed and replaced' | 'extended'

  // Forwarding
  /** Nothing is forwarded before a prefix is delegated: RFC 7084 G-3. */
  forwardsBeforeDelegation: boolean
  /** By how much the hop limit is reduced: RFC 8200 section 3. */
  hopLimitDecrement: number
  /** Packets that arrive with hop limit 1 are dropped: RFC 8200 section 3. */
  hopLimitChecked: boolean
  /** The unassigned part of a delegated prefix leads nowhere: RFC 7084 WPD-5. */
  unassignedPartRejected: boolean
  /** Its senders are told: RFC 7084 WPD-5. */
  unassignedPartReported: boolean
  /** Packets from addresses that are not the LAN's: RFC 7084 L-14. */
  foreignSources: 'code 5' | 'code 1' | 'dropped' | 'forwarded'
  /** Sub-delegated prefixes are legitimate sources: RFC 9818 LPD-6. */
  subDelegatedSources: boolean
  /** RFC 7084 ULA-4. */
  ulaCrossesWan: 'no' | 'outwards' | 'inwards'
  /** Packets above the MTU of the way: RFC 4443 section 3.2. */
  tooBig: 'Packet Too Big' | 'dropped' | 'forwarded'
  /** The MTU that Packet Too Big names is reduced by this: RFC 4443 section 3.2. */
  tooBigUnderstated: number
  /** Octets of an ICMPv6 error at the most: RFC 4443 section 2.4 c. */
  errorSize: number

  // Firewall, RFC 6092
  /** On after a factory reset. */
  firewallByDefault: boolean
  /** Replies that the state of flows from inside lets in: RFC 6092 REC-14, REC-31. */
  repliesAccepted: 'all' | 'all but TCP'
  /** Transports that the filter looks at. */
  filtered: ('tcp' | 'udp')[]
  /** REC-17, REC-33. */
  filtering: 'endpoint-independent' | 'address and port-dependent'
  /** What follows an unsolicited SYN: REC-34. Seconds until the error; Infinity for none. */
  synErrorAfter: number
  /** The host's own SYN makes the error needless: REC-34. */
  synErrorCancelled: boolean
  /** An unsolicited SYN may be met by the host's own: REC-31. */
  simultaneousOpen: boolean
  /** Management is offered to the Internet: REC-50. */
  managementOnWan: 'none' | 'WAN address' | 'LAN address' | 'both'
  /** The DNS proxy answers the Internet: REC-8. */
  dnsOnWan: boolean

  // Web UI
  /** IPv6 is on after a factory reset. */
  ipv6ByDefault: boolean
  /** The switch of the page takes effect. */
  ipv6SwitchWorks: boolean
  /** What the page shows is what is so. */
  status: 'live' | 'of the last boot'
  /** Nothing is left out or changed on the way to the page. */
  shown(status: WebUiStatus): WebUiStatus
  /** Pinholes let in what they say. */
  pinholes: 'as told' | 'ignored' | 'whole host'
  /** Pinholes are stored. */
  pinholesStored: boolean
  /** Pinholes can be closed. */
  pinholesClose: boolean
  /** A pinhole is its host's, whatever prefix the LAN has. */
  pinholesFollowPrefix: boolean
  /** The firewall can be switched off, REC-49, and on again. */
  firewallSwitch: 'works' | 'stays on' | 'stays off'
  /** Switched off, what lies behind downstream routers is reached as well. */
  transparentToSubDelegated: boolean

  /** What really leaves by a port in place of a frame; undefined: nothing does. */
  tap?: (frame: Uint8Array, port: string) => Uint8Array | undefined
}

export const compliant: Behaviour = {
  rsHopLimit: 255,
  raHopLimit: 255,
  dad: true,
  answersSolicitations: () => true,
  routerFlag: true,
  reportsGroups: true,

  acceptsRas: true,
  dadBeforeRouterSolicitation: true,
  rsSource: 'link-local',
  routerSolicitations: 3,
  solicitationInterval: 4,
  solicitationEnds: true,
  slaacOnWan: true,
  wanAddressesExpire: true,
  zeroRouterLifetimeHeeded: true,
  wanMtuApplied: true,

  delegationStartsOn: 'M or O',
  requestsAddress: true,
  requestsPrefix: true,
  clientSource: 'link-local',
  clientPort: 546,
  optionRequest: [
    dhcpv6OptionCode('dns-servers'),
    dhcpv6OptionCode('domain-list'),
    dhcpv6OptionCode('pd-exclude'),
    dhcpv6OptionCode('sol-max-rt'),
  ],
  retransmission: 'exponential',
  retransmissionRandomized: true,
  firstSolicitRandomPositive: true,
  solicitAttempts: 0,
  solMaxRtObeyed: true,
  advertisesCollected: true,
  renewAtShareOfT1: 1,
  rebindAtShareOfT2: 1,
  renewNamesServer: true,
  renewHolds: 'all IAs',
  leasesNamed: true,
  iaidKept: true,
  atT2: 'rebind',
  rebindNamesServer: false,
  duid: 'stable',
  delegatedLengthTaken: () => true,
  zeroLifetimeHeeded: true,
  noBindingLeadsTo: 'request',
  releaseOnReboot: false,
  afterReboot: 'rebind',

  routerAdvertisements: true,
  solicitationsAnswered: true,
  raSource: 'link-local',
  lanSubnets: 'one each',
  lanPrefixLength: () => 64,
  lansServed: 'all',
  pioAutonomous: true,
  pioOnLink: true,
  managedFlag: 'as served',
  otherFlag: true,
  routeInformation: 'always',
  rdnss: true,
  dnssl: true,
  routerLifetimeFollowsWan: true,
  lossAnnounced: true,
  returnTold: true,
  lifetimesFollowLease: true,
  preferredLimit: 2700,
  validLimit: 5400,
  stalePios: 'withdrawn',
  withdrawnPioFlags: 'unchanged',
  advertisedPrefixesStored: true,
  finalAdvertisement: true,
  ula: true,

  dhcpv6Server: true,
  informationAnswered: true,
  servesAddresses: true,
  offersDnsServers: 'own',
  offersDomainList: true,
  subDelegates: 'prefixes',
  subDelegationRouted: 'whole prefix',
  releaseRemovesRoute: true,
  staleLeases: 'zeroed and replaced',

  forwardsBeforeDelegation: false,
  hopLimitDecrement: 1,
  hopLimitChecked: true,
  unassignedPartRejected: true,
  unassignedPartReported: true,
  foreignSources: 'code 5',
  subDelegatedSources: true,
  ulaCrossesWan: 'no',
  tooBig: 'Packet Too Big',
  tooBigUnderstated: 0,
  errorSize: 1280,

  firewallByDefault: true,
  repliesAccepted: 'all',
  filtered: ['tcp', 'udp'],
  filtering: 'endpoint-independent',
  synErrorAfter: 6,
  synErrorCancelled: true,
  simultaneousOpen: true,
  managementOnWan: 'none',
  dnsOnWan: false,

  ipv6ByDefault: true,
  ipv6SwitchWorks: true,
  status: 'live',
  shown: (status) => status,
  pinholes: 'as told',
  pinholesStored: true,
  pinholesClose: true,
  pinholesFollowPrefix: true,
  firewallSwitch: 'works',
  transparentToSubDelegated: true,
}
