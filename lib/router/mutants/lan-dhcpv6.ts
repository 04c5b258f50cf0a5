import type { Mutant } from './mutant.ts'

/** What is discarded for its identifiers is so whatever stands behind them. */
const alsoOfMutants: Record<string, string[]> = {
  'Solicit with Server Identifier': ['ROB-FUZZ-DHCP6 · Solicit'],
  'Renew for another server': ['ROB-FUZZ-DHCP6 · Renew'],
}

export const lanDhcpv6: Mutant[] = [
  {
    name: 'crashes-on-second-iaid',
    story: 'The DHCPv6 server stops when a client that has an IA_NA requests another one in a new exchange.',
    violates: ['RFC8415-18.3.2-TWOIAS'],
    behavior: { secondIa: 'crashes the server' },
  },
  {
    name: 'second-iaid-not-answered',
    story: 'A client that has an IA_NA is offered another, but its Request gets no answer.',
    violates: ['RFC8415-18.3.2-TWOIAS · second IAID', 'DENAT-FATE-DHCPV6'],
    behavior: { secondIa: 'not answered' },
  },
  {
    name: 'second-iaid-in-place-of-first',
    story: 'A second IA_NA of a client replaces its first, which cannot be renewed any more.',
    violates: ['RFC8415-18.3.2-TWOIAS · first IAID kept'],
    behavior: { secondIa: 'in its place' },
  },
  {
    name: 'server-duid-new-at-each-boot',
    story: 'The LAN server has a new DUID after each start, and its clients must restart with Solicit.',
    violates: [
      'RFC8415-11-SRV-DUID · after a reboot',
      'RFC8415-11-SRV-DUID · after a power cut',
      'DENAT-RENUM-CASCADE · power cut, DHCPv6 host',
      'DENAT-RENUM-CASCADE · power cut, downstream router',
      'DENAT-RENUM-CASCADE · orderly reboot, DHCPv6 host',
      'DENAT-RENUM-CASCADE · orderly reboot, downstream router',
      'RFC8987-S-2 · the gateway restarts',
      'RFC9096-3.5-BINDINGS · orderly reboot, DHCPv6 host',
      'RFC9096-3.5-BINDINGS · orderly reboot, downstream router',
    ],
    behavior: { serverDuid: 'new at each boot' },
  },
  {
    name: 'transaction-id-not-copied',
    story: 'Answers to Information-requests have a transaction-id of their own, and clients ignore them.',
    violates: ['RFC8415-11-SRV-DUID · transaction-id', 'RFC7084-L-8'],
    sometimes: ['DENAT-FATE-DHCPV6'],
    behavior: { transactionIdCopied: (type) => type !== 'information-request' },
  },
  {
    name: 'client-id-not-copied',
    story: 'Answers to Information-requests lack the Client Identifier, and clients ignore them.',
    violates: ['RFC8415-11-SRV-DUID · Client Identifier', 'RFC7084-L-8', 'RFC9915-18.3-REPEATS'],
    behavior: { clientIdCopied: (type) => type !== 'information-request' },
  },
  ...(
    [
      ['solicit', 'no Client Identifier', 'Solicit without Client Identifier'],
      ['solicit', 'a Server Identifier', 'Solicit with Server Identifier'],
      ['request', 'no Client Identifier', 'Request without Client Identifier'],
      ['request', 'no Server Identifier', 'Request without Server Identifier'],
      ['request', 'another server', 'Request for another server'],
      ['confirm', 'no Client Identifier', 'Confirm without Client Identifier'],
      ['confirm', 'a Server Identifier', 'Confirm with Server Identifier'],
      ['renew', 'no Client Identifier', 'Renew without Client Identifier'],
      ['renew', 'no Server Identifier', 'Renew without Server Identifier'],
      ['renew', 'another server', 'Renew for another server'],
      ['rebind', 'no Client Identifier', 'Rebind without Client Identifier'],
      ['rebind', 'a Server Identifier', 'Rebind with Server Identifier'],
      ['release', 'no Client Identifier', 'Release without Client Identifier'],
      ['release', 'no Server Identifier', 'Release without Server Identifier'],
      ['release', 'another server', 'Release for another server'],
      ['decline', 'no Client Identifier', 'Decline without Client Identifier'],
      ['decline', 'no Server Identifier', 'Decline without Server Identifier'],
      ['decline', 'another server', 'Decline for another server'],
      ['information-request', 'another server', 'Information-request for another server'],
      ['information-request', 'an IA', 'Information-request with an IA'],
      ['advertise', 'not for servers', 'Advertise'],
      ['reply', 'not for servers', 'Reply'],
      ['reconfigure', 'not for servers', 'Reconfigure'],
    ] as const
  ).map(
    ([type, flaw, name]): Mutant => ({
      name: `answers-${name.toLowerCase().replaceAll(' ', '-')}`,
      story: `The LAN server answers: ${name}.`,
      violates: [`RFC8415-16-SRV-VALID · ${name}`, ...(alsoOfMutants[name] ?? [])],
      behavior: { messageDiscarded: (which, what) => which !== type || what !== flaw },
    }),
  ),
  ...(['solicit', 'confirm', 'rebind', 'information-request', 'request', 'renew', 'release', 'decline'] as const).map(
    (type): Mutant => ({
      name: `unicast-${type}-served`,
      story: `A ${type} that was sent by unicast is answered.`,
      violates: [`RFC8415-18.3.1-MULTICAST · ${type}`],
      behavior: { unicastServed: (one) => one === type },
    }),
  ),
  ...(['Solicit', 'Renew'] as const).map(
    (about): Mutant => ({
      name: `server-crashes-on-cut-${about.toLowerCase()}`,
      story: `The LAN server stops after a ${about} whose last option is truncated.`,
      violates: [`ROB-FUZZ-DHCP6 · ${about}`],
      behavior: {
        questionSurvived: ({ type, options }) =>
          type !== about.toLowerCase() || options.every((one) => one.type !== 'malformed'),
      },
    }),
  ),
  {
    name: 'dhcpv6-server-on-wan',
    story: 'The DHCPv6 server of the LAN answers on the WAN as well.',
    violates: ['RFC6092-REC-9', 'DENAT-WAN-SERVER'],
    behavior: { dhcpv6ServerOnWan: true },
  },
  {
    name: 'confirms-anything',
    story: 'Every Confirm is answered by Success, and hosts keep addresses of invalid prefixes.',
    violates: ['RFC8415-18.3.3-CONFIRM · foreign prefix'],
    behavior: { confirmed: () => true },
  },
  {
    name: 'confirms-nothing',
    story: 'Every Confirm is answered by NotOnLink.',
    violates: ['RFC8415-18.3.3-CONFIRM · on-link'],
    behavior: { confirmed: () => false },
  },
  {
    name: 'confirms-no-address',
    story: 'A Confirm without any address is answered by Success.',
    violates: ['RFC8415-18.3.3-CONFIRM · no address'],
    behavior: { emptyConfirmIgnored: false },
  },
  {
    name: 'addresses-not-renewed',
    story: 'A Renew of an address that is leased is answered by NoBinding.',
    violates: ['RFC8415-18.3.4-RENEW · known', 'RFC8415-18.3.2-TWOIAS · first IAID kept'],
    silences: ['RFC8415-18.3.4-RENEW · T1 and T2'],
    behavior: { addressesExtended: (by) => by !== 'renew' },
  },
  {
    name: 'addresses-not-rebound',
    story:
      'A Rebind of an address that is leased is answered by NoBinding, and the host begins its flows from another one.',
    violates: ['RFC8415-18.3.4-RENEW · known, by Rebind'],
    behavior: { addressesExtended: (by) => by !== 'rebind' },
  },
  {
    name: 'leases-outlive-delegation',
    story: 'Leases on the LAN last a day, although the delegated prefix does not.',
    violates: [
      'RFC8415-18.3.4-RENEW · lifetimes within the WAN lease',
      'RFC9818-LPD-10',
      'DENAT-RENUM-CASCADE · Renew, downstream router',
      'RFC9096-L-15 · DHCPv6 host',
      'RFC9096-L-15 · downstream router',
      'RFC9096-L-16 · DHCPv6 host',
      'RFC9096-L-16 · downstream router',
    ],
    sometimes: ['DENAT-LEASED-ONCE'],
    behavior: { leasesOutliveDelegation: true },
  },
  {
    name: 'each-ia-with-times-of-its-own',
    story: 'T1 of an IA_PD is half of that of an IA_NA in the same Reply.',
    violates: ['RFC8415-18.3.4-RENEW · T1 and T2', 'RFC9915-18.3.2-ONETIME'],
    behavior: { sameTimesInAllIas: false },
  },
  ...(
    [
      ['renew', 'RFC8415-18.3.4-RENEW · unknown'],
      ['release', 'RFC8415-18.3.8-DECLINE · Release of what is not bound'],
      ['decline', 'RFC8415-18.3.8-DECLINE · Decline of what is not bound'],
    ] as const
  ).map(
    ([type, id]): Mutant => ({
      name: `${type}-of-unbound-unreported`,
      story: `The answer to a ${type} lacks an IA that is not bound.`,
      violates: [id],
      behavior: { unboundReported: (one) => one !== type },
    }),
  ),
  ...(['Release', 'Decline'] as const).map(
    (what): Mutant => ({
      name: `${what.toLowerCase()}-fails`,
      story: `A ${what} is answered by UnspecFail.`,
      violates: [`RFC8415-18.3.8-DECLINE · ${what}`],
      behavior: { givenBackStatus: (type) => (type === what.toLowerCase() ? 1 : 0) },
    }),
  ),
  {
    name: 'declined-address-offered-again',
    story: 'A declined address is offered again at once.',
    violates: ['RFC8415-18.3.8-DECLINE · declined address'],
    behavior: { declinedAvoided: false },
  },
  {
    name: 'own-search-list',
    story: "DHCPv6 offers a search list of the router instead of the ISP's.",
    violates: ['RFC7084-L-12 · DOMAIN_LIST'],
    behavior: { domainListOf: 'the router' },
  },
  ...(
    [
      ['sip-domains', 'SIP_DOMAINS'],
      ['sip-servers', 'SIP_SERVERS'],
      ['sntp-servers', 'SNTP_SERVERS'],
      ['ntp-server', 'NTP_SERVER'],
    ] as const
  ).map(
    ([option, name]): Mutant => ({
      name: `${option}-not-passed-on`,
      story: `The ISP's value of ${name} is not offered on the LAN.`,
      violates: [`RFC7084-L-12 · ${name}`],
      behavior: { passesOn: (one) => one !== option },
    }),
  ),
  {
    name: 'information-for-who-says-his-name',
    story: 'An Information-request without a Client Identifier is not answered.',
    violates: ['RFC9915-18.3.6-ANONYMOUS'],
    behavior: { anonymousAnswered: false },
  },
]
