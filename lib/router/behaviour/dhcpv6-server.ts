import type { Dhcpv6 } from '../../wire/dhcpv6.ts'

/** LAN: DHCPv6 server: each decision, and what meets the requirements. */
export interface Dhcpv6ServerBehaviour {
  /** RFC 7084 L-8. */
  dhcpv6Server: boolean
  /** Never to change: RFC 8415 section 11. */
  serverDuid: 'stored' | 'new at each boot'
  /** The transaction-id of the question is the answer's: RFC 8415 section 18.3.9. */
  transactionIdCopied(type: Dhcpv6['type']): boolean
  /** And so is its Client Identifier: RFC 8415 section 18.3. */
  clientIdCopied(type: Dhcpv6['type']): boolean
  /** Information-request is answered: RFC 7084 L-8. */
  informationAnswered: boolean
  /** IA_NA is served. */
  servesAddresses: boolean
  /** Option 23: RFC 7084 L-10. */
  offersDnsServers: 'own' | "the ISP's link-local" | 'none'
  /** Option 24: RFC 7084 L-10. */
  offersDomainList: boolean
  /** Stale leases come back with lifetimes 0, and new ones beside them: RFC 9096 section 3.5. */
  staleLeases: 'zeroed and replaced' | 'extended'
}

export const dhcpv6Server: Dhcpv6ServerBehaviour = {
  dhcpv6Server: true,
  serverDuid: 'stored',
  transactionIdCopied: () => true,
  clientIdCopied: () => true,
  informationAnswered: true,
  servesAddresses: true,
  offersDnsServers: 'own',
  offersDomainList: true,
  staleLeases: 'zeroed and replaced',
}
