import { claim, dhcpv6, dhcpv6OptionsOf, granted, requirement, serverAnswer, the } from 'denat'
import { longSessions } from '../scenarios/long-sessions.ts'
import { subnets, whyUnserved } from '../shared/askers.ts'
import { framesIn } from '../shared/frames.ts'
import { behindPing } from '../steps/sub-delegated.ts'
import { behind, behindPage } from '../steps/sub-delegation.ts'

export const requirements = [
  requirement('DENAT-PD-1', longSessions, (evidence) => {
    const { lan, judge, given, at, world } = evidence
    subnets(evidence)
    const link = lan.of('downstream')
    const clientId = { duid: world.stations.downstream?.duid }
    const solicit = given(link.toDut.first(dhcpv6('solicit', { clientId })), 'RFC9818-LPD-1')
    const served = link.fromDut
      .all(dhcpv6('reply', { clientId }), { after: solicit })
      .find((frame) => granted(frame).length > 0)
    // A server that gives no prefix is one fail.
    const reply = judge.due(
      given(served, whyUnserved(evidence, 'downstream')),
      { after: solicit, seconds: serverAnswer },
      claim`The router delegates a prefix to a downstream router without a manual step.`,
    )
    judge.note(
      claim`The downstream router holds ${the.list(granted(reply).map((item) => the.prefix(item)))}, with T1 ${the.seconds(dhcpv6OptionsOf(reply, 'ia-pd')[0]?.t1 ?? 0)}.`,
      reply,
    )
    const { address, mark } = at(behind)
    judge.holds(
      address !== undefined,
      claim`The host behind the downstream router has a global address from this prefix.`,
      claim`no address`,
      mark,
    )
    const { reply: answer, mark: pinged } = at(behindPing)
    judge.found(answer, pinged, claim`The host reaches the Internet and receives the response.`)
    const page = at(behindPage)
    judge.equal(
      page.outcome,
      'connected',
      claim`The outcome of a connection from this host to the Internet`,
      page.mark,
      ...framesIn(page.syn, page.answer),
    )
  }),
]
