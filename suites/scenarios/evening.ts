import { markOf, scenario } from 'denat'
import { boundary } from '../steps/evening/boundary.ts'
import { dhcpv6Mutants } from '../steps/evening/dhcpv6-service.ts'
import { endToEnd } from '../steps/evening/end-to-end.ts'
import { errorsForFlows } from '../steps/evening/errors-for-flows.ts'
import { falseNeighbors } from '../steps/evening/false-neighbors.ts'
import { inbound } from '../steps/evening/inbound.ts'
import { lanServices, statelessOptions } from '../steps/evening/lan-services.ts'
import { listeners } from '../steps/evening/listeners.ts'
import { beginOldFlow, lossOfDefaultRouter } from '../steps/evening/loss-of-default-router.ts'
import { pinholeProtocol } from '../steps/evening/pinhole-protocol.ts'
import { restingSessions } from '../steps/evening/resting-sessions.ts'
import { routerErrors } from '../steps/evening/router-errors.ts'
import { connections, strangers } from '../steps/evening/strangers.ts'
import { prefixReleased, subDelegation } from '../steps/evening/sub-delegation.ts'
import { toTheRouter } from '../steps/evening/to-the-router.ts'
import { twoIas } from '../steps/evening/two-ias.ts'
import { ipsec, unasked } from '../steps/evening/unasked.ts'
import { traffic } from '../steps/transit/traffic.ts'

/** The first host is online. */
const themesBegin = markOf('themes')

export const evening = scenario(
  'evening',
  {
    story:
      'In its default state the router keeps sessions that are idle for two minutes. During this time hosts and nodes on the Internet send what a home network sees in an evening: valid and invalid requests for every service on the LAN; packets of all kinds that are outbound, inbound or must not cross the boundary; a downstream router that requests a prefix (地址前缀二次分发); errors; extension headers, fragments, marked packets; a scan from the Internet. At the end the ISP router stops being a default router, and becomes one again; then the line is cut for 5 s; flows are in use at this time, one of them from the start.',
    world: {
      name: 'evening',
      delegatedLength: 56,
      isp: { ra: { onLink: true }, dhcpv6: { t1: 75, t2: 120, preferredLifetime: 150 } },
      // What looks like a MAC in a DUID leads nowhere.
      habits: { downstream: { DUID: 'LL of another interface' } },
    },
    from: 'new subscriber',
    takes: 150,
  },
  async (bench) => {
    const { dut, lan, timing, mark } = bench
    statelessOptions(bench)
    const power = await dut.begin()
    await lan.host.online({ since: power, by: timing.boot, or: 'DENAT-DEFAULT-1' })
    const begun = mark(themesBegin, {})
    const old = beginOldFlow(bench)
    // Each theme plays by itself and ends nothing: what one router does not do hides nothing of the rest.
    const themes = async () => {
      const router = await subDelegation(bench)
      const { host, of } = await lanServices(bench, power)
      // Meanwhile the host has an address by DHCPv6, which it prefers.
      await unasked(bench)
      await ipsec(bench)
      await endToEnd(bench)
      await boundary(bench, 'after reset', router)
      await strangers(bench)
      await connections(bench)
      await errorsForFlows(bench, router)
      await routerErrors(bench)
      await traffic(bench)
      await inbound(bench)
      await prefixReleased(bench, router)
      // Some servers die of it.
      await dhcpv6Mutants(bench, host, of)
      await twoIas(bench, host)
    }
    const asNeighbor = async () => {
      await listeners(bench)
      await toTheRouter(bench)
      await falseNeighbors(bench)
    }
    await Promise.all([restingSessions(bench), pinholeProtocol(bench), asNeighbor(), themes()])
    await lossOfDefaultRouter(bench, old, begun)
  },
)
