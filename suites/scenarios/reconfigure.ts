import {
  anyOf,
  authenticated,
  claim,
  type Dhcpv6Message,
  dhcpv6,
  dhcpv6OptionsOf,
  type Frame,
  flawed,
  markOf,
  option,
  reconfigureKey,
  scenario,
  z,
} from 'denat'
import { saying } from '../steps/answers.ts'
import { accompanied } from '../steps/canaries.ts'
import { lookForServices } from '../steps/in-service.ts'
import { leased } from '../steps/lease.ts'
import { joinObservers, renumber } from '../steps/renumber.ts'

/** RFC 8415 section 7.3. */
const demands = [
  ['Renew', 5, 'renew'],
  ['Rebind', 6, 'rebind'],
  ['Information-request', 11, 'information-request'],
] as const
export type Demand = (typeof demands)[number][0]
const soFar = claim`what was received so far`
const anotherClient = '00030001020000000001'

/** What makes a Reconfigure one that every client discards: RFC 8415 sections 16.11 and 20.3. */
export const flaws = [
  'same replay counter',
  'no authentication',
  'wrong HMAC',
  'old replay counter',
  'another client',
  'no Client Identifier',
  'no Server Identifier',
  'no Reconfigure Message',
  'demands a Request',
  'multicast',
] as const
export type Flaw = (typeof flaws)[number]

export const reconfigureAccepted = markOf('reconfigure-accepted', { data: { accepts: z.boolean() } })
export const reconfigured = markOf('reconfigured', {
  data: { what: z.enum(['Renew', 'Rebind', 'Information-request']) },
  frames: ['sent', 'answer'],
})
export const flawedReconfigure = markOf('flawed-reconfigure', {
  data: { flaw: z.enum(flaws) },
  frames: ['sent', 'fence'],
})
/** A Reconfigure that demands two things at once, and the first message that it led to. */
export const twoDemands = markOf('two-demands', { frames: ['sent', 'answer'] })
export const meanwhile = markOf('meanwhile', { frames: ['second', 'fence'] })

