import { claim, dhcpv6, type Frame, isUla, type Mark, markOf, prefixContains, ra, scenario, z } from 'denat'
import { accompanied } from '../steps/canaries.ts'
import { lookForServices } from '../steps/in-service.ts'
import { keeps } from '../steps/keeps.ts'
import { linePrefix } from '../steps/line-prefix.ts'
import { otherLength } from '../steps/other-length.ts'
import { joinObservers, renumber } from '../steps/renumber.ts'
import { heldBy } from '../steps/sub-delegated.ts'
import { probePrefixEdge } from '../steps/transit/prefix-edge.ts'

const kind = z.enum(['power-cut', 'reboot'])
const optional = z.string().optional()

/** What the first host has before all restarts, and the answer to its Information-request. */
export const before = markOf('before', { data: { address: optional, ula: optional }, frames: ['reply'] })
export const restarted = markOf('restart', { data: { kind } })
export const serverAsked = markOf('server-asked', { data: { kind }, frames: ['reply'] })
/** The host behind the downstream router is not answered, unless its route is known before its lease is renewed. */
export const unrenewedPing = markOf('unrenewed-ping', { frames: ['reply'] })
/** What a router is given that asks before that, and what the downstream router holds. */
export const lateComer = markOf('late-comer', { data: { prefix: optional, held: optional } })
export const anotherPrefix = markOf('another-prefix')
/** The ULA prefix before a factory reset, and the first RA with one after it. */
export const factoryReset = markOf('reset', { data: { ula: z.string() }, frames: ['advertised'] })

/** Orderly ones, while the ISP would keep all as it was. */
const reboots = { default: 1, full: 5 }

export const restart = scenario(
  'restart',
  {
    story:
      'With a valid lease the power of the router is cut; then the router is restarted from its page (five times in the full profile), and another downstream router requests a prefix as soon as it is online again. Both happen again, and each time the ISP then delegates another prefix. At the end the router is reset, and gets a /62.',
    world: { name: 'restart', delegatedLength: 56, isp: { ra: { mtu: 1492 } } },
    from: 'online',
    needs: ['power-cut'],
    restarts: { boots: 5, resets: 1 },
    takes: 55,
  },
  accompanied(async (bench, canaries) => {
    const { dut, isp, lan, internet, timing, mark, profile } = bench
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    const observers = await joinObservers(bench, grant)
    canaries.behind(observers.router)
    await lookForServices(bench, undefined, observers)
    const ask = async () => {
      let reply = await lan.host.informationRequest({ within: 2 })
      // After a start the server may come last of all.
      for (let again = 1; !reply && again < 5; again++) reply = await lan.host.informationRequest({ within: 2 })
      return reply
    }
    mark(before, { address: lan.host.gua(), ula: lan.host.ula() }, { reply: await ask() })
    /** One more home router comes before those that hold a lease have renewed it. */
    const comesLate = async () => {
      const held = heldBy(observers.router)
      const late = lan.joinRouter('late', { start: false })
      const since = late.start()
      await late.moves('::/0', { since, by: timing.after(13, claim`DAD, and a prefix within 10 s of it`) })
      mark(unrenewedPing, {}, { reply: await observers.router.host.ping(internet.address, { within: 1 }) })
      mark(lateComer, { prefix: heldBy(late), held })
    }
    for (const [kind, act, beforeRenew] of [
      ['power-cut', () => dut.powerCut().then(dut.powerOn), undefined],
      ['reboot', () => dut.reboot(), comesLate],
      ...Array.from({ length: reboots[profile] - 1 }, () => ['reboot', () => dut.reboot(), undefined] as const),
    ] as const) {
      mark(restarted, { kind })
      await keeps(bench, observers, kind, act, beforeRenew)
      mark(serverAsked, { kind }, { reply: await ask() })
      await lookForServices(bench, kind === 'reboot' ? 'reboot, same prefix' : 'power cut, same prefix', observers)
    }
    const by = { ...timing.boot, slack: timing.boot.slack + timing.service.forced + timing.service.slack }
    /** By then a router has advertised what it has in stable storage (RFC 9096 section 3.5). */
    const untilWithdrawn = async (old: string, since: Mark, change?: Frame) => {
      const withdrawn = { prefix: (prefix: unknown) => prefixContains(old, String(prefix)), validLifetime: 0 }
      if (!change) return
      const by = timing.after(30 + change.at - since.at, claim`30 s (RFC 9096 section 3.5)`)
      await lan.awaits(ra({ prefixInformation: withdrawn }), { since, by })
    }
    const first = linePrefix(bench)
    const begun = mark(anotherPrefix, {})
    const rebooted = await renumber(bench, observers, {
      trigger: 'orderly reboot',
      async act(fresh) {
        isp.change({ dhcpv6: { prefixes: [fresh] } })
        await dut.reboot()
      },
      by,
    })
    await Promise.all([untilWithdrawn(first, begun, rebooted), lookForServices(bench, 'reboot, new prefix', observers)])
    const second = linePrefix(bench)
    const again = mark(anotherPrefix, {})
    const cut = await renumber(bench, observers, {
      trigger: 'power cut',
      async act(fresh) {
        await dut.powerCut()
        isp.change({ dhcpv6: { prefixes: [fresh] } })
        await dut.powerOn()
      },
      by,
    })
    await Promise.all([untilWithdrawn(second, again, cut), lookForServices(bench, 'power cut, new prefix', observers)])
    await probePrefixEdge(bench)
    const ula = lan.host.ula()
    const unique = (prefix: unknown) => isUla(String(prefix).split('/')[0] ?? '')
    const asNew = async (power: Mark) => {
      if (!ula) return
      const advertised = await lan.awaits(ra({ prefixInformation: { prefix: unique } }), {
        since: power,
        by: timing.boot,
      })
      mark(factoryReset, { ula }, { advertised: advertised })
    }
    await otherLength(bench, lan.host, 62, async () => {
      await dut.factoryReset()
      const power = await dut.powerOn()
      await asNew(power)
      return power
    })
  }),
)
