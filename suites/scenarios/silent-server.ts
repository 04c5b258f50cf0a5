import { addressIn, claim, dhcpv6, inside, markOf, ra, scenario, z } from 'denat'
import { elapsed, longestAfter } from '../steps/elapsed.ts'
import { linePrefix } from '../steps/line-prefix.ts'
import { firstAdvertised } from '../steps/router-advertisement.ts'

export const noRouterYet = markOf('no-router-yet', { frames: ['solicited'] })
/** Before the delegation packets go out from an address that is guessed, and come in for it. */
export const probes = markOf('probes', {
  data: { future: z.string(), gateway: z.string().optional(), customer: z.string().optional() },
  frames: ['solicit'],
})
export const probesFence = markOf('fence', { data: { side: z.enum(['lan', 'wan']) }, frames: ['question', 'answer'] })
export const noPrefixYet = markOf('no-prefix-yet', { frames: ['solicited', 'advertised'] })
export const online = markOf('online', { frames: ['online'] })
export const flow = markOf('flow', { frames: ['reply'] })

/** Solicits that get no answer: gaps of 1 + 2 + 4 + 8 = 15 s lie between them and the one that does. */
const unanswered = 4
/** Exchanges that are begun without an answer. */
const most = 4

export const silentServer = scenario(
  'silent-server',
  {
    story:
      'No router is on the line for the first 10 s; then one sends RAs, and the DHCPv6 server does not answer until the fifth Solicit of one exchange. During this time a host with its own global address sends to the Internet, and a host on the Internet sends to the LAN.',
    world: {
      name: 'silent-server',
      delegatedLength: 56,
      isp: { ra: { interval: 0 } },
    },
    from: 'cold boot',
  },
  async ({ dut, isp, lan, internet, timing, mark, listen }) => {
    // An RA may restart the exchange. A router that restarts it each time is answered in the end.
    const asked = new Map<number, number>()
    let answering = false
    isp.answerWith('nothing until the fifth Solicit of an exchange', (message, usual) => {
      if (message.type !== 'solicit' || answering) return usual
      const before = asked.get(message.transactionId) ?? 0
      asked.set(message.transactionId, before + 1)
      answering = before === unanswered || asked.size > most
      return answering ? usual : undefined
    })
    const power = await dut.powerOn()
    const first = await isp.receives({ ip6: {} }, { since: power, by: timing.boot, or: 'RFC7084-W-2' })
    await listen(timing.after(10, claim`a line without a router`), first)
    mark(noRouterYet, {}, { solicited: lan.host.solicitRouter() })
    await lan.awaits(ra(), { since: first, by: timing.answer(4) })

    isp.change({ ra: { interval: 30 } })
    const advertised = isp.advertise()
    mark(firstAdvertised, {}, { sent: advertised })
    const { boot } = timing
    const solicit = await isp.receives(dhcpv6('solicit'), {
      since: power,
      by: { ...boot, slack: boot.slack + 45, why: claim`${boot.why}, 10 s without a router, and 30 s` },
      or: 'RFC7084-WAA-3',
    })

    const future = addressIn(linePrefix({ isp }), 0x77)
    lan.host.adopt(future)
    // Its LAN may be up later than its line.
    if (!lan.gateway()) await lan.awaits({ ip6: { src: inside('fe80::/10') } }, { since: power, by: timing.boot })
    const gateway = lan.gateway()
    const customer = isp.customer()
    mark(probes, { future, gateway: gateway?.mac, customer: customer?.mac }, { solicit })
    const echo = (id: number) => ({ type: 'echo-request', id, seq: 1, data: new Uint8Array(8) }) as const
    for (let id = 1; id <= 3; id++) {
      if (gateway)
        await lan.host.send(
          { eth: { dst: gateway.mac }, ip6: { src: future, dst: internet.address }, icmp6: echo(id) },
          'out before the delegation',
        )
      if (customer)
        isp.send(
          { eth: { dst: customer.mac }, ip6: { src: internet.address, dst: future, hopLimit: 63 }, icmp6: echo(id) },
          'in before the delegation',
        )
      await listen(timing.after(1, claim`time to forward what should not be`))
    }
    if (gateway) {
      const { question, answer } = await lan.host.solicitNeighbor(gateway.linkLocal)
      mark(probesFence, { side: 'lan' }, { question, answer })
    }
    const fence = await isp.fence()
    if (fence) mark(probesFence, { side: 'wan' }, { ...fence })

    const unprefixed = lan.host.solicitRouter()
    const advertisedYet = await lan.awaits(ra(), { since: unprefixed, by: timing.answer(4) })
    mark(noPrefixYet, {}, { solicited: unprefixed, advertised: advertisedYet })

    let last = solicit
    while (!answering)
      last = await isp.receives(dhcpv6('solicit'), {
        since: last,
        by: timing.after(
          Math.max(1.1 * 2.1 ** unanswered, longestAfter(elapsed(last))),
          claim`the last timeout before the answer (RFC 8415 section 15)`,
        ),
        or: 'RFC8415-18.2.1-SOLICIT',
      })
    const request = await isp.receives(dhcpv6('request'), { since: last, by: timing.service, or: 'RFC7084-W-4' })
    const ready = await lan.host.online({ since: request, by: timing.service, or: 'DENAT-DEFAULT-1' })
    mark(online, {}, { online: ready })
    // Not from the address that was only guessed: the LAN may have another subnet of the prefix.
    const from = lan.host
      .addresses()
      .find(({ kind, state, source }) => kind === 'gua' && state === 'preferred' && source !== 'adopted')?.address
    const reply = await lan.host.ping(internet.address, { from })
    mark(flow, {}, { reply })
  },
)
