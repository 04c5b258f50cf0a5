import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'
import { dhcpv6OptionCode } from '../../wire/dhcpv6-options.ts'

/** What is wrong with a Reconfigure: RFC 8415 sections 16.11 and 20.4. */
export type ReconfigureFlaw =
  | 'multicast'
  | 'no Server Identifier'
  | 'no Client Identifier'
  | 'another client'
  | 'no authentication'
  | 'wrong digest'
  | 'replayed'
  | 'sent again'
  | 'no demand'
  | 'unknown demand'

/** What a Reconfigure may ask for. */
export type Demand = 'renew' | 'rebind' | 'information-request'

/** The answer that grants a prefix: to a first Request, to one after NoBinding, to the first message after a restart. */
export type GrantedBy = 'discovery' | 'NoBinding' | 'Renew' | 'Rebind' | 'restart'

/** DHCPv6 client: each decision, and what meets the requirements. */
export interface Dhcpv6ClientBehavior {
  /** Flags of an RA that start prefix delegation: RFC 7084 WPD-4. */
  delegationStartsOn: 'M or O' | 'M' | 'O' | 'any RA'
  /** IA_NA is asked for where M=1 (RFC 7084 WAA-6); what M=0 leads to is the router's. */
  addressAskedFor: 'with M=1' | 'with every RA'
  requestsAddress: boolean
  /** The first exchange begins with an RA, or with the line and again with the first RA: RFC 7084 WPD-4. */
  firstExchange: 'with an RA' | 'with the line'
  /** Seconds after the RA that led to it: RFC 7084 WPD-4 specifies no time. */
  exchangeBeginsAfter: number
  /** How a prefix is used that an answer grants again: RFC 9915 section 18.2.10.1. */
  newPrefixUsed(by: GrantedBy): 'at once' | 'with the next Reply' | 'never'
  /** Seconds from the grant of a prefix to its use: no document specifies a time. */
  prefixesUsedAfter: number
  /** Seconds until the end of a lease is noticed. */
  expiryNoticedAfter: number
  /** Seconds from a Reconfigure to the message that it demands: RFC 9915 section 18.2.11. */
  reconfigureObeyedAfter: number
  /** Addresses and prefixes by one session or by two: RFC 9915 section 6.3. */
  sessions: 'one' | 'one for addresses, one for prefixes'
  /** IA_PD is asked for: RFC 7084 W-4. */
  requestsPrefix: boolean
  /** Source of the client's messages (RFC 8415 section 17); a global one is formed from any PIO. */
  clientSource: 'link-local' | 'global'
  /** Port that the client sends from: RFC 8415 section 7.2. */
  clientPort: number
  /** Options of a message may stand in any order: RFC 9915 section 21.1. */
  clientOptionOrder(options: Dhcpv6Option[]): Dhcpv6Option[]
  /** Which of the two IAs comes first. */
  iaOrder: 'IA_NA first' | 'IA_PD first'
  /** Options of Solicit, Request, Renew and Rebind about the router itself: RFC 9915 sections 21.15 and 21.16, RFC 4704. */
  ownOptions: Dhcpv6Option[]
  /** Solicit holds Rapid Commit: RFC 9915 section 18.2.1. */
  rapidCommit: boolean
  /** Solicit names the prefixes and addresses that it had last: RFC 9915 section 18.2.1. */
  solicitNames: 'what it had last' | 'nothing'
  /** A Request holds an IA of which nothing was offered: RFC 9915 section 18.2.2. */
  requestHolds: 'all IAs' | 'what was offered'
  /** Messages with Reconfigure Accept, in addition to the Solicit: RFC 9915 section 21.20. */
  reconfigureAcceptedIn: readonly string[]
  /** Option Request Option of all messages: RFC 7084 WAA-4, WAA-8. */
  optionRequest: number[]
  /** What an Information-request requests in addition to that: RFC 8415 section 18.2.6. */
  informationOptionRequest: number[]
  /** With M=0, where no lease is offered, the rest is asked for by Information-request: RFC 8415 section 18.2.6. */
  informationWithoutLeases: boolean
  /** When it is asked for again, by Information Refresh Time: RFC 8415 section 21.23. Seconds. */
  informationRefreshedAfter(received: number): number
  /** Values of INF_MAX_RT that are obeyed: RFC 8415 section 21.25. Seconds. */
  infMaxRtObeyed(value: number): boolean
  /** Solicit holds Reconfigure Accept: RFC 7084 WAA-4. */
  reconfigureAccepted: boolean
  /** Length of the prefix that is hinted at while there is no lease; undefined: no hint. RFC 7084 WPD-2. */
  prefixHint?: number
  /** What is sent again has the transaction-id of the first: RFC 8415 section 16.1. */
  transactionIdKept(type: string): boolean
  /** After MRC Requests without a Reply: RFC 8415 section 18.2.2. */
  requestFailedLeadsTo: 'solicit' | 'nothing'
  /** An Advertise without any lease: RFC 8415 section 18.2.9. */
  emptyAdvertise(message: { options: Dhcpv6Option[] }): 'ignored' | 'accepted' | 'restarts'
  /** Values of SOL_MAX_RT that are obeyed: RFC 8415 section 21.24. Seconds. */
  solMaxRtObeyed(value: number): boolean
  /** What is made of a longer one, undefined: nothing. RFC 8415 section 21.24. Seconds. */
  longestSolMaxRt: number | undefined
  /** SOL_MAX_RT of an Advertise without a lease is obeyed: RFC 8415 section 18.2.9. */
  emptyAdvertiseRead: boolean
  /** Advertises are collected for the first timeout and the highest preference wins: RFC 8415 section 18.2.1. */
  advertisesCollected: boolean | 'in every timeout'
  /** Of those, the highest preference wins: RFC 8415 section 18.2.9. */
  highestPreferenceWins: boolean
  /** Preference 255 ends the collection: RFC 8415 section 18.2.1. */
  preference255AtOnce: boolean
  /** Leases that are used although their valid lifetime is over: RFC 8415 section 18.2.5. */
  usedAfterExpiry: 'none' | 'ia-na' | 'ia-pd'
  /** When all have ended: RFC 8415 section 18.2.5. */
  afterExpiry: 'solicit' | 'nothing'
  /** Seconds until the client acts on a Reply with UnspecFail to a Request: RFC 8415 sections 14.1 and 18.2.10. */
  afterRefusal: { wait: number; next: 'solicit' | 'request' }
  /** Seconds by which timers of leases fire late, as those of a coarse clock do: RFC 9915 section 18.2.4. */
  leaseTimersLate: number
  /** How T1 and T2 are used, given the shortest preferred lifetime of the IA: RFC 9915 section 18.2.4. Seconds. */
  leaseTimes(told: { t1: number; t2: number }, preferredLifetime: number): { t1: number; t2: number }
  /** The first Renew comes at this share of T1: RFC 8415 section 18.2.4. */
  renewAtShareOfT1: number
  /** It comes at T1 whatever message the lease was extended by: RFC 8415 section 18.2.10.1. */
  renewsAfterRebind: boolean
  /** A Reply of another server to a Rebind: RFC 8415 section 18.2.5. */
  rebindAnsweredByAnother: 'taken' | 'begins discovery' | 'former server named'
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
  /** The numbers that name the two IAs; those of IA_NAs and of IA_PDs are apart: RFC 9915 section 12. */
  iaids: { 'ia-na': number; 'ia-pd': number }
  /** IAIDs are the same after a restart and after the line was cut: RFC 9096 WPD-10. */
  iaid: 'stable' | 'new at each boot' | 'new at each link'
  /** The lease is remembered over a restart: RFC 8168 section 3. */
  leaseStored: boolean
  /** An unanswered Renew goes on to Rebind at T2: RFC 8415 section 18.2.5. */
  atT2: 'rebind' | 'rebind and renew' | 'solicit' | 'renew'
  /** Rebind names no server: RFC 8415 section 18.2.5. */
  rebindNamesServer: 'never' | 'always' | 'when it was demanded'
  /** An assigned address that another node has is declined: RFC 8415 section 18.2.8. */
  declines: boolean
  /** What the client stops using with it: RFC 8415 section 18.2.8. */
  declineDrops: 'the address' | 'nothing' | 'all leases'
  /** Which of them the router has: RFC 9915 section 11. */
  duidType:
    | 'link-layer address'
    | 'link-layer address and time'
    | 'enterprise number'
    | 'UUID'
    | 'link-layer address of zeros'
  /** The DUID is the same over restarts: RFC 7084 W-5. */
  duid: 'stable' | 'new at each boot'
  /** Delegated lengths that are taken: RFC 7084 WPD-3. */
  delegatedLengthTaken(length: number): boolean
  /** IAs in which a lease with valid lifetime 0 ends at once: RFC 8415 section 18.2.10.1. */
  zeroLifetimeHeeded: readonly ('ia-na' | 'ia-pd')[]
  /** A Reconfigure with this flaw is accepted: RFC 8415 section 16.11 permits none. */
  reconfigureFlawOverlooked: ReconfigureFlaw | 'none'
  /** The key of the first Reply is known for as long as none comes in its place: RFC 8415 section 20.4.3. */
  reconfigureKeyKept: boolean
  /** What a Reconfigure that demands this leads to: RFC 8415 section 18.2.11. */
  reconfigureLeadsTo(demand: Demand): Demand | undefined
  /** Reconfigures while the exchange goes on that one led to: RFC 8415 section 18.2.11. */
  reconfigureMeanwhile: 'ignored' | 'heeded'
  /** NoBinding leads to a Request: RFC 8415 section 18.2.10.1. */
  noBindingLeadsTo: 'request' | 'nothing'
  /** Resolvers that the ISP names are those that are asked: RFC 7084 WAA-4. */
  learnedResolversAsked: boolean
  /** The time servers that are used: RFC 7084 WAA-5. */
  timeServers: 'as received' | 'built in' | 'none'
  /** After NoBinding, leases that the next Reply does not contain remain in use: RFC 8415 section 18.2.10.1 forbids it. */
  unboundLeasesKept: boolean
  /** When leases are released that are no longer wanted: RFC 8415 section 18.2.7. */
  released: 'after the LAN knows' | 'at once' | 'while the LAN is served' | 'and used on'
  /** A Reply ends a Release, whatever its status: RFC 8415 section 18.2.10.3. */
  noBindingEndsRelease: boolean
  /** Leases are released before an orderly restart: RFC 9096 WPD-9 forbids it. */
  releaseOnReboot: boolean
  /** With a stored lease that holds a prefix the first message is a Rebind: RFC 8415 section 18.2.12. */
  afterReboot: 'rebind' | 'confirm' | 'solicit'
  /** The same when the line is back: RFC 8415 section 18.2.12. */
  afterLinkChange: 'rebind' | 'confirm' | 'solicit' | 'nothing'
  /** Leases when that Rebind stays without answer: RFC 8415 section 18.2.3. */
  unconfirmedLeases: 'kept' | 'dropped'
  /** T1 and T2 of the client's own choice, as shares of the preferred lifetime: RFC 8415 section 14.2. */
  ownTimes: { t1: number; t2: number }
}

