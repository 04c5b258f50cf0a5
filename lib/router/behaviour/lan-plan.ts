/** How the delegated prefixes are laid out on the LAN links, which RFC 7084 L-2 leaves open. */
export interface LanPlanBehaviour {
  /** So many /64s lie between those of two LANs. */
  lanSubnetsApart: number
  /** Its address in a prefix that has been replaced stays for as long as the prefix is withdrawn. */
  staleAddresses: 'removed' | 'kept'
  /** Which of several delegated prefixes comes first. */
  delegatedOrder: 'as leased' | 'longest valid first'
  /** Where no global address is had on the WAN, what the router sends there is from: RFC 7084 WAA-7. */
  ownAddressOf: 'a LAN' | 'a /64 of its own'
}

export const lanPlan: LanPlanBehaviour = {
  lanSubnetsApart: 1,
  staleAddresses: 'removed',
  delegatedOrder: 'as leased',
  ownAddressOf: 'a LAN',
}
