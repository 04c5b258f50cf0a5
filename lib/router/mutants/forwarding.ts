import type { Mutant } from './mutant.ts'

const hopLimitCases = [
  ...['2', '64', '255', 'TCP', 'UDP', 'inbound', 'inbound, 2', 'inbound TCP', 'inbound UDP'].map(
    (name) => `RFC8200-3-HOPLIMIT · ${name}`,
  ),
]

export const forwarding: Mutant[] = [
  {
    name: 'forwards-before-delegation',
    story: 'Packets are forwarded before address and prefix are acquired.',
    violates: ['RFC7084-G-3', 'RFC7084-L-14 · lifetime 0, code 5'],
    behavior: { forwardsBeforeDelegation: true },
  },
  {
    name: 'hop-limit-unchanged',
    story: 'The hop limit is not reduced: the router behaves as a bridge.',
    violates: [...hopLimitCases, 'RFC8200-3-HOPS'],
    behavior: { hopLimitDecrement: () => 0 },
  },
  {
    name: 'hop-limit-unchanged-on-the-short-way',
    story: 'After ten packets a flow uses a fast path that does not change the hop limit.',
    violates: ['RFC8200-3-HOPS'],
    shownIn: 'slaac-wan',
    behavior: { hopLimitDecrement: (before) => Number(before < 10) },
  },
  {
    name: 'hop-limit-reduced-by-2',
    story: 'The hop limit is reduced by two.',
    violates: [...hopLimitCases, 'RFC8200-3-HOPS'],
    behavior: { hopLimitDecrement: () => 2 },
  },
  {
    name: 'hop-limit-1-forwarded',
    story: 'A packet that arrives with hop limit 1 is forwarded.',
    violates: [
      'RFC8200-3-HOPLIMIT · 1',
      'RFC8200-3-HOPLIMIT · inbound, 1',
      'RFC4443-3.3-TIMEEX · outbound',
      'RFC4443-3.3-TIMEEX · inbound',
    ],
    behavior: { leastHopLimit: 0 },
  },
  {
    name: 'hop-limit-1-forwarded-and-told',
    story: 'A packet that arrives with hop limit 1 is answered by Time Exceeded, and nevertheless forwarded.',
    violates: [
      'RFC8200-3-HOPLIMIT · 1',
      'RFC8200-3-HOPLIMIT · inbound, 1',
      'RFC4443-3.3-TIMEEX · outbound',
      'RFC4443-3.3-TIMEEX · inbound',
    ],
    behavior: { timeExceeded: () => 'sent, and the packet forwarded' },
  },
  {
    name: 'hop-limit-2-dropped',
    story: 'A packet that arrives with hop limit 2 is dropped as if it were 1.',
    violates: ['RFC8200-3-HOPLIMIT · 2', 'RFC8200-3-HOPLIMIT · inbound, 2'],
    behavior: { leastHopLimit: 3 },
  },
  {
    name: 'routing-loop',
    story: 'Packets to the unassigned part of the delegated prefix are sent back to the ISP.',
    violates: ['RFC7084-WPD-5 · from the LAN'],
    behavior: { unassignedPartRejected: false },
  },
  {
    name: 'ping-pong',
    story: 'Packets to the unassigned part of the delegated prefix are sent back to the ISP, from any source.',
    violates: ['RFC7084-WPD-5 · from the LAN'],
    behavior: { unassignedPartRejected: false, wanHairpin: true },
  },
  {
    name: 'unassigned-part-silent',
    story: 'Packets to the unassigned part are dropped without an error.',
    violates: ['RFC7084-WPD-5a'],
    behavior: { unassignedPartReported: false },
  },
  {
    name: 'ula-on-wan',
    story: 'Packets from and to unique local addresses leave on the WAN.',
    violates: ['RFC7084-ULA-4'],
    shownIn: 'flash-renumbering',
    behavior: { ulaCrossesWan: 'outwards' },
  },
  {
    name: 'ula-from-wan',
    story: 'Packets from unique local addresses are forwarded from the WAN.',
    violates: ['RFC7084-ULA-4'],
    shownIn: 'long-sessions',
    behavior: { ulaCrossesWan: 'inwards' },
  },
  {
    name: 'pmtu-black-hole',
    story: 'Packets above the MTU of the WAN are dropped without an error.',
    violates: ['RFC4443-3.2-PTB', 'IPV6P-MTU-1 · segment routing, beyond the MTU of the line'],
    behavior: { tooBig: 'dropped' },
  },
  {
    name: 'fragmented-by-the-router',
    story: 'Packets above the MTU of the WAN are answered by Packet Too Big, and fragmented by the router.',
    violates: ['RFC4443-3.2-PTB', 'IPV6P-MTU-1 · segment routing, beyond the MTU of the line'],
    behavior: { tooBig: 'Packet Too Big, and fragmented' },
  },
  {
    name: 'too-big-untold-on-the-short-way',
    story: 'After thirty packets a flow uses a fast path that drops packets above the MTU without an error.',
    violates: ['RFC4443-3.2-PTB · UDP', 'IPV6P-MTU-1 · segment routing, beyond the MTU of the line'],
    behavior: { tooBigReportedFor: 30 },
  },
  {
    name: 'mtu-understated',
    story: 'The MTU in Packet Too Big is 20 too small.',
    violates: ['RFC4443-3.2-PTB', 'IPV6P-MTU-1 · segment routing, beyond the MTU of the line'],
    behavior: { tooBigUnderstated: 20 },
  },
  {
    name: 'error-too-long',
    story: 'ICMPv6 errors are longer than 1280 octets.',
    violates: ['RFC4443-3.2-PTB · echo', 'RFC4443-2.4c-QUOTE · no longer than 1280', 'RFC4443-2-FORM'],
    behavior: { errorSize: 1500 },
  },
  {
    name: 'unassigned-part-returned',
    story:
      'Packets that the filter permits to an unassigned part of the delegated prefix are sent back to the ISP, and loop.',
    violates: ['RFC7084-WPD-5 · from the Internet'],
    behavior: { unassignedFromWan: 'returned' },
  },
]
