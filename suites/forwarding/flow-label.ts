import { type Evidence, type Frame, type Pattern, requirement } from 'denat'
import { evening } from '../scenarios/evening.ts'
import { flowLabel } from '../scenarios/transit/markings.ts'
import { ends, roadIsOpen } from './crossings.ts'

/** Frames of each kind of traffic, in the direction of its first packet or of its answers. */
function patternOf(what: string, way: string): Pattern {
  const port = way === 'outbound' ? 'dstPort' : 'srcPort'
  if (what === 'TCP') return { tcp: { [port]: 8081 } }
  if (what === 'UDP') return { udp: { [port]: 5001 } }
  return { ext: [{ type: 'fragment' }] }
}

const cases = Object.fromEntries(
  ['TCP', 'UDP', 'fragments'].flatMap((what) => ['outbound', 'reply'].map((way) => [`${what}, ${way}`, evening])),
)

requirement('RFC6437-3-FLOWLABEL', { cases }, (evidence: Evidence) => {
  const { case: name, judge, given, did, framesOf } = evidence
  const [what = '', way = ''] = name.split(', ')
  const open = roadIsOpen(evidence, way)
  const connected = framesOf(did('unlabelled'))[1]
  const control = what === 'TCP' ? given(connected, 'DENAT-DEFAULT-1') : open
  const over = did('labelled', (mark) => mark.data?.what === what)
  const { near, far } = ends(evidence, way)
  const pattern = patternOf(what, way)
  const labelled = (frame: Frame) => frame.packet.ip6?.flowLabel === flowLabel
  const sent = near.toDut.all(pattern).filter(labelled)
  // Nothing comes back where the question was lost.
  const first = given(sent[0], what === 'fragments' ? 'RFC8200-4.5-FRAGPASS' : 'DENAT-DEFAULT-1')
  const { src, dst } = first.packet.ip6 ?? {}
  const seen = far.fromDut.all({ ...pattern, ip6: { src, dst } }, { after: first, before: over })
  judge.found(
    seen[0],
    over,
    `Packets with a flow label (${what}) are forwarded, as those without are.`,
    first,
    control,
    ...framesOf(over),
  )
  judge.note(`${sent.length} packets with flow label 0x${flowLabel.toString(16)} went in, ${seen.length} came out.`)
  judge.each(seen, 'The flow label of each is delivered unchanged.', (frame) =>
    labelled(frame) ? undefined : `flow label 0x${frame.packet.ip6?.flowLabel.toString(16)}`,
  )
})
