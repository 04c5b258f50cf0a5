/** How the delegated prefixes are laid out on the LAN links, which RFC 7084 L-2 leaves open. */
export interface LanPlanBehavior {
  /** A LAN port whose cable is plugged in again: RFC 4861 sections 6.2.4 and 6.2.6. */
  lanPortReturn: 'advertised' | 'unnoticed' | 'another prefix'
  /** What it takes along while its cable is out. */
  lanPortLoss:
    | 'nothing'
    | 'ends its RAs'
    | 'ends neighbor discovery'
    | 'ends its DHCPv6 server'
    | 'ends the RAs of the other LANs'
    | 'silences the other LANs'
    | 'restarts the client'
  /** It carries no frames for so long after, as a switch with a spanning tree; seconds. */
  lanPortOpensAfter: number
  /** The number of /64s between those of two LANs. */
  lanSubnetsApart: number
  /** Its address in a prefix that has been replaced stays for as long as the prefix is withdrawn. */
  staleAddresses: 'removed' | 'kept'
  /** Which of several delegated prefixes comes first. */
  delegatedOrder: 'as leased' | 'longest valid first'
  /** Where no global address is had on the WAN, what the router sends there is from: RFC 7084 WAA-7. */
  ownAddressOf: 'a LAN' | 'a /64 of its own'
}

export const lanPlan: LanPlanBehavior = {
  lanPortReturn: 'advertised',
  lanPortLoss: 'nothing',
  lanPortOpensAfter: 0,
  lanSubnetsApart: 1,
  staleAddresses: 'removed',
  delegatedOrder: 'as leased',
  ownAddressOf: 'a LAN',
}
