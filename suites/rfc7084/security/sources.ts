import { claim, type Judgement, on, requirement } from 'denat'
import { firewall } from '../../scenarios/firewall.ts'
import { copiesOf, hasDownstream, staysOnItsSide } from '../../shared/boundary.ts'
import { atBoundary } from '../../steps/evening/boundary.ts'
import { stillOnline } from '../../steps/still-online.ts'

const keepsForeignSource: Judgement = (evidence) =>
  staysOnItsSide(
    evidence,
    { way: 'outbound', what: 'foreign source' },
    claim`A packet from the LAN whose source is in no prefix of this router does not leave on the WAN.`,
  )

const forwardsDownstreamSource: Judgement = (evidence) => {
  const { judge, at } = evidence
  const packet = hasDownstream(evidence, 'own source')
  const { mode } = at(atBoundary)
  judge.found(
    copiesOf(evidence, 'outbound', packet)[0],
    at(stillOnline, ({ when }) => when === `boundary, ${mode}`).mark,
    claim`A packet from behind a downstream router, out of the prefix that it was given, leaves on the WAN as it is.`,
    packet,
  )
}

export const requirements = [
  requirement('RFC7084-S-2', {
    'foreign source': on(firewall, keepsForeignSource),
    'downstream source': on(firewall, forwardsDownstreamSource),
  }),
]
