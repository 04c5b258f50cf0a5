import type { Freedom } from './freedom.ts'

const whichever = 'RFC 7084 L-2: a separate /64 of the delegated prefix for each LAN, whichever'

/** Delegated prefixes on the LAN links of the router that asked for them. */
export const delegatedPrefixes: Freedom[] = [
  { name: 'lan-subnets-sixteen-apart', clause: whichever, behavior: { lanSubnetsApart: 16 } },
  {
    name: 'addresses-in-stale-prefixes-kept',
    clause:
      "RFC 9096 section 3.5 requires that the prefix is withdrawn, and does not cover the router's own address in it",
    behavior: { staleAddresses: 'kept' },
  },
  {
    name: 'longest-valid-prefix-first',
    clause: 'RFC 9915 section 18.2.10.1: each prefix is assigned to the links; they have no order',
    behavior: { delegatedOrder: 'longest valid first' },
  },
  {
    name: 'own-address-in-a-subnet-of-its-own',
    clause: 'RFC 7084 WAA-7: an address of the delegated prefix on one of its internal virtual interfaces',
    behavior: { ownAddressOf: 'a /64 of its own' },
  },
]
