import type { BarredBlock, Ipsec, Way } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

const ways: Way[] = ['outbound', 'inbound']
const blocks: BarredBlock[] = [
  'site-local',
  'IPv4-mapped',
  'IPv4-compatible',
  'documentation',
  'RFC 9637 documentation',
  'ORCHID',
]
const scopes = {
  'admin-local': 'ff04::',
  'site-local': 'ff05::',
  'site-local, not permanent': 'ff15::',
  'organization-local': 'ff08::',
}
const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')

/** What must not cross the boundary, RFC 6092 section 3.1. */
const boundary: Mutant[] = [
  ...ways.map((way) => ({
    name: `multicast-source-${way}`,
    story: `Packets from multicast addresses are forwarded ${way}.`,
    violates: [`RFC6092-REC-1 · ${way}`],
    behavior: { multicastSourcesCross: (its: Way) => its === way },
  })),
  ...Object.entries(scopes).flatMap(([scope, prefix]) =>
    ways.map((way) => ({
      name: `${slug(scope)}-multicast-${way}`,
      story: `Multicast of ${scope} scope is forwarded ${way}.`,
      violates: [`RFC6092-REC-2 · ${scope}, ${way}`],
      behavior: { multicastCrosses: (group: string, its: Way) => its === way && group.startsWith(prefix) },
    })),
  ),
  ...blocks.flatMap((block) =>
    ways.map((way) => ({
      name: `${slug(block)}-${way}`,
      story: `Packets with ${block} addresses are forwarded ${way}.`,
      violates: [`RFC6092-REC-3 · ${block}, ${way}`],
      behavior: { barredCrosses: (its: BarredBlock, direction: Way) => its === block && direction === way },
    })),
  ),
  ...(['LAN', 'downstream'] as const).map((place) => ({
    name: `interior-source-${place.toLowerCase()}`,
    story: `Packets from the WAN are forwarded although their source is inside (${place}).`,
    violates: [`RFC6092-REC-6 · ${place}`],
    behavior: { interiorSourcesEnter: (where: string) => where === place },
  })),
]

const sessions: Mutant[] = [
  {
    name: 'udp-state-30-s',
    story: 'The state of a UDP flow ends after 30 s.',
    violates: ['RFC6092-REC-14 · rests for 115 s'],
    behavior: { udpLifetime: 30 },
  },
  {
    name: 'udp-state-not-refreshed',
    story: 'The state of a UDP flow ends two minutes after its first packet, even if it is in use.',
    violates: ['RFC6092-REC-14 · refreshed from inside'],
    behavior: { udpLifetime: 120, udpRefreshed: false },
  },
  {
    name: 'tcp-state-5-min',
    story: 'The state of an idle connection ends after 5 minutes.',
    violates: ['RFC6092-REC-35 · established, 600 s', 'RFC6092-REC-35 · established, 7430 s'],
    behavior: { tcpEstablishedLifetime: 300 },
  },
  {
    name: 'tcp-state-1-h',
    story: 'The state of an idle connection ends after an hour.',
    violates: ['RFC6092-REC-35 · established, 7430 s'],
    behavior: { tcpEstablishedLifetime: 3600 },
  },
  {
    name: 'tcp-syn-60-s',
    story: 'The state of a SYN without an answer ends after a minute.',
    violates: ['RFC6092-REC-35 · half-open, 235 s'],
    behavior: { tcpTransitoryLifetime: 60 },
  },
  {
    name: 'other-protocols-60-s',
    story: 'The state of a protocol other than TCP and UDP ends after 60 s.',
    violates: ['RFC6092-REC-11 · after 110 s'],
    behavior: { otherLifetime: 60 },
  },
  {
    name: 'other-protocols-dropped',
    story: 'Replies by protocols other than TCP and UDP are dropped.',
    violates: ['RFC6092-REC-11'],
    behavior: { otherReplies: false },
  },
  {
    name: 'simultaneous-open-broken',
    story: 'An inbound SYN in a simultaneous open is dropped.',
    violates: ['RFC6092-REC-31 · simultaneous open'],
    behavior: { simultaneousOpen: 'inbound SYN dropped' },
  },
  {
    name: 'own-syn-dropped',
    story: "After an unsolicited SYN was dropped, the host's own SYN for the same flow is dropped, too.",
    violates: ['RFC6092-REC-34 · the host connects'],
    behavior: { simultaneousOpen: 'outbound SYN dropped' },
  },
  ...(['UDP', 'TCP'] as const).flatMap((transport) => {
    const decision = transport === 'UDP' ? 'udpFiltering' : 'tcpFiltering'
    return [
      {
        name: `${transport.toLowerCase()}-address-dependent`,
        story: `${transport} from hosts to which no packet was sent is dropped.`,
        violates: [`RFC6092-REC-17 · ${transport}, another host`],
        behavior: { [decision]: 'address-dependent' },
      },
      {
        name: `${transport.toLowerCase()}-address-and-port-dependent`,
        story: `${transport} from ports to which no packet was sent is dropped.`,
        violates: [`RFC6092-REC-17 · ${transport}, another port`],
        behavior: { [decision]: 'address and port-dependent' },
      },
    ]
  }),
  ...(['AH', 'ESP', 'IKE'] as const).flatMap((kind) => [
    {
      name: `${kind.toLowerCase()}-kept-out`,
      story: `Unsolicited ${kind} from the Internet is dropped.`,
      violates: [`RFC6092-REC-21 · ${kind}, inbound`],
      behavior: { admitsUnasked: (its: Ipsec) => its !== kind },
    },
    {
      name: `${kind.toLowerCase()}-kept-in`,
      story: `${kind} from a host is dropped.`,
      violates: [`RFC6092-REC-21 · ${kind}, outbound`, ...(kind === 'AH' ? ['DENAT-NONAT66-2 · AH'] : [])],
      behavior: { letsOut: (its: Ipsec) => its !== kind },
    },
  ]),
]

