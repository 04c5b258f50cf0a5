import type { Behavior } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

type GrantedBy = Parameters<Behavior['newPrefixUsed']>[0]

const unused = (...by: GrantedBy[]): Partial<Behavior> => ({
  newPrefixUsed: (one) => (by.includes(one) ? 'never' : 'at once'),
})

/** The client keeps and renews its prefix, and it is never used on the LAN. */
export const grantedPrefixes: Mutant[] = [
  {
    name: 'new-prefix-unused-after-restart',
    story: 'A prefix that replaces the stored one in the first Reply after a restart is never used on the LAN.',
    violates: ['RFC8415-18.2.10-ONLAN'],
    shownIn: 'restart',
    behavior: unused('restart'),
  },
  {
    name: 'new-prefix-used-with-second-reply',
    story: 'The prefix of the first Reply after a restart is used only when the next Reply extends it.',
    violates: ['RFC8415-18.2.10-ONLAN'],
    shownIn: 'restart',
    behavior: { newPrefixUsed: (by) => (by === 'restart' ? 'with the next Reply' : 'at once') },
  },
  {
    name: 'new-prefix-unused-after-rebind',
    story: 'A prefix that replaces the former one in the Reply to a Rebind is never used on the LAN.',
    violates: ['RFC8415-18.2.10-ONLAN'],
    shownIn: 'renumbering',
    behavior: unused('Rebind'),
  },
  {
    name: 'new-prefix-unused-after-renew',
    story: 'A prefix that replaces the former one in the Reply to a Renew is never used on the LAN.',
    violates: [
      'RFC8415-18.2.10-ONLAN',
      'RFC8415-18.2.10-ZEROLIFE · prefix gone',
      'RFC8415-MULTI-IAPREFIX · both on the LAN',
    ],
    silences: ['RFC9096-3.5-DHCPZERO · lifetime 0, DHCPv6 host'],
    shownIn: 'flash-renumbering',
    behavior: unused('Renew'),
  },
  {
    name: 'prefix-unused-after-no-binding',
    story: 'NoBinding ends the prefix, and it is not used on the LAN when the next Reply contains it again.',
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
