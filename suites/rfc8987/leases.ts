import { claim, dhcpv6, type Evidence, type Judgement, on, requirement, the } from 'denat'
import { lateComer, restart, unrenewedPing } from '../scenarios/restart.ts'
import { relinked, subLease } from '../scenarios/sub-lease.ts'
import { globals } from '../shared/askers.ts'
import { blame, delegated } from '../shared/delegated-leases.ts'
import { subDelegated } from '../steps/sub-delegated.ts'

const isStillRouted: Judgement = (evidence) => {
  const { judge, every, assume } = evidence
  delegated(evidence)
  const last = every(relinked).at(-1)
  if (!last) return assume(false, 'RFC9818-LPD-5-ROUTE')
  judge.found(
    last.arrived,
    last.mark,
    claim`A downstream router that was unplugged, and sends no message, still receives packets to ${the.prefix(last.prefix)}.`,
  )
}

function gatewayRestarts(evidence: Evidence): void {
  const { lan, world, judge, at, given, assume, every } = evidence
  given(every(subDelegated)[0]?.mark, 'RFC9818-LPD-1')
  const { prefix, held, mark: late } = at(lateComer)
  assume(prefix !== undefined, blame(evidence, late, 'RFC9818-LPD-1'))
  assume(held !== undefined, 'DENAT-ADDR-STABLE')
  judge.holds(
    prefix !== held,
    claim`After a restart of the gateway, a prefix that is still leased is not delegated to another router.`,
    claim`${the.prefix(prefix)}`,
    late,
  )
  const clientId = { duid: world.stations.downstream?.duid }
  const reply = lan.fromDut.first(dhcpv6('reply', { clientId }), { after: late })
  judge.holds(
    reply !== undefined && held !== undefined && globals(reply).includes(held),
    claim`The downstream router that has the prefix can renew it.`,
    reply
      ? claim`${the.list(
          globals(reply).map((item) => the.name(item)),
          claim`no prefix`,
        )}`
      : claim`no answer`,
    reply ?? late,
  )
  const { reply: answer } = at(unrenewedPing)
  judge.note(
    answer
      ? claim`The prefix is routed again before its router has renewed it.`
      : claim`The prefix is not routed until its router renews it.`,
    ...(answer ? [answer] : []),
  )
}

export const requirements = [
  requirement('RFC8987-S-2', {
    'unplugged for a while': on(subLease, isStillRouted),
    'the gateway restarts': on(restart, gatewayRestarts),
  }),
]
