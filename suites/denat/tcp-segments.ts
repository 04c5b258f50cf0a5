import { claim, type Frame, invariant, type LinkView, the } from 'denat'
import { grouped } from '../shared/frames.ts'

/** Forwarding takes no longer than this, the neighbor resolution included. Seconds. */
const transit = 4

const hex = (octets?: Uint8Array): string => Buffer.from(octets ?? []).toString('hex')

/** What distinguishes a segment from all others, whatever its flags and options. */
function identity({ packet: { ip6, tcp, payload }, originalLength }: Frame): string | undefined {
  if (!ip6 || !tcp || originalLength !== undefined) return undefined
  return [ip6.src, tcp.srcPort, ip6.dst, tcp.dstPort, tcp.seq, tcp.ack, hex(payload)].join(' ')
}

const kinds = { end: 0, padding: 1, mss: 2 }

/** Options by their kind, padding left out. */
function optionsOf({ packet: { tcp } }: Frame): Map<number, string> {
  const octets = tcp?.options ?? new Uint8Array()
  const found = new Map<number, string>()
  for (let at = 0; at < octets.length; ) {
    const kind = octets[at] as number
    if (kind === kinds.end) break
    const length = kind === kinds.padding ? 1 : Math.max(2, octets[at + 1] ?? 2)
    if (kind !== kinds.padding) found.set(kind, hex(octets.subarray(at + 2, at + length)))
    at += length
  }
  return found
}

/** What the router changed in a segment. A router with a smaller MTU may lower the MSS, or add one (RFC 4459 section 3.2). */
function changed(left: Frame, came: Frame): string | undefined {
  const [its, before] = [left.packet.tcp, came.packet.tcp]
  if (its?.flags !== before?.flags) return `flags ${its?.flags} in place of ${before?.flags}`
  if (its?.urgent !== before?.urgent) return `urgent pointer ${its?.urgent} in place of ${before?.urgent}`
  const [now, then] = [optionsOf(left), optionsOf(came)]
  for (const kind of new Set([...now.keys(), ...then.keys()])) {
    const [one, other] = [now.get(kind), then.get(kind)]
    const isLower = kind === kinds.mss && one !== undefined && (other === undefined || one < other)
    if (one !== other && !isLower) return `option ${kind} is ${one ?? 'gone'} in place of ${other ?? 'none'}`
  }
  return undefined
}

/** Each segment that left by one link, with those that it may be of the other. */
function crossings(from: LinkView, to: LinkView): [left: Frame, came: Frame[]][] {
  const came = grouped(from.toDut.all({ tcp: {} }), identity)
  return to.fromDut.all({ tcp: {} }).flatMap((left): [Frame, Frame[]][] => {
    const before = (came.get(identity(left) ?? '') ?? []).filter(
      ({ at, number }) => number < left.number && left.at - at < transit,
    )
    return before.length > 0 ? [[left, before]] : []
  })
}

export const requirements = [
  invariant('DENAT-TCP-INTACT', ({ wan, lan, judge, notApplicable, recording }) => {
    const pairs = new Map(lan.segments.flatMap((link) => [...crossings(link, wan), ...crossings(wan, link)]))
    if (pairs.size === 0)
      return notApplicable(
        claim`In this recording the router forwards no TCP segment.`,
        ...recording.frames.slice(0, 1),
      )
    judge.each(
      [...pairs.keys()],
      claim`The router forwards a TCP segment with unchanged flags, urgent pointer and options; it may lower the MSS.`,
      (left) => {
        const differences = (pairs.get(left) ?? []).map((came) => changed(left, came))
        return differences.includes(undefined) ? undefined : claim`${the.name(differences.at(-1))}`
      },
    )
  }),
]
