import { claim, type Evidence, type Frame, type Judgement, type Look, type Mark, ns, on, ra, requirement } from 'denat'
import { restart, restarted } from '../scenarios/restart.ts'
import { switchedOff, switchedOn, webUiSwitch } from '../scenarios/web-ui.ts'
import { onlineAgain } from '../steps/keeps.ts'

/** MAX_FINAL_RTR_ADVERTISEMENTS, RFC 4861 section 10. */
const maxFinal = 3

/** From when the router stops being one until it is one again, as hosts see it. */
const advertisesZero =
  (spanOf: (evidence: Evidence) => { start: Mark; over: Mark }): Judgement =>
  (evidence) => {
    const { lan, judge, given } = evidence
    const link = lan.of('host')
    const { start, over } = spanOf(evidence)
    given(link.fromDut.last(ra(), { before: start }), 'RFC7084-L-1')
    // After it repeated DAD for its address, its RAs are those of a router that has just started.
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
      claim`When the router stops being a router, it sends a final multicast RA with Router Lifetime 0.`,
      start,
    )
    judge.goal(
      final.length <= maxFinal,
      claim`It sends at most ${maxFinal} final RAs (MAX_FINAL_RTR_ADVERTISEMENTS).`,
      claim`${final.length} final RAs`,
      start,
      ...final,
    )
  }

const isLinkLocalTarget = (icmp6: Frame['packet']['icmp6']): boolean =>
  icmp6?.type === 'neighbor-solicitation' && 'target' in icmp6 && icmp6.target.startsWith('fe80')

export const requirements = [
  requirement('RFC4861-6.2.5-SHUTDOWN', {
    reboot: on(
      restart,
      advertisesZero(({ at }) => ({
        start: at(restarted, ({ kind }) => kind === 'reboot').mark,
        over: at(onlineAgain, ({ kind }) => kind === 'reboot').mark,
      })),
    ),
    'IPv6 switched off': on(
      webUiSwitch,
      advertisesZero(({ at }) => ({ start: at(switchedOff).mark, over: at(switchedOn).mark })),
    ),
  }),
]
