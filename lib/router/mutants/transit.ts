import type { Behavior } from '../behavior.ts'
import type { Mutant } from './mutant.ts'

type Treatment = Behavior['extensionHeaders']
type Transited = Parameters<Treatment>[0]

const treated =
  (
    fits: (packet: Transited, way: 'outbound' | 'inbound') => boolean,
    as: 'dropped' | 'removed' = 'dropped',
  ): Treatment =>
  (packet, way) =>
    fits(packet, way) ? as : 'kept'

const has =
  (type: string) =>
  ({ ext }: Transited): boolean =>
    ext?.some((header) => header.type === type) === true

const protocol =
  (number: number) =>
  ({ ip6, ext }: Transited): boolean =>
    !ext && ip6?.nextHeader === number

const segmentRouting = ({ ext }: Transited) =>
  ext?.find((header) => header.type === 'routing' && header.routingType === 4) as
    | { segmentsLeft: number; data: Uint8Array }
    | undefined

const options = ({ ext }: Transited): number[] =>
  (ext ?? []).flatMap((header) => ('options' in header ? header.options.map(({ type }) => Number(type)) : []))

const chainLength = ({ ip6, udp, payload }: Transited): number =>
  (ip6?.payloadLength ?? 0) - (payload?.length ?? 0) - (udp ? 8 : 0)

const bothWays = (id: string, ...names: string[]): string[] =>
  names.flatMap((name) => [`${id} · ${name}, outbound`, `${id} · ${name}, reply`])
const everyWay = (id: string, ...names: string[]): string[] => [
  ...bothWays(id, ...names),
  ...names.map((name) => `${id} · ${name}, inbound`),
]
const onward = (id: string, ...names: string[]): string[] =>
  names.flatMap((name) => [`${id} · ${name}, outbound`, `${id} · ${name}, inbound`])

const ofDestinationOptions = [
  ...everyWay('RFC8200-4-EHPASS', 'Destination Options', 'two Destination Options'),
  ...bothWays('IPV6P-ALTMARK-1', 'Destination Options'),
  ...bothWays('IPV6P-APN6-1', 'Destination Options, APN ID of 4 octets', 'Destination Options, APN ID of 16 octets'),
  ...bothWays('IPV6P-IOAM-1', 'option 0x11, Destination Options', 'option 0x31, Destination Options'),
  ...bothWays('IPV6P-MTU-1', '1500 octets with 208 octets of headers'),
]
const ofHopByHop = [
  ...bothWays('IPV6P-ALTMARK-1', 'Hop-by-Hop'),
  ...bothWays('IPV6P-APN6-1', 'Hop-by-Hop, APN ID of 4 octets', 'Hop-by-Hop, APN ID of 16 octets'),
  'IPV6P-HBH-1',
  ...bothWays('IPV6P-IOAM-1', 'option 0x11, Hop-by-Hop', 'option 0x31, Hop-by-Hop'),
  ...bothWays('IPV6P-SLICE-1', 'Hop-by-Hop option'),
]

