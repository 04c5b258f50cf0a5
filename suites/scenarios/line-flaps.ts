import { anyOf, claim, markOf, prefixContains, prefixUse, ra, scenario, z } from 'denat'
import { accompanied } from '../steps/canaries.ts'
import { otherLength } from '../steps/other-length.ts'
import { transitFence } from '../steps/transit/road.ts'
import { scan } from '../steps/transit/scan.ts'

/** The first of them last so long that a router may take its lease for lost; seconds. */
const first = { cuts: 5, seconds: 10 }
const later = { seconds: 2 }
/** What few lines delegate. */
const lengths = [48, 52, 57, 58, 59, 61, 63]
const cuts = { default: first.cuts, full: 50 }

/** After a cut of the line: the host's address, and the answer to its echo request. */
export const lineBack = markOf('line-back', {
  data: { cut: z.number(), address: z.string().optional() },
  frames: ['reply'],
})
const joined = markOf('joined')
export const cutsOver = markOf('cuts-over', { frames: ['asked', 'advertised'] })

export const lineFlaps = scenario(
  'line-flaps',
  {
    story:
      'The line is cut fifty times: five times for 10 s, then for 2 s each, which not every router detects. Each fifth cut lasts 10 s as well, and the ISP then delegates another prefix. Then a host sends 2000 packets per second to addresses of its LAN that no node has, more than a Neighbor Cache holds, and uses the Internet at the same time. At the end the power of the router is cut seven times, and each time the ISP delegates a prefix of another length.',
    world: { name: 'line-flaps', delegatedLength: 56 },
    from: 'online',
    needs: ['power-cut'],
    restarts: { boots: 7 },
    takes: 380,
    profile: 'full',
  },
  accompanied(async (bench) => {
    const { dut, isp, line, lan, internet, timing, mark, listen, profile } = bench
    const asking = anyOf('solicit', 'request', 'renew', 'rebind', 'confirm')
    const host = lan.join('slaac-host', { dhcpv6: 'none' })
    await host.settles({ since: mark(joined, {}), by: timing.service })
    for (let cut = 1; cut <= cuts[profile]; cut++) {
      const down = line.down()
      const fresh = cut % 5 === 0 ? isp.otherPrefix() : undefined
      const { seconds } = fresh || cut <= first.cuts ? first : later
      await listen(timing.after(seconds, claim`a line that is cut`), down)
      if (fresh) isp.change({ dhcpv6: { prefixes: [fresh] } })
      const up = line.up()
      const exchange = await isp.awaits({ dhcp6: { type: asking } }, { since: up, by: timing.service })
      const reply = await host.reaches(internet.address, { since: exchange ?? up, by: timing.service })
      mark(lineBack, { cut, address: host.gua() }, { reply })
      if (!fresh) continue
      // What crosses the router meanwhile may still be from the old prefix.
      const prefix = (value: unknown) => prefixContains(fresh, String(value))
      const by = timing.after(prefixUse, claim`an exchange, and an RA`)
      if (await lan.awaits(ra({ prefixInformation: { prefix } }), { since: up, by }))
        await lan.host.reaches(internet.address, { since: up, by: timing.service })
    }
    const asked = lan.host.solicitRouter()
    // Options may be spread over several RAs.
    const advertised = await lan.awaits(
      ra({ prefixInformation: {} }, { ip6: { dst: anyOf('ff02::1', lan.host.linkLocal) } }),
      { since: asked, by: timing.raChange },
    )
    mark(cutsOver, {}, { asked, advertised })
    await scan(bench, { from: 'LAN', addresses: 1500, echoes: 50, over: 0.75 })
    mark(transitFence, {}, { answer: await lan.host.ping(internet.address) })
    for (const length of lengths)
      await otherLength(bench, host, length, async () => {
        await dut.powerCut()
        return dut.powerOn()
      })
  }),
)
