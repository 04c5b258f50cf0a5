import { dhcpv6OptionCode } from '../../wire/dhcpv6-options.ts'
import { type Behavior, compliant } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

type Check = Behavior['replyChecks'][number]

const flaws: { check: Check; name: string; story: string; flaw: string }[] = [
  { check: 'transaction', name: 'transaction', story: 'of another transaction', flaw: 'another transaction-id' },
  { check: 'server', name: 'server', story: 'without a Server Identifier', flaw: 'no Server Identifier' },
  { check: 'client', name: 'client', story: 'without a Client Identifier', flaw: 'no Client Identifier' },
  { check: 'own client', name: 'own-client', story: 'for another client', flaw: 'another Client Identifier' },
]

const unchecked = (about: 'Advertise' | 'Reply', checks: 'advertiseChecks' | 'replyChecks'): Mutant[] =>
  flaws.map(({ check, name, story, flaw }) => ({
    name: `${about.toLowerCase()}-${name}-unchecked`,
    story: `A message of the type ${about} ${story} is accepted.`,
    violates: [
      `RFC8415-16.3-ADV-INVALID · ${about} with ${flaw}`,
      // A client without a Server Identifier cannot send it.
      ...(about === 'Advertise' && check === 'server' ? ['RFC9915-16-CLIENTFORM'] : []),
    ],
    behavior: { [checks]: compliant[checks].filter((one) => one !== check) },
  }))

/** What the client on the WAN makes of the answers with which a lease begins. */
export const firstAnswers: Mutant[] = [
  ...unchecked('Advertise', 'advertiseChecks'),
  ...unchecked('Reply', 'replyChecks'),
  {
    name: 'prefix-alone-not-accepted',
    story: 'An Advertise without an address is ignored although it offers a prefix.',
    violates: ['RFC7084-WPD-6 · NoAddrsAvail in the Advertise'],
    behavior: { prefixAlone: 'not when advertised' },
  },
  {
    name: 'prefix-alone-not-taken',
    story: 'A Reply without an address is ignored although it delegates a prefix.',
    violates: ['RFC7084-WPD-6 · no IA_NA in the Reply'],
    behavior: { prefixAlone: 'not when granted' },
  },
  {
    name: 'no-address-of-the-lan',
    story: 'The router has no address in the delegated prefix.',
    violates: ['RFC7084-WAA-7'],
    behavior: { lanAddresses: 'ULA only' },
  },
  {
    name: 'pd-exclude-not-requested',
    story: 'The client does not request PD_EXCLUDE.',
    violates: ['RFC7084-WPD-8 · requested'],
    silences: ['RFC7084-WPD-8 · left to the WAN'],
    behavior: { optionRequest: compliant.optionRequest.filter((code) => code !== dhcpv6OptionCode('pd-exclude')) },
  },
  {
    name: 'excluded-prefix-on-lan',
    story: 'The excluded prefix is assigned to the first LAN.',
    violates: ['RFC7084-WPD-8 · left to the WAN'],
    behavior: { excludedPrefixHeeded: false },
  },
  {
    name: 'no-prefix-for-ever',
    story: 'After NoPrefixAvail the client requests no prefix until the next boot.',
    violates: ['RFC8415-18.2.10-NOPREFIX · asked again'],
    behavior: { noPrefix: 'asked for never again' },
  },
  {
    name: 'no-prefix-spoils-address',
    story: 'After NoPrefixAvail in the IA_PD the client drops its address as well, and restarts with Solicit.',
    violates: ['RFC8415-18.2.10-NOPREFIX · address in use'],
    behavior: { noPrefix: 'spoils the address' },
  },
  {
    name: 'address-alone-not-accepted',
    story: 'An Advertise without a prefix is ignored although it offers an address.',
    violates: ['RFC8415-18.2.10-NOPREFIX · address alone offered'],
    behavior: { addressAlone: 'not when advertised' },
  },
  {
    name: 'not-on-link-taken',
    story: 'The address of an Advertise is used although the Reply has NotOnLink.',
    violates: ['RFC8415-18.2.10-NOTONLINK · address unused', 'RFC9915-18.2-CLIENTREPEATS'],
    behavior: { notOnLink: 'address taken' },
  },
  {
    name: 'not-on-link-is-the-end',
    story: 'After NotOnLink the client sends no further message.',
    violates: ['RFC8415-18.2.10-NOTONLINK'],
    behavior: { notOnLink: 'nothing' },
  },
]
