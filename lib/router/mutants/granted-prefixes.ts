import type { Behavior } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

type GrantedBy = Parameters<Behavior['newPrefixUsed']>[0]

const unused = (...by: GrantedBy[]): Partial<Behavior> => ({
  newPrefixUsed: (one) => (by.includes(one) ? 'never' : 'at once'),
})

/** The client holds what it was granted, renews it, and the LAN never hears of it. */
export const grantedPrefixes: Mutant[] = [
  {
    name: 'new-prefix-unused-after-restart',
    story: 'The prefix that the first Reply after a restart grants in place of the stored one never comes to the LAN.',
    violates: ['RFC8415-18.2.10-ONLAN'],
    shownIn: 'restart',
    behavior: unused('restart'),
  },
  {
    name: 'new-prefix-used-with-second-reply',
    story: 'The prefix that the first Reply after a restart grants is used when the next Reply extends it.',
    violates: ['RFC8415-18.2.10-ONLAN'],
    shownIn: 'restart',
    behavior: { newPrefixUsed: (by) => (by === 'restart' ? 'with the next Reply' : 'at once') },
  },
  {
    name: 'new-prefix-unused-after-rebind',
    story: 'A prefix that the Reply to a Rebind grants in place of the former one never comes to the LAN.',
    violates: ['RFC8415-18.2.10-ONLAN'],
    shownIn: 'renumbering',
    behavior: unused('Rebind'),
  },
  {
    name: 'new-prefix-unused-after-renew',
    story: 'A prefix that the Reply to a Renew grants in place of the former one never comes to the LAN.',
    violates: ['RFC8415-18.2.10-ONLAN'],
    silences: ['RFC9096-3.5-DHCPZERO · lifetime 0, DHCPv6 host'],
    shownIn: 'flash-renumbering',
    behavior: unused('Renew'),
  },
  {
    name: 'prefix-unused-after-no-binding',
    story: 'NoBinding ends the prefix, and the same one never comes to the LAN again when the next Reply grants it.',
    violates: [
      'RFC8415-18.2.10-ONLAN',
      'RFC8415-18.2.10-NOBINDING · in the IA_PD',
      'RFC8415-21.22-PREFGTVALID · the IA Prefix beside it',
    ],
    silences: [
      'DENAT-RENUM-CASCADE · expiry, DHCPv6 host',
      'DENAT-RENUM-CASCADE · link flap, DHCPv6 host',
      'RFC9096-3.5-DHCPZERO · link flap, DHCPv6 host',
    ],
    shownIn: 'renumbering',
    behavior: { endedBy: [3], ...unused('NoBinding') },
  },
]