/** ICMPv6 errors about flows, by the names of the catalogue's cases: type, and code where it matters. */
const errors: [name: string, type: string, code?: number][] = [
  ...[0, 1, 2, 3, 4, 5, 6].map((code): [string, string, number] => [
    `Destination Unreachable, code ${code}`,
    'destination-unreachable',
    code,
  ]),
  ['Packet Too Big', 'packet-too-big'],
]
/** Those that RFC 4890 adds: judged for UDP. */
const more: typeof errors = [
  ['Time Exceeded, code 0', 'time-exceeded'],
  ['Parameter Problem, code 1', 'parameter-problem', 1],
  ['Parameter Problem, code 2', 'parameter-problem', 2],
]
const inRfc4890 = (name: string): boolean => !/code [1-6]$/.test(name) || name.startsWith('Parameter')

const errorsAboutFlows: Mutant[] = [
  ...errors.flatMap(([name, type, code]) =>
    (['UDP', 'TCP'] as const).map((transport) => ({
      name: `${slug(name)}-${transport.toLowerCase()}-dropped`,
      story: `${name} about ${transport} flows is dropped.`,
      violates: [
        `RFC6092-REC-18 · ${transport}: ${name}`,
        ...(transport === 'UDP' && inRfc4890(name) ? [`RFC4890-4.3.1-ECHO · ${name}`] : []),
        ...(type === 'packet-too-big'
          ? [`RFC8201-PTB-PASS · ${transport === 'TCP' ? 'host' : 'behind a downstream router'}`]
          : []),
      ],
      behavior: {
        flowErrorPasses: (its: string, itsCode: number, about: string) =>
          about !== transport || its !== type || (code !== undefined && itsCode !== code),
      },
    })),
  ),
  ...more.map(([name, type, code]) => ({
    name: `${slug(name)}-dropped`,
    story: `${name} about flows is dropped.`,
    violates: [
      `RFC4890-4.3.1-ECHO · ${name}`,
      ...(type === 'time-exceeded' ? [`RFC4890-4.3.1-ECHO · ${name}, about an echo request`] : []),
    ],
    behavior: {
      flowErrorPasses: (its: string, itsCode: number) => its !== type || (code !== undefined && itsCode !== code),
    },
  })),
  {
    name: 'errors-about-echo-dropped',
    story: 'Errors about echo requests of hosts are dropped: traceroute fails.',
    violates: ['Destination Unreachable, code 0', 'Packet Too Big', 'Time Exceeded, code 0'].map(
      (name) => `RFC4890-4.3.1-ECHO · ${name}, about an echo request`,
    ),
    behavior: { flowErrorPasses: (_type, _code, about) => about !== 'other' },
  },
  ...(['UDP', 'TCP'] as const).map((transport) => ({
    name: `${transport.toLowerCase()}-flow-ends-with-error`,
    story: `An ICMPv6 error ends the state of the ${transport} flow that it is about.`,
    violates: [`RFC6092-REC-18 · ${transport}: the flow goes on`],
    behavior: { flowEndsWithError: (about: string) => about === transport },
  })),
  ...(['destination-unreachable', 'packet-too-big'] as const).map((type) => ({
    name: `flowless-${type}-passes`,
    story: `An ICMPv6 error (${type}) that quotes a packet of no flow is forwarded.`,
    violates: [`RFC6092-REC-10 · ${type === 'packet-too-big' ? 'Packet Too Big' : 'Destination Unreachable'}`],
    behavior: { flowlessErrorPasses: (its: string) => its === type },
  })),
]

