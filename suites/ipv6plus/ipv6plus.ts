import { type Claim, claim, type Frame, forwarding, type Judgement, on, requirement, the } from 'denat'
import { slaacWan } from '../scenarios/slaac-wan.ts'
import { transit } from '../scenarios/transit.ts'
import { cameThrough, crossed, crossingRequirement, ends, packetBytes, roadIsOpen } from '../shared/crossings.ts'
import { aboutOversized, type Kind } from '../shared/packet-too-big.ts'
import { crossingSent, tagOf } from '../steps/transit/cross.ts'
import { codePoints, labelled, sliced } from '../steps/transit/markings.ts'
import { oversizedSent } from '../steps/transit/oversized.ts'
import { routedConnection } from '../steps/transit/traffic.ts'

/** A packet with the length of the MTU of the line. */
const aboutFitting =
  (what: Kind): Judgement =>
  ({ judge, at, wan }) => {
    const { mtu, fitting } = at(oversizedSent, (one) => one.what === what)
    if (!fitting) throw new TypeError('the large packets were not sent')
    judge.found(
      wan.fromDut.seek({ ip6: { dst: fitting.packet.ip6?.dst }, ext: [{ type: 'routing' }] }, { after: fitting }),
      forwarding(fitting),
      claim`The router forwards a packet of ${mtu} octets (${the.name(what)}) to a line with that MTU.`,
    )
  }

const connects: Judgement = ({ judge, given, at }) => {
  const [, answered] = at(labelled, ({ what }) => what === 'TCP').more
  const control = given(answered, 'DENAT-DEFAULT-1')
  const { outcome, syn, answer, mark } = at(routedConnection)
  const expected = claim`The outcome of a connection in which every outbound packet has a Segment Routing Header`
  judge.equal(outcome, 'connected', expected, control, mark, ...[syn, answer].filter((frame) => frame !== undefined))
}

/** The packets of a slice were sent with its number, which identifies the code point. */
const codePointOf = (bytes: Uint8Array, tag: string): number => {
  const text = Buffer.from(bytes).toString('latin1')
  return Number.parseInt(text.slice(text.indexOf(`[${tag}] `) + tag.length + 3), 10)
}

const sameAfterHeader = (a: Parameters<typeof packetBytes>[0], b: Parameters<typeof packetBytes>[0]): boolean =>
  Buffer.compare(packetBytes(a).subarray(40), packetBytes(b).subarray(40)) === 0

type Way = 'outbound' | 'reply'

/** The difference between a packet of a slice and the packet that was sent, if any. */
type Differs = (number: number, seen: Frame, sent: readonly Frame[], tag: string) => Claim | undefined

const differs: Record<string, Differs> = {
  DSCP(number, { packet: { ip6 } }) {
    const [seen, dscp] = [(ip6?.trafficClass ?? 0) >> 2, codePoints[number]?.dscp]
    return seen === dscp ? undefined : claim`DSCP ${seen} for ${dscp ?? the.name(undefined)}`
  },
  'flow label': (number, { packet: { ip6 } }) =>
    ip6?.flowLabel === codePoints[number]?.flowLabel
      ? undefined
      : claim`flow label ${ip6?.flowLabel ?? the.name(undefined)}`,
  'Hop-by-Hop option'(number, seen, sent, tag) {
    const original = sent.find((one) => codePointOf(one.bytes, tag) === number)
    return original && sameAfterHeader(original, seen) ? undefined : claim`other octets after the IPv6 header`
  },
}

const isAsSent =
  (what: string, differs: Differs, way: Way): Judgement =>
  (evidence) => {
    const { judge, at } = evidence
    const control = roadIsOpen(evidence, way)
    const withOption = what === 'Hop-by-Hop option'
    const { tag } = at(sliced, (one) => one.way === way && one.withOption === withOption)
    const { sent, seen } = crossed(evidence, way, tag)
    const [first] = sent
    if (!first) throw new TypeError(`nothing was sent for ${tag}`)
    judge.found(
      seen[0],
      forwarding(sent.at(-1) ?? first),
      claim`The router forwards marked packets, as it forwards plain packets of the same flow.`,
      first,
      control,
    )
    judge.holds(
      seen.length >= sent.length,
      claim`The router forwards all of ${sent.length} packets.`,
      claim`${seen.length} were forwarded`,
      first,
      ...seen.slice(0, 1),
    )
    judge.each(seen, claim`The router does not change ${the.name(what)} of any packet of 64 slices.`, (frame) => {
      const number = codePointOf(frame.bytes, tag)
      return codePoints[number] ? differs(number, frame, sent, tag) : claim`another packet`
    })
  }

export const requirements = [
  crossingRequirement('IPV6P-ALTMARK-1'),

  crossingRequirement('IPV6P-APN6-1'),

  crossingRequirement('IPV6P-IOAM-1'),

  crossingRequirement('IPV6P-MTU-1', {
    'segment routing, as long as the MTU of the line': on(slaacWan, aboutFitting('segment routing')),
    'segment routing, beyond the MTU of the line': on(slaacWan, aboutOversized('segment routing')),
  }),

  crossingRequirement('IPV6P-HBH-1', {}, (evidence, crossing, way) => {
    const { judge, at } = evidence
    const tag = tagOf(crossing, way)
    at(crossingSent, (one) => one.tag === tag)
    const { sent, seen } = crossed(evidence, way, tag)
    const [first] = sent
    if (seen.length === 0 && first) {
      const { near } = ends(evidence, way)
      const problem = near.fromDut
        .all({ icmp6: { type: 'parameter-problem', code: 2 } }, { after: first })
        .find(({ bytes }) => Buffer.from(bytes).includes(`[${tag}]`))
      if (problem) judge.note(claim`The router sends a Parameter Problem, code 2, about it.`, problem)
    }
    cameThrough(evidence, crossing, way)
  }),

  crossingRequirement('IPV6P-SRH-1', { 'TCP connection': on(transit, connects) }),

  requirement(
    'IPV6P-SLICE-1',
    Object.fromEntries(
      Object.entries(differs).flatMap(([what, differ]) =>
        (['outbound', 'reply'] as const).map((way) => [`${what}, ${way}`, on(transit, isAsSent(what, differ, way))]),
      ),
    ),
  ),
]
