import { isLinkLocal } from '../../wire/address.ts'
import type { Mutant } from './mutant.ts'

export const wanHost: Mutant[] = [
  {
    name: 'rs-hop-limit-64',
    story: 'Router Solicitations are sent with hop limit 64, and routers ignore them.',
    violates: ['RFC4861-4-ND255', 'RFC7084-W-2'],
    behavior: { rsHopLimit: 64 },
  },
  {
    name: 'wan-ras-ignored',
    story: 'Because forwarding is on, Router Advertisements on the WAN are ignored.',
    violates: [
      'RFC7084-W-1 · slaac',
      'RFC7084-W-4',

      'RFC7084-WAA-3 · Solicit',
      'RFC7084-WAA-6',
      'RFC7084-WPD-4',
      'DENAT-DEFAULT-1 · TCP',
      'DENAT-DEFAULT-1 · UDP',
      'DENAT-DEFAULT-1 · echo',
      'DENAT-PD-2 · it asks for a prefix',
      'DENAT-V6ONLY-WAN · address',
      'ROB-ORDER · RA after 10 s',
      'RFC7084-WAA-1 · lifetime',
      'RFC9762-7.3-PD',
      'RFC4861-6.3.7-RS · until an answer',
    ],
    silences: [
      'RFC4443-4.2-DATA',
      'RFC4443-4.2-SOURCE',
      'RFC5625-6.1-RANDOM',
      'RFC6887-11.3-COPIED',
      'RFC8781-4-PREF64 · prefix and length',
      'RFC8781-4-PREF64 · withdrawn',
      'RFC8781-4-PREF64 · withdrawn by lifetime 0',
    ],
    behavior: { acceptsRas: false },
  },
  {
    name: 'unknown-option-spoils-question',
    story: 'A Neighbor Solicitation with an unknown option is not answered.',
    violates: ['RFC4861-4.2-UNKNOWNOPT · in a Neighbor Solicitation'],
    behavior: { unknownOptions: 'spoil the message' },
  },
  {
    name: 'rare-option-spoils-ra',
    story: 'An RA with an Advertisement Interval option is discarded.',
    // The rest follows where the ISP's router behaves so.
    violates: [
      'RFC4861-4.2-UNKNOWNOPT · Advertisement Interval',
      'RFC7084-W-4',
      'RFC7084-WAA-3 · Solicit',
      'DENAT-PD-2 · it asks for a prefix',
      'DENAT-V6ONLY-WAN · address',
      'ROB-ORDER · RA after 10 s',
    ],
    silences: [
      'RFC5625-6.1-RANDOM',
      'RFC8781-4-PREF64 · prefix and length',
      'RFC8781-4-PREF64 · withdrawn',
      'RFC8781-4-PREF64 · withdrawn by lifetime 0',
    ],
    behavior: {
      optionsHeeded: (options) => (options.some(({ type }) => type === 7) ? undefined : options),
    },
  },
  {
    name: 'unassigned-option-spoils-ra',
    story: 'An RA with an option of an unassigned type is discarded.',
    violates: ['RFC4861-4.2-UNKNOWNOPT · an unassigned option', 'DENAT-DEFAULT-1 · in use'],
    behavior: {
      optionsHeeded: (options) => (options.some(({ type }) => type === 99) ? undefined : options),
    },
  },
  {
    name: 'rs-before-dad',
    story: 'The first Router Solicitation is sent before DAD of the link-local address has ended.',
    violates: ['RFC7084-W-2'],
    behavior: { dadBeforeRouterSolicitation: false },
  },
  {
    name: 'rs-from-unspecified',
    story: 'Router Solicitations come from the unspecified address.',
    violates: ['RFC7084-W-2'],
    behavior: { rsSource: 'unspecified' },
  },
  {
    name: 'no-router-solicitation',
    story: 'No Router Solicitation is ever sent: the line waits for the next periodic RA.',
    violates: ['RFC4861-6.3.7-RS · solicits'],
    behavior: { routerSolicitations: 0 },
  },
  {
    name: 'rs-every-second',
    story: 'Router Solicitations are 1 s apart.',
    violates: ['RFC4861-6.3.7-RS · interval'],
    behavior: { solicitationInterval: 1 },
  },
  {
    name: 'rs-after-ra',
    story: 'All three Router Solicitations are sent although the first was answered.',
    violates: ['RFC4861-6.3.7-RS · until an answer'],
    behavior: { solicitationEnds: false },
  },
  {
    name: 'no-slaac-on-wan',
    story: 'A PIO with A=1 forms no WAN address.',
    violates: ['RFC7084-W-1 · slaac', 'RFC7084-WAA-1 · lifetime'],
    behavior: { slaacOnWan: false },
  },
  {
    name: 'wan-address-for-ever',
    story: 'A WAN address stays in use after its valid lifetime.',
    // They pile up, until there is room for no more.
    violates: ['RFC7084-WAA-1 · lifetime', 'ROB-FUZZ-RA · 200 PIOs'],
    behavior: { wanAddressesExpire: false },
  },
  {
    name: 'wan-renumbering-not-followed',
    story: 'When one WAN prefix replaces another, no address is formed in the new one.',
    violates: ['RFC7084-WAA-1 · another prefix'],
    behavior: { renumberedWan: 'not followed' },
  },
  {
    name: 'wan-renumbering-ends-leases',
    story: 'When one WAN prefix replaces another, the delegated prefix is dropped and requested again.',
    violates: ['DENAT-ADDR-STABLE · new WAN PIO, LAN'],
    behavior: { renumberedWan: 'leases asked for anew' },
  },
  {
    name: 'router-lifetime-0-ignored',
    story: 'The default route stays after an RA with Router Lifetime 0.',
    violates: ['RFC7084-W-3', 'RFC7084-G-4 · after it is gone'],
    behavior: { zeroRouterLifetimeHeeded: false },
  },
  {
    name: 'wan-address-unanswered',
    story: 'Neighbor Solicitations for the global address of the WAN get no answer.',
    violates: [
      'DENAT-TOGETHER · DNS, new prefix',
      'RFC7084-W-1',
      'RFC7084-WAA-1',
      'RFC7084-WAA-6',
      // The router itself gets no answer, and so its DNS proxy has none to give.
      'DENAT-DEFAULT-1 · IPoE',
      'RFC7084-L-10 · DNS_SERVERS',
      'RFC7084-L-11 · RDNSS',
      'DENAT-V6ONLY-WAN · name',
      'RFC7084-DNS-LOCAL',
      'DENAT-DNS-V6TRANSPORT',
      'RFC8415-18.2.10-LEAVEOUT · NoAddrsAvail in the IA_NA',
      'RFC8415-18.2.10-UNSPEC · in the IA_NA',
      'RFC8415-18.2.10-ZEROLIFE · address deprecated',
      'RFC8415-18.2.10-NOPREFIX · address in use',
      'RFC8415-18.2.5-EXPIRE · address ends',
    ],
    behavior: { answersSolicitations: (target, port) => !port.startsWith('wan') || isLinkLocal(target) },
  },
  {
    name: 'wan-link-local-unanswered',
    story: 'The WAN port does not receive packets to the solicited-node group of its link-local address.',
    violates: [
      'RFC7084-G-1 · WAN link-local',
      'DENAT-FATE-NS',
      // Where no Router Solicitation contains its MAC, no packet returns to a host.
      'UI-DEFAULT-V6ON',
      'UI-STATE-TRUTH · fresh',
    ],
    behavior: {
      answersSolicitations: (target, port, how) => !port.startsWith('wan') || !isLinkLocal(target) || how === 'unicast',
    },
  },
  {
    name: 'wan-probes-unanswered',
    story: 'The filter on the WAN permits multicast Neighbor Solicitations, and drops unicast ones.',
    violates: ['DENAT-FATE-NS', 'RFC4861-4.2-UNKNOWNOPT · in a Neighbor Solicitation'],
    shownIn: 'long-sessions',
    behavior: { answersSolicitations: (_target, port, how) => !port.startsWith('wan') || how === 'multicast' },
  },
  {
    name: 'lan-link-local-unanswered',
    story: 'LAN ports do not receive packets to the solicited-node groups of their link-local addresses.',
    violates: ['RFC7084-G-1 · LAN link-local', 'RFC7084-G-1 · R flag', 'DENAT-FATE-NS'],
    behavior: {
      answersSolicitations: (target, port, how) => port.startsWith('wan') || !isLinkLocal(target) || how === 'unicast',
    },
  },
  {
    name: 'router-flag-clear',
    story: 'Neighbor Advertisements have the Router flag 0.',
    violates: ['RFC7084-G-1 · R flag', 'RFC4861-7.2.4-RFLAG'],
    behavior: { routerFlag: 'never' },
  },
  {
    name: 'router-flag-clear-when-probed',
    story: 'Responses to unicast Neighbor Solicitations have the Router flag 0, and hosts drop their default route.',
    violates: ['RFC4861-7.2.4-RFLAG'],
    shownIn: 'cold-boot',
    behavior: { routerFlag: 'when asked by multicast' },
  },
  {
    name: 'groups-not-reported',
    story: 'No MLD report is sent: a snooping switch forwards no Neighbor Solicitation.',
    violates: ['RFC7084-G-1 · MLD'],
    behavior: { reportsGroups: false },
  },
  {
    name: 'listener-queries-unanswered',
    story: 'MLD reports are sent only when groups are joined: a snooping switch removes them after some minutes.',
    violates: ['RFC7084-G-1 · MLD query, WAN', 'RFC7084-G-1 · MLD query, LAN'],
    behavior: { groupsReportedWhenAsked: false },
  },
]
