import { anyOf, claim, dhcpv6, grace, iaAddresses, markOf, ra, scenario, z } from 'denat'
import { accompanied } from '../steps/canaries.ts'
import { lookForServices } from '../steps/in-service.ts'
import { keeps } from '../steps/keeps.ts'
import { leased } from '../steps/lease.ts'
import { ownPrefix } from '../steps/own-prefix.ts'
import { awaitReconfigure, joinReconfigurable } from '../steps/reconfigurable.ts'
import { joinObservers, renumber } from '../steps/renumber.ts'

/** Seconds: of the first lease, then of one that is to last, then of one that runs out. Its T1 and T2 are the client's. */
const first = { t1: 10, t2: 29, preferredLifetime: 36, validLifetime: 90 }
const lasting = { t1: 600, t2: 960, preferredLifetime: 1200, validLifetime: 1800 }
const short = { t1: 0, t2: 0, preferredLifetime: 18, validLifetime: 27 }

/** The last Reply before the server falls silent. */
export const unextended = markOf('unextended', { data: { validLifetime: z.number() }, frames: ['grant'] })

const when = z.enum(['leased', 'over'])
/** The router is asked for its leased WAN address, where that Reply has one, while it is valid and afterwards. */
export const addressAsked = markOf('asked', {
  data: { when, address: z.string().optional() },
  frames: ['question', 'answer'],
})
/** What the LAN is sent meanwhile, after an RS. */
export const advertised = markOf('advertised', { data: { when }, frames: ['solicited', 'advertised'] })
/** The valid lifetime is over: the Reply, and an RS and its answer since. */
export const expired = markOf('expired', { frames: ['grant', 'asked', 'answer'] })
export const expiryFence = markOf('expiry-fence', { frames: ['question', 'answer'] })

export const renumbering = scenario(
  'renumbering',
  {
    story:
      'At T1 the ISP has no binding any more, and delegates another prefix. Then the line is cut twice: after the first cut everything is as before, after the second the prefix has changed. That lease (valid 27 s) leaves T1 and T2 to the router. The server does not answer until the lease has expired, and then delegates a third prefix.',
    world: { name: 'renumbering', delegatedLength: 56, isp: { ra: { mtu: 1492 }, dhcpv6: first } },
    from: 'online',
    takes: 73,
  },
  accompanied(async (bench, canaries) => {
    const { isp, line, lan, timing, mark, listen } = bench
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark(leased, {}, { grant })
    const [observers, reconfigurable] = await Promise.all([joinObservers(bench, grant), joinReconfigurable(bench)])
    canaries.behind(observers.router)
    await lookForServices(bench, undefined, observers)
    const flap = async () => {
      await listen(timing.lineCut, line.down())
      return line.up()
    }
    const asking = anyOf('solicit', 'request', 'renew', 'rebind')

    await Promise.all([
      renumber(bench, observers, {
        trigger: 'NoBinding',
        act: async (fresh) => isp.change({ dhcpv6: { prefixes: [fresh], renumbering: 'no-binding', ...lasting } }),
        by: timing.renewal(first),
      }),
      awaitReconfigure(bench, reconfigurable, timing.after(first.t2, claim`T2 of the lease`)),
    ])
    await lookForServices(bench, 'NoBinding', observers)
    isp.change({ dhcpv6: { renumbering: 'zero-old' } })
    await ownPrefix(bench, observers)

    await keeps(bench, observers, 'link flap', flap)
    await lookForServices(bench, 'line cut, same prefix', observers)

    const advertisedAgain = await renumber(bench, observers, {
      trigger: 'link flap',
      async act(fresh) {
        isp.change({ dhcpv6: { prefixes: [fresh], ...short } })
        await isp.awaits({ dhcp6: { type: asking } }, { since: await flap(), by: timing.service })
      },
      by: timing.service,
    })

    const last = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    isp.change({ dhcpv6: { answers: false, ...lasting } })
    if (advertisedAgain) mark(unextended, { validLifetime: short.validLifetime }, { grant: last })
    const address = iaAddresses(last)[0]?.address
    const ask = async (when: 'leased' | 'over') => {
      const asked = lan.host.solicitRouter()
      const [answer, exchange] = await Promise.all([
        lan.awaits(ra(), { since: asked, by: timing.raChange }),
        address && isp.solicitNeighbor(address, { times: 1 }),
      ])
      mark(addressAsked, { when, address }, { ...(exchange || {}) })
      mark(advertised, { when }, { solicited: asked, advertised: answer })
      return { asked, answer }
    }
    await renumber(bench, observers, {
      trigger: 'expiry',
      ranOut: true,
      async act(fresh) {
        await lookForServices(bench, 'line cut, new prefix', observers)
        await listen(timing.after(short.preferredLifetime - 1, claim`the preferred lifetime, but for a second`), last)
        await ask('leased')
        await listen(timing.after(short.validLifetime + grace, claim`the valid lifetime of the lease, and 3 s`), last)
        mark(expired, {}, { grant: last, ...(await ask('over')) })
        mark(expiryFence, {}, { ...(await isp.fence()) })
        isp.change({ dhcpv6: { answers: true, prefixes: [fresh] } })
      },
      by: timing.after(short.validLifetime + 24, claim`the end of the lease, and a Solicit`),
    })
    await lookForServices(bench, 'server silent, new prefix', observers)
  }),
)
