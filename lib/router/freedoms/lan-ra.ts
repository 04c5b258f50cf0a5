import { type Freedom, notApplicable } from './freedom.ts'

/** Router Advertisements on the LAN. */
export const lanRa: Freedom[] = [
  {
    name: 'solicitations-answered-by-multicast',
    clause: 'RFC 4861 section 6.2.6: a solicited RA may be sent by unicast; usually it goes to the all-nodes address',
    behavior: { solicitedBy: 'multicast' },
  },
  {
    name: 'lan-port-return-not-advertised',
    clause: 'RFC 4861 section 6.2.4: an unsolicited RA may follow a change; a host whose link comes up sends an RS',
    behavior: { lanPortReturn: 'unnoticed' },
  },
  {
    name: 'solicitations-answered-early',
    clause: 'RFC 4861 section 6.2.6: the delay is random, between 0 and MAX_RA_DELAY_TIME',
    behavior: { raDelay: { min: 0, max: 0.05 } },
  },
  {
    name: 'rtr-adv-interval-600',
    clause: 'RFC 4861 section 6.2.1: MaxRtrAdvInterval is from 4 to 1800 s, MinRtrAdvInterval at most 0.75 of it',
    behavior: { rtrAdvInterval: { min: 200, max: 600 } },
    warns: { 'RFC7772-5-RARATE': 'seven an hour are RECOMMENDED' },
  },
  {
    name: 'rtr-adv-interval-1800',
    clause: 'RFC 4861 section 6.2.1: MaxRtrAdvInterval is from 4 to 1800 s',
    behavior: { rtrAdvInterval: { min: 1300, max: 1800 } },
  },
  {
    name: 'initial-advertisement-one',
    clause: 'RFC 4861 section 6.2.4: up to MAX_INITIAL_RTR_ADVERTISEMENTS are sent more often',
    behavior: { initialAdvertisements: 1 },
    warns: { 'RFC4861-6.2.4-INTERVAL · initial': 'at most three are sent more often' },
  },
  {
    name: 'initial-advertisements-eight-seconds-apart',
    clause: 'RFC 4861 section 6.2.4: at most MAX_INITIAL_RTR_ADVERT_INTERVAL apart',
    behavior: { maxInitialRtrAdvertInterval: 8 },
  },
  {
    name: 'final-advertisements-three',
    clause: 'RFC 4861 section 6.2.5: up to MAX_FINAL_RTR_ADVERTISEMENTS',
    behavior: { finalAdvertisements: 3 },
  },
  {
    name: 'changes-told-after-two-seconds',
    clause:
      'RFC 4861 section 6.2.4: changes are announced by unsolicited RAs; L-13 and G-5 require no fraction of a second',
    behavior: { changesAdvertisedAfter: 2 },
  },
  {
    name: 'cur-hop-limit-unspecified',
    clause: 'RFC 4861 section 6.2.1: AdvCurHopLimit 0 is unspecified by this router',
    behavior: { advCurHopLimit: 0 },
  },
  {
    name: 'cur-hop-limit-255',
    clause: 'RFC 4861 section 6.2.1: AdvCurHopLimit is set as the link needs it',
    behavior: { advCurHopLimit: 255 },
  },
  {
    name: 'reachable-time-told',
    clause: 'RFC 4861 section 6.2.1: AdvReachableTime of up to an hour',
    behavior: { advReachableTime: 30_000 },
  },
  {
    name: 'retrans-timer-told',
    clause: 'RFC 4861 section 6.2.1: AdvRetransTimer',
    behavior: { advRetransTimer: 1000 },
  },
  {
    name: 'mtu-told',
    clause: 'RFC 4861 section 6.2.1: AdvLinkMTU; RFC 2464 section 2 has 1500 for Ethernet',
    behavior: { advLinkMtu: 1500 },
  },
  {
    name: 'source-link-layer-left-out',
    clause: 'RFC 4861 section 4.2: a router MAY omit it, to share inbound load',
    behavior: { sourceLinkLayer: false },
  },
  {
    name: 'ra-options-reversed',
    clause: 'RFC 4861 section 9: options may be in any order',
    behavior: { raOptionOrder: (options) => [...options].reverse() },
  },
  {
    name: 'advertisement-interval-told',
    clause: 'RFC 6275 section 7.3: Advertisement Interval option; RFC 8910: captive portal; RFC 4861 section 4.2',
    behavior: {
      moreRaOptions: [
        { type: 7, data: Uint8Array.of(0, 0, 0, 0x12, 0x4f, 0x80) },
        { type: 138, data: Uint8Array.of(0, 0, 1, 2, 3, 4) },
      ],
    },
  },
  {
    name: 'default-router-preference-high',
    clause: 'RFC 4191 section 2.2: the preference is configured',
    behavior: { defaultRouterPreference: 'high' },
  },
  {
    name: 'default-router-preference-low',
    clause: 'RFC 4191 section 2.2: the preference is configured',
    behavior: { defaultRouterPreference: 'low' },
  },
  {
    name: 'route-preference-high',
    clause: 'RFC 4191 section 2.3: the preference is configured',
    behavior: { routePreference: 'high' },
  },
  {
    name: 'ula-prefix-told-first',
    clause: 'RFC 4861 section 9: options may be in any order',
    behavior: { pioOrder: 'ULA first' },
  },
  {
    name: 'prefix-information-holds-an-address',
    clause: 'RFC 6275 section 7.2: with the R flag the Prefix field holds a whole address of the router',
    behavior: { pioRouterAddress: 'R flag with the address' },
  },
  {
    name: 'router-lifetime-1800',
    clause: 'RFC 4861 section 6.2.1: AdvDefaultLifetime is 3 times MaxRtrAdvInterval by default',
    behavior: { advDefaultLifetime: 1800 },
    warns: { 'RFC9096-L-16': 'ND_PREFERRED_LIMIT is a SHOULD' },
  },
  {
    name: 'lifetimes-shorter-than-the-limits',
    clause: 'RFC 4861 section 6.2.1: AdvValidLifetime and AdvPreferredLifetime; RFC 9096 L-16 is a SHOULD',
    behavior: { limits: () => ({ preferred: 900, valid: 1800 }), rtrAdvInterval: { min: 200, max: 600 } },
    warns: { 'RFC9096-L-16': 'ND_VALID_LIMIT is a SHOULD' },
  },
  {
    name: 'no-ula',
    clause: 'RFC 7084 ULA-1: the router SHOULD be capable of a ULA prefix; no clause requires one by default',
    behavior: { ula: false },
    warns: notApplicable(
      'it is about the ULA prefix',
      'RFC4193-ULA-LOCAL',
      'RFC7084-ULA-1',
      'RFC7084-ULA-2',
      'RFC7084-ULA-3 · former one',
      'RFC7084-ULA-5',
      'RFC7084-L-3 · ULA prefix',
      'RFC9818-LPD-8',
      'RFC9818-LPD-9',
    ),
  },
  {
    name: 'ula-while-there-is-no-other-prefix',
    clause: 'RFC 7084 ULA-1 does not specify when a LAN has a ULA prefix',
    behavior: { ulaServed: 'without a delegated prefix' },
    warns: notApplicable(
      'it is about the ULA prefix',
      'RFC4193-ULA-LOCAL',
      'RFC7084-ULA-1',
      'RFC7084-ULA-2',
      'RFC7084-ULA-3 · former one',
      'RFC7084-L-3 · ULA prefix',
      'RFC9818-LPD-9',
    ),
  },
  {
    name: 'ula-lifetimes-of-a-week',
    clause: 'RFC 4861 section 6.2.1: AdvValidLifetime and AdvPreferredLifetime; RFC 9096 L-16 is about leased prefixes',
    behavior: { ulaLifetimes: { preferred: 604_800, valid: 2_592_000 } },
  },
  {
    name: 'changes-told-once',
    clause: 'RFC 4861 section 6.2.4: up to MAX_INITIAL_RTR_ADVERTISEMENTS MAY be sent when something changes',
    behavior: { changesRepeated: false },
  },
  {
    name: 'prefixes-in-every-other-periodic-ra',
    clause: 'RFC 4861 section 6.2.3: a router MAY leave some or all options out of unsolicited RAs',
    behavior: { periodicOptions: 'every other time', rtrAdvInterval: { min: 7, max: 10 } },
    warns: {
      'RFC7772-5-RARATE': 'seven an hour are RECOMMENDED',
      'RFC4861-6.1.1-RSVALID': 'not applicable: RAs every few seconds, a response cannot be distinguished from them',
    },
  },
  {
    name: 'solicitations-answered-by-two-ras',
    clause: 'RFC 4861 section 6.2.3: options may be spread over several RAs',
    behavior: { solicitedAnswer: 'two RAs' },
  },
  {
    name: 'route-lifetime-1800',
    clause: 'RFC 4191 section 2.3: Route Lifetime is configured',
    behavior: { routeLifetime: 1800 },
  },
  {
    name: 'routes-to-links-told',
    clause: 'RFC 7084 L-3 requires routes to delegated prefixes, and forbids no others; RFC 4191 section 2.3',
    behavior: { linkRoutes: true },
  },
  {
    name: 'stale-routes-left-out',
    clause: 'RFC 9096 section 3.5 requires that stale prefixes are withdrawn by PIOs, and does not cover routes',
    behavior: { staleRoutes: 'left out' },
  },
  {
    name: 'resolvers-told-for-half-an-hour',
    clause: 'RFC 8106 sections 5.1 and 5.2: by default three times MaxRtrAdvInterval',
    behavior: { resolverLifetime: 1800 },
  },
  {
    name: 'search-domain-of-its-own',
    clause: "RFC 8106 section 5.2, RFC 3646 section 4: a list of domains; RFC 7084 L-12 has the ISP's be among them",
    behavior: { ownDomain: 'home.arpa' },
  },
  {
    name: 'search-list-of-its-own-alone',
    clause: 'RFC 8106 section 5.2: the domains that the router has hosts search; RFC 7084 L-11 does not name them',
    behavior: { ispDomainsAnnounced: false, ownDomain: 'home.arpa' },
    warns: notApplicable(
      "its list is not the ISP's",
      'RFC8415-18.2.10-OPTGONE · search list changed',
      'RFC8415-18.2.10-OPTGONE · search list gone',
    ),
  },
  {
    name: 'rdnss-option-for-each-resolver',
    clause: 'RFC 8106 section 5.1: one option or several',
    behavior: { rdnssOptions: 'one each', resolverAddress: 'ULA and GUA' },
  },
  {
    name: 'managed-flag-clear-though-addresses-are-leased',
    clause: 'RFC 7084 L-9 is about the flags of a router that leases no addresses; RFC 4861 section 4.2',
    behavior: { managedFlag: 'clear' },
    warns: notApplicable(
      'hosts ask for no address, as M is 0',
      'DENAT-GUA-1 · dhcpv6-only',
      'DENAT-RENUM-CASCADE',
      'RFC9096-3.5-BINDINGS',
      'RFC9096-3.5-DHCPZERO',
      'RFC9096-L-15 · DHCPv6 host',
    ),
  },
  {
    name: 'other-flag-clear-beside-the-managed-flag',
    clause: 'RFC 4861 section 4.2: where M is set, O is redundant and can be ignored',
    behavior: { otherFlag: false },
  },
  {
    name: 'multicast-ras-more-than-three-seconds-apart',
    clause: 'RFC 4861 section 6.2.6: MIN_DELAY_BETWEEN_RAS and the random delay after the RA before',
    behavior: { minDelayBetweenRas: 3.5 },
  },
]
