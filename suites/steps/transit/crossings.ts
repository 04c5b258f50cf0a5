import { type ExtensionHeader, type Loose, parseIpv6 } from 'denat'
import type { Way } from './road.ts'

/** Packets of one kind that a router must forward unchanged. */
export interface Crossing {
  requirement: string
  /** A case of the requirement is `name, way`. */
  name: string
  ways: Way[]
  headers?(road: { dst: string; beyond: string }): Loose<ExtensionHeader>[]
  /** In place of a UDP datagram: a Next Header, and the octets that its header begins with. */
  protocol?: { nextHeader: number; lead: number[] }
  /** Octets of each packet, from its IPv6 header on. */
  size?: number
  copies?: number
  /** Good routers may drop them: no step waits for the last. */
  mayBeLost?: boolean
}

const bothWays: Way[] = ['outbound', 'reply']
const everyWay: Way[] = ['outbound', 'reply', 'inbound']

type OptionsHeader = 'hop-by-hop' | 'destination-options'
const option = (header: OptionsHeader, type: number, octets: number): Loose<ExtensionHeader>[] => [
  { type: header, options: [{ type, data: Uint8Array.from({ length: octets }, (_, index) => 0xa0 + index) }] },
]

const holders: { header: OptionsHeader; called: string }[] = [
  { header: 'destination-options', called: 'Destination Options' },
  { header: 'hop-by-hop', called: 'Hop-by-Hop' },
]

/** RFC 8754 section 2. The last of the segments comes first in the list; a TLV of an experimental type may follow. */
export function segmentRouting(segments: string[], segmentsLeft: number, tlv = false): Loose<ExtensionHeader> {
  const data = [segments.length - 1, 0, 0, 0, ...segments.flatMap((one) => [...parseIpv6(one)])]
  if (tlv) data.push(253, 6, 1, 2, 3, 4, 5, 6)
  return { type: 'routing', routingType: 4, segmentsLeft, data: Uint8Array.from(data) }
}

/** RFC 2460 section 4.4, deprecated by RFC 5095. */
export const routingType0 = (next: string): Loose<ExtensionHeader> => ({
  type: 'routing',
  routingType: 0,
  segmentsLeft: 1,
  data: Uint8Array.from([0, 0, 0, 0, ...parseIpv6(next)]),
})

const others = (count: number) => Array.from({ length: count }, (_, index) => `2a00:abcd::${index + 1}`)

const standardHeaders: Crossing[] = [
  {
    requirement: 'RFC8200-4-EHPASS',
    name: 'Destination Options',
    ways: everyWay,
    headers: () => option('destination-options', 0x1e, 4),
  },
  {
    requirement: 'RFC8200-4-EHPASS',
    name: 'two Destination Options',
    ways: everyWay,
    headers: () => [...option('destination-options', 0x1e, 4), ...option('destination-options', 0x3e, 20)],
  },
  {
    requirement: 'RFC8200-4-EHPASS',
    name: 'Mobility',
    ways: ['outbound', 'inbound'],
    // RFC 6275 section 6.1: Home Test Init, six octets reserved or checksum, then its cookie.
    protocol: { nextHeader: 135, lead: [59, 1, 1, 0, 0, 0, 0, 0] },
  },
  {
    requirement: 'RFC8200-4-EHPASS',
    name: 'Host Identity Protocol',
    ways: ['outbound', 'inbound'],
    protocol: { nextHeader: 139, lead: [59, 6, 1, 0x21, 0, 0, 0, 0] },
  },
  {
    requirement: 'RFC8200-4-EHPASS',
    name: 'No Next Header',
    ways: ['outbound', 'inbound'],
    protocol: { nextHeader: 59, lead: [] },
  },
]

const alternateMarking: Crossing[] = holders.map(({ header, called }) => ({
  requirement: 'IPV6P-ALTMARK-1',
  name: called,
  ways: bothWays,
  // RFC 9343 section 3.1.
  headers: () => option(header, 0x12, 4),
  copies: 50,
}))

const applicationAware: Crossing[] = holders.flatMap(({ header, called }) =>
  [4, 16].map((octets) => ({
    requirement: 'IPV6P-APN6-1',
    name: `${called}, APN ID of ${octets} octets`,
    ways: bothWays,
    headers: () => option(header, 0x1e, octets),
  })),
)

/** RFC 4727: experimental options whose first two bits specify what a node does that does not know them. */
export const unknownOptions = [0x1e, 0x5e, 0x9e, 0xde]

const hopByHop: Crossing[] = unknownOptions.map((type) => ({
  requirement: 'IPV6P-HBH-1',
  name: `option 0x${type.toString(16).toUpperCase()}`,
  ways: type === 0x1e ? bothWays : ['outbound'],
  headers: () => option('hop-by-hop', type, 4),
  mayBeLost: type !== 0x1e,
}))

/** RFC 9486 section 3: four octets aligned, a reserved octet and the IOAM type first, then a namespace. */
const inSitu = (header: OptionsHeader, type: number): Loose<ExtensionHeader>[] => {
  const [edgeToEnd, preallocated] = [3, 0]
  const data =
    type === 0x11
      ? [0, edgeToEnd, 0, 123, 0x80, 0, 0, 0, 0, 1]
      : [0, preallocated, 0, 123, 0x08, 0, 0x80, 0, 0, 0, 1, 2, 3, 4]
  const padN = { type: 1, data: new Uint8Array(0) }
  return [{ type: header, options: [padN, { type, data: Uint8Array.from(data) }] }]
}

const inSituOam: Crossing[] = holders.flatMap(({ header, called }) =>
  [0x11, 0x31].map((type) => ({
    requirement: 'IPV6P-IOAM-1',
    name: `option 0x${type.toString(16)}, ${called}`,
    ways: bothWays,
    headers: () => inSitu(header, type),
  })),
)

/** What is routed on from the host is no reply to it. */
const onward: Way[] = ['outbound', 'inbound']

const segmentRouted: Omit<Crossing, 'requirement'>[] = [
  { name: 'one segment, none left', ways: everyWay, headers: ({ dst }) => [segmentRouting([dst], 0)] },
  { name: 'four segments, none left', ways: everyWay, headers: ({ dst }) => [segmentRouting([dst, ...others(3)], 0)] },
  { name: 'with a TLV', ways: everyWay, headers: ({ dst }) => [segmentRouting([dst], 0, true)] },
  { name: 'two segments, one left', ways: onward, headers: ({ dst, beyond }) => [segmentRouting([beyond, dst], 1)] },
  {
    name: 'four segments, three left',
    ways: onward,
    headers: ({ dst, beyond }) => [segmentRouting([beyond, ...others(2), dst], 3)],
  },
]

const fullSized: Crossing[] = [
  {
    requirement: 'IPV6P-MTU-1',
    name: '1500 octets with four segments',
    ways: bothWays,
    headers: ({ dst }) => [segmentRouting([dst, ...others(3)], 0)],
    size: 1500,
  },
  {
    requirement: 'IPV6P-MTU-1',
    name: '1500 octets with 208 octets of headers',
    ways: bothWays,
    headers: ({ dst }) => [...option('destination-options', 0x1e, 100), segmentRouting([dst, ...others(5)], 0)],
    size: 1500,
  },
]

export const crossings: readonly Crossing[] = [
  ...standardHeaders,
  ...segmentRouted.map((one) => ({ requirement: 'IPV6P-SRH-1', ...one })),
  ...alternateMarking,
  ...applicationAware,
  ...hopByHop,
  ...inSituOam,
  ...fullSized,
]
