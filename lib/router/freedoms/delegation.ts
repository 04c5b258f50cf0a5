import type { Freedom } from './freedom.ts'

/** Delegated prefixes: on the LAN's links, and to other routers. */
export const delegation: Freedom[] = [
  {
    name: 'lan-has-the-second-subnet',
    clause: 'RFC 7084 L-2: a separate /64 of the delegated prefix, whichever',
    behavior: { lanSubnetPlace: 'second' },
  },
  {
    name: 'lan-has-the-last-subnet',
    clause: 'RFC 7084 L-2: a separate /64 of the delegated prefix, whichever',
    behavior: { lanSubnetPlace: 'last' },
  },
  {
    name: 'last-prefix-given-first',
    clause: "RFC 9915 section 13.3: which prefix is delegated is the server's policy",
    behavior: { subPrefixOrder: 'the last' },
  },
  {
    name: 'middle-prefix-given-first',
    clause: "RFC 9915 section 13.3: which prefix is delegated is the server's policy",
    behavior: { subPrefixOrder: 'the middle' },
  },
  {
    name: 'named-hints-not-followed',
    clause: 'RFC 9915 section 18.3.9: a hint is no more than that',
    behavior: { hintFollowed: 'never' },
  },
  {
    name: 'released-prefixes-given-last',
    clause: 'RFC 9818 LPD-5: it returns to the pool; RFC 9915 section 13.3: which is given is policy',
    behavior: { releasedLast: true },
  },
  {
    name: 'no-ula-to-routers',
    clause: 'RFC 9818 LPD-9: a ULA prefix may be delegated in addition to a GUA prefix',
    behavior: { subDelegatedUla: 'none' },
    warns: { 'RFC9818-LPD-9': 'it is about the order of the two: not applicable to one' },
  },
  {
    name: 'ula-to-routers-first',
    clause: 'RFC 9818 LPD-9: the GUA prefix SHOULD come first',
    behavior: { subDelegatedUla: 'before' },
    warns: { 'RFC9818-LPD-9': 'a SHOULD' },
  },
  {
    name: 'length-hints-followed-while-there-is-room',
    clause:
      'RFC 9915 section 18.3.9: a hint for a length MAY be followed; RFC 9818 LPD-7 lets another length be configured',
    behavior: {
      subPrefixShrinks: true,
      subPrefixLength: (hint) => (hint !== undefined && hint >= 60 && hint < 64 ? hint : 64),
    },
    warns: { 'RFC9818-LPD-7': 'a SHOULD where a cascade wants it' },
  },
  {
    name: 'two-prefixes-for-each-router',
    clause: "RFC 9915 section 18.3.2: an IA_PD may be given several prefixes, as the server's policy has it",
    behavior: { prefixesGiven: 2 },
  },
  {
    name: 'large-ula-prefix-for-routers',
    clause: 'RFC 9818 LPD-8 and LPD-9 name no length of a ULA prefix',
    behavior: { subDelegatedUlaLength: 60 },
  },
  {
    name: 'last-ula-prefix-given-first',
    clause: "RFC 9915 section 13.3: which prefix is delegated is the server's policy",
    behavior: { subDelegatedUlaOrder: 'the last' },
  },
  {
    name: 'routes-in-force-after-half-a-second',
    clause: 'RFC 9818 LPD-5 names no time',
    behavior: { routesInstalledAfter: 0.5 },
  },
  {
    name: 'guest-network-that-nobody-sees',
    clause: 'RFC 7084 L-2: a /64 for each LAN interface, whether or not the lab has a port of it',
    behavior: { unseenLinks: 2 },
  },
  {
    name: 'lans-have-their-subnets-in-another-order',
    clause: 'RFC 7084 L-2: a separate /64 of the delegated prefix, whichever',
    behavior: { lanSubnetOrder: 'reversed' },
  },
  {
    name: 'lan-addresses-of-64-random-bits',
    clause: 'RFC 4291 section 2.5.1: any interface identifier that is unique on the link',
    behavior: { lanInterfaceId: '::8d3f:1c2e:77a0:5b91' },
  },
  {
    name: 'ula-subnets-numbered-from-16',
    clause: 'RFC 7084 L-2: a separate /64 of the ULA prefix, whichever',
    behavior: { ulaSubnetsFrom: 16 },
  },
  {
    name: 'stale-leases-zeroed-and-nothing-else',
    clause: 'RFC 9915 section 18.3.4: leases of another link come back with lifetimes 0; others may be added',
    behavior: { staleLeases: () => 'zeroed' },
  },
]
