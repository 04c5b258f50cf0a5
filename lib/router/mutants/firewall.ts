import type { Mutant } from './mutant.ts'

export const firewall: Mutant[] = [
  {
    name: 'firewall-off-by-default',
    story: 'The firewall is off after a factory reset.',
    violates: ['DENAT-E2E-CLOSED', 'RFC6092-REC-34 · nobody answers'],
    behaviour: { firewallByDefault: false },
  },
  {
    name: 'tcp-replies-dropped',
    story: 'The filter keeps no state of TCP, and drops the replies of connections from inside.',
    violates: [
      'DENAT-DEFAULT-1 · IPoE',
      'DENAT-DEFAULT-1 · in use',
      'DENAT-DEFAULT-1 · TCP',
      'DENAT-PD-1',
      'RFC9818-LPD-6 · TCP',
      'DENAT-PD-4 · flows outward',
      'DENAT-RATE-80',
      'DENAT-V6ONLY-WAN · TCP',
      'RFC6092-REC-31',
      'RFC6092-REC-34 · the host connects',
      'DENAT-FLOW-INUSE · TCP for 310 s',
    ],
    behaviour: { repliesAccepted: 'all but TCP' },
  },
  {
    name: 'udp-unfiltered',
    story: 'The filter looks at TCP only.',
    violates: ['DENAT-E2E-CLOSED · UDP'],
    behaviour: { filtered: ['tcp'] },
  },
  {
    name: 'tcp-unfiltered',
    story: 'The filter looks at UDP only.',
    violates: [
      'DENAT-E2E-CLOSED · TCP',
      'RFC6092-REC-34 · nobody answers',
      'RFC6092-REC-48 · opens nothing else',
      'RFC6092-REC-48 · ends',
      'RFC7084-S-1 · simple security',
    ],
    behaviour: { filtered: ['udp'] },
  },
  {
    name: 'syn-error-at-once',
    story: 'An unsolicited SYN is answered by an error at once.',
    violates: ['RFC6092-REC-34'],
    behaviour: { synErrorAfter: 0 },
  },
  {
    name: 'syn-error-though-met',
    story: 'The error for an unsolicited SYN is sent though the host met it with its own.',
    violates: ['RFC6092-REC-34 · the host connects'],
    behaviour: { synErrorCancelled: false },
  },
  {
    name: 'page-on-wan-address',
    story: 'The web page answers on the WAN address from outside.',
    violates: ['RFC6092-REC-50 · WAN address'],
    behaviour: { managementOnWan: 'WAN address' },
  },
  {
    name: 'page-on-lan-address-from-outside',
    story: 'The web page answers on the LAN address from outside.',
    violates: ['RFC6092-REC-50 · LAN address'],
    behaviour: { managementOnWan: 'LAN address' },
  },
  {
    name: 'no-firewall',
    story: 'There is no firewall for IPv6, whatever the page says.',
    violates: ['DENAT-E2E-CLOSED', 'RFC6092-REC-34 · nobody answers', 'RFC7084-S-1 · simple security'],
    behaviour: { firewallByDefault: false, firewallSwitch: 'stays off' },
  },
  {
    name: 'page-on-wan-link-local',
    story: 'The web page answers on the link-local address of the WAN.',
    violates: ['RFC6092-REC-50 · link-local'],
    behaviour: { managementOnWan: 'link-local' },
  },
  {
    name: 'open-resolver-over-tcp',
    story: 'The DNS proxy answers the Internet over TCP.',
    violates: ['RFC6092-REC-50', 'RFC6092-REC-8 · TCP, WAN address', 'RFC6092-REC-8 · TCP, LAN address'],
    behaviour: { dnsOnWan: ['tcp'] },
  },
  {
    name: 'open-resolver',
    story: 'The DNS proxy answers the Internet.',
    violates: ['RFC6092-REC-50', 'RFC6092-REC-8 · UDP, WAN address', 'RFC6092-REC-8 · UDP, LAN address'],
    behaviour: { dnsOnWan: ['udp'] },
  },
]
