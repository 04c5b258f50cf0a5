import {
  type Bench,
  type DownstreamRouter,
  dhcpv6,
  iaAddresses,
  ra,
  scenario,
  type WebUi,
  type WebUiStatus,
} from 'denat'
import { accompanied } from '../steps/canaries.ts'
import { backOnline } from './back-online.ts'
import { boundary } from './evening/boundary.ts'
import { lanSettings } from './lan-settings.ts'
import { unsolicitedTraffic } from './transit/unsolicited.ts'

/** A page may lag behind the router: it is read again until it says what is awaited, or its time for that is over. */
async function readPage(
  webUi: WebUi,
  { clock, listen, timing }: Bench,
  awaited: (status: WebUiStatus) => boolean,
): Promise<WebUiStatus> {
  const until = clock.now() + timing.apply.forced
  for (;;) {
    const status = await webUi.status()
    if (awaited(status) || clock.now() >= until) return status
    await listen(timing.after(1, 'the page may lag behind'))
  }
}

/** Where pages are. */
export const pagePorts: readonly number[] = [80, 443, 8080, 8443]

/** A host tries the addresses of the router that it knows, all at once. Marks `page-connection`. */
async function pageOverIpv6({ lan, mark }: Bench): Promise<void> {
  const { linkLocal, addresses } = lan.gateway() ?? { linkLocal: '::', addresses: [] }
  const known = new Set([linkLocal, ...addresses, ...lan.host.resolvers().filter((one) => one.includes(':'))])
  await Promise.all(
    [...known].flatMap((address) =>
      pagePorts.map(async (port) => {
        const { outcome, syn, answer } = await lan.host.connect(address, port, { within: 1 })
        mark('page-connection', { address, port, outcome }, [syn, answer])
      }),
    ),
  )
}

/** Online, with a prefix and the addresses that the ISP assigned last. */
const saysOnline =
  (isp: Bench['isp']) =>
  ({ online, delegatedPrefixes, wanAddresses }: WebUiStatus): boolean => {
    const reply = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    const assigned = iaAddresses(reply).map(({ address }) => address)
    return online && delegatedPrefixes.length > 0 && assigned.every((address) => wanAddresses.includes(address))
  }

const saysOff = ({ ipv6, online }: WebUiStatus) => !ipv6 && !online

export const webUiSwitch = scenario(
  'web-ui-ipv6-switch',
  {
    story:
      'Somebody opens the page of a router fresh from its box, reads what it says, switches IPv6 off and on again, and reads it once more after the lease was renewed. Then the prefixes of the LAN are set: without A, without L, with both and with another ULA.',
    world: { name: 'web-ui-ipv6-switch', delegatedLength: 56 },
    from: 'online',
    webUi: 'ipv4',
  },
  async (bench) => {
    const { webUi, isp, lan, internet, timing, mark, clock, listen } = bench
    if (!webUi) return
    await webUi.signIn()
    await pageOverIpv6(bench)
    mark('ping-fresh', {}, [await lan.host.ping(internet.address)])
    mark('page-status', { when: 'fresh', ...(await readPage(webUi, bench, saysOnline(isp))) })

    const off = mark('switched-off')
    await webUi.setIpv6(false)
    const applied = mark('applied-off', { since: off.at })
    await lan.hears(ra({ routerLifetime: 0 }), { since: off, by: timing.raChange })
    const until = applied.at + timing.apply.forced
    let answered = await lan.host.ping(internet.address)
    while (answered && clock.now() < until) {
      await listen(timing.after(1, 'a setting takes its time'))
      answered = await lan.host.ping(internet.address)
    }
    mark('ping-off', {}, [answered])
    mark('page-status', { when: 'off', ...(await readPage(webUi, bench, saysOff)) })

    const on = mark('switched-on')
    await webUi.setIpv6(true)
    const served = await lan.hears(ra({ routerLifetime: (seconds: unknown) => Number(seconds) > 0 }), {
      since: on,
      by: timing.service,
    })
    mark('served-again', {}, [served])
    await lan.host.settles({ since: on, by: timing.service })
    mark('page-status', { when: 'on', ...(await readPage(webUi, bench, saysOnline(isp))) })
    mark('ping-on', {}, [await lan.host.ping(internet.address)])
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
    const sent = await internet.udp(address, { from: 5049, to: 41049 + index })
    const came = await at.hears({ udp: { srcPort: 5049 } }, { since: sent, by: timing.answer() })
    mark('transparent', { place, protocol: 'UDP' }, [sent, came])
    mark('transparent', { place, protocol: 'ICMPv6', address }, [await internet.ping(address, { within: 1 })])
  }
}

export const webUiFirewall = scenario(
  'web-ui-firewall',
  {
    story:
      'Through the page a pinhole is opened for a host, the router restarts, the pinhole is closed; then the firewall is switched off and on. The Internet tries each time, with new flows; while it is off, also with what IPv6 allows but few send.',
    world: { name: 'web-ui-firewall', delegatedLength: 56, isp: { ra: { mtu: 1492 } } },
    from: 'online',
    takes: 45,
    webUi: 'ipv6',
  },
  accompanied(async (bench, canaries) => {
    const { webUi, lan, internet, timing, mark, clock, listen } = bench
    if (!webUi) return
    const router = lan.joinRouter('downstream', { iaPd: [{}] })
    await router.moves('::/0', { since: router.start(), by: timing.after(5, 'a prefix within 5 s of the Solicit') })
    canaries.behind(router)
    const host = lan.host
    for (const port of [443, 444]) {
      host.serveTcp(port)
      router.host.serveTcp(port)
    }
    const gua = host.gua() ?? '::'
    /** New flows to each, again until the router does as it was told (those in `open` connect) or its time is over. */
    const attempt = async (when: string, open: readonly string[] = []) => {
      const until = clock.now() + timing.apply.forced
      for (let asTold = false; !asTold; ) {
        const behind = router.host.gua()
        const targets = [
          { name: 'pinhole', address: gua, port: 443 },
          { name: 'other-port', address: gua, port: 444 },
          ...(behind ? [{ name: 'behind', address: behind, port: 443 }] : []),
        ]
        const connected = await Promise.all(
          targets.map(async ({ name, address, port }) => {
            const tried = await internet.connect(address, port, { bytes: 100, within: 1.5 })
            mark('attempt', { when, name, outcome: tried.outcome, address, port }, [tried.syn, tried.answer])
            return tried.outcome === 'connected' ? [name] : []
          }),
        )
        mark('attempt-fence', { when }, [await host.ping(internet.address)])
        const wanted = targets.map(({ name }) => name).filter((name) => open.includes(name))
        // What is handed on may be open by default (TR-124); it matters where it must be.
        const judged = connected.flat().filter((name) => name !== 'behind' || open.includes(name))
        asTold = judged.join() === wanted.join() || clock.now() >= until
        if (!asTold) await listen(timing.after(1, 'a setting takes its time'))
      }
    }
    await webUi.signIn()
    await attempt('default')
    const pinhole = { host: gua, protocol: 'tcp', port: 443 } as const
    await webUi.openPinhole(pinhole)
    await attempt('pinhole', ['pinhole'])

    const restart = mark('restart', { kind: 'web-ui' })
    await webUi.reboot()
    await backOnline(bench, restart)
    // The router may have forgotten what it had handed on.
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
