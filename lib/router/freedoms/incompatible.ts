/** Freedoms that no one router can have together, by name, with the reason. Two values of one decision need no word. */
export const incompatible: readonly [one: string, other: string, reason: string][] = [
  [
    'exchange-begins-after-three-seconds',
    'exchange-aborted-by-the-first-ra',
    'the exchange would be aborted seconds after the RA, for no reason that anybody sees',
  ],
  [
    'changes-told-after-two-seconds',
    'prefixes-used-after-a-second',
    'L-13 has a change told immediately, and the two delays add up',
  ],
  [
    'changes-told-after-two-seconds',
    'ras-handled-every-three-seconds',
    'G-5 has the loss of a router told immediately, and the two delays add up',
  ],
  [
    'dad-with-three-solicitations',
    'wan-link-local-another-at-each-boot',
    'an address that is drawn anew after a conflict is asked for before its DAD is over: not judged rightly yet',
  ],
  [
    'temporary-address-on-wan',
    'exchange-aborted-by-the-first-ra',
    'what counts the timeouts of one exchange begins before that exchange is aborted: not judged rightly yet',
  ],
  [
    'lan-ports-up-after-five-seconds',
    'exchange-aborted-by-the-first-ra',
    'what counts the timeouts of one exchange begins before that exchange is aborted: not judged rightly yet',
  ],
  [
    'ras-handled-every-three-seconds',
    'exchange-aborted-by-the-first-ra',
    'what counts the timeouts of one exchange begins before that exchange is aborted: not judged rightly yet',
  ],
]
