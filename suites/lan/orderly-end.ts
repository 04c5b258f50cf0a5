import {
  dhcpv6,
  dhcpv6Of,
  dhcpv6OptionsOf,
  type Evidence,
  type Frame,
  type Judgement,
  type Look,
  type Mark,
  ns,
  on,
  option,
  ra,
  requirement,
} from 'denat'
import { onlineAgain } from '../scenarios/keeps.ts'
import { before, restart, restarted, serverAsked } from '../scenarios/restart.ts'
import { switchedOff, switchedOn, webUiSwitch } from '../scenarios/web-ui.ts'

/** MAX_FINAL_RTR_ADVERTISEMENTS, RFC 4861 section 10. */
const maxFinal = 3

/** From when a router stops being one until it is one again, as far as hosts can tell. */
const saysSo =
  (spanOf: (evidence: Evidence) => { start: Mark; over: Mark }): Judgement =>
  (evidence) => {
    const { lan, judge, given } = evidence
    const link = lan.of('host')
    const { start, over } = spanOf(evidence)
    given(link.fromDut.last(ra(), { before: start }), 'RFC7084-L-1')
    // What it says after its address was checked anew, it says as a router that has just begun.
    const begun: Look =
      link.fromDut
        .all(ns(), { after: start, before: over })
        .find(({ packet: { ip6, icmp6 } }) => ip6?.src === '::' && isLinkLocalTarget(icmp6)) ?? over
    const final = link.fromDut.all(ra({ routerLifetime: 0 }, { ip6: { dst: 'ff02::1' } }), {
      after: start,
      before: begun,
    })
    judge.found(
      final[0],
      over,
      'A router that stops being one says so by a last RA to all, with Router Lifetime 0.',
      start,
    )
    judge.goal(
      final.length <= maxFinal,
      `It does so ${maxFinal} times at the most (MAX_FINAL_RTR_ADVERTISEMENTS).`,
      `${final.length} times`,
      start,
      ...final,
    )
  }

requirement('RFC4861-6.2.5-SHUTDOWN', {
  reboot: on(
    restart,
    saysSo(({ at }) => ({
      start: at(restarted, ({ kind }) => kind === 'reboot').mark,
      over: at(onlineAgain, ({ kind }) => kind === 'reboot').mark,
    })),
  ),
  'IPv6 switched off': on(
    webUiSwitch,
    saysSo(({ at }) => ({ start: at(switchedOff).mark, over: at(switchedOn).mark })),
  ),
})

const isLinkLocalTarget = (icmp6: Frame['packet']['icmp6']): boolean =>
  icmp6?.type === 'neighbor-solicitation' && 'target' in icmp6 && icmp6.target.startsWith('fe80')

/** The Server Identifier of the answer to an Information-request. */
const serverOf = (reply: Frame): string | undefined => dhcpv6OptionsOf(reply, 'server-id')[0]?.duid

const replies = ({ lan }: Evidence, question: Frame): Frame[] =>
  lan.of('host').fromDut.all(dhcpv6('reply', {}, { ip6: { dst: question.packet.ip6?.src } }), { after: question })

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
        'A Reply has the transaction-id of the question',
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
        'A Reply has the Client Identifier of the question',
        question,
        reply,
      )
    },
    { level: 'MUST' },
  ),
})

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
  judge.holds(serverOf(first) !== undefined, 'A Reply holds a Server Identifier.', 'none', first)
  const event = kind === 'reboot' ? 'a reboot' : 'a power cut'
  judge.equal(serverOf(again), serverOf(first), `The Server Identifier is the same after ${event}`, first, again)
}
