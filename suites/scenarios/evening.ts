import { scenario } from 'denat'
import { boundary } from './evening/boundary.ts'
import { errorsForFlows } from './evening/errors-for-flows.ts'
import { pinholeProtocol } from './evening/pinhole-protocol.ts'
import { restingSessions } from './evening/resting-sessions.ts'
import { noDefaultRouter, routerErrors } from './evening/router-errors.ts'
import { connections, strangers } from './evening/strangers.ts'
import { ipsec, unasked } from './evening/unasked.ts'
import { traffic } from './transit/traffic.ts'

export const evening = scenario(
  'evening',
  {
    story:
      'In its default state the router holds sessions that rest for two minutes. Meanwhile hosts and strangers try what a home sees in an evening: packets that have no business at the boundary, IPsec, errors about flows, hop limits that run out; then what IPv6 allows but few send: extension headers, segment routing, fragments, marked packets. In the end the ISP router is a default router no longer.',
    world: { name: 'evening', delegatedLength: 61 },
    from: 'online',
    takes: 140,
  },
  async (bench) => {
    const { lan, timing, listen } = bench
    await listen(timing.after(3, 'an address by DHCPv6 and its DAD: the host will prefer it'))
    // Each theme plays by itself and ends nothing: what one router does not do hides nothing of the rest.
    const themes = async () => {
      await unasked(bench)
      await ipsec(bench)
      const router = lan.joinRouter('downstream', { iaPd: [{}] })
      const plugged = router.start()
      await router.moves('::/0', { since: plugged, by: timing.after(13, 'DAD, the first Solicit, and its answer') })
      await listen(timing.after(2, 'the route of a new lease'))
      await boundary(bench, 'after reset', router)
      await strangers(bench)
      await connections(bench)
      await errorsForFlows(bench, router)
      await routerErrors(bench)
      await traffic(bench)
    }
    await Promise.all([restingSessions(bench), pinholeProtocol(bench), themes()])
    await noDefaultRouter(bench)
  },
)
