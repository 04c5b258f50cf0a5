import { claim, type Judgement, on, requirement } from 'denat'
import { firewall } from '../../scenarios/firewall.ts'
import { copiesOf, hasDownstream, staysOnItsSide } from '../../shared/boundary.ts'
import { atBoundary } from '../../steps/firewall/boundary.ts'
import { stillOnline } from '../../steps/still-online.ts'

const keepsOutsideSource: Judgement = (evidence) =>
  staysOnItsSide(
    evidence,
    { way: 'outbound', what: 'foreign source' },
    claim`The router does not forward a packet from the LAN whose source is in no prefix of the router to the WAN.`,
  )

const forwardsDownstreamSource: Judgement = (evidence) => {
  const { judge, at } = evidence
  const packet = hasDownstream(evidence, 'own source')
  const { mode } = at(atBoundary)
  judge.found(
    copiesOf(evidence, 'outbound', packet)[0],
    at(stillOnline, ({ when }) => when === `boundary, ${mode}`).mark,
    claim`The router forwards a packet from behind a downstream router, with a source in the sub-delegated prefix, unchanged to the WAN.`,
    packet,
  )
}

export const requirements = [
  requirement('RFC7084-S-2', {
    'foreign source': on(firewall, keepsOutsideSource),
    'downstream source': on(firewall, forwardsDownstreamSource),
  }),
]
