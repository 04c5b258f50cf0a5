import type { Dhcpv6 } from '../../wire/dhcpv6.ts'
import type { Dhcpv6Option, Dhcpv6OptionName } from '../../wire/dhcpv6-option.ts'
import type { MessageFlaw } from '../lan/message-flaws.ts'

/** LAN: DHCPv6 server: each decision, and what meets the requirements. */
export interface Dhcpv6ServerBehavior {
  /** RFC 7084 L-8. */
  dhcpv6Server: boolean
  /** Never to change: RFC 8415 section 11. */
  serverDuid: 'stored' | 'new at each boot'
  /** Whose DUID it is: RFC 9915 section 11 has one for each client and each server. */
  serverDuidOf: 'the router' | 'the server'
  /** A Solicit with Rapid Commit is answered by a Reply: RFC 9915 section 18.3.1. */
  rapidCommitServed: boolean
  /** The transaction-id of the question is the answer's: RFC 8415 section 18.3.9. */
  transactionIdCopied(type: Dhcpv6['type']): boolean
  /** And so is its Client Identifier: RFC 8415 section 18.3. */
  clientIdCopied(type: Dhcpv6['type']): boolean
  /** RFC 6092 REC-9 forbids it. */
  dhcpv6ServerOnWan: boolean
  /** A message with a flaw is discarded: RFC 8415 section 16. */
  messageDiscarded(type: Dhcpv6['type'], flaw: MessageFlaw): boolean
  /** A Request for a second IA_NA of a client that has one: RFC 8415 section 18.3.2. */
  secondIa: 'in addition to the first' | 'in its place' | 'not answered' | 'crashes the server'
  /** Whether the server continues to work after it, in whatever way it handles it: RFC 8415 section 16. */
  questionSurvived(message: { type: Dhcpv6['type']; options: Dhcpv6Option[] }): boolean
  /** What was sent to the server's own address is served: RFC 8415 section 18.4 forbids it. */
  unicastServed(type: Dhcpv6['type']): boolean
  /** What else it is answered with: RFC 8415 section 18.4 has UseMulticast, RFC 9915 has nothing. */
  unicastRefused: 'UseMulticast' | 'silently'
  /** Options may stand in any order: RFC 9915 section 21.1. */
  serverOptionOrder(options: Dhcpv6Option[]): Dhcpv6Option[]
  /** UDP port that the server sends from: RFC 9915 section 7.2. */
  serverPort: number
  /** T1 and T2 as shares of the preferred lifetime; 0 leaves them to the client: RFC 9915 section 21.4. */
  grantedTimes: { t1: number; t2: number }
  /** How the addresses that are leased are chosen: RFC 9915 section 13.1. */
  leasedAddresses: 'hashed' | 'low' | 'EUI-64 of the client'
  /** Bindings of IA_NA outlive a restart: RFC 9096 section 3.5, a SHOULD. */
  addressLeasesStored: boolean
  /** A Renew gets new lifetimes, or what is left of the first ones: RFC 9915 section 18.3.4. */
  renewed: 'for longer' | 'for the rest'
  /** IA_PD together with IA_NA in one message: RFC 7084 WAA-6 and WPD-1 have clients request both. */
  prefixWithAddress: 'served' | 'ignored'
  /** Longest lifetime of what is leased; the preferred one is half of it. Seconds. */
  longestLease: number
  /** Order of the IAs of an answer. */
  iaAnswerOrder: "the question's" | 'reversed'
  /** Information Refresh Time in the answer to an Information-request: RFC 9915 section 21.23. */
  informationRefreshTime: number | undefined
  /** ULA addresses are leased as well. */
  leasesUla: boolean
  /** Preference of an Advertise: RFC 9915 section 21.8. */
  serverPreference: number | undefined
  /** Where Success is sent although its absence means the same: RFC 9915 section 21.13. */
  successStatus: 'nowhere' | 'in each IA' | 'at the top'
  /** The text of a status, for people: RFC 9915 section 21.13. */
  statusMessage: string
  /** Resolvers and search list are sent to clients that did not request them: RFC 9915 section 18.3. */
  unaskedOptions: boolean
  /** Other options of the server's own: RFC 9915 sections 21.23 to 21.25. */
  serverOptions: readonly Dhcpv6Option[]
  /** A Renew or Rebind of what is not known: RFC 9915 sections 18.3.4 and 18.3.5. */
  unknownLeases: 'created' | 'NoBinding' | 'NoBinding to a Renew alone'
  /** A Request for an address of another link: RFC 9915 section 18.3.2. */
  offLinkRequests: 'given another' | 'NotOnLink in the IA'
  /** Leases with lifetimes 0 come before or after those in force. */
  zeroedLeases: 'last' | 'first'
  /** Seconds until an answer leaves. */
  answersAfter: number
  /** A Confirm is answered by Success, given whether all addresses fit the link: RFC 8415 section 18.3.3. */
  confirmed(fits: boolean): boolean
  /** A Confirm without an address is not answered: RFC 8415 section 18.3.3. */
  emptyConfirmIgnored: boolean
  /** A Renew and a Rebind extend the leases of IA_NA: RFC 9915 sections 18.3.4 and 18.3.5. */
  addressesExtended(by: 'renew' | 'rebind'): boolean
  /** What is leased may have longer lifetimes than the delegated prefix: RFC 9096 L-15 forbids it. */
  leasesOutliveDelegation: boolean
  /** T1 and T2 are the same in all IAs of a message: RFC 8415 section 18.3.4. */
  sameTimesInAllIas: boolean
  /** An IA without binding is answered by NoBinding: RFC 8415 sections 18.3.4, 18.3.7, 18.3.8. */
  unboundReported(type: Dhcpv6['type']): boolean
  /** Status of the answer to Release and Decline: RFC 8415 sections 18.3.7, 18.3.8. */
  givenBackStatus(type: Dhcpv6['type']): number
  /** An address that was declined is not given again: RFC 8415 section 18.3.8. */
  declinedAvoided: boolean
  /** Whose search list is offered: RFC 7084 L-12. */
  domainListOf: 'the ISP' | 'the router'
  /** Stateless options of the ISP are offered on the LAN: RFC 7084 L-12. */
  passesOn(option: Dhcpv6OptionName): boolean
  /** An Information-request without a Client Identifier: RFC 9915 section 18.3.6. */
  anonymousAnswered: boolean
  /** Information-request is answered: RFC 7084 L-8. */
  informationAnswered: boolean
  /** IA_NA is served. */
  servesAddresses: boolean
  /** Option 23: RFC 7084 L-10. */
  offersDnsServers: 'own' | 'own GUA' | "the ISP's link-local" | 'none'
  /** Option 24: RFC 7084 L-10. */
  offersDomainList: boolean
  /** Option 12: RFC 9915 section 21.12. */
  offersServerUnicast: boolean
  /** Stale leases are sent with lifetimes 0, together with new ones: RFC 9096 section 3.5. */
  staleLeases(kind: 'ia-na' | 'ia-pd'): 'zeroed and replaced' | 'zeroed' | 'replaced' | 'extended'
}

