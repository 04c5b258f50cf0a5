import { anyOf, type Bench, claim, markOf, prefixContains, ra, scenario, type WebUi, z } from 'denat'
import { backOnline } from '../steps/back-online.ts'
import { addressOf } from './web-ui.ts'

/** Not what a router is delivered with. */
const unusual = { flags: { onLink: true, autonomous: false }, port: 4443 }
export const resets = 3

const reset = z.number()
/** What a user finds without having set anything: on the page, in an RA, and from the Internet. */
export const fresh = markOf('fresh', {
  data: { reset, ipv6: z.boolean(), firewall: z.string(), pinholes: z.number(), inbound: z.string() },
  frames: ['advertised', 'syn'],
})
/** What came of a connection from the Internet once all was set otherwise. */
export const oddlySet = markOf('oddly-set', { data: { reset, inbound: z.string() }, frames: ['syn'] })
const resetByPage = markOf('page-reset', { data: { reset } })
export const backAgain = markOf('back', { data: { reset }, frames: ['reply'] })

/** Marks `fresh`. */
async function readFresh(bench: Bench, webUi: WebUi, reset: number): Promise<void> {
  const { isp, lan, internet, timing, mark } = bench
  await webUi.signIn()
  const { ipv6, firewall, pinholes } = await webUi.status()
  const live = (lifetime: unknown) => Number(lifetime) > 0
  const delegated = (prefix: unknown) =>
    isp.parameters.dhcpv6.prefixes.some((outer) => prefixContains(outer, String(prefix)))
  const asked = lan.host.solicitRouter()
  // RAs may follow after forwarding has begun, and RAs before that are of a router that starts.
  const advertised = await lan.awaits(
    ra(
      { routerLifetime: live, prefixInformation: { prefix: delegated, preferredLifetime: live } },
      { ip6: { dst: anyOf('ff02::1', lan.host.linkLocal) } },
    ),
    { since: asked, by: timing.service },
  )
  const { outcome, syn } = await internet.connect(await addressOf(bench), unusual.port, { within: 1.5 })
  mark(fresh, { reset, ipv6, firewall, pinholes: pinholes.length, inbound: outcome }, { advertised, syn })
}

/** Tries from the Internet until what was set has taken effect, or its time is over. Marks `oddly-set`. */
async function tryUnusual(
  { internet, clock, timing, mark, listen }: Bench,
  host: string,
  reset: number,
): Promise<void> {
  const until = clock.now() + timing.apply.forced
  for (;;) {
    const { outcome, syn } = await internet.connect(host, unusual.port, { within: 1.5 })
    if (outcome === 'connected' || clock.now() >= until)
      return void mark(oddlySet, { reset, inbound: outcome }, { syn })
    await listen(timing.after(1, claim`a setting takes its time`))
  }
}

export const webUiReset = scenario(
  'web-ui-reset',
  {
    story:
      'Three times a user changes settings on the page from their defaults, and then resets the router by its page.',
    world: { name: 'web-ui-reset', delegatedLength: 56 },
    from: 'online',
    restarts: { boots: 3, resets: 3 },
    takes: 60,
    webUi: 'ipv4',
    profile: 'full',
  },
  async (bench) => {
    const { webUi, lan, mark } = bench
    if (!webUi) return
    lan.host.serveTcp(unusual.port)
    await readFresh(bench, webUi, 0)
    for (let reset = 1; reset <= resets; reset++) {
      const host = await addressOf(bench)
      await webUi.openPinhole({ host, protocol: 'tcp', port: unusual.port })
      await webUi.setPrefixFlags?.(unusual.flags)
      await webUi.setFirewall('off')
      await tryUnusual(bench, host, reset)
      const begun = mark(resetByPage, { reset })
      await webUi.factoryReset()
      mark(backAgain, { reset }, { reply: await backOnline(bench, begun) })
      await readFresh(bench, webUi, reset)
    }
  },
)
