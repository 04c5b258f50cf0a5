import { claim, markOf, scenario } from 'denat'
import { lookForFilter } from '../steps/firewall/filter.ts'
import { restingSessions } from '../steps/firewall/idle-sessions.ts'
import { pinholeProtocol } from '../steps/firewall/pinhole-protocol.ts'
import {
  askers,
  fromUnspecified,
  initial,
  initialAdvertised,
  manySolicitations,
  wrongSolicitations,
} from '../steps/lan-services/solicitations.ts'
import { prefixReleased, subDelegation } from '../steps/sub-delegation.ts'
import { endToEnd } from '../steps/transit/end-to-end.ts'
import { beginOldFlow, beginYoungFlow, lossOfDefaultRouter } from '../steps/transit/loss-of-default-router.ts'
import { probeAbsentHosts, unplugHost } from '../steps/transit/neighbors.ts'
import { transitFence } from '../steps/transit/road.ts'
import { routerErrors } from '../steps/transit/router-errors.ts'
import { line } from '../steps/usual-line.ts'

/** The first host is online. */
const themesBegin = markOf('themes')

export const longSessions = scenario(
  'long-sessions',
  {
    story:
      'The router keeps sessions that are idle for two minutes, a pinhole that a host requests by PCP and that expires, and a flow that is in use from the start. During this time a downstream router requests a prefix (地址前缀二次分发) and releases it, hosts use the Internet, packets go to neighbors that are absent or that leave the link, packets cause ICMPv6 errors, and ten hosts send Router Solicitations within a second. At the end the ISP router stops being a default router, and becomes one again; then the line is cut for 5 s.',
    // A router that discards an RA because of a rare option is seen in other scenarios.
    world: { name: 'long-sessions', ...line, variety: { ...line.variety, isp: { 'rare RA options': 'none' } } },
    // The first RAs of an interface are those after a boot.
    from: 'online from a cold boot',
    formerly: 'evening',
    takes: 150,
  },
  async (bench) => {
    const { lan, internet, mark, listen, timing } = bench
    const begun = mark(themesBegin, {})
    const old = beginOldFlow(bench)
    // Each theme runs by itself and ends nothing: what a router does not do in one hides nothing of the others.
    const themes = async () => {
      const router = await subDelegation(bench)
      await Promise.all([unplugHost(bench), probeAbsentHosts(bench)])
      mark(transitFence, {}, { answer: await lan.host.ping(internet.address) })
      await lookForFilter(bench)
      await endToEnd(bench)
      await routerErrors(bench)
      await prefixReleased(bench, router)
      await listen(timing.after(initial.advertisements * initial.interval, claim`the initial RAs`), begun)
      mark(initialAdvertised, {})
      const hosts = askers(bench)
      await wrongSolicitations(bench, hosts, [fromUnspecified])
      await manySolicitations(bench, hosts)
    }
    const [young] = await Promise.all([
      restingSessions(bench).then(() => beginYoungFlow(bench)),
      pinholeProtocol(bench),
      themes(),
    ])
    await lossOfDefaultRouter(bench, { old, young, since: begun })
  },
)
