import {
  type Bench,
  claim,
  type DownstreamRouter,
  dhcpv6,
  type Frame,
  iaAddresses,
  markOf,
  ra,
  scenario,
  type WebUi,
  type WebUiStatus,
  z,
} from 'denat'
import { backOnline } from '../steps/back-online.ts'
import { accompanied } from '../steps/canaries.ts'
import { boundary } from '../steps/firewall/boundary.ts'
import { lookForServices } from '../steps/in-service.ts'
import { lanSettings } from '../steps/lan-settings.ts'
import { unsolicitedTraffic } from '../steps/transit/unsolicited.ts'

export const pageConnection = markOf('page-connection', {
  data: { address: z.string(), port: z.number(), outcome: z.string() },
  frames: ['syn', 'answer'],
})
export const switchedOff = markOf('switched-off')
export const switchedOn = markOf('switched-on')
const appliedOff = markOf('applied-off', { data: { since: z.number() } })
const servedAgain = markOf('served-again', { frames: ['advertised'] })
/** When the page is read. */
export const readings = ['fresh', 'off', 'on'] as const
export type Reading = (typeof readings)[number]
/** A host's echo request to the Internet with each reading. */
export const pings = {
  fresh: markOf('ping-fresh', { frames: ['reply'] }),
  off: markOf('ping-off', { frames: ['reply'] }),
  on: markOf('ping-on', { frames: ['reply'] }),
}
export const pageStatus = markOf('page-status', {
  data: {
    when: z.enum(readings),
    ipv6: z.boolean(),
    online: z.boolean(),
    wanAddresses: z.array(z.string()),
    /** No lifetime where the page shows none. */
    delegatedPrefixes: z.array(
      z.object({
        prefix: z.string(),
        validLifetime: z.number().nullish(),
        preferredLifetime: z.number().nullish(),
      }),
    ),
    lanPrefixes: z.array(z.string()),
    dns: z.array(z.string()),
  },
})

/** A connection from the Internet; of several of one name the last counts, as a setting takes its time. */
export const attempted = markOf('attempt', {
  data: { when: z.string(), name: z.string(), outcome: z.string(), address: z.string(), port: z.number() },
  frames: ['syn', 'answer'],
})
export const attemptFence = markOf('attempt-fence', { data: { when: z.string() }, frames: ['reply'] })
export const restartedByPage = markOf('page-restart')
const transparentShape = { place: z.string(), protocol: z.string(), address: z.string().optional() }
/** From the Internet, with the firewall off: a datagram, and an echo request. */
export const transparentDatagram = markOf('transparent', { data: transparentShape, frames: ['sent', 'came'] })
export const transparentEcho = markOf('transparent', { data: transparentShape, frames: ['reply'] })

/** A page may lag behind the router: it is read again until it shows what is awaited, or its time for that is over. */
async function readPage(
  webUi: WebUi,
  { clock, listen, timing }: Bench,
  awaited: (status: WebUiStatus) => boolean,
): Promise<WebUiStatus> {
  const until = clock.now() + timing.apply.forced
  for (;;) {
    const status = await webUi.status()
    if (awaited(status) || clock.now() >= until) return status
    await listen(timing.after(1, claim`the page may lag behind`))
  }
}

/** Where pages are. */
export const pagePorts: readonly number[] = [80, 443, 8080, 8443]

/** A host tries the addresses of the router that it knows, all at once. Marks `page-connection`. */
async function pageOverIpv6({ lan, mark }: Bench): Promise<void> {
  const gateway = lan.gateway()
  const own = gateway ? [gateway.linkLocal, ...gateway.addresses] : []
  const known = new Set([...own, ...lan.host.resolvers().filter((one) => one.includes(':'))])
  await Promise.all(
    [...known].flatMap((address) =>
      pagePorts.map(async (port) => {
        const { outcome, syn, answer } = await lan.host.connect(address, port, { within: 1 })
        mark(pageConnection, { address, port, outcome }, { syn, answer })
      }),
    ),
  )
}

/** Online, with a prefix and the addresses that the ISP assigned last. */
const showsOnline =
  (isp: Bench['isp']) =>
  ({ online, delegatedPrefixes, wanAddresses }: WebUiStatus): boolean => {
    const reply = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    const assigned = iaAddresses(reply).map(({ address }) => address)
    return online && delegatedPrefixes.length > 0 && assigned.every((address) => wanAddresses.includes(address))
  }

const showsOff = ({ ipv6, online }: WebUiStatus) => !ipv6 && !online

export const webUiSwitch = scenario(
  'web-ui-ipv6-switch',
  {
    story:
      'A user opens the page of a new router, reads its values, disables and enables IPv6, and reads it again after the lease was renewed. Then the prefix settings of the LAN are changed: without A, without L, with both and with another ULA.',
    world: { name: 'web-ui-ipv6-switch', delegatedLength: 56 },
    from: 'online',
    takes: 40,
    webUi: 'ipv4',
    leaves: 'settings',
  },
  async (bench) => {
    const { webUi, isp, lan, internet, timing, mark, clock, listen } = bench
    if (!webUi) return
    await webUi.signIn()
    await pageOverIpv6(bench)
    mark(pings.fresh, {}, { reply: await lan.host.ping(internet.address) })
    mark(pageStatus, { when: 'fresh', ...(await readPage(webUi, bench, showsOnline(isp))) })

    await lookForServices(bench, undefined)
    const off = mark(switchedOff, {})
    await webUi.setIpv6(false)
    const applied = mark(appliedOff, { since: off.at })
    await lan.awaits(ra({ routerLifetime: 0 }), { since: off, by: timing.raChange })
    const until = applied.at + timing.apply.forced
    let answered = await lan.host.ping(internet.address)
    while (answered && clock.now() < until) {
      await listen(timing.after(1, claim`a setting takes its time`))
      answered = await lan.host.ping(internet.address)
    }
    mark(pings.off, {}, { reply: answered })
    mark(pageStatus, { when: 'off', ...(await readPage(webUi, bench, showsOff)) })

    const on = mark(switchedOn, {})
    await webUi.setIpv6(true)
    const served = await lan.awaits(ra({ routerLifetime: (seconds: unknown) => Number(seconds) > 0 }), {
      since: on,
      by: timing.service,
    })
    mark(servedAgain, {}, { advertised: served })
    await lan.host.settles({ since: on, by: timing.service })
    mark(pageStatus, { when: 'on', ...(await readPage(webUi, bench, showsOnline(isp))) })
    mark(pings.on, {}, { reply: await lan.host.ping(internet.address) })
    await lookForServices(bench, 'IPv6 switched off and on')
    await lanSettings(bench, webUi)
  },
)

