import type { NdOption } from '../../wire/nd-options.ts'
import type { InterfaceIds } from '../interface/interface-ids.ts'

/** The WAN interface as a host: each decision, and what meets the requirements. */
export interface WanHostBehavior {
  /** The MACs of its ports. */
  macs: 'of one maker' | 'of several makers' | 'one for all' | 'WAN drawn at each boot'
  /** Seconds until the router reacts to carrier. */
  lineNoticedAfter: number
  /** RAs on the WAN are handled together; the seconds between two batches, 0 is at once. */
  rasHandledEvery: number
  /** Router Advertisements on the WAN are believed: RFC 7084 W-1. */
  acceptsRas: boolean
  /** Seconds after the line came up in which a router is still waited for: ROB-ORDER. */
  routerAwaited(seconds: number): boolean
  /** No Router Solicitation before DAD of the link-local address is over: RFC 7084 W-2. */
  dadBeforeRouterSolicitation: boolean
  /** RFC 7084 W-2. */
  rsSource: 'link-local' | 'unspecified'
  /** MAX_RTR_SOLICITATIONS, RFC 4861 section 10. */
  routerSolicitations: number
  /** RTR_SOLICITATION_INTERVAL, RFC 4861 section 10. Seconds. */
  solicitationInterval: number
  /** Solicitation restarts when the line comes back: RFC 4861 section 6.3.7. */
  lineReturnHeeded: boolean
  /** Solicitation goes on, less and less often, until there is a router: RFC 7559. */
  solicitationGoesOn: boolean
  /** A Router Advertisement ends the solicitation: RFC 4861 section 6.3.7. */
  solicitationEnds: boolean
  /** An address is formed from each PIO with A=1: RFC 7084 WAA-1. */
  slaacOnWan: boolean
  /** Of addresses that RAs bring: RFC 4862 section 5.5.3 d, RFC 7217. */
  slaacIds: InterfaceIds
  /** A temporary address in addition to each: RFC 8981. */
  temporaryAddresses: boolean
  /** Cur Hop Limit of an RA, for the router's own packets to the WAN: RFC 4861 section 6.3.4. */
  curHopLimitTaken: boolean
  /** Preferred Lifetime 0 deprecates an address: RFC 4862 section 5.5.3 e. */
  zeroPreferredLifetimeHeeded: boolean
  /** The prefix of a PIO with this L flag is on-link: RFC 7084 WAA-2. */
  prefixOnLink(flag: boolean): boolean
  /** A /64 is taken to be on-link where an address in it was assigned by DHCPv6: RFC 5942 section 4, rule 3. */
  assignedPrefixOnLink: boolean
  /** Without a global address on the WAN, one of the LAN's is the source: RFC 7084 WAA-9. */
  weakHost: boolean
  /** WAN addresses end with their valid lifetime: RFC 4862 section 5.5.4. */
  wanAddressesExpire: boolean
  /** Router Lifetime 0 takes the sender off the default router list: RFC 4861 section 6.3.4. */
  zeroRouterLifetimeHeeded: boolean
  /** Link MTU before an RA specifies another: RFC 7084 WLL-1, RFC 2464 section 2. */
  defaultWanMtu: number
  /** Default Router Preference decides between routers: RFC 4191 section 3.2. */
  routerPreference: 'heeded' | 'of the first RA' | 'ignored'
  /** What the reserved value of it means: RFC 4191 section 2.2. */
  reservedPreference: 'medium' | 'low' | 'nothing'
  /** A router that does not answer gives way to one that does: RFC 4861 section 6.3.6. */
  unreachableRoutersAvoided: boolean
  /** Greatest number of addresses from RAs. */
  slaacAddresses: number
  /** A new PIO together with a deprecated one: an address is formed (RFC 7084 WAA-1), and the delegation stays as it is. */
  renumberedWan: 'followed' | 'not followed' | 'leases requested again' | 'leases released'
  /** Whether it continues to work after an RA; `recent` counts the RAs of this second. */
  survives(advertisement: { options: NdOption[] }, recent: number): boolean
  /** Options of an RA that are heeded; undefined: the RA is not. `spoilt`: one before had an option of a wrong length. */
  optionsHeeded(options: NdOption[], spoilt: boolean): NdOption[] | undefined
  /** Where a PCP server is looked for: RFC 7084 W-6, RFC 6887 section 8.1. */
  pcpServer: 'default router' | 'all routers' | 'none'
  /** The MTU option is applied: RFC 4861 section 6.3.4. */
  wanMtuApplied: boolean
  /** Whether it is larger or smaller than the one before: the same. */
  wanMtuGrows: boolean
  /** From the least that IPv6 takes (RFC 8200 section 5) to Ethernet's own (RFC 2464 section 2). */
  leastWanMtu: number
  greatestWanMtu: number
  /** Seconds until the first question for the time. */
  timeAskedAfter: { min: number; max: number }
  /** RFC 7084 WPD-7: none is started on the WAN by default. */
  routingProtocol: 'none' | 'RIPng'
  /** IPv6 needs nothing of IPv4: RFC 6540 section 2. */
  ipv6StartsWith: 'the line' | 'an IPv4 address'
}

export const wanHost: WanHostBehavior = {
  macs: 'of one maker',
  lineNoticedAfter: 0,
  rasHandledEvery: 0,
  acceptsRas: true,
  routerAwaited: () => true,
  dadBeforeRouterSolicitation: true,
  rsSource: 'link-local',
  routerSolicitations: 3,
  solicitationInterval: 4,
  lineReturnHeeded: true,
  solicitationGoesOn: false,
  solicitationEnds: true,
  slaacOnWan: true,
  slaacIds: 'EUI-64',
  temporaryAddresses: false,
  curHopLimitTaken: false,
  zeroPreferredLifetimeHeeded: true,
  prefixOnLink: (flag) => flag,
  assignedPrefixOnLink: false,
  weakHost: true,
  wanAddressesExpire: true,
  zeroRouterLifetimeHeeded: true,
  routerPreference: 'heeded',
  reservedPreference: 'medium',
  unreachableRoutersAvoided: true,
  slaacAddresses: 16,
  renumberedWan: 'followed',
  survives: () => true,
  optionsHeeded: (options) => options,
  pcpServer: 'default router',
  defaultWanMtu: 1500,
  wanMtuApplied: true,
  wanMtuGrows: true,
  leastWanMtu: 1280,
  greatestWanMtu: 1500,
  timeAskedAfter: { min: 1, max: 4 },
  routingProtocol: 'none',
  ipv6StartsWith: 'the line',
}
