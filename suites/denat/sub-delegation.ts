import { claim, dhcpv6, dhcpv6OptionsOf, granted, requirement, serverAnswer, the } from 'denat'
import { longSessions } from '../scenarios/long-sessions.ts'
import { subnets, whyUnserved } from '../shared/askers.ts'
import { framesIn } from '../shared/frames.ts'
import { behind, behindPage } from '../steps/evening/sub-delegation.ts'
import { behindPing } from '../steps/sub-delegated.ts'

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
      claim`A downstream home router is given a prefix of its own, with no manual step.`,
    )
    judge.note(
      claim`It was given ${the.list(granted(reply).map((item) => the.prefix(item)))}, T1 ${dhcpv6OptionsOf(reply, 'ia-pd')[0]?.t1 ?? the.name(undefined)} s.`,
      reply,
    )
    const { address, mark } = at(behind)
    judge.holds(
      address !== undefined,
      claim`The host behind it has a global address from that prefix.`,
      claim`it has none`,
      mark,
    )
    const { reply: answer, mark: pinged } = at(behindPing)
    judge.found(answer, pinged, claim`It reaches the Internet and is reached by the answer.`)
    const page = at(behindPage)
    judge.equal(
      page.outcome,
      'connected',
      claim`A connection from it to the Internet is`,
      page.mark,
      ...framesIn(page.syn, page.answer),
    )
  }),
]
