import { dhcpv6, type Frame, isUla, type Mark, prefixContains, ra, scenario } from 'denat'
import { accompanied } from '../steps/canaries.ts'
import { keeps } from './keeps.ts'
import { otherLength } from './other-length.ts'
import { heldBy, joinObservers, renumber } from './renumber.ts'

/** Orderly ones, while the ISP would keep all as it was. */
const reboots = { default: 1, full: 5 }

export const restart = scenario(
  'restart',
  {
    story:
      'With a lease in force the plug is pulled; then the router is restarted from its menu (five times in the full profile), and another home router asks for a prefix as soon as it is back. Both come once more, and each time the ISP has another prefix for it when it is back. At last it is reset, and is given a /62.',
    world: { name: 'restart', delegatedLength: 56, isp: { ra: { mtu: 1492 } } },
    from: 'online',
    takes: 55,
  },
  accompanied(async (bench, canaries) => {
    const { dut, isp, lan, internet, timing, mark, profile } = bench
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    const observers = await joinObservers(bench, grant)
    canaries.behind(observers.router)
    const ask = async () => {
      let reply = await lan.host.informationRequest({ within: 2 })
      // After a start the server may come last of all.
      for (let again = 1; !reply && again < 5; again++) reply = await lan.host.informationRequest({ within: 2 })
      return reply
    }
    mark('before', { address: lan.host.gua(), ula: lan.host.ula() }, [await ask()])
    /** One more home router comes before those that hold a lease have renewed it. */
    const lateComer = async () => {
      const held = heldBy(observers.router)
      const late = lan.joinRouter('late', { start: false })
      const since = late.start()
      await late.moves('::/0', { since, by: timing.after(13, 'DAD, and a prefix within 10 s of it') })
      mark('unrenewed-ping', {}, [await observers.router.host.ping(internet.address, { within: 1 })])
      mark('late-comer', { prefix: heldBy(late), held })
    }
    for (const [kind, restarted, beforeRenew] of [
      ['power-cut', () => dut.powerCut().then(dut.powerOn), undefined],
      ['reboot', () => dut.reboot(), lateComer],
      ...Array.from({ length: reboots[profile] - 1 }, () => ['reboot', () => dut.reboot(), undefined] as const),
    ] as const) {
      mark('restart', { kind })
      await keeps(bench, observers, kind, restarted, beforeRenew)
      mark('server-asked', { kind }, [await ask()])
    }
    const by = { ...timing.boot, slack: timing.boot.slack + timing.service.forced + timing.service.slack }
    /** Whatever a router has in stable storage it has said by then (RFC 9096 section 3.5). */
    const toldOf = async (old: string, since: Mark, news?: Frame) => {
      const withdrawn = { prefix: (prefix: unknown) => prefixContains(old, String(prefix)), validLifetime: 0 }
      const by = timing.after(30 + (news?.at ?? 0) - since.at, '30 s (RFC 9096 section 3.5)')
      if (news) await lan.hears(ra({ prefixInformation: withdrawn }), { since, by })
    }
    const before = isp.parameters.dhcpv6.prefixes[0] ?? ''
    const begun = mark('another-prefix')
    const rebooted = await renumber(bench, observers, {
      trigger: 'orderly reboot',
      async act(fresh) {
        isp.change({ dhcpv6: { prefixes: [fresh] } })
        await dut.reboot()
      },
      by,
    })
    await toldOf(before, begun, rebooted)
    const between = isp.parameters.dhcpv6.prefixes[0] ?? ''
    const again = mark('another-prefix')
    const cut = await renumber(bench, observers, {
      trigger: 'power cut',
      async act(fresh) {
        await dut.powerCut()
        isp.change({ dhcpv6: { prefixes: [fresh] } })
        await dut.powerOn()
      },
      by,
    })
    await toldOf(between, again, cut)
    const ula = lan.host.ula()
    const unique = (prefix: unknown) => isUla(String(prefix).split('/')[0] ?? '')
    const asNew = async (power: Mark) => {
      if (!ula) return
      const told = await lan.hears(ra({ prefixInformation: { prefix: unique } }), { since: power, by: timing.boot })
      mark('reset', { ula }, [told])
    }
    await otherLength(bench, lan.host, 62, async () => {
      await dut.factoryReset()
      const power = await dut.powerOn()
      await asNew(power)
      return power
    })
  }),
)