export const reconfigure = scenario(
  'reconfigure',
  {
    story:
      'The ISP sends an Advertise with preference 255, gives the router a key, and sends a Reconfigure for a Renew, a Rebind and an Information-request. Then it sends invalid Reconfigure messages, one with two Reconfigure Message options, and one that leads to another prefix.',
    world: { name: 'reconfigure', delegatedLength: 56 },
    from: 'new subscriber',
    takes: 25,
  },
  accompanied(async (bench) => {
    const { dut, isp, lan, timing, mark, listen, random } = bench
    const draw = () => Uint8Array.from({ length: 16 }, () => random.int(256))
    const [key, anotherKey] = [draw(), draw()]
    let accepts = false
    isp.answerWith('preference 255, and a key for a client that accepts Reconfigure', (asked, usual) => {
      const announces = option(asked, 'reconf-accept')
      accepts ||= announces !== undefined
      // RFC 9915 section 18.3.9: a server that reconfigures announces it in its Advertise.
      const supports = announces ? [announces] : []
      if (asked.type === 'solicit' && usual) return saying(usual, ...supports, { type: 'preference', value: 255 })
      if (!accepts || asked.type !== 'request' || usual?.type !== 'reply') return usual
      return { ...usual, options: [...usual.options, { type: 'reconf-accept' }, reconfigureKey(key, 1)] }
    })
    const power = await dut.begin()
    const { boot, service } = timing
    const both = { ...boot, slack: boot.slack + service.forced + service.slack }
    await lan.host.online({ since: power, by: both, or: 'DENAT-DEFAULT-1' })
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark(leased, {}, { grant })
    mark(reconfigureAccepted, { accepts })
    const customer = isp.customer()
    if (!customer) return

    const duidOf = (type: 'server-id' | 'client-id'): string => {
      const [identifier] = dhcpv6OptionsOf(grant, type)
      if (!identifier) throw new TypeError(`the Reply of the bench has no ${type}`)
      return identifier.duid
    }
    const identity = (type: 'server-id' | 'client-id', duid = duidOf(type)) => [{ type, duid }] as const
    const message = (
      messageType: number,
      ids = [...identity('server-id'), ...identity('client-id')],
    ): Dhcpv6Message => ({
      type: 'reconfigure',
      transactionId: 0,
      options: [...ids, { type: 'reconf-msg', messageType }],
    })
    let replay = 10
    const signed = (one: Dhcpv6Message, by = key, counter = replay++) => authenticated(one, by, counter)
    const send = (dhcp6: Dhcpv6Message, why: string, dst = customer.linkLocal) =>
      isp.send({ ip6: { dst }, udp: { srcPort: 547, dstPort: 546 }, dhcp6 }, why)

    const demand = async () => {
      for (const [what, type, answer] of demands) {
        const sent = send(signed(message(type)), `demands a ${what}`)
        const received = await isp.awaits(dhcpv6(answer), { since: sent, by: timing.answer(2) })
        mark(reconfigured, { what }, { sent, answer: received })
        if (received) await listen(timing.after(1, claim`the exchange that was demanded`))
      }
    }
    const [observers] = await Promise.all(accepts ? [joinObservers(bench, grant), demand()] : [])
    if (observers) await lookForServices(bench, undefined, observers)
    const renew = message(5)
    const [server] = identity('server-id')
    const [client] = identity('client-id')
    let believed = replay - 1
    const unbelievable: Record<Flaw, () => Dhcpv6Message> = {
      'same replay counter': () => signed(renew, key, believed),
      'no authentication': () => renew,
      'wrong HMAC': () => signed(renew, anotherKey),
      'old replay counter': () => signed(renew, key, 5),
      'another client': () => signed(message(5, [server, ...identity('client-id', anotherClient)])),
      'no Client Identifier': () => signed(message(5, [server])),
      'no Server Identifier': () => signed(message(5, [client])),
      'no Reconfigure Message': () => signed({ ...renew, options: [server, client] }),
      'demands a Request': () => signed(message(3)),
      multicast: () => signed(renew),
    }
    const asking = { dhcp6: { type: anyOf('renew', 'rebind', 'information-request') } }
    const sendFlawed = async (some: readonly Flaw[]): Promise<void> => {
      const sent = some.map((flaw) =>
        send(unbelievable[flaw](), flawed(`Reconfigure: ${flaw}`), flaw === 'multicast' ? 'ff02::1' : undefined),
      )
      await listen(timing.after(1, claim`the answer to a Reconfigure that is believed`), sent.at(-1))
      const fence = await isp.fence()
      const led = await isp.awaits(asking, { since: sent[0] as Frame, by: { ...timing.after(0, soFar), slack: 0 } })
      if (!led || some.length === 1)
        return some.forEach((flaw, index) => {
          mark(flawedReconfigure, { flaw }, { sent: sent[index], fence: fence?.answer })
        })
      // A client may accept one of them: each is sent by itself, after a valid one.
      const sound = send(signed(renew), 'demands a Renew')
      believed = replay - 1
      const answer = await isp.awaits(dhcpv6('renew'), { since: sound, by: timing.answer(2) })
      if (answer) await listen(timing.after(1, claim`the exchange that was demanded`))
      for (const flaw of some) await sendFlawed([flaw])
    }
    await sendFlawed(flaws)

    if (!observers) return
    const twice = send(
      signed({ ...renew, options: [...renew.options, { type: 'reconf-msg', messageType: 11 }] }),
      flawed('demands a Renew and an Information-request at once'),
    )
    const either = { dhcp6: { type: anyOf('renew', 'information-request') } }
    const led = await isp.awaits(either, { since: twice, by: timing.answer(2) })
    mark(twoDemands, {}, { sent: twice, answer: led })
    if (led) await listen(timing.after(1, claim`the exchange that was demanded`))

    isp.change({ dhcpv6: { answers: false } })
    const sent = send(signed(message(11)), 'demands an Information-request')
    const first = await isp.awaits(dhcpv6('information-request'), { since: sent, by: timing.answer(2) })
    if (first) {
      const second = send(signed(renew), 'demands a Renew while the exchange goes on')
      await listen(timing.after(2, claim`the answer to a Reconfigure that is heeded`), second)
      const fence = await isp.fence()
      mark(meanwhile, {}, { second, fence: fence?.answer })
    }
    const answering = isp.change({ dhcpv6: { answers: true } })
    if (first) {
      const by = { ...timing.after(5, claim`the next retransmission, which is answered`), slack: 0 }
      await isp.awaits(dhcpv6('information-request'), { since: answering, by })
      await listen(timing.after(0.5, claim`a Reply is processed`))
    }

    await renumber(bench, observers, {
      trigger: 'Reconfigure',
      async act(fresh) {
        isp.change({ dhcpv6: { prefixes: [fresh] } })
        send(signed(renew), 'demands a Renew, by which there is another prefix')
      },
      by: timing.answer(6),
    })
    await lookForServices(bench, 'Reconfigure', observers)
  }),
)
