import { claim, type Judgement, on, requirement, the } from 'denat'
import { lanServicesAsked } from '../scenarios/lan-services.ts'
import { answersTo, stepOf } from '../shared/dhcpv6-messages.ts'
import { discoveryFence, discoveryFromWan } from '../steps/lan-services/from-the-wan.ts'

const isNotServedByWan =
  (type: 'solicit' | 'information-request', what: string): Judgement =>
  (evidence) => {
    const { wan, judge, at, given } = evidence
    const asked = given(at(discoveryFromWan, (one) => one.type === type).question, 'RFC7084-L-8')
    const { answer } = at(discoveryFence)
    const answered = given(stepOf(evidence, 'information').answer, 'RFC7084-L-8')
    judge.note(claim`The router answers the same message on the LAN.`, answered)
    judge.absent(
      answersTo(wan, asked),
      claim`The router does not answer a ${the.name(what)} that arrives on the WAN.`,
      {
        fence: given(answer, 'RFC7084-G-1'),
        since: asked,
      },
    )
  }

export const requirements = [
  requirement('RFC6092-REC-9', {
    Solicit: on(lanServicesAsked, isNotServedByWan('solicit', 'Solicit')),
    'Information-request': on(lanServicesAsked, isNotServedByWan('information-request', 'Information-request')),
  }),
]
