import { claim, dhcpv6, dhcpv6Of, dhcpv6OptionsOf, type Evidence, type Frame, on, option, requirement } from 'denat'
import { before, restart, serverAsked } from '../../scenarios/restart.ts'

/** The Server Identifier of the answer to an Information-request. */
const serverOf = (reply: Frame): string | undefined => dhcpv6OptionsOf(reply, 'server-id')[0]?.duid

const replies = ({ lan }: Evidence, question: Frame): Frame[] =>
  lan.of('host').fromDut.all(dhcpv6('reply', {}, { ip6: { dst: question.packet.ip6?.src } }), { after: question })

/** An Information-request before the restarts, and its Reply. */
function information(evidence: Evidence): { question: Frame; reply: Frame } {
  const { lan, at, given } = evidence
  const { mark } = at(before)
  const question = given(lan.of('host').toDut.last(dhcpv6('information-request'), { before: mark }), 'RFC7084-L-8')
  return { question, reply: given(replies(evidence, question)[0], 'RFC7084-L-8') }
}

function sameServer({ judge, at, given }: Evidence, kind: 'reboot' | 'power-cut'): void {
  const first = given(at(before).reply, 'RFC7084-L-8')
  const again = given(at(serverAsked, (one) => one.kind === kind).reply, 'DENAT-BACK')
  judge.holds(serverOf(first) !== undefined, claim`A Reply contains a Server Identifier.`, claim`none`, first)
  const event = kind === 'reboot' ? claim`a reboot` : claim`a power cut`
  judge.equal(serverOf(again), serverOf(first), claim`The Server Identifier is the same after ${event}`, first, again)
}

export const requirements = [
  requirement('RFC8415-11-SRV-DUID', {
    'after a reboot': on(restart, (evidence) => sameServer(evidence, 'reboot')),
    'after a power cut': on(restart, (evidence) => sameServer(evidence, 'power-cut')),
    // RFC 9915 section 18.3.6: it copies the transaction-id, and the option where the question has one.
    'transaction-id': on(
      restart,
      (evidence) => {
        const { question, reply } = information(evidence)
        evidence.judge.equal(
          dhcpv6Of(reply).transactionId,
          dhcpv6Of(question).transactionId,
          claim`A Reply has the transaction-id of its request`,
          question,
          reply,
        )
      },
      { level: 'MUST' },
    ),
    'Client Identifier': on(
      restart,
      (evidence) => {
        const { question, reply } = information(evidence)
        evidence.judge.equal(
          option(dhcpv6Of(reply), 'client-id')?.duid,
          option(dhcpv6Of(question), 'client-id')?.duid,
          claim`A Reply has the Client Identifier of its request`,
          question,
          reply,
        )
      },
      { level: 'MUST' },
    ),
  }),
]
