import type { NdOption, Preference } from '../../wire/nd-options.ts'
import type { SolicitationFlaw } from '../interface/solicitations.ts'

/** What is advertised on the LAN with a lifetime. */
export type Limited = 'pio' | 'rio' | 'rdnss' | 'dnssl' | 'ia-na' | 'ia-pd'

/** LAN: prefixes and Router Advertisements: each decision, and what meets the requirements. */
export interface LanAdvertisementsBehavior {
  /** The router has an address of its own in each LAN prefix that was delegated: RFC 7084 WAA-7, L-3. */
  lanAddresses: 'all' | 'ULA only'
  /** The prefix that PD_EXCLUDE names is on no LAN: RFC 6603 section 4.2. */
  excludedPrefixHeeded: boolean
  /** RFC 7084 L-1. */
  routerAdvertisements: boolean
  /** RFC 7084 L-1. */
  solicitationsAnswered: boolean
  /** A Router Solicitation that is not valid is discarded: RFC 4861 section 6.1.1. */
  solicitationDiscarded(flaw: SolicitationFlaw): boolean
  /** How Router Solicitations are answered: RFC 4861 section 6.2.6, RFC 7772 section 5. */
  solicitedBy: 'unicast' | 'multicast'
  /** By when after it, seconds: MAX_RA_DELAY_TIME, RFC 4861 section 10. */
  raDelay: { min: number; max: number }
  /** MIN_DELAY_BETWEEN_RAS of multicast RAs, seconds: RFC 4861 section 10. */
  minDelayBetweenRas: number
  /** MAX_INITIAL_RTR_ADVERT_INTERVAL, seconds: RFC 4861 section 10. */
  maxInitialRtrAdvertInterval: number
  /** MinRtrAdvInterval and MaxRtrAdvInterval, seconds: RFC 4861 section 6.2.1, RFC 7772 section 5. */
  rtrAdvInterval: { min: number; max: number }
  /** Seconds until the LAN's interfaces are up: RFC 7084 names no time. */
  lansStartAfter: number
  /** LAN interfaces that are advertising ones: RFC 7084 L-5. */
  lansAdvertised: 'all' | 'first'
  /** Router Lifetime is 0 without a delegated prefix: RFC 7084 L-4, ULA-5. */
  routerLifetimeFollowsPrefix: boolean
  /** AdvDefaultLifetime, where there is a way to the Internet; seconds: RFC 4861 section 6.2.1. */
  advDefaultLifetime: number
  /** AdvCurHopLimit. */
  advCurHopLimit: number
  /** AdvReachableTime, milliseconds. */
  advReachableTime: number
  /** AdvRetransTimer, milliseconds: RFC 4861 section 6.2.1. */
  advRetransTimer: number
  /** Source Link-Layer Address: RFC 4861 section 4.2 has it MAY be left out. */
  sourceLinkLayer: boolean
  /** Options may stand in any order: RFC 4861 section 4.6. */
  raOptionOrder(options: NdOption[]): NdOption[]
  /** Options of other documents: RFC 4861 section 4.2 has receivers ignore what they do not know. */
  moreRaOptions: readonly NdOption[]
  /** Default Router Preference: RFC 4191 section 2.2. */
  defaultRouterPreference: Preference
  /** Of Route Information Options: RFC 4191 section 2.3. */
  routePreference: Preference
  /** Which LAN prefix is advertised first. */
  pioOrder: 'delegated first' | 'ULA first'
  /** Greatest number of initial RAs: MAX_INITIAL_RTR_ADVERTISEMENTS, RFC 4861 section 10. */
  initialAdvertisements: number
  /** Final RAs: up to MAX_FINAL_RTR_ADVERTISEMENTS, RFC 4861 section 6.2.5. */
  finalAdvertisements: number
  /** Seconds until a change is advertised: RFC 4861 section 6.2.4 specifies no time. */
  changesAdvertisedAfter: number
  /** How often a change is announced: up to MAX_INITIAL_RTR_ADVERTISEMENTS, RFC 4861 section 6.2.4. */
  changesRepeated: boolean
  /** An RA is sent when only the lifetimes of a prefix have changed; else the next periodic one contains them. */
  extensionsAdvertised: boolean
  /** What periodic RAs hold, beyond the initial ones: RFC 4861 section 6.2.3. */
  periodicOptions: 'all' | 'every other time'
  /** RAs that answer one solicitation: RFC 4861 section 6.2.3. */
  solicitedAnswer: 'one RA' | 'two RAs'
  /** Longest lifetime of Route Information Options: RFC 4191 section 2.3. Seconds. */
  routeLifetime: number
  /** Routes to the LAN's own /64s are advertised in addition to those to the prefixes that contain them: RFC 4191 section 2.3. */
  linkRoutes: boolean
  /** Routes to a delegated prefix that has ended: RFC 9096 section 3.5 is about PIOs. */
  staleRoutes: 'lifetime 0' | 'left out'
  /** Longest lifetime of RDNSS and DNSSL: RFC 8106 sections 5.1 and 5.2. Seconds. */
  resolverLifetime: number
  /** A search domain of the router itself, in addition to the ISP's: RFC 8106 section 5.2. */
  ownDomain: string | undefined
  /** The ISP's search list is announced as well: RFC 7084 L-12 asks for it of DHCPv6. */
  ispDomainsAnnounced: boolean
  /** One option for each resolver, or one for all: RFC 8106 section 5.1. */
  rdnssOptions: 'one' | 'one each'
  /** AdvLinkMTU; 0 is not advertised. */
  advLinkMtu: number
  /** AdvPreferredLifetime is not longer than AdvValidLifetime. */
  preferredWithinValid(prefix: { lan: number; kind: 'delegated' | 'ula' }): boolean
  /** Source of RAs: RFC 4861 section 4.2. */
  raSource: 'link-local' | 'global' | 'global where it is asked from one'
  /** Ports that RAs leave by; on the WAN the router is a host: RFC 4861 section 6.2.1. */
  advertisesOn: 'the LAN' | 'every port' | 'the LAN, and the WAN when asked'
  /** R flag of PIOs, and what stands in their prefix: RFC 6275 section 7.2. */
  pioRouterAddress: 'no R flag' | 'R flag with the address' | 'R flag without the address'
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
  managedFlag: 'as served' | 'set' | 'clear'
  /** O flag: RFC 7084 L-9. */
  otherFlag: boolean
  /** Route Information Options for delegated and ULA prefixes: RFC 7084 L-3. */
  routeInformation: 'always' | 'with a default router' | 'delegated only' | 'never'
  /** RDNSS: RFC 7084 L-11. */
  rdnss: boolean
  /** DNSSL: RFC 7084 L-11. */
  dnssl: boolean
  /** NAT64 prefixes of the line that are advertised on the LAN: RFC 8781 section 4. */
  nat64Prefix: "the line's" | 'of another length' | 'the well-known one' | 'never withdrawn' | 'merely left out'
  /** Router Lifetime is 0 without a default router on the WAN: RFC 7084 G-4. */
  routerLifetimeFollowsWan: boolean
  /** The loss of the WAN's default router is advertised at once: RFC 7084 G-5. */
  lossAnnounced: boolean
  /** Its return is advertised as well, in unsolicited and solicited RAs: RFC 7084 G-5. */
  returnAdvertised: boolean
  /** Lifetimes on the LAN are those of the ISP's lease, in real time: RFC 9096 L-15. */
  lifetimesFollowLease(of: 'pio' | 'ia-na' | 'ia-pd'): boolean
  /** ND_PREFERRED_LIMIT and ND_VALID_LIMIT for each thing that has a lifetime: RFC 9096 section 3.4, L-16. */
  limits(of: Limited): { preferred: number; valid: number }
  /** What becomes of the PIO of a stale prefix: RFC 9096 L-13. */
  stalePios: 'withdrawn' | 'omitted' | 'kept'
  /** A and L of a withdrawn PIO: RFC 9096 L-13. */
  withdrawnPioFlags: 'unchanged' | 'cleared'
  /** Valid lifetime of a withdrawn PIO: RFC 7084 L-13 leaves what is left of it, RFC 9096 L-13 does not. */
  withdrawnValidLifetime: 'zero' | 'remaining'
  /** For how long a prefix is withdrawn, given the seconds for which hosts still have it: RFC 9096 section 3.5. */
  withdrawnFor(believed: number): number
  /** Prefixes whose lease has run out: RFC 9096 L-15. */
  expiredPrefixes: 'dropped' | 'advertised on'
  /** Advertised prefixes are stored, and withdrawn after a restart: RFC 9096 section 3.5. */
  advertisedPrefixesStored: 'with their flags' | 'without flags' | 'no'
  /** Ends of a life over which they stay stored: RFC 9096 section 3.5. */
  advertisedPrefixesOutlive: readonly ('orderly reboot' | 'power cut')[]
  /** Final RAs with Router Lifetime 0: RFC 4861 section 6.2.5. */
  finalAdvertisement: boolean
  /** The time after its boot in which the router advertises changes to hosts that are there already (ROB-ORDER). Seconds. */
  changesAnnouncedFor: number
  /** Unique local addresses on the LAN: RFC 7084 ULA-1. */
  ula: boolean
  /** When the LAN has them: RFC 7084 ULA-1 leaves it open. */
  ulaServed: 'always' | 'without a delegated prefix'
  /** Lifetimes of the ULA prefix, which no lease limits; undefined: those of other prefixes. RFC 4861 section 6.2.1. */
  ulaLifetimes: { preferred: number; valid: number } | undefined
  /** The ULA prefixes of all LANs are of one /48: RFC 7084 ULA-1. */
  ulaSites: 'one' | 'one for each LAN'
  /** Number of the first /64 of the ULA prefix that a LAN has: RFC 7084 L-2. */
  ulaSubnetsFrom: number
  /** An RA to all follows at once where a host without an address asks: RFC 4861 section 6.2.6. */
  unspecifiedAnsweredAtOnce: boolean
  /** Global ID of the ULA prefix: RFC 4193 section 3.2. */
  globalId: 'random' | 'zero' | 'constant' | 'of one octet' | 'with L=0'
  /** The ULA prefix is made once: RFC 7084 ULA-2. */
  ulaMade: 'once' | 'at each boot' | 'with each delegated prefix'
  /** Which /64 of the delegated prefix a LAN has stays so: the project's policy. */
  lanPrefixDrawn: 'once' | 'at each restart' | 'at each loss of the line'
}

