/** LAN: prefix delegation to other routers: each decision, and what meets the requirements. */
export interface SubDelegationBehavior {
  /** IA_PD is answered with prefixes: RFC 9818 LPD-1. */
  subDelegates: 'prefixes' | 'NoPrefixAvail' | 'ignored'
  /** The length that is given for a hint `::/n`, undefined without one; undefined: none is. RFC 9818 LPD-7. */
  subPrefixLength(hint: number | undefined): number | undefined
  /** Where no prefix of that length is left, a longer one is given: RFC 9915 section 18.3.9. */
  subPrefixShrinks: boolean
  /** Prefixes that an IA_PD is given of each that is delegated, while there are enough: RFC 9915 section 18.3.2. */
  prefixesGiven: number
  /** Length of the ULA prefix that a router is given: RFC 9818 LPD-8. */
  subDelegatedUlaLength: number
  /** Which part of the ULA prefix it is. */
  subDelegatedUlaOrder: 'the first' | 'the last'
  /** Seconds until the route for a lease is in force: RFC 9818 LPD-5 names no time. */
  routesInstalledAfter: number
  /** Links that no port of the lab shows, such as a guest network, each with a /64: RFC 7084 L-2. */
  unseenLinks: number
  /** Which LAN has the lower /64. */
  lanSubnetOrder: 'as numbered' | 'reversed'
  /** Interface identifier of the router's own addresses in LAN prefixes: RFC 4291 section 2.5.1. */
  lanInterfaceId: string
  /** A hint that names a prefix is followed: RFC 8415 section 18.3.2. */
  hintFollowed:
    | 'if free'
    | 'never'
    | "even if it is the LAN's"
    | "even if it is another's"
    | "even if it is not the ISP's"
  /** Routers whose hint names a prefix are served: RFC 9818 LPD-1. */
  namedHintsServed: boolean
  /** The longest delegated prefix of which routers are given a part: RFC 9818 names none. */
  subDelegatesOfLongest: number
  /** Which of the free prefixes is delegated: RFC 9915 section 13.3. */
  subPrefixOrder: 'the first' | 'the last' | 'the middle'
  /** Where more than one prefix is delegated, of which a router is given a part: RFC 9915 section 18.3.2. */
  subDelegatesOf: 'each' | 'the first'
  /** Released prefixes are given again only when there are no others: RFC 9915 section 13.3. */
  releasedLast: boolean
  /** A router that comes back later is given what it had: RFC 9915 section 13.3. */
  formerRoutersRemembered: boolean
  /** For so long what was offered to one router is offered to no other. Seconds. */
  offersLast: number
  /** The LAN's /64 of the delegated prefix: RFC 7084 L-2. */
  lanSubnetPlace: 'first' | 'last' | 'second'
  /** LAN links have their /64 before routers get any: RFC 9818 LPD-2. */
  linksFirst: boolean
  /** What is left is there for other routers: RFC 9818 LPD-4. */
  keptBack: 'nothing' | 'half' | 'all but a /61'
  /** RFC 8415 section 18.3.9: the answer when no prefix is left. */
  emptyPool: 'NoPrefixAvail' | 'nothing' | 'an empty IA_PD' | "another's prefix" | 'the oldest lease, taken away'
  /** A lease can be renewed when nothing else is left: RFC 8415 section 18.3.4. */
  renewsWhenFull: 'extended' | 'refused' | 'not answered'
  /** What was released is there for others: RFC 9818 LPD-5. */
  releasedPrefixesReturn: boolean
  /** A sub-delegated prefix is routed: RFC 9818 LPD-5. */
  subDelegationRouted: 'whole prefix' | 'one /64 too many' | 'one prefix of a router' | 'first lease only' | 'not'
  /** Where a sub-delegated prefix is routed to: RFC 9818 LPD-5; a DUID is opaque (RFC 9915 section 11). */
  subDelegationNextHop: 'the requesting router' | 'the MAC in its DUID'
  /** What a router sends for the prefix that it has itself: RFC 8987 R-5. */
  packetsForOwnPrefix: 'code 6' | 'sent back'
  /** A Release takes the route away: RFC 9818 LPD-5. */
  releaseRemovesRoute: boolean
  /** Bindings are kept until the leases end: the project's policy. */
  leasedPrefixesKnown: 'until they end' | 'until a restart' | 'until the line is cut' | 'until the WAN is renumbered'
  /** So does the end of its prefix. */
  replacementRemovesRoute: boolean
  /** ULA prefixes by IA_PD, where a GUA prefix is given: RFC 9818 LPD-8, LPD-9. */
  subDelegatedUla: 'none' | 'after' | 'before' | 'instead'
  /** The prefix of a LAN link stays: RFC 9818 LPD-3. */
  linkPrefix: 'stable' | "another when a router's lease ends" | 'another for a longer lease'
  /** A prefix lease is extended by this message: RFC 8415 sections 18.3.4 and 18.3.5. */
  extendsPrefix(by: 'renew' | 'rebind'): boolean
  /** What a client names that was never its own is not extended: RFC 8415 section 18.3.5. */
  unassignedPrefixes: 'zeroed' | 'extended'
  /** A router that solicits again, as after a restart of its own, is given what it has: RFC 8415 section 18.3.9. */
  knownRoutersServed: boolean
  /** Leases of prefixes outlive a restart: RFC 8987 S-2. */
  subLeasesStored: boolean
  /** A route stays when T1 has passed and its router was silent: RFC 8987 S-2. */
  routeOutlivesSilence: boolean
  /** A route leads to the port where its router was last seen: RFC 9818 LPD-5. */
  routeFollowsRouter: boolean
  /** A router whose lease has ended is routed to again when it is given another: RFC 9818 LPD-5. */
  returnedRouted: boolean
  /** The end of a lease takes its route away: RFC 9818 LPD-5. */
  expiryRemovesRoute: boolean
  /** P flag of PIOs: RFC 9762 section 6. */
  pdPreferred: boolean
  /** What is advertised on LANs without a prefix: RFC 7084 L-4. */
  withoutPrefix: 'no way out' | "the WAN link's prefix"
  /** IA_PDs of one router that are served: RFC 8987 G-7. */
  iaPdsOfARouter: number
}

