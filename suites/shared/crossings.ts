import {
  type Case,
  type Claim,
  claim,
  type Evidence,
  type Frame,
  forwarding,
  ipOctets,
  type LinkView,
  on,
  type Query,
  type Requirement,
  requirement,
  the,
} from 'denat'
import { transit } from '../scenarios/transit.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'
import { crossingSent, tagOf } from '../steps/transit/cross.ts'
import { type Crossing, crossings } from '../steps/transit/crossings.ts'
import { roadOpen, type Way } from '../steps/transit/road.ts'

const hopLimitAt = 7

/**
 * The IPv6 packet of a frame, octet by octet. Set aside are the hop limit, and what a router may mark in a packet that
 * has 0 there: traffic class (RFC 2474) and flow label (RFC 6437 section 3).
 */
export function packetBytes(frame: Frame): Uint8Array {
  const octets = ipOctets(frame).slice(0, 40 + (frame.packet.ip6?.payloadLength ?? 0))
  octets[hopLimitAt] = 0
  octets.set([0x60, 0, 0, 0])
  return octets
}

/** Where the packets of a direction enter, and where they leave. */
export function ends({ wan, lan }: Evidence, way: Way): { near: LinkView; far: LinkView } {
  const host = lan.of('host')
  return way === 'outbound' ? { near: host, far: wan } : { near: wan, far: host }
}

/** Frames by the tags that they carry: there are many crossings, and many frames. */
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

/** Packets that carry a tag, as sent and as they left on the far side. */
export function crossed(evidence: Evidence, way: Way, tag: string): { sent: Frame[]; seen: Frame[] } {
  const { near, far } = ends(evidence, way)
  return { sent: bearing(near.toDut, tag), seen: bearing(far.fromDut, tag) }
}

/** A plain datagram in the same direction was forwarded: the path is open. */
export const roadIsOpen = ({ at, given }: Evidence, way: Way): Frame =>
  given(at(roadOpen, (one) => one.way === way).came, way === 'inbound' ? 'DENAT-E2E-OPEN' : 'DENAT-DEFAULT-1')

/** All of them were forwarded, unchanged. */
export function cameThrough(evidence: Evidence, { requirement, name }: Crossing, way: Way): void {
  const { judge, at } = evidence
  const control = roadIsOpen(evidence, way)
  const tag = tagOf({ requirement, name }, way)
  at(crossingSent, (one) => one.tag === tag)
  const { sent, seen } = crossed(evidence, way, tag)
  const [first] = sent
  if (!first) throw new TypeError(`nothing was sent for ${tag}`)
  judge.note(claim`The router forwards a plain packet of the same flow.`, control)
  judge.found(
    seen[0],
    forwarding(sent.at(-1) as Frame),
    claim`The router forwards a packet of this kind (${the.name(name)}), as it forwards a plain one of the same flow.`,
    first,
  )
  judge.holds(
    seen.length >= sent.length,
    claim`The router forwards all ${sent.length} packets of this kind.`,
    claim`it forwards ${seen.length}`,
    ...sent.slice(0, 1),
    ...seen.slice(0, 1),
  )
  const originals = new Set(sent.map((frame) => Buffer.from(packetBytes(frame)).toString('hex')))
  judge.each(
    seen,
    claim`The forwarded packet equals the original, octet by octet, except for the hop limit.`,
    (frame) => (originals.has(Buffer.from(packetBytes(frame)).toString('hex')) ? undefined : whatChanged(first, frame)),
  )
}

const ipv6Header = 40

/** What differs in a packet on the far side, named so that a translation is distinguished from a damaged payload. */
export function whatChanged(sent: Frame, seen: Frame): Claim {
  const [before, after] = [sent.packet.ip6, seen.packet.ip6]
  if (before?.src !== after?.src) return claim`source ${the.address(after?.src)} instead of ${the.address(before?.src)}`
  if (before?.dst !== after?.dst)
    return claim`destination ${the.address(after?.dst)} instead of ${the.address(before?.dst)}`
  const [was, is] = [packetBytes(sent), packetBytes(seen)]
  if (was.length !== is.length) return claim`${is.length} octets instead of ${was.length}`
  const at = was.findIndex((octet, index) => octet !== is[index])
  return at < ipv6Header ? claim`a different IPv6 header at octet ${at}` : claim`different octets from octet ${at}`
}

/** Each crossing of this requirement is a case, and is forwarded unchanged; `more` are cases of another kind. */
export function crossingRequirement(id: string, more: Record<string, Case> = {}, came = cameThrough): Requirement {
  const own = crossings.filter((crossing) => crossing.requirement === id)
  const rows = own.flatMap((crossing) =>
    crossing.ways.map((way) => [
      `${crossing.name}, ${way}`,
      on(way === 'inbound' ? webUiFirewall : transit, (evidence) => came(evidence, crossing, way)),
    ]),
  )
  return requirement(id, { ...Object.fromEntries(rows), ...more })
}
