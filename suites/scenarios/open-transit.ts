import { scenario } from 'denat'
import { cross } from './transit/cross.ts'
import { crossings } from './transit/crossings.ts'
import { inFragments } from './transit/fragments.ts'
import { unsolicited } from './transit/road.ts'
import { deadRoutingHeader } from './transit/routing-type-0.ts'

export const openTransit = scenario(
  'open-transit',
  {
    story:
      'Somebody switches the firewall off in the page. Then the Internet sends to a host, and to one behind a downstream router, what IPv6 allows but few send.',
    world: { name: 'open-transit', delegatedLength: 57 },
    from: 'online',
    webUi: 'ipv6',
  },
  async (bench) => {
    const { webUi, lan, internet2, timing, clock, listen, mark } = bench
    if (!webUi) return
    await webUi.signIn()
    await webUi.setFirewall('off')
    lan.host.serveTcp(8083)
    const until = clock.now() + timing.apply.forced
    let open = await internet2.connect(lan.host.gua() ?? '::', 8083, { within: 1.5 })
    while (open.outcome !== 'connected' && clock.now() < until) {
      await listen(timing.after(1, 'a setting takes its time'))
      open = await internet2.connect(lan.host.gua() ?? '::', 8083, { within: 1.5 })
    }
    const inbound = await unsolicited(bench)
    for (const crossing of crossings) if (crossing.ways.includes('inbound')) await cross(bench, inbound, crossing)
    await inFragments(bench, inbound)
    await deadRoutingHeader(bench, inbound)
    mark('transit-fence', {}, [await lan.host.ping(bench.internet.address)])
  },
)
