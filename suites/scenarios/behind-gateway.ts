import { type Bench, claim, dhcpv6, type LanHost, markOf, ra, rs, scenario, z } from 'denat'

export const online = markOf('online', { data: { address: z.string().optional() }, frames: ['settled'] })
/** An echo request of a host: at first, and when another router was refused a prefix. */
export const flow = markOf('flow', { frames: ['reply'] })
export const page = markOf('page', { data: { outcome: z.string() }, frames: ['syn', 'answer'] })
export const datagram = markOf('datagram', { frames: ['sent'] })
/** The answer to a router that asks for a prefix. */
export const refused = markOf('refused', { frames: ['answer'] })
export const solicited = markOf('solicited', { data: { from: z.literal('link-local') }, frames: ['sent'] })

export const behindGateway = scenario(
  'behind-gateway',
  {
    story:
      'The line leads to a home gateway: M=0, O=1, SLAAC on the WAN link, no addresses by DHCPv6, and a /64 by IA_PD. The router uses this only prefix for its LAN; it refuses a downstream router that requests another one.',
    world: {
      name: 'behind-gateway',
      delegatedLength: 64,
      isp: { ra: { managed: false, other: true, autonomous: true, onLink: true }, dhcpv6: { iaNa: false } },
    },
    from: 'new subscriber',
  },
  async (bench) => {
    const { dut, isp, internet, lan, timing, mark } = bench
    internet.serveTcp(80)
    const power = await dut.begin()
    const { boot } = timing
    const by = { ...boot, slack: boot.slack + 30, why: claim`${boot.why}, and 30 s` }
    await isp.awaits(rs(), { since: power, by })
    const { host, settled } = await hostOfSomeLan(bench, { since: power, by })
    mark(online, { address: host.gua() }, { settled })
    mark(flow, {}, { reply: await host.ping(internet.address) })
    const { outcome, syn, answer: accepted } = await host.connect(internet.address, 80, { bytes: 1000 })
    mark(page, { outcome }, { syn, answer: accepted })

    mark(datagram, {}, { sent: await host.udp(internet.address, { from: 41000, to: 5000 }) })

    const router = lan.joinRouter('downstream', { start: false, port: host.port })
    const plugged = router.start()
    const answer = await router.awaits(dhcpv6('advertise', { iaPd: {} }), {
      since: plugged,
      by: timing.after(5, claim`DAD, and the answer to a Solicit`),
    })
    router.neglect()
    mark(refused, {}, { answer })
    const sent = host.solicitRouter()
    mark(solicited, { from: 'link-local' }, { sent })
    await host.awaits(ra(), { since: sent, by: timing.raChange })
    mark(flow, {}, { reply: await host.ping(internet.address) })
  },
)

/** Of a /64 there is one for one LAN, whichever: a host there comes online. */
async function hostOfSomeLan({ lan, timing }: Bench, wait: Parameters<LanHost['settles']>[0]) {
  const first = await lan.host.settles(wait)
  if (first) return { host: lan.host, settled: first }
  for (const [port] of lan.segments.slice(1)) {
    const host = lan.join(`host-${port}`, { port })
    const settled = await host.settles({
      since: wait.since,
      by: { ...timing.service, slack: wait.by.forced + wait.by.slack },
    })
    if (settled) return { host, settled }
  }
  return { host: lan.host, settled: await lan.host.online({ ...wait, or: 'DENAT-DEFAULT-1' }) }
}
