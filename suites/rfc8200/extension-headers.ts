import { claim, type Judgement, on, requirement, the } from 'denat'
import { transit } from '../scenarios/transit.ts'
import { webUiFirewall } from '../scenarios/web-ui.ts'
import { crossed, crossingRequirement, roadIsOpen } from '../shared/crossings.ts'
import { transitFence, type Way } from '../steps/transit/road.ts'
import { deprecatedSent, deprecatedToRouter } from '../steps/transit/routing-type-0.ts'

/** For packets of other nodes only RFC 6092 REC-4 requires this, and RFC 7084 S-1 is a SHOULD. */
const inTransit = { level: 'SHOULD' } as const

const isNotForwarded =
  (way: Way): Judgement =>
  (evidence) => {
    const { judge, given, at } = evidence
    roadIsOpen(evidence, way)
    const { sent, fence, tag, mark } = at(deprecatedSent, (one) => one.way === way)
    judge.absent(
      crossed(evidence, way, tag).seen,
      claim`The router does not forward a packet with a type 0 Routing header whose Segments Left is not 0.`,
      { fence: given(fence, way === 'inbound' ? 'DENAT-E2E-OPEN' : 'DENAT-DEFAULT-1'), since: sent ?? mark },
    )
  }

const isNotProcessed =
  (side: 'LAN' | 'WAN'): Judgement =>
  ({ judge, given, at, every, notApplicable, wan, lan }) => {
    const { mark: over } = at(transitFence)
    const [probe] = every(deprecatedToRouter).filter((one) => one.side === side)
    if (!probe)
      return notApplicable(claim`The recording shows no global address of the router on its ${the.name(side)}.`, over)
    const { tag, mark, sent = mark } = probe
    const processed = [wan, ...lan.segments]
      .flatMap((link) => link.fromDut.all({ ext: [{ type: 'routing', routingType: 0 }] }, { after: sent }))
      .filter(({ bytes }) => Buffer.from(bytes).includes(`[${tag}]`))
    judge.absent(
      processed,
      claim`The router does not forward a packet to it whose type 0 Routing header names further addresses.`,
      {
        fence: given(probe.fence, 'DENAT-DEFAULT-1'),
        since: sent,
      },
    )
    const link = side === 'LAN' ? lan.of('host') : wan
    const problem = link.fromDut.first({ icmp6: { type: 'parameter-problem' } }, { after: sent, before: over })
    judge.note(
      problem ? claim`The router sends Parameter Problem.` : claim`The router sends no Parameter Problem.`,
      problem ?? mark,
    )
  }

export const requirements = [
  crossingRequirement('RFC8200-4-EHPASS'),

  requirement('RFC8200-4.4-RH0', {
    outbound: on(transit, isNotForwarded('outbound'), inTransit),
    reply: on(transit, isNotForwarded('reply'), inTransit),
    inbound: on(webUiFirewall, isNotForwarded('inbound'), inTransit),
    'to the LAN address': on(transit, isNotProcessed('LAN')),
    'to the WAN address': on(transit, isNotProcessed('WAN')),
  }),
]
