import { type Evidence, on, requirement } from 'denat'
import { evening } from '../scenarios/evening.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'
import { crossed, crossingRequirement, roadIsOpen } from './crossings.ts'

crossingRequirement('RFC8200-4-EHPASS')

/** That others' packets are not forwarded RFC 6092 REC-4 asks alone, which reaches a CE router by a SHOULD (RFC 7084 S-1). */
const inTransit = { level: 'SHOULD' } as const

requirement('RFC8200-4.4-RH0', {
  outbound: on(evening, (evidence) => isNotForwarded(evidence, 'outbound'), inTransit),
  reply: on(evening, (evidence) => isNotForwarded(evidence, 'reply'), inTransit),
  inbound: on(webUiFirewall, (evidence) => isNotForwarded(evidence, 'inbound'), inTransit),
  'to the LAN address': on(evening, (evidence) => isNotProcessed(evidence, 'LAN')),
  'to the WAN address': on(evening, (evidence) => isNotProcessed(evidence, 'WAN')),
})

function isNotForwarded(evidence: Evidence, way: 'outbound' | 'reply' | 'inbound'): void {
  const { judge, given, did, framesOf } = evidence
  roadIsOpen(evidence, way)
  const sent = did('rh0', (mark) => mark.data?.way === way)
  const [first, fence] = framesOf(sent)
  const { seen } = crossed(evidence, way, String(sent.data?.tag))
  judge.absent(seen, 'A packet with a type 0 Routing header, segments left, is not forwarded.', {
    fence: given(fence, way === 'inbound' ? 'DENAT-E2E-OPEN' : 'DENAT-DEFAULT-1'),
    since: first ?? sent,
  })
}

function isNotProcessed(
  { judge, given, did, marks, framesOf, notApplicable, wan, lan }: Evidence,
  side: 'LAN' | 'WAN',
) {
  const over = did('transit-fence')
  const sent = marks('rh0-to-router').find((mark) => mark.data?.side === side)
  if (!sent) return notApplicable(`The router was not seen to have a global address on its ${side}.`, over)
  const [first, fence] = framesOf(sent)
  const tag = `[${sent.data?.tag}]`
  const processed = [wan, ...lan.segments]
    .flatMap((link) => link.fromDut.all({ ext: [{ type: 'routing', routingType: 0 }] }, { after: first }))
    .filter(({ bytes }) => Buffer.from(bytes).includes(tag))
  judge.absent(processed, 'The router sends no packet on that names it as a stop in a type 0 Routing header.', {
    fence: given(fence, 'DENAT-DEFAULT-1'),
    since: first ?? sent,
  })
  const link = side === 'LAN' ? lan.of('host') : wan
  const problem = link.fromDut.first({ icmp6: { type: 'parameter-problem' } }, { after: first, before: over })
  judge.note(problem ? 'A Parameter Problem is sent.' : 'It says nothing about it.', problem ?? sent)
}
