import { scenario } from 'denat'
import { scan } from './transit/scan.ts'

export const neighbourScan = scenario(
  'neighbour-scan',
  {
    story:
      'A host sends 2000 packets each second to addresses of its LAN that nobody has, more than Neighbor Caches hold, and uses the Internet meanwhile.',
    world: { name: 'neighbour-scan', delegatedLength: 60 },
    from: 'online',
    profile: 'full',
  },
  async (bench) => {
    await scan(bench, { from: 'LAN', addresses: 1500, echoes: 50, over: 0.75 })
    bench.mark('transit-fence', {}, [await bench.lan.host.ping(bench.internet.address)])
  },
)
