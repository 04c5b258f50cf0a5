import { dhcpv6, ra, rs, scenario } from 'denat'

export const behindGateway = scenario(
  'behind-gateway',
  {
    story:
      'The line leads to a home gateway: M=0, O=1, SLAAC on the WAN link, no addresses by DHCPv6, and a /64 by IA_PD. The one prefix there is serves the LAN; a router that asks for another is refused.',
    world: {
      name: 'behind-gateway',
      delegatedLength: 64,
      isp: { ra: { managed: false, other: true, autonomous: true, onLink: true }, dhcpv6: { iaNa: false } },
    },
    from: 'factory',
  },
  async ({ dut, isp, lan, internet, timing, mark }) => {
    internet.serveTcp(80)
    const power = await dut.powerOn()
    const { boot } = timing
    const by = { ...boot, slack: boot.slack + 30, why: `${boot.why}, and 30 s` }
    await isp.hears(rs(), { since: power, by })
    const settled = await lan.host.online({ since: power, by, or: 'DENAT-DEFAULT-1' })
    mark('online', { address: lan.host.gua() }, [settled])
    mark('flow', {}, [await lan.host.ping(internet.address)])
    const page = await lan.host.connect(internet.address, 80, { bytes: 1000 })
    mark('page', { outcome: page.outcome }, [page.syn, page.answer])

    mark('datagram', {}, [await lan.host.udp(internet.address, { from: 41000, to: 5000 })])

    const router = lan.joinRouter('downstream', { start: false })
    const plugged = router.start()
    const answer = await router.hears(dhcpv6('advertise', { iaPd: {} }), {
      since: plugged,
      by: timing.after(5, 'DAD, and the answer to a Solicit'),
    })
    router.neglect()
    mark('refused', {}, [answer])
    const solicited = lan.host.solicitRouter()
    mark('solicited', { from: 'link-local' }, [solicited])
    await lan.hears(ra(), { since: solicited, by: timing.raChange })
    mark('flow', {}, [await lan.host.ping(internet.address)])
  },
)
