import { anyOf, type Bench, prefixContains, ra, scenario, type WebUi } from 'denat'
import { backOnline } from './back-online.ts'

/** Not what a router is delivered with. */
const odd = { flags: { onLink: true, autonomous: false }, port: 4443 }
const resets = 3

/** What a user finds without having set anything: on the page, in an RA, and from the Internet. Marks `fresh`. */
async function readFresh({ isp, lan, internet, timing, mark }: Bench, webUi: WebUi, reset: number): Promise<void> {
  await webUi.signIn()
  const { ipv6, firewall, pinholes } = await webUi.status()
  const live = (lifetime: unknown) => Number(lifetime) > 0
  const delegated = (prefix: unknown) =>
    isp.parameters.dhcpv6.prefixes.some((outer) => prefixContains(outer, String(prefix)))
  const asked = lan.host.solicitRouter()
  // What is advertised may come after what is forwarded, and RAs of before are of a router that starts.
  const advertised = await lan.hears(
    ra(
      { routerLifetime: live, prefixInformation: { prefix: delegated, preferredLifetime: live } },
      { ip6: { dst: anyOf('ff02::1', lan.host.linkLocal) } },
    ),
    { since: asked, by: timing.service },
  )
  const { outcome, syn } = await internet.connect(lan.host.gua() ?? '::', odd.port, { within: 1.5 })
  mark('fresh', { reset, ipv6, firewall, pinholes: pinholes.length, inbound: outcome }, [advertised, syn])
}

export const webUiReset = scenario(
  'web-ui-reset',
  {
    story:
      'Three times somebody sets on the page what no router is delivered with, and then resets the router by its page.',
    world: { name: 'web-ui-reset', delegatedLength: 56 },
    from: 'online',
    takes: 60,
    webUi: 'ipv4',
    profile: 'full',
  },
  async (bench) => {
    const { webUi, lan, mark } = bench
    if (!webUi) return
    lan.host.serveTcp(odd.port)
    await readFresh(bench, webUi, 0)
    for (let reset = 1; reset <= resets; reset++) {
      const host = lan.host.gua()
      if (host) await webUi.openPinhole({ host, protocol: 'tcp', port: odd.port })
      await webUi.setPrefixFlags?.(odd.flags)
      await webUi.setFirewall('off')
      const begun = mark('page-reset', { reset })
      await webUi.factoryReset()
      mark('back', { reset }, [await backOnline(bench, begun)])
      await readFresh(bench, webUi, reset)
    }
  },
)