export const subDelegation: SubDelegationBehavior = {
  subDelegates: 'prefixes',
  subPrefixLength: () => 64,
  subPrefixShrinks: false,
  prefixesGiven: 1,
  subDelegatedUlaLength: 64,
  subDelegatedUlaOrder: 'the first',
  routesInstalledAfter: 0,
  unseenLinks: 0,
  lanSubnetOrder: 'as numbered',
  lanInterfaceId: '::1',
  hintFollowed: 'if free',
  namedHintsServed: true,
  subDelegatesOfLongest: 64,
  subPrefixOrder: 'the first',
  subDelegatesOf: 'each',
  releasedLast: false,
  formerRoutersRemembered: false,
  offersLast: 10,
  lanSubnetPlace: 'first',
  linksFirst: true,
  keptBack: 'nothing',
  emptyPool: 'NoPrefixAvail',
  renewsWhenFull: 'extended',
  releasedPrefixesReturn: true,
  subDelegationRouted: 'whole prefix',
  subDelegationNextHop: 'the requesting router',
  packetsForOwnPrefix: 'code 6',
  releaseRemovesRoute: true,
  leasedPrefixesKnown: 'until they end',
  replacementRemovesRoute: true,
  subDelegatedUla: 'after',
  linkPrefix: 'stable',
  extendsPrefix: () => true,
  unassignedPrefixes: 'zeroed',
  knownRoutersServed: true,
  subLeasesStored: true,
  routeOutlivesSilence: true,
  routeFollowsRouter: true,
  returnedRouted: true,
  expiryRemovesRoute: true,
  pdPreferred: false,
  withoutPrefix: 'no way out',
  iaPdsOfARouter: Number.POSITIVE_INFINITY,
}
