import { claim, type Frame, type Judgement, on, type Pattern, requirement, the } from 'denat'
import { transit } from '../scenarios/transit.ts'
import { ends, roadIsOpen } from '../shared/crossings.ts'
import { flowLabel, labelled, unlabelled } from '../steps/transit/markings.ts'

const kinds = ['TCP', 'UDP', 'fragments'] as const

const ways = ['outbound', 'reply'] as const

type Kind = (typeof kinds)[number]

type Way = (typeof ways)[number]

/** Frames of each kind of traffic, in the direction of its first packet or of its answers. */
function patternOf(what: Kind, way: Way): Pattern {
  const port = way === 'outbound' ? 'dstPort' : 'srcPort'
  if (what === 'TCP') return { tcp: { [port]: 8081 } }
  if (what === 'UDP') return { udp: { [port]: 5001 } }
  return { ext: [{ type: 'fragment' }] }
}

const isDelivered =
  (what: Kind, way: Way): Judgement =>
  (evidence) => {
    const { judge, given, at } = evidence
    const open = roadIsOpen(evidence, way)
    const { answer } = at(unlabelled)
    const control = what === 'TCP' ? given(answer, 'DENAT-DEFAULT-1') : open
    const { mark: over, more } = at(labelled, (one) => one.what === what)
    const { near, far } = ends(evidence, way)
    const pattern = patternOf(what, way)
    const isLabelled = (frame: Frame) => frame.packet.ip6?.flowLabel === flowLabel
    const sent = near.toDut.all(pattern).filter(isLabelled)
    // No answer is sent where the request was lost.
    const first = given(sent[0], what === 'fragments' ? 'RFC8200-4.5-FRAGPASS' : 'DENAT-DEFAULT-1')
    const { src, dst } = first.packet.ip6 ?? {}
    const seen = far.fromDut.all({ ...pattern, ip6: { src, dst } }, { after: first, before: over })
    judge.found(
      seen[0],
      over,
      claim`The router forwards packets with a flow label (${the.name(what)}) as it forwards those without.`,
      first,
      control,
      ...more,
    )
    judge.note(
      claim`The router received ${sent.length} packets with flow label 0x${the.name(flowLabel.toString(16))} and forwarded ${seen.length}.`,
    )
    judge.each(seen, claim`The router does not change the flow label.`, (frame) =>
      isLabelled(frame) ? undefined : claim`flow label 0x${the.name(frame.packet.ip6?.flowLabel.toString(16))}`,
    )
  }

export const requirements = [
  requirement(
    'RFC6437-3-FLOWLABEL',
    Object.fromEntries(
      kinds.flatMap((what) => ways.map((way) => [`${what}, ${way}`, on(transit, isDelivered(what, way))])),
    ),
  ),
]