export const dhcpv6Server: Dhcpv6ServerBehavior = {
  dhcpv6Server: true,
  serverDuid: 'stored',
  serverDuidOf: 'the router',
  rapidCommitServed: false,
  transactionIdCopied: () => true,
  clientIdCopied: () => true,
  dhcpv6ServerOnWan: false,
  messageDiscarded: () => true,
  secondIa: 'in addition to the first',
  questionSurvived: () => true,
  unicastServed: () => false,
  unicastRefused: 'UseMulticast',
  serverOptionOrder: (options) => options,
  serverPort: 547,
  grantedTimes: { t1: 0.5, t2: 0.8 },
  leasedAddresses: 'hashed',
  addressLeasesStored: true,
  renewed: 'for longer',
  prefixWithAddress: 'served',
  longestLease: Number.POSITIVE_INFINITY,
  iaAnswerOrder: "the question's",
  informationRefreshTime: undefined,
  leasesUla: false,
  serverPreference: undefined,
  successStatus: 'nowhere',
  statusMessage: '',
  unaskedOptions: false,
  serverOptions: [],
  unknownLeases: 'created',
  offLinkRequests: 'given another',
  zeroedLeases: 'last',
  answersAfter: 0,
  confirmed: (fits) => fits,
  emptyConfirmIgnored: true,
  addressesExtended: () => true,
  leasesOutliveDelegation: false,
  sameTimesInAllIas: true,
  unboundReported: () => true,
  givenBackStatus: () => 0,
  declinedAvoided: true,
  domainListOf: 'the ISP',
  passesOn: () => true,
  anonymousAnswered: true,
  informationAnswered: true,
  servesAddresses: true,
  offersDnsServers: 'own',
  offersDomainList: true,
  offersServerUnicast: false,
  staleLeases: () => 'zeroed and replaced',
}
