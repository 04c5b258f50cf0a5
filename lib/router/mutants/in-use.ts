import type { Mutant } from './mutant.ts'

const oddLengths = ['/57', '/58', '/59', '/60', '/61', '/62']
const beside = oddLengths.map((length) => `RFC7608-2-ANYLENGTH · ${length}, beside`)
const insideOf = (lengths: string[]) => lengths.map((length) => `RFC7608-2-ANYLENGTH · ${length}, inside`)

/** What shows once many use the router, or use it otherwise than most. */
export const inUse: Mutant[] = [
  {
    name: 'prefix-lengths-rounded-down',
    story: 'Routes know whole octets of a prefix only: what lies beside it is held for unreachable.',
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
    story: 'Routes know /64 only: all but the first /64 of a delegated prefix goes back to the ISP.',
    violates: ['RFC7084-WPD-5 · from the LAN'],
    behavior: { routedLength: () => 64 },
  },
  {
    name: 'prefix-lengths-rounded-to-octets',
    story: 'Routes know whole octets of a prefix only: its far end goes back to the ISP.',
    violates: insideOf(oddLengths),
    behavior: { routedLength: (delegated) => 8 * Math.ceil(delegated / 8) },
  },
  {
    name: 'ten-hosts-served',
    story: 'No more than ten hosts may use the Internet.',
    violates: ['DENAT-RATE-80', 'DENAT-GUA-1 · late-joiner', 'DENAT-PD-4 · flows outward'],
    behavior: { servesBeside: (others) => others < 10 },
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
    behavior: { servesBeside: (others) => others < 19 },
  },
  {
    name: 'offloaded-flows-die-with-line',
    story: 'A flow that was in use when the line was cut is dead when it is back, while new flows work.',
    violates: ['DENAT-FLOW-INUSE · the line is cut', 'DENAT-FLOW-EVENTS'],
    behavior: { flowEndsAt: (event) => event === 'line cut' },
  },
  {
    name: 'flows-die-at-renew',
    story: 'Each Renew that is answered throws the table of flows away.',
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
    story: 'TCP connections do not outlive a Renew, while datagrams go on.',
    violates: ['DENAT-FLOW-EVENTS', 'RFC6092-REC-35 · established, 7430 s'],
    behavior: { flowEndsAt: (event, transport) => event === 'Renew' && transport === 'tcp' },
  },
  {
    name: 'pinhole-flows-die-at-renew',
    story: 'What the Internet has begun does not outlive a Renew, though the pinhole lets in new flows.',
    violates: ['DENAT-FLOW-EVENTS'],
    behavior: { flowEndsAt: (event, _transport, openedBy) => event === 'Renew' && openedBy === 'outside' },
  },
  {
    name: 'flows-die-at-advertisement',
    story: 'Each RA of the ISP throws the table of flows away.',
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
    story: 'The rules are loaded anew when a home router is given a prefix, and all flows are dead.',
    violates: [
      'DENAT-FLOW-EVENTS',
      'DENAT-FLOW-INUSE · longer than any idle timeout',
      'RFC6092-REC-14 · rests for 115 s',
    ],
    behavior: { flowEndsAt: (event) => event === 'sub-delegation' },
  },
  {
    name: 'flows-die-at-release',
    story: "The rules are loaded anew when a client gives its lease back, and everybody's flows are dead.",
    violates: [
      'DENAT-FLOW-EVENTS',
      'DENAT-FLOW-INUSE · longer than any idle timeout',
      'RFC6092-REC-14 · rests for 115 s',
    ],
    behavior: { flowEndsAt: (event) => event === 'Release on the LAN' },
  },
  {
    name: 'flows-die-of-age',
    story: 'A UDP flow is forgotten two minutes after it began, though it is in use.',
    violates: ['DENAT-FLOW-INUSE · longer than any idle timeout', 'DENAT-FLOW-INUSE · UDP for 310 s'],
    behavior: { flowAge: (transport) => (transport === 'udp' ? 125 : Number.POSITIVE_INFINITY) },
  },
  {
    name: 'flows-die-of-greater-age',
    story: 'A UDP flow is forgotten 140 s after it began, though it is in use.',
    violates: ['DENAT-FLOW-INUSE · longer than any idle timeout', 'DENAT-FLOW-INUSE · UDP for 310 s'],
    behavior: { flowAge: (transport) => (transport === 'udp' ? 140 : Number.POSITIVE_INFINITY) },
  },
  {
    name: 'connections-die-of-age',
    story: 'A TCP connection is forgotten five minutes after it began, though it is in use.',
    violates: ['DENAT-FLOW-INUSE · TCP for 310 s'],
    behavior: { flowAge: (transport) => (transport === 'tcp' ? 300 : Number.POSITIVE_INFINITY) },
  },
  {
    name: 'deaf-while-prefix-is-added',
    story: 'While another prefix is added nothing is forwarded for 4 s.',
    violates: ['DENAT-FLOW-INUSE · a prefix is added'],
    behavior: { deafWhilePrefixesChange: 4 },
  },
  {
    name: 'hard-of-hearing-while-prefix-is-added',
    story: 'While another prefix is added nothing is forwarded for 2 s.',
    violates: ['DENAT-FLOW-INUSE · a prefix is added'],
    warns: ['DENAT-FLOW-INUSE · a prefix is added'],
    behavior: { deafWhilePrefixesChange: 2 },
  },
  {
    name: 'ipv6-waits-for-ipv4',
    story: 'Without an IPv4 address the router holds IPv6 back.',
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
    story: 'When the Neighbor Cache is full, those that are known are forgotten, and nobody new is entered.',
    violates: ['ROB-NDCACHE'],
    behavior: { fullNeighborCache: 'known neighbors forgotten' },
  },
]
