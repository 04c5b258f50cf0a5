import { scenario } from 'denat'
import { dhcpv6Mutants } from '../steps/lan-services/dhcpv6-service.ts'
import { falseNeighbors } from '../steps/lan-services/false-neighbors.ts'
import { listeners } from '../steps/lan-services/listeners.ts'
import { lanServices, statelessOptions } from '../steps/lan-services/services.ts'
import { toTheRouter } from '../steps/lan-services/to-the-router.ts'
import { twoIas } from '../steps/lan-services/two-ias.ts'
import { line } from '../steps/usual-line.ts'

export const lanServicesAsked = scenario(
  'lan-services',
  {
    story:
      'Immediately after the router comes online, hosts send valid and invalid requests for every service on the LAN: Router Solicitations, all DHCPv6 messages of a lease, Neighbor Discovery, packets to the router itself. Nodes on the WAN send requests that only the LAN may send. At the end hosts send malformed DHCPv6 messages.',
    world: { name: 'lan-services', ...line },
    from: 'new subscriber',
    formerly: 'evening',
  },
  async (bench) => {
    const { dut, lan, timing } = bench
    statelessOptions(bench)
    const power = await dut.begin()
    await lan.host.online({ since: power, by: timing.boot, or: 'DENAT-DEFAULT-1' })
    await listeners(bench)
    await toTheRouter(bench)
    await falseNeighbors(bench)
    const { host, of } = await lanServices(bench)
    // Some servers crash.
    await dhcpv6Mutants(bench, host, of)
    await twoIas(bench, host)
  },
)
