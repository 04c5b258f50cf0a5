import { type Freedom, notApplicable } from './freedom.ts'

/** The DHCPv6 server on the LAN. */
export const lanDhcpv6: Freedom[] = [
  {
    name: 'server-options-reversed',
    clause: 'RFC 9915 section 21.1: the order of options is free unless specified otherwise',
    behavior: { serverOptionOrder: (options) => [...options].reverse() },
  },
  {
    name: 'server-port-ephemeral',
    clause: 'RFC 9915 section 7.2: servers MAY send from any UDP source port',
    behavior: { serverPort: 49_547 },
  },
  {
    name: 'granted-times-zero',
    clause: 'RFC 9915 section 21.4: T1 and T2 of 0 leave the times to the client',
    behavior: { grantedTimes: { t1: 0, t2: 0 } },
  },
  {
    name: 'granted-times-early',
    clause: 'RFC 9915 section 21.4: 0.5 and 0.8 of the preferred lifetime are RECOMMENDED',
    behavior: { grantedTimes: { t1: 0.25, t2: 0.5 } },
  },
  {
    name: 'leased-addresses-low',
    clause: "RFC 9915 section 13.1: how addresses are chosen is the server's policy",
    behavior: { leasedAddresses: 'low' },
  },
  {
    name: 'leased-addresses-of-the-client-s-identifier',
    clause: "RFC 9915 section 13.1: how addresses are chosen is the server's policy",
    behavior: { leasedAddresses: 'EUI-64 of the client' },
  },
  {
    name: 'ula-leased-as-well',
    clause: 'RFC 9915 section 18.3.2: an IA_NA may be given several addresses',
    behavior: { leasesUla: true },
  },
  {
    name: 'preference-255',
    clause: "RFC 9915 section 21.8: the preference is the server's",
    behavior: { serverPreference: 255 },
  },
  {
    name: 'preference-0-said',
    clause: 'RFC 9915 section 21.8: without the option it is 0',
    behavior: { serverPreference: 0 },
  },
  {
    name: 'success-said-in-each-ia',
    clause: 'RFC 9915 section 21.13: the absence of a status means Success',
    behavior: { successStatus: 'in each IA' },
  },
  {
    name: 'success-said-at-the-top',
    clause: 'RFC 9915 section 21.13: the absence of a status means Success',
    behavior: { successStatus: 'at the top' },
  },
  {
    name: 'status-in-words',
    clause: 'RFC 9915 section 21.13: a UTF-8 text for people',
    behavior: { statusMessage: 'see the manual' },
  },
  {
    name: 'options-that-nobody-asked-for',
    clause: 'RFC 9915 section 18.3.4: values for other parameters MAY be included even if they were not requested',
    behavior: { unaskedOptions: true },
  },
  {
    name: 'server-says-sol-max-rt',
    clause: 'RFC 9915 sections 21.23 and 21.24: a server MAY include them',
    behavior: {
      serverOptions: [
        { type: 'sol-max-rt', value: 3600 },
        { type: 'inf-max-rt', value: 3600 },
      ],
    },
  },
  {
    name: 'unicast-discarded',
    clause: 'RFC 9915 section 21.12: UseMulticast is not sent any more, and unicast need not be accepted',
    behavior: { unicastRefused: 'silently' },
  },
  {
    name: 'no-new-bindings-by-renew',
    clause: 'RFC 9915 sections 18.3.4 and 18.3.5: a server that creates no bindings then sends NoBinding',
    behavior: { unknownLeases: 'NoBinding' },
  },
  {
    name: 'zeroed-leases-first',
    clause: 'RFC 9915 section 21.1: the order of options is free unless specified otherwise',
    behavior: { zeroedLeases: 'first' },
  },
  {
    name: 'reconfigure-demands-a-rebind',
    clause: 'RFC 9915 section 21.19: a Reconfigure may name a Renew, a Rebind or an Information-request',
    behavior: { lanReconfigureDemands: 6 },
  },
  {
    name: 'server-has-an-identifier-of-its-own',
    clause: 'RFC 9915 section 11: each client and each server has a DUID; one box that is both may have two',
    behavior: { serverDuidOf: 'the server' },
  },
  {
    name: 'rapid-commit-served',
    clause: 'RFC 9915 section 18.3.1: a server that is configured so answers a Solicit by a Reply',
    behavior: { rapidCommitServed: true },
  },
  {
    name: 'stateless-server',
    clause: 'RFC 7084 L-8: a server that assigns addresses, or a stateless one',
    behavior: { servesAddresses: false },
    warns: notApplicable(
      'it is about leases of addresses',
      'DENAT-GUA-1 · dhcpv6-only',
      'DENAT-RENUM-CASCADE',
      'RFC8415-16-SRV-VALID',
      'RFC8415-18.3.1-MULTICAST',
      'RFC8415-18.3.2-TWOIAS',
      'RFC8415-18.3.3-CONFIRM',
      'RFC8415-18.3.4-RENEW',
      'RFC8415-18.3.8-DECLINE',
      'RFC9096-3.5-BINDINGS',
      'RFC9096-3.5-DHCPZERO',
      'RFC9096-3.5-RECONF',
      'RFC9096-L-15 · DHCPv6 host',
      'RFC9096-L-16 · DHCPv6 host',
      'RFC9915-13.1-ASSIGNED',
    ),
  },
  {
    name: 'not-on-link-inside-the-ia',
    clause: 'RFC 9915 section 18.3.2: an address of another link is answered by NotOnLink in the IA',
    behavior: { offLinkRequests: 'NotOnLink in the IA', addressLeasesStored: false, unknownLeases: 'NoBinding' },
    warns: { 'RFC9096-3.5-BINDINGS': 'only a router with stable storage has a lease from before a restart' },
  },
  {
    name: 'leases-of-ten-minutes',
    clause: "RFC 9915 section 13.1: lifetimes are the server's policy; RFC 9096 L-16 is a SHOULD",
    behavior: { longestLease: 600 },
    warns: { 'RFC9096-L-16': 'ND_VALID_LIMIT is a SHOULD' },
  },
  {
    name: 'ias-in-another-order',
    clause: 'RFC 9915 section 21.1: the order of options is free unless specified otherwise',
    behavior: { iaAnswerOrder: 'reversed' },
  },
  {
    name: 'information-refresh-time-said',
    clause: 'RFC 9915 section 21.23: a server MAY include it in a Reply to an Information-request',
    behavior: { informationRefreshTime: 3600 },
  },
  {
    name: 'rebind-of-unknown-leases-not-answered',
    clause: 'RFC 9915 section 18.3.5: a server that includes no IAs with leases or status discards the Rebind',
    behavior: { unknownLeases: 'NoBinding to a Renew alone' },
  },
  {
    name: 'reconfigure-not-offered',
    clause: 'RFC 9915 section 18.3.9: a server may send Reconfigure Accept; RFC 9096 section 3.5: if possible',
    behavior: { lanReconfigureOffered: false },
    warns: notApplicable('it is about Reconfigure on the LAN', 'RFC8415-18.3.11-LANRECONF', 'RFC9096-3.5-RECONF'),
  },
  {
    name: 'replay-counter-of-the-time',
    clause: 'RFC 9915 section 20.3: a counter that grows, such as the time',
    behavior: { lanReplayCounterFrom: 1_764_500_000_000 },
  },
  {
    name: 'reconfigure-sent-after-a-second',
    clause: 'RFC 9096 section 3.5 names no time',
    behavior: { lanReconfigureAfter: 1 },
  },
]
