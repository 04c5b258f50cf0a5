import { claim, isLinkLocal, pios, ra, requirement, the } from 'denat'
import { longSessions } from '../scenarios/long-sessions.ts'
import { advertised, isSubstitute, substitute } from '../shared/ula.ts'
import { beforeLoss, localPing } from '../steps/transit/loss-of-default-router.ts'

export const requirements = [
  requirement('RFC4193-ULA-LOCAL', longSessions, (evidence) => {
    const { lan, judge, assume, at, notApplicable } = evidence
    const first = advertised(evidence)
    const { from, to, reply, mark: pinged } = at(localPing)
    // The host may still hold an address that it leased before the router had another prefix.
    if (!(from && to) && isSubstitute(lan.of('host'), pinged)) notApplicable(substitute, first)
    assume(from !== undefined, 'RFC7084-L-6')
    const received = lan.of('neighbour').fromDut.all(ra(), { after: at(beforeLoss).mark })
    const isValid = received.length === 0 || received.some(({ packet: { ip6 } }) => ip6 && isLinkLocal(ip6.src))
    const prefixes = received.flatMap(pios)
    const byPrefix =
      prefixes.length > 0 && !prefixes.some(({ autonomous }) => autonomous) ? 'RFC7084-L-6' : 'RFC7084-L-2'
    assume(to !== undefined, isValid ? byPrefix : 'RFC7084-L-1')
    judge.found(
      reply,
      pinged,
      claim`While the line is down, ${the.name(from)} on the LAN reaches ${the.name(to)}.`,
      first,
    )
    const routed = lan.segments.length > 1 && lan.of('host').name !== lan.of('neighbour').name
    judge.note(
      routed ? claim`They are on different links.` : claim`They are on one link, as the router bridges its ports.`,
      pinged,
    )
  }),
]
