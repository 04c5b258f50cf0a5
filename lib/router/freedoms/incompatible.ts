/** Freedoms that no one router can have together, by name, with the reason. Two values of one decision need no word. */
export const incompatible: readonly [one: string, other: string, reason: string][] = [
  [
    'exchange-begins-after-three-seconds',
    'exchange-aborted-by-the-first-ra',
    'the exchange would be aborted seconds after the RA, for no reason that anybody sees',
  ],
  [
    'changes-told-after-two-seconds',
    'prefixes-used-after-three-seconds',
    'L-13 requires that a change is announced immediately, and the two delays add up',
  ],
  [
    'multicast-ras-more-than-three-seconds-apart',
    'prefixes-used-after-three-seconds',
    'L-13 requires that a change is announced immediately, and the two delays add up',
  ],
  [
    'ula-while-there-is-no-other-prefix',
    'ula-told-six-seconds-after-boot',
    'by then there is another prefix: the LAN would never have a ULA prefix',
  ],
  [
    'multicast-ras-more-than-three-seconds-apart',
    'ras-handled-every-three-seconds',
    'G-5 requires that the loss of a router is announced immediately, and the two delays add up',
  ],
  [
    'other-flag-clear-beside-the-managed-flag',
    'stateless-server',
    'RFC 7084 L-9 has O=1 where no addresses are leased',
  ],
  [
    'gua-in-dhcpv6-and-ula-in-ras',
    'resolvers-of-the-isp-told',
    'one set of resolvers is announced to hosts, by whatever addresses',
  ],
  [
    'gua-in-dhcpv6-and-ula-in-ras',
    'resolvers-of-the-isp-told-as-well',
    'one set of resolvers is announced to hosts, by whatever addresses',
  ],
  [
    'changes-told-after-two-seconds',
    'ras-handled-every-three-seconds',
    'G-5 requires that the loss of a router is announced immediately, and the two delays add up',
  ],
  [
    'addresses-and-prefixes-by-two-clients',
    'address-asked-for-with-any-ra',
    'both would request information where there are no leases, and their messages cannot be distinguished',
  ],
  [
    'addresses-and-prefixes-by-two-clients',
    'information-requested-beside-leases',
    'both would request information, and their messages cannot be distinguished',
  ],
  [
    'prefixes-used-after-three-seconds',
    'prefix-told-after-dad-of-the-router',
    'L-13 requires that a change is announced immediately, and the two delays add up',
  ],
  [
    'lan-port-return-not-advertised',
    'lan-port-opens-ten-seconds-after-its-cable',
    'all solicitations of a host are lost by then, and no RA would come until the next periodic one',
  ],
]
