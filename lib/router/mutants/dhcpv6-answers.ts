import type { Behavior } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

type Message = Parameters<Behavior['answerSurvived']>[0]

const isCutShort = ({ options }: Message): boolean => options.some(({ type }) => type === 'malformed')

/** How the client on the WAN handles unexpected answers. */
export const dhcpv6Answers: Mutant[] = [
  ...(['Advertise', 'Reply'] as const).map(
    (about): Mutant => ({
      name: `crashes-on-cut-${about.toLowerCase()}`,
      story: `The DHCPv6 client stops after a message of the type ${about} whose last option is truncated.`,
      violates: [`ROB-FUZZ-DHCP6 · ${about}`],
      behavior: { answerSurvived: (message) => message.type !== about.toLowerCase() || !isCutShort(message) },
    }),
  ),
  {
    name: 'long-prefix-clipped',
    story: 'A prefix of more than 128 bits is treated as a /64.',
    violates: ['ROB-FUZZ-DHCP6 · Reply', 'RFC9096-3.3-REMAINING'],
    behavior: { longPrefix: 'taken for a /64' },
  },
  {
    name: 'impossible-prefix-renewed',
    story: 'A prefix of 0 or of more than 128 bits is not used, but kept as a lease and sent in the next Renew.',
    violates: ['ROB-DHCP6-PREFIXLENGTH'],
    behavior: { impossiblePrefixNamed: true },
  },
  {
    name: 'ended-lease-renewed',
    story: 'A lease with valid lifetime 0 in a Reply is no longer used, but sent in each Renew.',
    violates: ['RFC8415-18.2.4-ENDED'],
    shownIn: 'flash-renumbering',
    behavior: { endedLeaseNamed: true },
  },
  {
    name: 'first-prefix-only',
    story: 'Of the prefixes of one IA_PD only the first is used.',
    violates: [
      'RFC8415-MULTI-IAPREFIX · both on the LAN',
      'RFC8415-21.22-PREFGTVALID · the IA Prefix beside it',
      'RFC8415-21.13-SUCCESS',
      'RFC8415-21.22-LEASESTATUS · IA Prefix beside it',
      'RFC8415-18.2.10-ZEROLIFE · prefix deprecated',
    ],
    behavior: { prefixesTaken: 'first' },
  },
  {
    name: 'unmentioned-lease-dropped',
    story: 'A lease that a Reply does not mention ends at once.',
    violates: ['RFC8415-18.2.10-LEAVEOUT · one of two prefixes', 'RFC8415-18.2.10-LEAVEOUT · an empty IA_PD'],
    silences: ['RFC8415-MULTI-IAPREFIX · both forward'],
    behavior: { unmentionedLeases: 'dropped' },
  },
  {
    name: 'unmentioned-ia-dropped',
    story: 'Leases of an IA that a Reply does not mention end at once.',
    violates: [
      'RFC8415-18.2.10-LEAVEOUT · the IA_PD',
      'ROB-FUZZ-DHCP6 · Reply',
      'DENAT-FLOW-INUSE · a prefix is added',
    ],
    warns: ['DENAT-FLOW-INUSE · a prefix is added'],
    silences: ['RFC8415-MULTI-IAPREFIX · both forward'],
    behavior: { unmentionedIas: 'dropped' },
  },
  {
    name: 'no-prefix-ends-prefix',
    story: 'NoPrefixAvail in the answer to a Renew ends the prefix at once.',
    violates: ['RFC8415-18.2.10-LEAVEOUT · NoPrefixAvail in the IA_PD'],
    behavior: { endedBy: [6] },
  },
  {
    name: 'no-address-ends-address',
    story: 'NoAddrsAvail in the answer to a Renew ends the address at once.',
    violates: ['RFC8415-18.2.10-LEAVEOUT · NoAddrsAvail in the IA_NA'],
    behavior: { endedBy: [2] },
  },
  {
    name: 'no-address-refuses-reply',
    story:
      'A Reply to Renew or Rebind with NoAddrsAvail in the IA_NA is discarded together with the prefix that it extends.',
    violates: ['RFC8415-18.2.10-BESIDE'],
    behavior: { noAddress: 'refuses the Reply' },
  },
  {
    name: 'no-address-ends-prefixes',
    story: 'NoAddrsAvail in the IA_NA of a Reply to Renew or Rebind ends the prefixes that it extends.',
    violates: ['RFC8415-18.2.10-LEAVEOUT · NoAddrsAvail in the IA_NA'],
    sometimes: ['DENAT-RA-REFRESH'],
    behavior: { noAddress: 'ends the prefixes' },
  },
  {
    name: 'no-binding-of-address-ends-prefixes',
    story: 'NoBinding in the IA_NA ends the prefixes of the IA_PD, which has its binding.',
    violates: ['RFC8415-18.2.10-NOBINDING · in the IA_NA'],
    behavior: {
      noBindingEndsPrefixes: true,
      newPrefixUsed: (by) => (by === 'NoBinding' ? 'with the next Reply' : 'at once'),
    },
  },
  {
    name: 'infinity-overflows',
    story: 'A lifetime of 0xffffffff overflows, and the prefix is withdrawn after seconds.',
    violates: ['RFC8415-7.7-INFINITY · lifetimes'],
    behavior: { infiniteLifetime: 'over soon' },
  },
  {
    name: 'use-multicast-ends-leases',
    story: 'UseMulticast ends all leases, and the client restarts with Solicit.',
    violates: ['RFC8415-18.2.10-USEMCAST'],
    behavior: { useMulticast: 'ends all leases' },
  },
  {
    name: 'use-multicast-silences',
    story: 'After UseMulticast the client sends no further message.',
    violates: ['RFC8415-18.2.10-USEMCAST'],
    behavior: { useMulticast: 'never asked again' },
  },
  {
    name: 'preferred-zero-is-over',
    story: 'A lease with preferred lifetime 0 ends at once, although it is valid.',
    violates: ['RFC8415-18.2.10-ZEROLIFE · prefix deprecated', 'RFC8415-18.2.10-ZEROLIFE · address deprecated'],
    silences: ['RFC8415-7.7-INFINITY · T1 beyond the lifetimes'],
    behavior: { preferredZero: 'over' },
  },
  {
    name: 'preferred-zero-ignored',
    story: 'A prefix with preferred lifetime 0 keeps its former preferred lifetime.',
    violates: ['RFC8415-18.2.10-ZEROLIFE · prefix deprecated'],
    behavior: { preferredZero: 'kept as it was' },
  },
  {
    name: 'endless-without-t1',
    story: 'A lease with infinite T1 never expires.',
    violates: ['RFC8415-7.7-INFINITY · T1 beyond the lifetimes', 'RFC9096-3.3-REMAINING'],
    behavior: { endlessWithoutT1: true },
  },
  {
    name: 'unspec-fail-in-ia-ends-leases',
    story: 'UnspecFail in an IA ends its leases at once.',
    violates: ['RFC8415-18.2.10-UNSPEC · in the IA_PD', 'RFC8415-18.2.10-UNSPEC · in the IA_NA'],
    behavior: { endedBy: [1] },
  },
  {
    name: 'unmentioned-lease-extended',
    story: 'A lease that a Reply does not mention is extended with the others.',
    violates: [
      'RFC8415-18.2.4-ENDED',
      'RFC8415-18.2.10-LEAVEOUT · until its own lifetime',
      'RFC8415-MULTI-IAPREFIX · lifetimes of each',
      'RFC9096-3.3-REMAINING',
    ],
    behavior: { unmentionedLeases: 'extended' },
  },
  {
    name: 'lifetimes-of-the-first',
    story: 'All leases of an IA get the lifetimes of the first one.',
    violates: [
      'RFC8415-18.2.4-ENDED',
      'RFC8415-MULTI-IAPREFIX · lifetimes of each',
      'RFC8415-18.2.10-LEAVEOUT · until its own lifetime',
      'RFC8415-18.2.10-ZEROLIFE · prefix deprecated',
      'RFC8415-18.2.10-ZEROLIFE · address added',
      'RFC9096-3.3-REMAINING',
    ],
    behavior: { lifetimesOf: 'the first' },
  },
  {
    name: 'one-prefix-forwarded',
    story: 'Hosts can send from one of two delegated prefixes only.',
    violates: ['RFC8415-MULTI-IAPREFIX · both forward', 'DENAT-FLOW-INUSE · a prefix is added'],
    sometimes: ['DENAT-FLOW-INUSE · a prefix is added'],
    behavior: { delegationsForwarded: 'first' },
  },
  {
    name: 'multicast-reply-accepted',
    story: 'A Reply to all nodes is accepted as one to the router.',
    violates: ['RFC9915-16-NOMULTICAST'],
    behavior: { multicastAnswers: 'accepted' },
  },
  {
    name: 'unspec-fail-ends-leases',
    story: 'UnspecFail ends all leases, and the client restarts with Solicit.',
    violates: ['RFC8415-18.2.10-UNSPEC · at the top'],
    behavior: { unspecFail: 'ends all leases' },
  },
  {
    name: 'unspec-fail-at-line-rate',
    story: 'After UnspecFail the client sends the same message again, without end.',
    violates: ['RFC8415-18.2.10-UNSPEC · at the top', 'RFC8415-14.1-STORM', 'DENAT-DHCP6-RATE'],
    behavior: { unspecFail: { askedAgainAfter: 0.005 } },
  },
  {
    name: 'unspec-fail-asked-again-soon',
    story: 'After UnspecFail the client sends the same message again, twenty times a second.',
    violates: ['RFC8415-18.2.10-UNSPEC · at the top', 'DENAT-DHCP6-RATE'],
    warns: ['DENAT-DHCP6-RATE'],
    behavior: { unspecFail: { askedAgainAfter: 0.05 } },
  },
  {
    name: 'no-binding-ignored',
    story: 'NoBinding is ignored: the client renews an unknown binding until it expires.',
    violates: ['RFC8415-18.2.10-NOBINDING'],
    behavior: { noBindingLeadsTo: 'nothing' },
  },
  {
    name: 'no-binding-request-incomplete',
    story: 'The Request after NoBinding contains only that IA.',
    violates: ['RFC8415-18.2.10-NOBINDING'],
    behavior: { noBindingRequest: 'that IA' },
  },
  {
    name: 'late-t1-taken',
    story: 'An IA with T1 > T2 is used.',
    violates: ['RFC8415-21.21-T1GTT2 · IA_PD', 'RFC8415-21.21-T1GTT2 · IA_NA'],
    behavior: { lateT1: 'taken' },
  },
  {
    name: 'late-t1-discards-message',
    story: 'Because of one IA with T1 > T2 the whole Reply is discarded.',
    violates: ['RFC8415-21.21-T1GTT2 · the IA_NA beside it'],
    behavior: { lateT1: 'message discarded' },
  },
  {
    name: 'preferred-too-long-taken',
    story: 'A lease whose preferred lifetime exceeds its valid lifetime is used.',
    violates: [
      'ROB-FUZZ-DHCP6 · Reply',
      'RFC8415-21.22-PREFGTVALID · IA Prefix',
      'RFC8415-21.22-PREFGTVALID · IA Address',
    ],
    behavior: { preferredTooLong: 'taken' },
  },
  {
    name: 'preferred-too-long-discards-ia',
    story: 'Because of one lease whose preferred lifetime is too long its whole IA is discarded.',
    violates: ['RFC8415-21.22-PREFGTVALID · the IA Prefix beside it'],
    behavior: { preferredTooLong: 'IA discarded' },
  },
  {
    name: 'lease-status-spoils-ia',
    story: 'Because of one lease with an error status its whole IA is discarded.',
    violates: ['RFC8415-21.22-LEASESTATUS · IA Prefix beside it'],
    behavior: { leaseStatus: 'spoils the IA' },
  },
  {
    name: 'lease-status-ends-ia',
    story: 'Because of one prefix with an error status all prefixes of its IA end.',
    violates: ['RFC8415-21.22-LEASESTATUS'],
    behavior: { leaseStatus: 'ends the IA' },
  },
  {
    name: 'success-at-the-top-mistaken',
    story: 'A Reply with status Success is treated as a refusal.',
    violates: ['RFC8415-21.13-SUCCESS'],
    behavior: { successMistaken: 'at the top' },
  },
  {
    name: 'success-in-ia-mistaken',
    story: 'An IA with status Success is treated as a refusal.',
    violates: ['RFC8415-21.13-SUCCESS'],
    behavior: { successMistaken: 'in an IA' },
  },
  {
    name: 'success-in-lease-mistaken',
    story: 'An IA Prefix with status Success is treated as a refusal.',
    violates: ['RFC8415-21.13-SUCCESS'],
    behavior: { successMistaken: 'in a lease' },
  },
  {
    name: 'added-address-ignored',
    story: 'A second address in the IA_NA is not used.',
    violates: ['RFC8415-18.2.10-ZEROLIFE · address added', 'RFC8415-21.21-T1GTT2 · the IA_NA beside it'],
    behavior: { addedAddresses: 'ignored' },
  },
  {
    name: 'zero-lifetime-of-address-ignored',
    story: 'An address with valid lifetime 0 is kept.',
    violates: ['RFC8415-18.2.4-ENDED', 'RFC8415-18.2.10-ZEROLIFE · address gone'],
    behavior: { zeroLifetimeHeeded: ['ia-pd'] },
  },
  {
    name: 'infinity-is-over',
    story: 'A lifetime of 0xffffffff is read as -1, and the lease ends.',
    violates: ['RFC8415-7.7-INFINITY · lifetimes'],
    behavior: { infiniteLifetime: 'over' },
  },
  {
    name: 'infinite-t1-at-once',
    story: 'T1 of 0xffffffff overflows: the client renews after a second.',
    violates: ['RFC8415-7.7-INFINITY · T1'],
    behavior: { infiniteT1: 'at once' },
  },
  {
    name: 'changed-options-ignored',
    story: 'Resolvers and search lists are always those of the first Reply.',
    violates: ['RFC8415-18.2.10-OPTGONE · server changed', 'RFC8415-18.2.10-OPTGONE · search list changed'],
    behavior: { changedOptions: 'ignored', goneOptions: 'kept' },
  },
  {
    name: 'gone-options-kept',
    story: 'Resolvers and search lists that a later Reply lacks are still used.',
    violates: ['RFC8415-18.2.10-OPTGONE · server gone', 'RFC8415-18.2.10-OPTGONE · search list gone'],
    behavior: { goneOptions: 'kept' },
  },
  {
    name: 'server-unicast-used',
    story: 'A Reply with Server Unicast makes the client renew by unicast.',
    violates: ['RFC9915-OBSOLETE · Server Unicast'],
    behavior: { serverUnicast: 'used' },
  },
]