const pinholes: Mutant[] = [
  {
    name: 'pcp-silent',
    story: 'PCP requests are not answered.',
    violates: ['RFC6092-REC-48 · granted'],
    silences: ['RFC6887-11.3-COPIED'],
    behavior: { pcp: 'silent' },
  },
  {
    name: 'pcp-another-address',
    story: 'The external address of PCP responses is not that of the host.',
    violates: ['RFC6092-REC-48 · granted'],
    behavior: { pcp: 'another address' },
  },
  {
    name: 'pcp-without-effect',
    story: 'A pinhole of PCP permits no packet.',
    violates: ['RFC6092-REC-48 · opens', 'RFC6092-REC-48 · opens again'],
    behavior: { pcp: 'no effect' },
  },
  {
    name: 'pcp-opens-the-host',
    story: 'A pinhole of PCP permits all ports.',
    violates: ['RFC6092-REC-48 · opens nothing else'],
    behavior: { pcp: 'whole host' },
  },
  {
    name: 'pcp-refused-again',
    story: 'A host that requests its pinhole again is refused, and loses it when its lifetime ends.',
    violates: ['RFC6092-REC-48 · asked again'],
    behavior: { pcpAgain: 'refused' },
  },
  {
    name: 'pcp-silent-again',
    story: 'A host that requests its pinhole again receives no response.',
    violates: ['RFC6092-REC-48 · asked again'],
    behavior: { pcpAgain: 'not answered' },
  },
  {
    name: 'pcp-silent-once-ended',
    story: 'A host that requests an expired pinhole again receives no response.',
    violates: ['RFC6092-REC-48 · opens again'],
    behavior: { pcp: 'silent once it has ended' },
  },
  {
    name: 'pcp-deletion-ignored',
    story: 'Pinholes last an hour, and a deletion is answered without effect.',
    violates: ['RFC6092-REC-48 · ends'],
    behavior: { shortestMapping: 3600, pcpDeletes: false },
  },
  {
    name: 'pcp-beside-the-first',
    story: 'A host that requests its pinhole again gets a second one, which is never closed.',
    violates: ['RFC6092-REC-48 · ends'],
    behavior: { pcpAgain: 'in addition to the first' },
  },
  {
    name: 'pcp-nonce-unchecked',
    story: 'A pinhole is deleted by any request, whatever its nonce.',
    violates: ['RFC6887-11.3-NONCE'],
    behavior: { pcpNonceChecked: false },
  },
  {
    name: 'pcp-once',
    story: 'An expired pinhole is granted again, and permits no packet.',
    violates: ['RFC6092-REC-48 · opens again'],
    behavior: { pcp: 'once' },
  },
  {
    name: 'pcp-epoch-stands-still',
    story: 'Epoch Time of PCP is constant, so that clients consider their pinholes lost.',
    violates: ['RFC6887-7.2-RESPONSE · Epoch Time'],
    behavior: { pcpEpoch: 'always the same' },
  },
  {
    name: 'pcp-for-others',
    story: 'A host can send PCP requests with the address of another host.',
    violates: ['RFC6887-7.2-RESPONSE · another address'],
    behavior: { pcpOtherClients: 'served' },
  },
  {
    name: 'pcp-silent-to-others',
    story: "PCP requests with another host's address are discarded without a response.",
    violates: ['RFC6887-7.2-RESPONSE · another address'],
    behavior: { pcpOtherClients: 'not answered' },
  },
  {
    name: 'pcp-on-wan',
    story: 'PCP requests are answered on the WAN.',
    violates: ['RFC6887-7.2-RESPONSE · from the WAN'],
    behavior: { pcpOnWan: true },
  },
  {
    name: 'pcp-for-ever',
    story: 'A pinhole of PCP is never closed.',
    violates: ['RFC6092-REC-48 · ends'],
    behavior: { pcp: 'for ever' },
  },
]

export const firewallRules: Mutant[] = [...boundary, ...sessions, ...errorsAboutFlows, ...pinholes]