/** RFC 6092 REC-49: datagrams and echo requests from the Internet; a connection is tried anyway. */
async function transparent({ internet, lan, mark, timing }: Bench, router: DownstreamRouter): Promise<void> {
  const places = [
    { place: 'host', address: lan.host.gua(), at: lan.host },
    { place: 'behind a downstream router', address: router.host.gua(), at: router },
  ]
  for (const [index, { place, address, at }] of places.entries()) {
    if (!address) continue
    let sent: Frame | undefined
    let came: Frame | undefined
    for (let n = 0; n < 3 && !came; n++) {
      sent = await internet.udp(address, { from: 5049, to: 41049 + index })
      came = await at.awaits({ udp: { srcPort: 5049 } }, { since: sent, by: timing.answer() })
    }
    mark(transparentDatagram, { place, protocol: 'UDP' }, { sent, came })
    const reply = await internet.ping(address, { within: 1 })
    mark(transparentEcho, { place, protocol: 'ICMPv6', address }, { reply })
  }
}

const addressAwaited = markOf('address-awaited')

/** The first host's global address; it is waited for. */
export async function addressOf({ lan, timing, mark }: Bench): Promise<string> {
  const since = mark(addressAwaited, {})
  await lan.host.online({ since, by: timing.service, or: 'DENAT-DEFAULT-1' })
  return lan.host.gua() as string
}

export const webUiFirewall = scenario(
  'web-ui-firewall',
  {
    story:
      'On the page a user opens a pinhole for a host, restarts the router, and closes the pinhole; then turns the firewall off and on. Each time a host on the Internet starts new flows; while the firewall is off, also with packets that IPv6 permits but few hosts send.',
    world: { name: 'web-ui-firewall', delegatedLength: 56, isp: { ra: { mtu: 1492 } } },
    from: 'online',
    restarts: { boots: 1 },
    takes: 45,
    webUi: 'ipv6',
    leaves: 'settings',
  },
  accompanied(async (bench, canaries) => {
    const { webUi, lan, internet, timing, mark, clock, listen } = bench
    if (!webUi) return
    const router = lan.joinRouter('downstream', { iaPd: [{}] })
    await router.moves('::/0', {
      since: router.start(),
      by: timing.after(5, claim`a prefix within 5 s of the Solicit`),
    })
    canaries.behind(router)
    const host = lan.host
    for (const port of [443, 444]) {
      host.serveTcp(port)
      router.host.serveTcp(port)
    }
    const gua = await addressOf(bench)
    /** New flows to each, repeated until the router does as it was set (those in `open` connect) or its time is over. */
    const attempt = async (when: string, open: readonly string[] = []) => {
      const until = clock.now() + timing.apply.forced
      for (let asSet = false; !asSet; ) {
        const behind = router.host.gua()
        const targets = [
          { name: 'pinhole', address: gua, port: 443 },
          { name: 'other-port', address: gua, port: 444 },
          ...(behind ? [{ name: 'behind', address: behind, port: 443 }] : []),
        ]
        const connected = await Promise.all(
          targets.map(async ({ name, address, port }) => {
            const tried = await internet.connect(address, port, { bytes: 100, within: 1.5 })
            const { outcome, syn, answer } = tried
            mark(attempted, { when, name, outcome, address, port }, { syn, answer })
            return tried.outcome === 'connected' ? [name] : []
          }),
        )
        mark(attemptFence, { when }, { reply: await host.ping(internet.address) })
        const wanted = targets.map(({ name }) => name).filter((name) => open.includes(name))
        // What is sub-delegated may be open by default (TR-124); it matters where it must be.
        const judged = connected.flat().filter((name) => name !== 'behind' || open.includes(name))
        asSet = judged.join() === wanted.join() || clock.now() >= until
        if (!asSet) await listen(timing.after(1, claim`a setting takes its time`))
      }
    }
    await webUi.signIn()
    await attempt('default')
    const pinhole = { host: gua, protocol: 'tcp', port: 443 } as const
    await webUi.openPinhole(pinhole)
    await attempt('pinhole', ['pinhole'])

    const restart = mark(restartedByPage, {})
    await webUi.reboot()
    await backOnline(bench, restart)
    // The router may have lost what it had sub-delegated.
    await router.renew()
    await attempt('after-restart', ['pinhole'])

    await webUi.signIn()
    await webUi.closePinhole(pinhole)
    await attempt('closed')
    await webUi.setFirewall('off')
    await attempt('firewall-off', ['pinhole', 'other-port', 'behind'])
    await transparent(bench, router)
    await boundary(bench, 'off', router)
    await unsolicitedTraffic(bench, router)
    await webUi.setFirewall('on')
    await attempt('firewall-on')
  }),
)
