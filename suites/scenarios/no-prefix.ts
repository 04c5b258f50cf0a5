import { claim, dhcpv6, markOf, scenario, z } from 'denat'

/** What the first host has, when the router had its time. */
export const lanHost = markOf('lan-host', { data: { address: z.string().optional(), defaultRouter: z.boolean() } })
export const halfState = markOf('half-state', { frames: ['reply'] })
export const page = markOf('page', { data: { outcome: z.string() }, frames: ['syn', 'answer'] })
const noSolicit = markOf('no-solicit')

export const noPrefix = scenario(
  'no-prefix',
  {
    story:
      'The line leads to a home gateway that has one /64 and delegates no prefix: it answers IA_PD with NoPrefixAvail.',
    world: {
      name: 'no-prefix',
      delegatedLength: 'none',
      isp: { ra: { managed: false, other: true, autonomous: true, onLink: true }, dhcpv6: { iaNa: false } },
    },
    from: 'cold boot',
    role: 'wireless-router',
  },
  async ({ dut, isp, lan, internet, timing, mark, listen }) => {
    internet.serveTcp(80)
    const power = await dut.powerOn()
    const { boot } = timing
    const by = { ...boot, slack: boot.slack + 30, why: claim`${boot.why}, and 30 s` }
    const solicit = await isp.awaits(dhcpv6('solicit', { iaPd: {} }), { since: power, by })
    await lan.host.settles({
      since: solicit ?? mark(noSolicit, {}),
      by: timing.after(15, claim`another way to serve the LAN`),
    })
    lan.host.solicitRouter()
    await listen(timing.after(4, claim`the answer to a Router Solicitation (RFC 4861 section 6.2.6)`))
    mark(lanHost, { address: lan.host.gua(), defaultRouter: lan.host.hasDefaultRouter() })
    if (lan.host.gua()) {
      mark(halfState, {}, { reply: await lan.host.ping(internet.address) })
      const { outcome, syn, answer } = await lan.host.connect(internet.address, 80, { bytes: 1000 })
      mark(page, { outcome }, { syn, answer })
    }
  },
)
