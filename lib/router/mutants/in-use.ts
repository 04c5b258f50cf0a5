import type { Mutant } from './mutant.ts'

const otherLengths = ['/57', '/58', '/59', '/60', '/61', '/62']
const beside = otherLengths.map((length) => `RFC7608-2-ANYLENGTH · ${length}, beside`)
const insideOf = (lengths: string[]) => lengths.map((length) => `RFC7608-2-ANYLENGTH · ${length}, inside`)

/** What shows once many use the router, or use it otherwise than most. */
export const inUse: Mutant[] = [
  {
    name: 'prefix-lengths-rounded-down',
    story: 'Routes have lengths of whole octets: neighboring prefixes are unreachable.',
    violates: beside,
    behavior: { routedLength: (delegated) => delegated - (delegated % 8) },
  },
  {
    name: 'route-of-a-56-one-bit-too-short',
    story: 'The unreachable route of a delegated /56 is a /55.',
    violates: ['RFC7608-2-ANYLENGTH · /56, beside'],
    behavior: { routedLength: (delegated) => (delegated === 56 ? 55 : delegated) },
  },
  {
    name: 'prefix-lengths-rounded-up',
    story: 'Routes have length /64: packets to all but the first /64 of a delegated prefix are sent back to the ISP.',
    violates: ['RFC7084-WPD-5 · from the LAN'],
    behavior: { routedLength: () => 64 },
  },
  {
    name: 'prefix-lengths-rounded-to-octets',
    story: 'Routes have lengths of whole octets: packets to the end of the prefix are sent back to the ISP.',
    violates: insideOf(otherLengths),
    behavior: { routedLength: (delegated) => 8 * Math.ceil(delegated / 8) },
  },
  {
    name: 'ten-hosts-served',
    story: 'No more than ten hosts may use the Internet.',
    violates: ['DENAT-RATE-80', 'DENAT-GUA-1 · late-joiner', 'DENAT-PD-4 · flows outward'],
    behavior: { servesWith: (others) => others < 10 },
  },
  {
    name: 'nineteen-hosts-served',
    story:
      'No more than nineteen hosts may use the Internet: 95 % of twenty, which is above the floor and below the goal.',
    violates: [
      'DENAT-RATE-80 · with those behind home routers',
      'DENAT-GUA-1 · late-joiner',
      'DENAT-PD-4 · flows outward',
    ],
    warns: ['DENAT-RATE-80 · with those behind home routers'],
    behavior: { servesWith: (others) => others < 19 },
  },
  {
    name: 'offloaded-flows-die-with-line',
    story: 'A flow that is in use at a line cut does not work after it, while new flows do.',
    violates: ['DENAT-FLOW-INUSE · the line is cut', 'DENAT-FLOW-EVENTS'],
    behavior: { flowEndsAt: (event) => event === 'line cut' },
  },
  {
    name: 'flows-die-at-renew',
    story: 'Each Reply to a Renew clears the flow table.',
    violates: [
      'DENAT-FLOW-INUSE · longer than any idle timeout',
      'RFC6092-REC-14 · rests for 115 s',
      'DENAT-FLOW-EVENTS',
      'DENAT-FLOW-INUSE · a prefix is added',
      'RFC6092-REC-35 · established, 7430 s',
    ],
    behavior: { flowEndsAt: (event) => event === 'Renew' },
  },
  {
    name: 'connections-die-at-renew',
    story: 'TCP connections end at a Renew, while UDP flows continue.',
    violates: ['DENAT-FLOW-EVENTS', 'RFC6092-REC-35 · established, 7430 s'],
    behavior: { flowEndsAt: (event, transport) => event === 'Renew' && transport === 'tcp' },
  },
  {
    name: 'pinhole-flows-die-at-renew',
    story: 'Flows from the Internet end at a Renew, although the pinhole permits new ones.',
    violates: ['DENAT-FLOW-EVENTS'],
    shownIn: 'together-open',
    behavior: { flowEndsAt: (event, _transport, openedBy) => event === 'Renew' && openedBy === 'outside' },
  },
  {
    name: 'flows-die-at-advertisement',
    story: 'Each RA of the ISP clears the flow table.',
    violates: [
      'DENAT-FLOW-EVENTS',
      'DENAT-FLOW-INUSE · TCP for 310 s',
      'DENAT-FLOW-INUSE · UDP for 310 s',
      'DENAT-FLOW-INUSE · longer than any idle timeout',
      'DENAT-FLOW-INUSE · the line is cut',
      'RFC6092-REC-14 · rests for 115 s',
      'RFC6092-REC-35',
    ],
    behavior: { flowEndsAt: (event) => event === 'RA' },
  },
  {
    name: 'flows-die-at-sub-delegation',
    story: 'The rules are reloaded when a downstream router gets a prefix, and all flows end.',
    violates: [
      'DENAT-FLOW-EVENTS',
      'DENAT-FLOW-INUSE · longer than any idle timeout',
      'RFC6092-REC-14 · rests for 115 s',
    ],
    behavior: { flowEndsAt: (event) => event === 'sub-delegation' },
  },
  {
    name: 'flows-die-at-release',
    story: 'The rules are reloaded when a client releases its lease, and all flows end.',
    violates: [
      'DENAT-FLOW-EVENTS',
      'DENAT-FLOW-INUSE · longer than any idle timeout',
      'RFC6092-REC-14 · rests for 115 s',
    ],
    behavior: { flowEndsAt: (event) => event === 'Release on the LAN' },
  },
  {
    name: 'flows-die-of-age',
    story: 'The state of a UDP flow ends two minutes after its start, although it is in use.',
    violates: ['DENAT-FLOW-INUSE · longer than any idle timeout', 'DENAT-FLOW-INUSE · UDP for 310 s'],
    behavior: { flowAge: (transport) => (transport === 'udp' ? 125 : Number.POSITIVE_INFINITY) },
  },
  {
    name: 'flows-die-of-greater-age',
    story: 'The state of a UDP flow ends 130 s after its start, although it is in use.',
    violates: ['DENAT-FLOW-INUSE · longer than any idle timeout', 'DENAT-FLOW-INUSE · UDP for 310 s'],
    behavior: { flowAge: (transport) => (transport === 'udp' ? 130 : Number.POSITIVE_INFINITY) },
  },
  {
    name: 'connections-die-of-age',
    story: 'The state of a TCP connection ends five minutes after its start, although it is in use.',
    violates: ['DENAT-FLOW-INUSE · TCP for 310 s'],
    behavior: { flowAge: (transport) => (transport === 'tcp' ? 300 : Number.POSITIVE_INFINITY) },
  },
  {
    name: 'deaf-while-prefix-is-added',
    story: 'While another prefix is added no packet is forwarded for 4 s.',
    violates: ['DENAT-FLOW-INUSE · a prefix is added'],
    behavior: { deafWhilePrefixesChange: 4 },
  },
  {
    name: 'hard-of-hearing-while-prefix-is-added',
    story: 'While another prefix is added no packet is forwarded for 2 s.',
    violates: ['DENAT-FLOW-INUSE · a prefix is added'],
    warns: ['DENAT-FLOW-INUSE · a prefix is added'],
    behavior: { deafWhilePrefixesChange: 2 },
  },
  {
    name: 'ipv6-waits-for-ipv4',
    story: 'Without an IPv4 address the router provides no IPv6.',
    violates: [
      'DENAT-V6ONLY-WAN · address',
      'DENAT-V6ONLY-WAN · TCP',
      'DENAT-V6ONLY-WAN · UDP',
      'DENAT-V6ONLY-WAN · later',
      'DENAT-V6ONLY-WAN · name',
    ],
    silences: ['RFC5625-6.1-RANDOM'],
    behavior: { ipv6StartsWith: 'an IPv4 address' },
  },
  {
    name: 'neighbor-cache-overflow',
    story: 'When the Neighbor Cache is full, known neighbors are removed, and no new one is added.',
    violates: ['ROB-NDCACHE'],
    behavior: { fullNeighborCache: 'resolved entries deleted' },
  },
]
