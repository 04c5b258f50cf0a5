import { type Bench, claim, type Frame, type Mark, markOf, ra, resolves, scenario, z } from 'denat'
import { accompanied } from '../steps/canaries.ts'
import { nameService, otherNameService } from '../steps/name-service.ts'
import { nat64Prefix, nat64Withdrawal } from '../steps/nat64-prefix.ts'

/** A router has some time until its resolver answers: a host asks again each second, each time for another name. */
async function firstName({ lan, clock, listen }: Bench, power: Mark): Promise<Frame | undefined> {
  for (let n = 1; ; n++) {
    const server = lan.host.resolvers().find((one) => one.includes(':'))
    const answer = server && (await lan.host.resolve(`www-${n}.example.com`, { server }))
    if (answer && resolves(answer)) return answer
    if (clock.now() > power.at + 121) return answer || undefined
    await listen({ forced: 1, slack: 0, why: claim`a host asks again` })
  }
}

export const onlineWithoutIpv4 = markOf('online-without-ipv4', {
  data: { address: z.string().optional() },
  frames: ['settled'],
})
export const resolvedWithoutIpv4 = markOf('resolved-without-ipv4', { frames: ['answer'] })
export const pageWithoutIpv4 = markOf('page-without-ipv4', { data: { outcome: z.string() }, frames: ['syn', 'answer'] })
export const datagramWithoutIpv4 = markOf('datagram-without-ipv4', { frames: ['sent', 'answer'] })
export const laterWithoutIpv4 = markOf('later-without-ipv4', { frames: ['answer'] })

/** A datagram that is echoed, or the third. Marks `datagram-without-ipv4`. */
async function datagram({ lan, internet, timing, mark }: Bench): Promise<void> {
  for (let n = 1; ; n++) {
    const sent = await lan.host.udp(internet.address, { from: 41_000, to: 5000 })
    const answer = await lan.host.awaits({ udp: { srcPort: 5000 } }, { since: sent, by: timing.answer() })
    if (answer || n === 3) return void mark(datagramWithoutIpv4, {}, { sent, answer })
  }
}

export const ipv6OnlyLine = scenario(
  'ipv6-only-line',
  {
    story:
      'A new router is connected to a line on which no node answers over IPv4: no DHCPv4, no ARP, no name server. A host queries the resolvers that the router announces for names and records of all kinds, by UDP and by TCP. Then the ISP delegates another prefix and announces another resolver, and the host sends its queries again. At the end the ISP withdraws a NAT64 prefix.',
    world: {
      name: 'ipv6-only-line',
      delegatedLength: 56,
      isp: {
        ipv4: false,
        ra: { mtu: 1280, pref64: { prefix: nat64Prefix, lifetime: 1800 } },
        dhcpv6: { t1: 10, t2: 16, preferredLifetime: 20, validLifetime: 90 },
      },
    },
    from: 'cold boot',
  },
  accompanied(async (bench) => {
    const { dut, lan, internet, timing, mark, listen } = bench
    internet.serveTcp(80)
    internet.serveUdp(5000)
    const power = await dut.powerOn()
    await lan.awaits(ra({ routerLifetime: (seconds: unknown) => Number(seconds) > 0 }), {
      since: power,
      by: { ...timing.boot, slack: 120 },
    })
    const online = await lan.host.settles({ since: power, by: { ...timing.boot, slack: 120 } })
    const address = lan.host.gua()
    mark(onlineWithoutIpv4, { ...(address && { address }) }, { settled: online })
    await listen(timing.after(2, claim`an address by DHCPv6 and its DAD: the host will prefer it`))
    mark(resolvedWithoutIpv4, {}, { answer: await firstName(bench, power) })
    const page = await lan.host.connect(internet.address, 80, { bytes: 1000 })
    mark(pageWithoutIpv4, { outcome: page.outcome }, { syn: page.syn, answer: page.answer })
    await datagram(bench)
    if (online) await nameService(bench)
    await listen(timing.after(5, claim`a router that gives its line up`), online)
    mark(laterWithoutIpv4, {}, { answer: await lan.host.ping(internet.address) })
    await lan.host.online({ since: power, by: { ...timing.boot, slack: 120 }, or: 'DENAT-V6ONLY-WAN' })
    await otherNameService(bench)
    await nat64Withdrawal(bench, power)
  }),
)
