import { ra, scenario } from 'denat'

export const webUiSwitch = scenario(
  'web-ui-ipv6-switch',
  {
    story:
      'Somebody opens the page of a router fresh from its box, reads what it says, switches IPv6 off and on again, and reads it once more after the lease was renewed.',
    world: { name: 'web-ui-ipv6-switch', delegatedLength: 56 },
    from: 'online',
    webUi: 'ipv4',
  },
  async ({ webUi, lan, internet, timing, mark, listen }) => {
    if (!webUi) return
    await webUi.signIn()
    mark('page-status', { when: 'fresh', ...(await webUi.status()) })
    mark('ping-fresh', {}, [await lan.host.ping(internet.address)])

    const off = mark('switched-off')
    await webUi.setIpv6(false)
    const applied = mark('applied-off', { since: off.at })
    await lan.hears(ra({ routerLifetime: 0 }), { since: off, by: timing.raChange })
    await listen(timing.apply, applied)
    mark('page-status', { when: 'off', ...(await webUi.status()) })
    mark('ping-off', {}, [await lan.host.ping(internet.address)])

    const on = mark('switched-on')
    await webUi.setIpv6(true)
    const served = await lan.hears(ra({ routerLifetime: (seconds: unknown) => Number(seconds) > 0 }), {
      since: on,
      by: timing.service,
    })
    mark('served-again', {}, [served])
    await lan.host.settles({ since: on, by: timing.service })
    mark('ping-on', {}, [await lan.host.ping(internet.address)])
    mark('page-status', { when: 'on', ...(await webUi.status()) })
  },
)

export const webUiFirewall = scenario(
  'web-ui-firewall',
  {
    story:
      'Through the page a pinhole is opened for a host, the router restarts, the pinhole is closed; then the firewall is switched off and on. The Internet tries each time, with new flows.',
    world: { name: 'web-ui-firewall', delegatedLength: 56 },
    from: 'online',
    webUi: 'ipv6',
  },
  async ({ webUi, lan, internet, timing, mark }) => {
    if (!webUi) return
    const router = lan.joinRouter('downstream', { iaPd: [{}] })
    await router.delegated({
      since: router.start(),
      by: timing.after(10, 'a prefix within 10 s of the Solicit'),
      or: 'RFC9818-LPD-1',
    })
    const host = lan.host
    for (const port of [443, 444]) {
      host.serveTcp(port)
      router.host.serveTcp(port)
    }
    const attempt = async (when: string) => {
      const gua = host.gua() ?? '::'
      const targets = [
        { name: 'pinhole', address: gua, port: 443 },
        { name: 'other-port', address: gua, port: 444 },
        { name: 'behind', address: router.host.gua() ?? '::', port: 443 },
      ]
      await Promise.all(
        targets.map(async ({ name, address, port }) => {
          const tried = await internet.connect(address, port, { bytes: 100, within: 1.5 })
          mark('attempt', { when, name, outcome: tried.outcome, address, port }, [tried.syn, tried.answer])
        }),
      )
      mark('attempt-fence', { when }, [await host.ping(internet.address)])
    }
    await webUi.signIn()
    await attempt('default')
    const pinhole = { host: host.gua() ?? '::', protocol: 'tcp', port: 443 } as const
    await webUi.openPinhole(pinhole)
    await attempt('pinhole')

    const restart = mark('restart', { kind: 'web-ui' })
    await webUi.reboot()
    await host.online({ since: restart, by: timing.boot, or: 'DENAT-DEFAULT-1' })
    await attempt('after-restart')

    await webUi.signIn()
    await webUi.closePinhole(pinhole)
    await attempt('closed')
    await webUi.setFirewall('off')
    await attempt('firewall-off')
    await webUi.setFirewall('on')
    await attempt('firewall-on')
  },
)
