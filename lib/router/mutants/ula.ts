import type { Mutant } from './mutant.ts'

export const ula: Mutant[] = [
  {
    name: 'ula-global-id-zero',
    story: 'The ULA prefix is fd00::/48 in every router.',
    violates: ['RFC7084-ULA-1'],
    behavior: { globalId: 'zero' },
  },
  {
    name: 'ula-global-id-constant',
    story: 'The ULA prefix is the same in every router of this model.',
    violates: ['RFC7084-ULA-1 · after a factory reset'],
    behavior: { globalId: 'constant' },
  },
  {
    name: 'ula-global-id-of-one-octet',
    story: 'Only one octet of the Global ID of the ULA prefix is random.',
    violates: ['RFC7084-ULA-1 · Global ID'],
    behavior: { globalId: 'of one octet' },
  },
  {
    name: 'ula-not-locally-assigned',
    story: 'The ULA prefix is out of fc00::/8, which is reserved.',
    violates: ['RFC7084-ULA-1 · Global ID'],
    behavior: { globalId: 'with L=0' },
  },
  {
    name: 'ula-site-of-each-lan',
    story: 'Each LAN has a ULA prefix with a Global ID of its own.',
    violates: ['RFC7084-ULA-1 · Global ID'],
    behavior: { ulaSites: 'one for each LAN' },
  },
  {
    name: 'ula-at-each-boot',
    story: 'A new ULA prefix is generated at every boot.',
    violates: ['RFC7084-ULA-2 · reboot', 'RFC7084-ULA-2 · power cut'],
    behavior: { ulaMade: 'at each boot' },
  },
  {
    name: 'ula-with-each-prefix',
    story: 'A new ULA prefix is generated with every new prefix of the ISP.',
    violates: ['RFC7084-ULA-2 · new prefix', 'RFC8415-18.2.10-OPTGONE · server changed'],
    behavior: { ulaMade: 'with each delegated prefix' },
  },
  {
    name: 'lan-dies-with-the-line',
    story: 'Without a default router no packet is forwarded between the LANs.',
    violates: ['RFC4193-ULA-LOCAL', 'RFC4443-3.1-NOROUTE · no route'],
    behavior: { lansReachEachOther: 'with a default router' },
  },
  {
    name: 'lan-prefix-at-each-restart',
    story: 'After a restart a LAN gets another /64 of the same prefix.',
    violates: [
      'DENAT-ADDR-STABLE · reboot, LAN',
      'DENAT-ADDR-STABLE · power cut, LAN',
      'RFC9818-LPD-3 · reboot',
      // A host that was reached at its address is elsewhere.
      'DENAT-E2E-OPEN · firewall off, host',
      'UI-FW-TOGGLE · firewall off',
      'UI-FW-TOGGLE · pinhole after a restart',
      'RFC6092-REC-49 · TCP, host',
      'RFC7084-S-1 · transparent mode',
      // What was sub-delegated is the LAN's now.
      'DENAT-BACK · reboot, same prefix',
    ],
    sometimes: ['DENAT-BACK · reboot, same prefix'],
    behavior: { lanPrefixDrawn: 'at each restart' },
  },
  {
    name: 'lan-prefix-at-each-cut',
    story: 'After a line cut each LAN gets the next /64 of the same prefix.',
    violates: [
      'DENAT-TOGETHER · sub-delegated prefix, line cut',
      'DENAT-ADDR-STABLE · link flap, LAN',
      'DENAT-RA-REFRESH',
    ],
    warns: ['DENAT-RA-REFRESH'],
    behavior: { lanPrefixDrawn: 'at each loss of the line' },
  },
  {
    name: 'leased-prefixes-forgotten-at-boot',
    story: 'After a restart a downstream router gets another prefix than before.',
    violates: [
      'DENAT-ADDR-STABLE · reboot, downstream router',
      'DENAT-ADDR-STABLE · power cut, downstream router',
      'RFC8987-S-2 · the gateway restarts',
    ],
    behavior: { leasedPrefixesKnown: 'until a restart' },
  },
  {
    name: 'leased-prefixes-forgotten-with-the-line',
    story: 'After a line cut a downstream router gets another prefix than before.',
    violates: ['DENAT-ADDR-STABLE · link flap, downstream router'],
    behavior: { leasedPrefixesKnown: 'until the line is cut' },
  },
  {
    name: 'leased-prefixes-forgotten-with-the-wan-prefix',
    story: 'When the prefix of the WAN link changes, a downstream router gets another prefix than before.',
    violates: ['DENAT-ADDR-STABLE · new WAN PIO, downstream router'],
    behavior: { leasedPrefixesKnown: 'until the WAN is renumbered' },
  },
]
