import type { Dhcpv6 } from '../../wire/dhcpv6.ts'
import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'

/** `client` asks that there is a Client Identifier, `own client` that one that is there is the router's. */
export type AnswerCheck = 'transaction' | 'server' | 'client' | 'own client'

const allChecks: readonly AnswerCheck[] = ['transaction', 'server', 'client', 'own client']

/** What the DHCPv6 client makes of a server's answers: each decision, and what meets the requirements. */
export interface Dhcpv6AnswersBehavior {
  /** With what an Advertise and a Reply are compared before they are accepted: RFC 8415 sections 16.1, 16.3 and 16.10. */
  /** Sent to a group: RFC 9915 section 16. */
  multicastAnswers: 'ignored' | 'accepted'
  advertiseChecks: readonly AnswerCheck[]
  replyChecks: readonly AnswerCheck[]
  /** Whether the client continues to work after it, in whatever way it handles it: RFC 8415 section 16. */
  answerSurvived(message: { type: Dhcpv6['type']; options: Dhcpv6Option[] }): boolean
  /** A prefix of more than 128 bits. */
  longPrefix: 'discarded' | 'taken for a /64'
  /** What cannot be a prefix, of 0 or of more than 128 bits, is named to the server as a lease. */
  impossiblePrefixNamed: boolean
  /** What a Reply gives a valid lifetime of 0 is named to the server still: RFC 8415 section 18.2.4. */
  endedLeaseNamed: boolean
  /** A prefix without an address, where both were asked for: RFC 7084 WPD-6. */
  prefixAlone: 'taken' | 'not when advertised' | 'not when granted'
  /** NoPrefixAvail together with an address: RFC 8415 section 18.2.10.1. */
  noPrefix: 'asked for again' | 'asked for never again' | 'spoils the address'
  /** A Reply to Renew or Rebind with NoAddrsAvail together with a prefix: RFC 8415 section 18.2.10.1. */
  noAddress: 'of that IA' | 'refuses the Reply' | 'ends the prefixes'
  /** What NotOnLink in the IA_NA of the answer to a Request leads to: RFC 8415 section 18.2.10.1. */
  notOnLink: 'discovery' | 'nothing' | 'address taken'
  /** Address without a prefix in an Advertise, where both were asked for: RFC 8415 section 18.2.9. */
  addressAlone: 'taken' | 'not when advertised'
  /** Prefixes of one IA that are used: RFC 8415 section 6.3. */
  prefixesTaken: 'all' | 'first'
  /** A lease that the answer for its IA does not mention: RFC 8415 section 18.2.10.1. */
  unmentionedLeases: 'kept' | 'dropped' | 'extended'
  /** Addresses that an answer adds to an IA which had one: RFC 8415 section 18.2.10.1. */
  addedAddresses: 'taken' | 'ignored'
  /** Leases of an IA that the answer does not mention at all: RFC 8415 section 18.2.10.1. */
  unmentionedIas: 'kept' | 'dropped'
  /** Status codes in an IA that end the leases which it holds: RFC 8415 section 18.2.10.1 knows of none. */
  endedBy: readonly number[]
  /** Lifetimes of the leases of one IA: RFC 8415 section 18.2.10.1. */
  lifetimesOf: 'each' | 'the first'
  /** An IA with T1 > T2 > 0: RFC 8415 sections 21.4 and 21.21. */
  lateT1: 'IA discarded' | 'taken' | 'message discarded'
  /** A lease that is preferred for longer than it is valid: RFC 8415 sections 21.6 and 21.22. */
  preferredTooLong: 'lease discarded' | 'taken' | 'IA discarded'
  /** UnspecFail for the whole message: RFC 8415 section 18.2.10. Seconds. */
  unspecFail: 'waited out' | 'ends all leases' | { askedAgainAfter: number }
  /** UseMulticast for the whole message, which went by multicast: RFC 8415 section 18.2.10. */
  useMulticast: 'waited out' | 'ends all leases' | 'never asked again'
  /** A lease with preferred lifetime 0 and a valid lifetime: RFC 8415 section 18.2.10.1. */
  preferredZero: 'deprecated' | 'over' | 'kept as it was'
  /** Leases of an IA with T1 of 0xffffffff last for their own lifetimes: RFC 8415 sections 7.7 and 18.2.10.1. */
  endlessWithoutT1: boolean
  /** An error status in one lease of an IA: RFC 8415 sections 21.6 and 21.22. */
  leaseStatus: 'of that lease' | 'spoils the IA' | 'ends the IA'
  /** A status code Success means the same as its absence: RFC 8415 section 21.13. */
  successMistaken: 'nowhere' | 'at the top' | 'in an IA' | 'in a lease'
  /** IAs in the Request that NoBinding leads to: RFC 8415 section 18.2.10.1. */
  noBindingRequest: 'all IAs' | 'that IA'
  /** NoBinding in the IA_NA ends the leases of the IA_PD, too: RFC 8415 section 18.2.10.1. */
  noBindingEndsPrefixes: boolean
  /** A lifetime of 0xffffffff: RFC 8415 section 7.7. */
  infiniteLifetime: 'endless' | 'over' | 'over soon'
  /** T1 of 0xffffffff: RFC 8415 section 7.7. */
  infiniteT1: 'never' | 'at once'
  /** Resolvers and search lists that a later Reply changes: RFC 8415 section 18.2.10. */
  changedOptions: 'used' | 'ignored'
  /** Resolvers and search lists that a later Reply lacks: RFC 8415 section 18.2.10. */
  goneOptions: 'forgotten' | 'kept'
  /** The Server Unicast option, which RFC 9915 obsoletes. */
  serverUnicast: 'ignored' | 'used'
}

export const dhcpv6Answers: Dhcpv6AnswersBehavior = {
  multicastAnswers: 'ignored',
  advertiseChecks: allChecks,
  replyChecks: allChecks,
  answerSurvived: () => true,
  longPrefix: 'discarded',
  impossiblePrefixNamed: false,
  endedLeaseNamed: false,
  prefixAlone: 'taken',
  noPrefix: 'asked for again',
  noAddress: 'of that IA',
  notOnLink: 'discovery',
  addressAlone: 'taken',
  prefixesTaken: 'all',
  unmentionedLeases: 'kept',
  addedAddresses: 'taken',
  unmentionedIas: 'kept',
  endedBy: [],
  lifetimesOf: 'each',
  lateT1: 'IA discarded',
  preferredTooLong: 'lease discarded',
  unspecFail: 'waited out',
  useMulticast: 'waited out',
  preferredZero: 'deprecated',
  endlessWithoutT1: false,
  leaseStatus: 'of that lease',
  successMistaken: 'nowhere',
  noBindingRequest: 'all IAs',
  noBindingEndsPrefixes: false,
  infiniteLifetime: 'endless',
  infiniteT1: 'never',
  changedOptions: 'used',
  goneOptions: 'forgotten',
  serverUnicast: 'ignored',
}