export const lanAdvertisements: LanAdvertisementsBehavior = {
  lanAddresses: 'all',
  excludedPrefixHeeded: true,
  routerAdvertisements: true,
  solicitationsAnswered: true,
  solicitationDiscarded: () => true,
  solicitedBy: 'unicast',
  raDelay: { min: 0, max: 0.5 },
  minDelayBetweenRas: 3,
  maxInitialRtrAdvertInterval: 16,
  rtrAdvInterval: { min: 600, max: 1200 },
  lansStartAfter: 0,
  lansAdvertised: 'all',
  routerLifetimeFollowsPrefix: true,
  advDefaultLifetime: 2700,
  advCurHopLimit: 64,
  advReachableTime: 0,
  advRetransTimer: 0,
  sourceLinkLayer: true,
  raOptionOrder: (options) => options,
  moreRaOptions: [],
  defaultRouterPreference: 'medium',
  routePreference: 'medium',
  pioOrder: 'delegated first',
  initialAdvertisements: 3,
  finalAdvertisements: 1,
  changesAdvertisedAfter: 0,
  changesRepeated: true,
  extensionsAdvertised: true,
  periodicOptions: 'all',
  solicitedAnswer: 'one RA',
  routeLifetime: Number.POSITIVE_INFINITY,
  linkRoutes: false,
  staleRoutes: 'lifetime 0',
  resolverLifetime: Number.POSITIVE_INFINITY,
  ownDomain: undefined,
  ispDomainsAnnounced: true,
  rdnssOptions: 'one',
  advLinkMtu: 0,
  preferredWithinValid: () => true,
  raSource: 'link-local',
  advertisesOn: 'the LAN',
  pioRouterAddress: 'no R flag',
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
  nat64Prefix: "the line's",
  routerLifetimeFollowsWan: true,
  lossAnnounced: true,
  returnAdvertised: true,
  lifetimesFollowLease: () => true,
  limits: () => ({ preferred: 2700, valid: 5400 }),
  stalePios: 'withdrawn',
  withdrawnPioFlags: 'unchanged',
  withdrawnValidLifetime: 'zero',
  withdrawnFor: (believed) => believed,
  expiredPrefixes: 'dropped',
  advertisedPrefixesStored: 'with their flags',
  advertisedPrefixesOutlive: ['orderly reboot', 'power cut'],
  finalAdvertisement: true,
  changesAnnouncedFor: Number.POSITIVE_INFINITY,
  ula: true,
  ulaServed: 'always',
  ulaLifetimes: undefined,
  ulaSites: 'one',
  ulaSubnetsFrom: 0,
  globalId: 'random',
  ulaMade: 'once',
  unspecifiedAnsweredAtOnce: false,
  lanPrefixDrawn: 'once',
}
