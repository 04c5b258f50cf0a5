import {
  addressIn,
  type Bench,
  claim,
  dhcpv6,
  type Frame,
  flawed,
  grace,
  inPrefix,
  markOf,
  ns,
  rs,
  scenario,
  z,
} from 'denat'
import { accompanied } from '../steps/canaries.ts'
import { prefixExhaustion } from '../steps/home-network/prefix-exhaustion.ts'
import { lanPortFlap } from '../steps/lan-port.ts'
import { firstAdvertised } from '../steps/router-advertisement.ts'
import { oversized } from '../steps/transit/oversized.ts'

export const wanPrefixAdvertised = markOf('wan-prefix', { data: { prefix: z.string() }, frames: ['sent'] })
/** `target` is an address of the WAN; routers that ask for a prefix leave marks of this name without it. */
export const addressAskedFor = markOf('asked', {
  data: { when: z.string(), target: z.string().optional() },
  frames: ['question', 'answer'],
})
export const fullSize = markOf('full-size', { data: { octets: z.number() }, frames: ['answer'] })
export const wanMtu = markOf('wan-mtu', { data: { mtu: z.number() }, frames: ['sent'] })
export const sizedPing = markOf('sized-ping', { data: { size: z.number() } })
export const sizedPingDone = markOf('sized-ping-done', {
  data: { size: z.number(), since: z.number() },
  frames: ['reply'],
})
export const oddMtu = markOf('odd-mtu', { data: { mtu: z.number(), octets: z.number() }, frames: ['sent'] })
/** The line announces what Ethernet takes again; a packet as long, and as it leaves. */
export const mtuGrown = markOf('mtu-grown', { frames: ['advertised', 'sent', 'came'] })
export const oddMtuDone = markOf('odd-mtu-done', { data: { mtu: z.number() }, frames: ['reply'] })

/** Valid lifetime of the WAN prefix. Seconds. */
const valid = 15

export const slaacWan = scenario(
  'slaac-wan',
  {
    story:
      'The ISP assigns WAN addresses by SLAAC (A=1, M=0, O=1) and delegates a /60; downstream routers request prefixes until none of it is left. The WAN prefix is advertised once and is valid for 15 s. Then the line announces an MTU of 1400, other MTUs that no Ethernet link has, and 1500 again. At the end the cable of another LAN port is unplugged for 3 s.',
    world: {
      name: 'slaac-wan',
      delegatedLength: 60,
      isp: {
        ra: { managed: false, other: true, autonomous: true, preferredLifetime: 10, validLifetime: valid, interval: 0 },
      },
    },
    from: 'cold boot',
  },
  accompanied(async (bench) => {
    const { dut, isp, lan, timing, mark, listen } = bench
    const power = await dut.powerOn()
    await isp.receives(rs(), { since: power, by: timing.boot, or: 'RFC4861-6.3.7-RS' })
    const advertised = isp.advertise()
    mark(firstAdvertised, {}, { sent: advertised })
    mark(wanPrefixAdvertised, { prefix: isp.parameters.wanPrefix }, { sent: advertised })

    const ours = (target: unknown) => inPrefix(String(target), isp.parameters.wanPrefix)
    const probe = await isp.awaits(ns({ target: ours }, { ip6: { src: '::' } }), {
      since: advertised,
      by: timing.after(5, timing.dad.why),
    })
    const ask = async (when: string, target: string, options?: { times: number }) => {
      const { question, answer } = await isp.solicitNeighbor(target, options)
      mark(addressAskedFor, { when, target }, { question, answer })
    }
    // A client may request an address although M=0: the Replies show which address is not of SLAAC.
    let addresses: string[] = []
    if (probe) {
      await listen(timing.after(2, claim`DAD (RFC 4862 section 5.4)`), probe)
      addresses = (isp.customer()?.addresses ?? []).filter(ours)
      for (const address of addresses) await ask('valid', address)
    }
    const { boot } = timing
    await isp.receives(dhcpv6('solicit', { iaPd: {} }), {
      since: power,
      by: { ...boot, slack: boot.slack + 30, why: claim`${boot.why}, and 30 s` },
      or: 'RFC7084-WPD-4',
    })
    await lan.host.online({ since: advertised, by: timing.service, or: 'DENAT-DEFAULT-1' })

    await Promise.all([prefixExhaustion(bench), announcedMtus(bench)])
    const expiry = async () => {
      await listen(
        timing.after(valid + grace + 0.5, claim`the valid lifetime, from when a batch of RAs is read`),
        advertised,
      )
      for (const address of addresses) await ask('expired', address, { times: 1 })
      const customer = isp.customer()
      if (customer) await ask('link-local', customer.linkLocal)
    }
    await Promise.all([expiry(), lanPortFlap(bench)])
  }),
)

/** The line advertises its MTU repeatedly; a host sends packets of all sizes. */
async function announcedMtus(bench: Bench): Promise<void> {
  const { isp, lan, internet, internet2, timing, mark, listen } = bench
  // 1452 octets of data, and the headers of ICMPv6 and IPv6.
  mark(fullSize, { octets: 1500 }, { answer: await lan.host.ping(internet2.address, { size: 1452, within: 2 }) })

  isp.change({ ra: { mtu: 1400, autonomous: undefined } })
  mark(wanMtu, { mtu: 1400 }, { sent: isp.advertise() })
  for (const size of [1300, 1450, 1450, 1450]) {
    // Software applies an MTU some time after it receives it, and good routers send few errors a second. The WAN
    // prefix is waited for anyway.
    await listen(timing.after(2, claim`an MTU to be applied, and one error probe at a time`))
    const sent = mark(sizedPing, { size })
    const reply = await lan.host.ping(internet.address, { size, within: 2 })
    mark(sizedPingDone, { size, since: sent.at }, { reply })
  }

  await oversized(bench, 1400)

  for (const { mtu, size } of [
    { mtu: 1000, size: 1340 },
    { mtu: 9000, size: 1430 },
  ]) {
    isp.change({ ra: { mtu } })
    const advertised = isp.advertise(mtu < 1280 ? flawed(`MTU ${mtu}`) : `MTU ${mtu}`)
    await listen(timing.after(2, claim`an MTU to be applied`), advertised)
    mark(oddMtu, { mtu, octets: size + 48 }, { sent: advertised })
    mark(oddMtuDone, { mtu }, { reply: await lan.host.ping(internet2.address, { size, within: 1 }) })
  }

  isp.change({ ra: { mtu: 1500 } })
  const advertised = isp.advertise('MTU 1500')
  const dst = addressIn(isp.parameters.internetPrefix, 0x98)
  const ports = { srcPort: 41_098, dstPort: 5098 }
  let [sent, came]: (Frame | undefined)[] = []
  for (let tries = 0; tries < 3 && !came; tries++) {
    await listen(timing.after(1, claim`an MTU to be applied`))
    sent = await lan.host.send({ ip6: { src: lan.host.gua(), dst }, udp: ports, payload: new Uint8Array(1452) })
    came = await isp.awaits({ udp: ports }, { since: sent, by: timing.answer() })
  }
  mark(mtuGrown, {}, { advertised, sent, came })
}
