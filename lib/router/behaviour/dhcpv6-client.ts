import type { Dhcpv6Option } from '../../wire/dhcpv6.ts'
import { dhcpv6OptionCode } from '../../wire/dhcpv6-options.ts'
import type { Demand, ReconfigureFlaw } from '../reconfigure.ts'

/** DHCPv6 client: each decision, and what meets the requirements. */
export interface Dhcpv6ClientBehaviour {
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
  /** What an Information-request asks for beside that: RFC 8415 section 18.2.6. */
  informationOptionRequest: number[]
  /** With M=0, where no lease is offered, the rest is asked for by Information-request: RFC 8415 section 18.2.6. */
  informationWithoutLeases: boolean
  /** When it is asked for again, by Information Refresh Time: RFC 8415 section 21.23. Seconds. */
  informationRefreshedAfter(told: number): number
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
  emptyAdvertise(message: { options: Dhcpv6Option[] }): 'ignored' | 'accepted' | 'begins anew'
  /** Values of SOL_MAX_RT that are obeyed: RFC 8415 section 21.24. Seconds. */
  solMaxRtObeyed(value: number): boolean
  /** What is made of a longer one, undefined: nothing. RFC 8415 section 21.24. Seconds. */
  longestSolMaxRt: number | undefined
  /** SOL_MAX_RT of an Advertise without a lease is obeyed: RFC 8415 section 18.2.9. */
  emptyAdvertiseRead: boolean
  /** Advertises are collected for the first timeout and the highest preference wins: RFC 8415 section 18.2.1. */
  advertisesCollected: boolean
  /** Of those, the highest preference wins: RFC 8415 section 18.2.9. */
  highestPreferenceWins: boolean
  /** Preference 255 ends the collection: RFC 8415 section 18.2.1. */
  preference255AtOnce: boolean
  /** Leases that are used although their valid lifetime is over: RFC 8415 section 18.2.5. */
  usedAfterExpiry: 'none' | 'ia-na' | 'ia-pd'
  /** When all have ended: RFC 8415 section 18.2.5. */
  afterExpiry: 'solicit' | 'nothing'
  /** What a Reply with UnspecFail to a Request leads to, after so many seconds: RFC 8415 sections 14.1 and 18.2.10. */
  afterRefusal: { wait: number; next: 'solicit' | 'request' }
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
  /** What is given up with it: RFC 8415 section 18.2.8. */
  declineDrops: 'the address' | 'nothing' | 'all leases'
  /** The DUID is the same over restarts: RFC 7084 W-5. */
  duid: 'stable' | 'new at each boot'
  /** Delegated lengths that are taken: RFC 7084 WPD-3. */
  delegatedLengthTaken(length: number): boolean
  /** IAs in which a lease with valid lifetime 0 ends at once: RFC 8415 section 18.2.10.1. */
  zeroLifetimeHeeded: readonly ('ia-na' | 'ia-pd')[]
  /** A Reconfigure with this flaw is believed: RFC 8415 section 16.11 says none. */
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
  /** Who is asked for the time: RFC 7084 WAA-5. */
  timeServers: 'as told' | 'built in' | 'none'
  /** After NoBinding, leases that the next Reply does not name go on: RFC 8415 section 18.2.10.1 says no. */
  unboundLeasesKept: boolean
  /** When leases are released that somebody gives up: RFC 8415 section 18.2.7. */
  released: 'after the LAN knows' | 'at once' | 'while the LAN is served'
  /** A Reply ends a Release, whatever its status: RFC 8415 section 18.2.10.3. */
  noBindingEndsRelease: boolean
  /** Leases are released before an orderly restart: RFC 9096 WPD-9 says no. */
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

export const dhcpv6Client: Dhcpv6ClientBehaviour = {
  delegationStartsOn: 'M or O',
  requestsAddress: true,
  requestsPrefix: true,
  clientSource: 'link-local',
  clientPort: 546,
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
  informationRefreshedAfter: (told) => Math.max(600, told),
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
  renewAtShareOfT1: 1,
  rebindAtShareOfT2: 1,
  renewNamesServer: true,
  renewHolds: 'all IAs',
  leasesNamed: true,
  iaidKept: true,
  iaid: 'stable',
  leaseStored: true,
  atT2: 'rebind',
  rebindNamesServer: 'never',
  declines: true,
  declineDrops: 'the address',
  duid: 'stable',
  delegatedLengthTaken: () => true,
  zeroLifetimeHeeded: ['ia-na', 'ia-pd'],
  reconfigureFlawOverlooked: 'none',
  reconfigureKeyKept: true,
  reconfigureLeadsTo: (demand) => demand,
  reconfigureMeanwhile: 'ignored',
  noBindingLeadsTo: 'request',
  learnedResolversAsked: true,
  timeServers: 'as told',
  unboundLeasesKept: false,
  released: 'after the LAN knows',
  noBindingEndsRelease: true,
  releaseOnReboot: false,
  afterReboot: 'rebind',
  afterLinkChange: 'rebind',
  unconfirmedLeases: 'kept',
  ownTimes: { t1: 0.5, t2: 0.8 },
}
