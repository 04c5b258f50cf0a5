import { type Evidence, forwarding, requirement } from 'denat'
import { cameThrough, crossed, crossingRequirement, ends, packetBytes, roadIsOpen } from '../forwarding/crossings.ts'
import { aboutFitting, aboutOversized } from '../forwarding/packet-too-big.ts'
import { evening } from '../scenarios/evening.ts'
import { slaacWan } from '../scenarios/slaac-wan.ts'
import { tagOf } from '../scenarios/transit/cross.ts'
import { codePoints } from '../scenarios/transit/markings.ts'

crossingRequirement('IPV6P-ALTMARK-1')
crossingRequirement('IPV6P-APN6-1')
crossingRequirement('IPV6P-IOAM-1')
crossingRequirement('IPV6P-MTU-1', {
  'segment routing, as long as the MTU of the line': {
    on: slaacWan,
    judge: (evidence) => aboutFitting(evidence, 'segment routing'),
  },
  'segment routing, beyond the MTU of the line': {
    on: slaacWan,
    judge: (evidence) => aboutOversized(evidence, 'segment routing'),
  },
})

crossingRequirement('IPV6P-HBH-1', {}, (evidence, crossing, way) => {
  const { judge, did } = evidence
  const tag = tagOf(crossing, way)
  did('crossing', (mark) => mark.data?.tag === tag)
  const { sent, seen } = crossed(evidence, way, tag)
  const [first] = sent
  if (seen.length === 0 && first) {
    const { near } = ends(evidence, way)
    const problem = near.fromDut
      .all({ icmp6: { type: 'parameter-problem', code: 2 } }, { after: first })
      .find(({ bytes }) => Buffer.from(bytes).includes(`[${tag}]`))
    if (problem) judge.note('The router sends a Parameter Problem, code 2, about it.', problem)
  }
  cameThrough(evidence, crossing, way)
})

crossingRequirement('IPV6P-SRH-1', {
  'TCP connection': {
    on: evening,
    judge(evidence) {
      const { judge, given, did, framesOf } = evidence
      const control = given(framesOf(did('labelled', (mark) => mark.data?.what === 'TCP'))[1], 'DENAT-DEFAULT-1')
      const connection = did('srh-connection')
      judge.equal(
        String(connection.data?.outcome),
        'connected',
        'A connection of which every outbound packet bears a Segment Routing Header is',
        control,
        connection,
        ...framesOf(connection),
      )
    },
  },
})

const sliceCases = ['DSCP', 'flow label', 'Hop-by-Hop option'].flatMap((what) =>
  ['outbound', 'reply'].map((way) => [`${what}, ${way}`, evening] as const),
)

/** Packets of one slice were sent with a number that tells which: the code point. */
const codePointOf = (bytes: Uint8Array, tag: string): number => {
  const text = Buffer.from(bytes).toString('latin1')
  return Number.parseInt(text.slice(text.indexOf(`[${tag}] `) + tag.length + 3), 10)
}

requirement('IPV6P-SLICE-1', { cases: Object.fromEntries(sliceCases) }, (evidence: Evidence) => {
  const { case: name, judge, did } = evidence
  const [what, way = ''] = name.split(', ')
  const control = roadIsOpen(evidence, way)
  const withOption = what === 'Hop-by-Hop option'
  const batch = did('sliced', (mark) => mark.data?.way === way && mark.data?.withOption === withOption)
  const tag = String(batch.data?.tag)
  const { sent, seen } = crossed(evidence, way, tag)
  const [first] = sent
  if (!first) throw new TypeError(`nothing was sent for ${tag}`)
  judge.found(
    seen[0],
    forwarding(sent.at(-1) ?? first),
    'Marked packets are forwarded, as plain ones of the same flow are.',
    first,
    control,
  )
  judge.holds(
    seen.length >= sent.length,
    `None of ${sent.length} is lost.`,
    `${seen.length} came out`,
    first,
    ...seen.slice(0, 1),
  )
  judge.each(seen, `${what} of each packet, for 64 slices, is what was sent.`, (frame) => {
    const { ip6 } = frame.packet
    const number = codePointOf(frame.bytes, tag)
    const slice = codePoints[number]
    if (!ip6 || !slice) return 'another packet'
    if (what === 'DSCP')
      return ip6.trafficClass >> 2 === slice.dscp ? undefined : `DSCP ${ip6.trafficClass >> 2} for ${slice.dscp}`
    if (what === 'flow label') return ip6.flowLabel === slice.flowLabel ? undefined : `flow label ${ip6.flowLabel}`
    const original = sent.find((one) => codePointOf(one.bytes, tag) === number)
    return original && sameAfterHeader(original, frame) ? undefined : 'other octets after the IPv6 header'
  })
})

const sameAfterHeader = (a: Parameters<typeof packetBytes>[0], b: Parameters<typeof packetBytes>[0]): boolean =>
  Buffer.compare(packetBytes(a).subarray(40), packetBytes(b).subarray(40)) === 0
