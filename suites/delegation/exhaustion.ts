import { anyOf, dhcpv6, dhcpv6OptionsOf, type Evidence, type Frame, optionsOf, requirement, statusOf } from 'denat'
import { slaacWan } from '../scenarios/slaac-wan.ts'
import { globals, sixteenAsked, subnets } from './askers.ts'

/** RFC 8415 section 21.13. */
const noPrefixAvail = 6

/** Some routers were given a prefix, and some were not. */
function filled(evidence: Evidence): void {
  const { given } = evidence
  subnets(evidence)
  const over = sixteenAsked(evidence)
  given(Number(over.data?.holders) > 0 ? over : undefined, 'RFC9818-LPD-1')
  given(Number(over.data?.refused) > 0 ? over : undefined, 'RFC9818-LPD-4')
}

/** The router that asks once when nothing is left, and once when something was released. */
function waiting({ lan, world, did, given }: Evidence, when: string) {
  const asked = did('asked', (mark) => mark.data?.when === when)
  const role = String(asked.data?.name)
  const clientId = { duid: world.stations[role]?.duid }
  const link = lan.of(role)
  const solicits = link.toDut.all(dhcpv6('solicit', { clientId }), { before: asked })
  const solicit = given(solicits.at(-1), 'RFC9818-LPD-1')
  return { link, clientId, solicit, asked }
}

requirement(
  'DENAT-PD-EXHAUST',
  {
    cases: {
      'NoPrefixAvail when nothing is left': slaacWan,
      'leases go on': slaacWan,
      'again after a Release': slaacWan,
    },
  },
  (evidence) => {
    const { case: what, judge, did, given, marks, framesOf } = evidence
    filled(evidence)
    if (what === 'leases go on') {
      // Who gives all to the first has nothing more to renew.
      given(marks('renewed')[0], 'RFC9818-LPD-7')
      for (const mark of marks('renewed')) {
        const [reply] = framesOf(mark)
        const renewed = judge.found(reply, mark, 'A lease is renewed though nothing else is left.')
        judge.holds(
          globals(renewed).includes(String(mark.data?.before)),
          'The router keeps its prefix.',
          globals(renewed).join(', ') || 'nothing granted',
          renewed,
        )
      }
      return
    }
    if (what === 'again after a Release') {
      const released = did('given-back')
      const reply = given(framesOf(released)[0], 'RFC9818-LPD-5-REMOVE')
      const again = waiting(evidence, 'released')
      const granting = again.link.fromDut
        .all(dhcpv6('reply', { clientId: again.clientId }), { after: again.solicit })
        .find((frame) => globals(frame).length > 0)
      judge.found(
        granting,
        again.asked,
        'Once a prefix was released, the router that was refused is given one.',
        reply,
        again.solicit,
      )
      return
    }
    const { link, clientId, solicit, asked } = waiting(evidence, 'exhausted')
    const isIts = (frame: Frame) => dhcpv6OptionsOf(frame, 'client-id').some(({ duid }) => duid === clientId.duid)
    const answer = judge.found(
      // A Solicit with Rapid Commit may be answered by a Reply.
      link.fromDut.all({ dhcp6: { type: anyOf('advertise', 'reply') } }, { after: solicit }).find(isIts),
      asked,
      'A router that asks when nothing is left is answered.',
      solicit,
    )
    const [ia] = dhcpv6OptionsOf(answer, 'ia-pd')
    judge.equal(ia && statusOf(ia), noPrefixAvail, 'The status inside the IA_PD is', answer)
    judge.holds(
      !dhcpv6OptionsOf(answer, 'ia-pd').some((one) => optionsOf(one, 'ia-prefix').length > 0),
      'It holds no prefix.',
      'a prefix beside the status',
      answer,
    )
  },
)
