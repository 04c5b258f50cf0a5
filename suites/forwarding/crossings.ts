import { type Evidence, type Frame, forwarding, type LinkView, type Query, requirement, type scenario } from 'denat'
import { evening } from '../scenarios/evening.ts'
import { tagOf } from '../scenarios/transit/cross.ts'
import { type Crossing, crossings } from '../scenarios/transit/crossings.ts'
import type { Way } from '../scenarios/transit/road.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'

type Scenario = ReturnType<typeof scenario>

const ethernetHeader = 14
const hopLimitAt = 7

/**
 * The IPv6 packet of a frame, octet by octet. Set aside are the hop limit, and what a router may mark in a packet that
 * bears nothing there: traffic class (RFC 2474) and flow label (RFC 6437 section 3).
 */
export function packetBytes({ bytes, packet }: Frame): Uint8Array {
  const octets = bytes.slice(ethernetHeader, ethernetHeader + 40 + (packet.ip6?.payloadLength ?? 0))
  octets[hopLimitAt] = 0
  octets.set([0x60, 0, 0, 0])
  return octets
}

/** Where the packets of a way go in, and where they come out. */
export function ends({ wan, lan }: Evidence, way: string): { near: LinkView; far: LinkView } {
  const host = lan.of('host')
  return way === 'outbound' ? { near: host, far: wan } : { near: wan, far: host }
}

/** Frames by the tags that they bear: there are many crossings, and many frames. */
const tagged = new WeakMap<Query, Map<string, Set<Frame>>>()

function bearing(query: Query, tag: string): Frame[] {
  const byTag = tagged.get(query) ?? new Map<string, Set<Frame>>()
  if (!tagged.has(query))
    for (const frame of query.all({ ip6: {} })) {
      const text = Buffer.from(frame.bytes.buffer, frame.bytes.byteOffset, frame.bytes.length).toString('latin1')
      for (const [, one = ''] of text.matchAll(/\[([^[\]]+)\]/g))
        byTag.set(one, (byTag.get(one) ?? new Set()).add(frame))
    }
  tagged.set(query, byTag)
  return [...(byTag.get(tag) ?? [])]
}

/** Packets that bear a tag, as sent and as they came out on the far side. */
export function crossed(evidence: Evidence, way: string, tag: string): { sent: Frame[]; seen: Frame[] } {
  const { near, far } = ends(evidence, way)
  return { sent: bearing(near.toDut, tag), seen: bearing(far.fromDut, tag) }
}

/** A plain datagram on the same way came through: the road is open. */
export function roadIsOpen({ given, did, marks, framesOf }: Evidence, way: string): Frame {
  did('road-open')
  const opened = marks('road-open').find((mark) => mark.data?.way === way)
  return given(opened && framesOf(opened)[1], way === 'inbound' ? 'DENAT-E2E-OPEN' : 'DENAT-DEFAULT-1')
}

/** All of them came through, and as they were. */
export function cameThrough(evidence: Evidence, { requirement, name }: Crossing, way: Way): void {
  const { judge, did } = evidence
  const control = roadIsOpen(evidence, way)
  const tag = tagOf({ requirement, name }, way)
  did('crossing', (mark) => mark.data?.tag === tag)
  const { sent, seen } = crossed(evidence, way, tag)
  const [first] = sent
  if (!first) throw new TypeError(`nothing was sent for ${tag}`)
  judge.note('A plain packet of the same flow comes out on the far side.', control)
  judge.found(
    seen[0],
    forwarding(sent.at(-1) as Frame),
    `A packet of this kind (${name}) comes out on the far side, as a plain one of the same flow does.`,
    first,
  )
  judge.holds(
    seen.length >= sent.length,
    `None of ${sent.length} is lost.`,
    `${seen.length} came out`,
    ...sent.slice(0, 1),
    ...seen.slice(0, 1),
  )
  const originals = new Set(sent.map((frame) => Buffer.from(packetBytes(frame)).toString('hex')))
  judge.each(seen, 'But for the hop limit it is the same, octet by octet.', (frame) =>
    originals.has(Buffer.from(packetBytes(frame)).toString('hex')) ? undefined : whatChanged(first, frame),
  )
}

const ipv6Header = 40

/** What of a packet is another on the far side, named so that a translation is not taken for a spoilt payload. */
export function whatChanged(sent: Frame, seen: Frame): string {
  const [before, after] = [sent.packet.ip6, seen.packet.ip6]
  if (before?.src !== after?.src) return `source ${after?.src} in place of ${before?.src}`
  if (before?.dst !== after?.dst) return `destination ${after?.dst} in place of ${before?.dst}`
  const [was, is] = [packetBytes(sent), packetBytes(seen)]
  if (was.length !== is.length) return `${is.length} octets in place of ${was.length}`
  const at = was.findIndex((octet, index) => octet !== is[index])
  return at < ipv6Header ? `another IPv6 header, octet ${at},` : `other octets, from octet ${at} on,`
}

/** The crossings of a requirement, by the name of the case. */
export function crossingCases(id: string): Map<string, { crossing: Crossing; way: Way }> {
  const own = crossings.filter((crossing) => crossing.requirement === id)
  return new Map(
    own.flatMap((crossing) => crossing.ways.map((way) => [`${crossing.name}, ${way}`, { crossing, way }] as const)),
  )
}

type Judgement = Parameters<typeof requirement>[2]

/** Each crossing of this requirement is a case, and comes through unchanged; `more` are cases of another kind. */
export function crossingRequirement(
  id: string,
  more: Record<string, { on: Scenario; judge: Judgement }> = {},
  came: typeof cameThrough = cameThrough,
): void {
  const cases = crossingCases(id)
  const on = ({ way }: { way: Way }) => (way === 'inbound' ? webUiFirewall : evening)
  requirement(
    id,
    {
      cases: {
        ...Object.fromEntries([...cases].map(([name, one]) => [name, on(one)])),
        ...Object.fromEntries(Object.entries(more).map(([name, one]) => [name, one.on])),
      },
    },
    (evidence) => {
      const found = cases.get(evidence.case)
      if (found) came(evidence, found.crossing, found.way)
      else more[evidence.case]?.judge(evidence)
    },
  )
}
