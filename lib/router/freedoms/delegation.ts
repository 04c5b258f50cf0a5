import type { Freedom } from './freedom.ts'

/** Delegated prefixes: on the LAN's links, and to other routers. */
export const delegation: Freedom[] = [
  {
    name: 'lan-has-the-second-subnet',
    clause: 'RFC 7084 L-2: a separate /64 of the delegated prefix, whichever',
    behaviour: { lanSubnetPlace: 'second' },
  },
  {
    name: 'lan-has-the-last-subnet',
    clause: 'RFC 7084 L-2: a separate /64 of the delegated prefix, whichever',
    behaviour: { lanSubnetPlace: 'last' },
  },
  {
    name: 'last-prefix-given-first',
    clause: "RFC 9915 section 13.3: which prefix is given is the server's policy",
    behaviour: { subPrefixOrder: 'the last' },
  },
  {
    name: 'middle-prefix-given-first',
    clause: "RFC 9915 section 13.3: which prefix is given is the server's policy",
    behaviour: { subPrefixOrder: 'the middle' },
  },
  {
    name: 'named-hints-not-followed',
    clause: 'RFC 9915 section 18.3.9: a hint is no more than that',
    behaviour: { hintFollowed: 'never' },
  },
  {
    name: 'released-prefixes-given-last',
    clause: 'RFC 9818 LPD-5: it returns to the pool; RFC 9915 section 13.3: which is given is policy',
    behaviour: { releasedLast: true },
  },
  {
    name: 'no-ula-to-routers',
    clause: 'RFC 9818 LPD-9: a ULA prefix may be delegated beside a GUA prefix',
    behaviour: { subDelegatedUla: 'none' },
    warns: { 'RFC9818-LPD-9': 'it is about the order of the two: not applicable to one' },
  },
  {
    name: 'ula-to-routers-first',
    clause: 'RFC 9818 LPD-9: the GUA prefix SHOULD come first',
    behaviour: { subDelegatedUla: 'before' },
    warns: { 'RFC9818-LPD-9': 'a SHOULD' },
  },
]