export const dhcpv6Client: Dhcpv6ClientBehavior = {
  delegationStartsOn: 'M or O',
  addressAskedFor: 'with M=1',
  requestsAddress: true,
  firstExchange: 'with an RA',
  exchangeBeginsAfter: 0,
  newPrefixUsed: () => 'at once',
  prefixesUsedAfter: 0,
  expiryNoticedAfter: 0,
  reconfigureObeyedAfter: 0,
  sessions: 'one',
  requestsPrefix: true,
  clientSource: 'link-local',
  clientPort: 546,
  clientOptionOrder: (options) => options,
  iaOrder: 'IA_NA first',
  ownOptions: [],
  rapidCommit: false,
  solicitNames: 'what it had last',
  requestHolds: 'all IAs',
  reconfigureAcceptedIn: ['solicit'],
  optionRequest: [
    dhcpv6OptionCode('dns-servers'),
    dhcpv6OptionCode('domain-list'),
    dhcpv6OptionCode('sip-domains'),
    dhcpv6OptionCode('sip-servers'),
    dhcpv6OptionCode('sntp-servers'),
    dhcpv6OptionCode('ntp-server'),
    dhcpv6OptionCode('pd-exclude'),
    dhcpv6OptionCode('sol-max-rt'),
  ],
  informationOptionRequest: [dhcpv6OptionCode('information-refresh-time'), dhcpv6OptionCode('inf-max-rt')],
  informationWithoutLeases: true,
  informationRefreshedAfter: (received) => Math.max(600, received),
  infMaxRtObeyed: (value) => value >= 60 && value <= 86_400,
  reconfigureAccepted: true,
  prefixHint: 60,
  transactionIdKept: () => true,
  requestFailedLeadsTo: 'solicit',
  emptyAdvertise: () => 'ignored',
  solMaxRtObeyed: (value) => value >= 60 && value <= 86_400,
  longestSolMaxRt: undefined,
  emptyAdvertiseRead: true,
  advertisesCollected: true,
  highestPreferenceWins: true,
  preference255AtOnce: true,
  usedAfterExpiry: 'none',
  afterExpiry: 'solicit',
  afterRefusal: { wait: 30, next: 'solicit' },
  leaseTimersLate: 0,
  leaseTimes: (received) => received,
  renewAtShareOfT1: 1,
  renewsAfterRebind: true,
  rebindAnsweredByAnother: 'taken',
  rebindAtShareOfT2: 1,
  renewNamesServer: true,
  renewHolds: 'all IAs',
  leasesNamed: true,
  iaidKept: true,
  iaids: { 'ia-na': 1, 'ia-pd': 1 },
  iaid: 'stable',
  leaseStored: true,
  atT2: 'rebind',
  rebindNamesServer: 'never',
  declines: true,
  declineDrops: 'the address',
  duidType: 'link-layer address',
  duid: 'stable',
  delegatedLengthTaken: () => true,
  zeroLifetimeHeeded: ['ia-na', 'ia-pd'],
  reconfigureFlawOverlooked: 'none',
  reconfigureKeyKept: true,
  reconfigureLeadsTo: (demand) => demand,
  reconfigureMeanwhile: 'ignored',
  noBindingLeadsTo: 'request',
  learnedResolversAsked: true,
  timeServers: 'as received',
  unboundLeasesKept: false,
  released: 'after the LAN knows',
  noBindingEndsRelease: true,
  releaseOnReboot: false,
  afterReboot: 'rebind',
  afterLinkChange: 'rebind',
  unconfirmedLeases: 'kept',
  ownTimes: { t1: 0.5, t2: 0.8 },
}
