import { compliant } from '../behavior.ts'
import type { Freedom } from './freedom.ts'

const { optionRequest } = compliant
const text = (of: string): Uint8Array => new TextEncoder().encode(of)
/** AFTR-Name, S46 containers, and an unregistered code. */
const othersCodes = [64, 94, 95, 96, 65_000]

/** What is about an IA_NA in a message that has an IA_PD as well. */
const withThePrefix = [
  'RFC8415-18.2.10-BESIDE',
  'RFC8415-18.2.10-LEAVEOUT · NoAddrsAvail in the IA_NA',
  'RFC8415-18.2.10-NOBINDING · in the IA_NA',
  'RFC8415-18.2.10-UNSPEC · in the IA_NA',
  'RFC8415-18.2.10-ZEROLIFE · address added',
  'RFC8415-18.2.10-ZEROLIFE · address deprecated',
  'RFC8415-18.2.10-ZEROLIFE · address gone',
  'RFC8415-18.2.5-EXPIRE · address ends',
  'RFC8415-21.21-T1GTT2 · IA_NA',
  'RFC8415-21.21-T1GTT2 · the IA_NA beside it',
  'RFC8415-21.22-PREFGTVALID · IA Address',
]

/** The DHCPv6 client on the WAN: what it sends, and when it begins. */
export const wanClient: Freedom[] = [
  {
    name: 'prefix-hint-none',
    clause: 'RFC 7084 WPD-2: the router MAY indicate as a hint the size of the prefix that it requires',
    behavior: { prefixHint: undefined },
    warns: { 'RFC7084-WPD-2': 'it is about the hint: not applicable without one' },
  },
  {
    name: 'prefix-hint-56',
    clause: 'RFC 7084 WPD-2: large enough for one /64 per interface, and configurable to ask for more',
    behavior: { prefixHint: 56 },
  },
  {
    name: 'duid-of-link-layer-and-time',
    clause: 'RFC 9915 section 11.2: DUID-LLT',
    behavior: { duidType: 'link-layer address and time' },
  },
  {
    name: 'duid-of-enterprise-number',
    clause: 'RFC 9915 section 11.3: DUID-EN; it contains no MAC',
    behavior: { duidType: 'enterprise number' },
  },
  {
    name: 'duid-of-uuid',
    clause: 'RFC 9915 section 11.5: DUID-UUID; it contains no MAC',
    behavior: { duidType: 'UUID' },
  },
  {
    name: 'iaids-apart',
    clause: "RFC 9915 section 12: IAIDs are the client's to choose, unique among its IAs of one type",
    behavior: { iaids: { 'ia-na': 0, 'ia-pd': 0xce_12_34_56 } },
  },
  {
    name: 'client-options-reversed',
    clause: 'RFC 9915 section 21.1: the order of options is free unless specified otherwise',
    behavior: { clientOptionOrder: (options) => [...options].reverse() },
  },
  {
    name: 'ia-pd-before-ia-na',
    clause: 'RFC 9915 section 21.1: the order of options is free unless specified otherwise',
    behavior: { iaOrder: 'IA_PD first' },
  },
  {
    name: 'says-who-it-is',
    clause: 'RFC 9915 sections 21.15 and 21.16, RFC 4704 section 5: classes and a name may be sent',
    behavior: {
      ownOptions: [
        { type: 'user-class', classes: [text('HomeGateway')] },
        { type: 'vendor-class', enterprise: 3561, classes: [text('dslforum.org')] },
        { type: 'client-fqdn', data: Uint8Array.of(0, 6, ...text('router')) },
      ],
    },
  },
  {
    name: 'rapid-commit-asked-for',
    clause: 'RFC 9915 section 18.2.1: a client that will accept a Reply at once includes Rapid Commit',
    behavior: { rapidCommit: true },
  },
  {
    name: 'solicit-without-what-it-had',
    clause: 'RFC 9915 section 18.2.1: the client MAY include addresses and prefixes as a hint',
    behavior: { solicitNames: 'nothing' },
  },
  {
    name: 'request-of-what-was-offered',
    clause: 'RFC 9915 section 18.2.2: the Request holds the IAs that the client wants of this server',
    behavior: { requestHolds: 'what was offered' },
  },
  {
    name: 'reconfigure-accepted-in-every-message',
    clause: 'RFC 9915 sections 18.2.2, 18.2.4, 18.2.5: Reconfigure Accept may be in each of them',
    behavior: { reconfigureAcceptedIn: ['solicit', 'request', 'renew', 'rebind', 'confirm-rebind'] },
  },
  {
    name: 'option-request-reversed',
    clause: 'RFC 9915 section 21.7: a list of codes, whose order means nothing',
    behavior: { optionRequest: [...optionRequest].reverse() },
  },
  {
    name: 'option-request-with-more',
    clause: 'RFC 9915 section 21.7: a client requests the options that it wants',
    behavior: { optionRequest: [...othersCodes, ...optionRequest] },
  },
  {
    name: 'address-asked-for-with-any-ra',
    clause: 'RFC 7084 WAA-6 covers M=1, and not M=0; RFC 4861 section 4.2',
    behavior: { addressAskedFor: 'with every RA' },
  },
  {
    name: 'exchange-aborted-by-the-first-ra',
    clause: 'RFC 7084 WPD-4: what is done without an RA is out of scope; RFC 9915 section 18.2.1',
    behavior: { firstExchange: 'with the line' },
    warns: {
      'RFC8415-18.2.9-EMPTYADV': 'it is not applicable where an RA restarts the exchange',
      'RFC7084-WPD-6': 'the address may be asked for once the prefix is there',
    },
  },
  {
    name: 'lease-not-stored',
    clause: 'RFC 9915 section 18.2.12: only a client with stable storage has its leases after a restart',
    behavior: { leaseStored: false },
    warns: { 'RFC8168-3-HINTKEEP': 'a SHOULD' },
  },
  {
    name: 'refusal-waited-out-for-a-minute',
    clause: "RFC 9915 sections 14.1 and 18.2.10: the rate of what is sent again is limited; how is the client's",
    behavior: { afterRefusal: { wait: 60, next: 'solicit' } },
  },
  {
    name: 'own-times-earlier',
    clause: "RFC 9915 section 14.2: T1 and T2 of 0 are at the client's discretion",
    behavior: { ownTimes: { t1: 0.4, t2: 0.7 } },
  },
  {
    name: 'client-port-ephemeral',
    clause: 'RFC 9915 section 7.2: clients MAY send from any UDP source port',
    behavior: { clientPort: 49_546 },
    warns: { 'RFC7084-WAA-3 · source port': 'port 546 is RECOMMENDED' },
  },
  {
    name: 'renews-when-the-link-s-prefixes-change',
    clause: 'RFC 9915 section 18.2.12: a Renew SHOULD follow when an on-link prefix is added or deprecated',
    behavior: { linkPrefixChange: 'renew' },
  },
  {
    name: 'reply-without-an-ia-does-not-end-the-renew',
    clause: 'RFC 9915 section 18.2.10.1: the client MAY retransmit as if that Reply had not been received',
    behavior: { missingIa: 'retransmitted' },
  },
  {
    name: 'reconfigure-accepted-where-the-server-does',
    clause: 'RFC 9915 section 18.2.2: a Request includes Reconfigure Accept if the client is willing',
    behavior: { reconfigureAcceptEchoed: true },
  },
  {
    name: 'elapsed-time-in-whole-seconds',
    clause: 'RFC 9915 section 21.9: hundredths of a second; no document specifies the resolution of the clock',
    behavior: { elapsedTime: (hundredths) => hundredths - (hundredths % 100) },
  },
  {
    name: 'wishes-for-times',
    clause: 'RFC 9915 sections 21.4, 21.6, 21.21, 21.22: SHOULD be 0 in what clients send, and is ignored',
    behavior: { wishedTimes: { t1: 1800, t2: 2880, preferred: 3600, valid: 7200 } },
  },
  {
    name: 'transaction-ids-counted',
    clause: 'RFC 9915 section 16.1: they SHOULD be drawn at random',
    behavior: { transactionIds: 'counted' },
  },
  {
    name: 'leases-rebound-before-the-first-ra',
    clause: 'RFC 9915 section 18.2.12: a Rebind follows a connection event; RAs are not mentioned',
    behavior: { resumesWith: 'the line' },
  },
  {
    name: 'declined-address-replaced-at-t1',
    clause: 'RFC 9915 section 18.2.8: as if the binding had not been received, in Renew and Rebind',
    behavior: { afterDecline: 'at T1' },
  },
  {
    name: 'information-requested-beside-leases',
    clause: 'RFC 9915 section 18.2.6; RFC 4861 section 4.2: O=1 announces that other information is available',
    behavior: { informationWithLeases: true },
  },
  {
    name: 'addresses-and-prefixes-by-two-clients',
    clause: 'RFC 9915 section 6.3: one session for all is RECOMMENDED where the server can; no more than that',
    behavior: { sessions: 'one for addresses, one for prefixes' },
    warns: {
      ...Object.fromEntries(
        withThePrefix.map((key) => [key, 'the ISP answers what asks for the address alone as usual']),
      ),
      'RFC8415-18.2.10-OPTGONE · server changed': 'the other exchange names a server as well',
      'RFC8415-18.2.10-OPTGONE · server gone': 'the other exchange names a server as well',
    },
  },
  {
    name: 'first-messages-lost',
    clause: 'RFC 9915 section 15: what is lost is sent again; a port may not forward yet',
    behavior: { firstMessagesLost: 2 },
    warns: {
      'RFC8415-18.2.1-COLLECT · highest preference': 'Advertises are collected in the first timeout, which was lost',
      'RFC8415-18.2.1-SOLICIT · first timeout': 'it was lost',
    },
  },
]