export const transit: Mutant[] = [
  {
    name: 'destination-options-dropped',
    story: 'Packets with a Destination Options header are dropped.',
    violates: ofDestinationOptions,
    behavior: { extensionHeaders: treated(has('destination-options')) },
  },
  {
    name: 'destination-options-dropped-inbound',
    story: 'Packets with a Destination Options header are dropped when they arrive on the WAN.',
    violates: ofDestinationOptions.filter((one) => !one.endsWith('outbound')),
    behavior: { extensionHeaders: treated((packet, way) => way === 'inbound' && has('destination-options')(packet)) },
  },
  {
    name: 'second-options-header-dropped',
    story: 'Packets with two Destination Options headers are dropped.',
    violates: everyWay('RFC8200-4-EHPASS', 'two Destination Options'),
    behavior: {
      extensionHeaders: treated(
        ({ ext }) => (ext ?? []).filter(({ type }) => type === 'destination-options').length > 1,
      ),
    },
  },
  {
    name: 'hop-by-hop-dropped',
    story: 'Packets with a Hop-by-Hop Options header are dropped.',
    violates: ofHopByHop,
    behavior: { extensionHeaders: treated(has('hop-by-hop')) },
  },
  {
    name: 'hop-by-hop-removed',
    story: 'The Hop-by-Hop Options header is removed.',
    violates: ofHopByHop,
    behavior: { extensionHeaders: treated(has('hop-by-hop'), 'removed') },
  },
  {
    name: 'hop-by-hop-rate-limited',
    story: 'The slow path forwards three packets with Hop-by-Hop Options a second.',
    violates: ofHopByHop,
    behavior: { hopByHopRate: 3 },
  },
  {
    name: 'unknown-options-obeyed',
    story: 'The router applies the action bits of an unknown Hop-by-Hop option itself.',
    violates: ['option 0x5E', 'option 0x9E', 'option 0xDE'].map((name) => `IPV6P-HBH-1 · ${name}, outbound`),
    behavior: {
      extensionHeaders: treated((packet) => has('hop-by-hop')(packet) && options(packet).some((type) => type >> 6 > 0)),
    },
  },
  {
    name: 'alternate-marking-dropped',
    story: 'Packets with the Alternate Marking option are dropped.',
    violates: ['IPV6P-ALTMARK-1'],
    behavior: { extensionHeaders: treated((packet) => options(packet).includes(0x12)) },
  },
  {
    name: 'in-situ-oam-removed',
    story: 'IOAM options are removed.',
    violates: ['IPV6P-IOAM-1'],
    behavior: {
      extensionHeaders: treated((packet) => options(packet).some((type) => type === 0x11 || type === 0x31), 'removed'),
    },
  },
  ...[
    { number: 135, name: 'Mobility' },
    { number: 139, name: 'Host Identity Protocol' },
    { number: 59, name: 'No Next Header' },
  ].map(({ number, name }) => ({
    name: `protocol-${number}-dropped`,
    story: `Packets of protocol ${number} (${name}) are dropped.`,
    violates: onward('RFC8200-4-EHPASS', name),
    behavior: { extensionHeaders: treated(protocol(number)) },
  })),
  {
    name: 'authentication-header-dropped',
    story: 'Packets with an Authentication Header are dropped.',
    violates: ['DENAT-NONAT66-2 · AH', 'RFC6092-REC-21 · AH, inbound', 'RFC6092-REC-21 · AH, outbound'],
    behavior: { extensionHeaders: treated(has('authentication')) },
  },
  {
    name: 'segment-routing-dropped',
    story: 'All routing headers are dropped as if they were of type 0.',
    violates: [
      'IPV6P-SRH-1',
      ...bothWays('IPV6P-MTU-1', '1500 octets with four segments', '1500 octets with 208 octets of headers'),
      'IPV6P-MTU-1 · segment routing, as long as the MTU of the line',
    ],
    behavior: { extensionHeaders: treated((packet) => segmentRouting(packet) !== undefined) },
  },
  {
    name: 'segments-left-dropped',
    story: 'Packets with segments left in their Segment Routing Header are dropped.',
    violates: onward('IPV6P-SRH-1', 'two segments, one left', 'four segments, three left'),
    behavior: { extensionHeaders: treated((packet) => (segmentRouting(packet)?.segmentsLeft ?? 0) > 0) },
  },
  {
    name: 'segment-routing-tlv-dropped',
    story: 'A Segment Routing Header that is longer than its segments is treated as malformed.',
    violates: everyWay('IPV6P-SRH-1', 'with a TLV'),
    behavior: {
      extensionHeaders: treated((packet) => {
        const data = segmentRouting(packet)?.data
        return data !== undefined && data.length > 4 + 16 * ((data[0] ?? 0) + 1)
      }),
    },
  },
  {
    name: 'long-header-chain-dropped',
    story: 'A header chain of more than 128 octets is treated as malformed.',
    violates: bothWays('IPV6P-MTU-1', '1500 octets with 208 octets of headers'),
    behavior: { extensionHeaders: treated((packet) => packet.udp !== undefined && chainLength(packet) > 128) },
  },
  {
    name: 'routing-type-0-forwarded',
    story: 'Packets with a type 0 Routing header are forwarded.',
    violates: ['RFC8200-4.4-RH0 · outbound', 'RFC8200-4.4-RH0 · reply', 'RFC8200-4.4-RH0 · inbound'],
    behavior: { routingType0: 'forwarded' },
  },
  {
    name: 'routing-type-0-processed',
    story: 'The router processes a type 0 Routing header, and forwards the packet.',
    violates: ['RFC8200-4.4-RH0 · to the LAN address', 'RFC8200-4.4-RH0 · to the WAN address'],
    behavior: { routingType0: 'processed' },
  },
  {
    name: 'fragments-dropped',
    story: 'Fragments are dropped.',
    violates: [
      'DENAT-TOGETHER · fragments, at first',
      'RFC8200-4.5-FRAGPASS',
      'RFC6437-3-FLOWLABEL · fragments, outbound',
    ],
    behavior: { extensionHeaders: treated(has('fragment')) },
  },
  {
    name: 'large-datagrams-dropped',
    story: 'Fragments beyond the first 8000 octets of a datagram are dropped.',
    violates: everyWay('RFC8200-4.5-FRAGPASS', 'large'),
    behavior: {
      extensionHeaders: treated(
        ({ ext }) => ext?.some((header) => header.type === 'fragment' && header.offset > 8000) === true,
      ),
    },
  },
  {
    name: 'atomic-fragments-dropped',
    story: 'An atomic fragment is dropped.',
    violates: everyWay('RFC8200-4.5-FRAGPASS', 'atomic'),
    behavior: {
      extensionHeaders: treated(
        ({ ext }) => ext?.some((header) => header.type === 'fragment' && header.offset === 0 && !header.more) === true,
      ),
    },
  },
  {
    name: 'fragments-out-of-order-dropped',
    story: 'The filter drops fragments that arrive before the first fragment of their datagram.',
    violates: ['RFC8200-4.5-FRAGPASS · reversed, reply'],
    behavior: { fragmentsBeforeFirst: 'dropped' },
  },
  {
    name: 'fragments-unfiltered',
    story: 'The filter permits all fragments.',
    violates: ['RFC7112-5-CHAIN'],
    behavior: { fragmentsJudged: 'not' },
  },
  {
    name: 'fragments-filtered-by-address',
    story: 'The filter permits fragments from any address to which a host has sent, to any port.',
    violates: ['RFC7112-5-CHAIN · beside a flow'],
    behavior: { fragmentsJudged: 'by address pair' },
  },
  {
    name: 'flow-label-cleared',
    story: 'The fast path clears the Flow Label.',
    violates: ['RFC6437-3-FLOWLABEL', ...bothWays('IPV6P-SLICE-1', 'flow label')],
    behavior: { flowLabelKept: () => false },
  },
  {
    name: 'flow-label-of-connections-cleared',
    story: 'The fast path clears the Flow Label of TCP.',
    violates: bothWays('RFC6437-3-FLOWLABEL', 'TCP'),
    behavior: { flowLabelKept: ({ tcp }) => tcp === undefined },
  },
  {
    name: 'flow-label-cleared-inbound',
    story: 'The Flow Label of packets from the WAN is cleared.',
    violates: [
      ...['TCP', 'UDP', 'fragments'].map((what) => `RFC6437-3-FLOWLABEL · ${what}, reply`),
      'IPV6P-SLICE-1 · flow label, reply',
    ],
    behavior: { flowLabelKept: (_, way) => way === 'outbound' },
  },
  {
    name: 'dscp-bleached',
    story: 'The Traffic Class is set to 0.',
    violates: bothWays('IPV6P-SLICE-1', 'DSCP'),
    behavior: { trafficClassKept: () => false },
  },
  {
    name: 'dscp-bleached-inbound',
    story: 'The Traffic Class of packets from the WAN is set to 0.',
    violates: ['IPV6P-SLICE-1 · DSCP, reply'],
    behavior: { trafficClassKept: (way) => way === 'outbound' },
  },
  {
    name: 'neighbors-asked-for-ever',
    story: 'The router solicits an absent neighbor without end.',
    violates: [
      'RFC4861-7.2-NUD · absent host, solicitations',
      'RFC4861-7.2-NUD · absent host, asked again',
      'RFC4861-7.2-NUD · absent host, error',
      'RFC4861-7.2-NUD · absent host, error to the Internet',
      'RFC4861-7.2-NUD · silent host, given up',
      'RFC4861-6.3.6-NUD-ROUTER',
    ],
    behavior: { neighborSolicitations: 30 },
  },
  {
    name: 'neighbors-asked-in-a-burst',
    story: 'The three solicitations for a neighbor are sent within half a second.',
    violates: ['RFC4861-7.2-NUD · absent host, solicitations'],
    behavior: { neighborRetransTimer: 0.2 },
  },
  {
    name: 'neighbors-asked-slowly',
    story: 'Solicitations for a neighbor are sent 1.8 s apart, whatever RetransTimer is.',
    violates: ['RFC4861-7.2-NUD · absent host, asked again', 'RFC4861-7.2-NUD · absent host, error'],
    behavior: { neighborRetransTimer: 1.8 },
  },
  {
    name: 'silent-neighbor-given-up-at-once',
    story: 'A neighbor that does not answer one solicitation is unreachable for a minute.',
    violates: ['RFC4861-7.2-NUD · absent host, asked again', 'RFC4861-7.2-NUD · silent host, given up'],
    behavior: { neighborSolicitations: 1, unreachableFor: 60 },
  },
  {
    name: 'absent-neighbor-given-up-at-once',
    story: 'Address resolution ends after the first solicitation without an answer.',
    violates: ['RFC4861-7.2-NUD · absent host, asked again'],
    behavior: { neighborSolicitations: 1 },
  },
  {
    name: 'absent-neighbor-not-told',
    story: 'No error is sent when a neighbor does not answer.',
    violates: ['RFC4861-7.2-NUD · absent host, error', 'RFC4861-7.2-NUD · absent host, error to the Internet'],
    behavior: { unresolvedNeighbor: 'not reported' },
  },
  {
    name: 'absent-neighbor-no-route',
    story: 'The error for a neighbor that does not answer has code 0.',
    violates: ['RFC4861-7.2-NUD · absent host, error', 'RFC4861-7.2-NUD · absent host, error to the Internet'],
    behavior: { unresolvedNeighbor: 'code 0' },
  },
  {
    name: 'dead-neighbor-kept',
    story: 'A known neighbor stays REACHABLE without end.',
    violates: ['RFC4861-7.2-NUD · silent host', 'RFC4861-6.3.6-NUD-ROUTER'],
    behavior: { silentNeighborsProbed: false },
  },
]
