import {
  type Bench,
  claim,
  flawed,
  fragment,
  grace,
  inPrefix,
  markOf,
  na,
  nextPrefix,
  ns,
  type PacketInit,
  ra,
  scenario,
  solicitedNode,
  the,
  z,
} from 'denat'
import {
  hostileAdvertisements,
  misshapen,
  type RareOption,
  rareOptions,
  rareQuestion,
  wrongLengths,
  zeroLength,
} from '../steps/hostile-advertisements.ts'
import { bogusRouter, type Forged, forge, forged, retraction } from '../steps/invalid-advertisements.ts'
import { advertisement, pio } from '../steps/router-advertisement.ts'

export const flow = markOf('flow', { frames: ['reply'] })
/** An RA that every router discards, in frames, and the router that it offers. */
export const forgedRa = markOf('forged', {
  data: { what: z.enum(forged as [Forged, ...Forged[]]), mac: z.string(), linkLocal: z.string(), prefix: z.string() },
})
const allForged = markOf('all-forged')
const underForgery = markOf('under-forgery')
const underForgeryDone = markOf('under-forgery-done', { data: { since: z.number() }, frames: ['reply'] })
export const forgeryFence = markOf('forgery-fence', { frames: ['question', 'answer'] })
export const secondRouter = markOf('second-router', { data: { prefix: z.string() }, frames: ['sent'] })
/** A host's packet under a preference of the second router's: `chosen` is the router that is to forward it, `not` the other. */
const preference = {
  what: z.enum(['high', 'low', 'reserved']),
  chosen: z.string().optional(),
  not: z.string().optional(),
}
export const preferred = markOf('preference', { data: preference })
export const preferredDone = markOf('preference-done', {
  data: { ...preference, since: z.number() },
  frames: ['reply'],
})
export const silentRouter = markOf('dead-router', {
  data: { mac: z.string(), linkLocal: z.string() },
  frames: ['promised'],
})
const silentRouterInUse = markOf('dead-router-in-use')
export const silentRouterOver = markOf('dead-router-over', { frames: ['reached'] })
export const solicitationInFragments = markOf('ns-in-fragments', {
  data: { from: z.string() },
  frames: ['whole', 'answer'],
})
export const rsInFragments = markOf('rs-in-fragments', { frames: ['last'] })
export const rsInOnePiece = markOf('rs-in-one-piece', { frames: ['solicited', 'advertised'] })
/** A valid RA, and what shows within this number of seconds that the router works. */
export const hasLifetime = markOf('lives', {
  data: { what: z.string(), seconds: z.number() },
  frames: ['usual', 'reply', 'probe', 'question', 'answer'],
})

/** DELAY_FIRST_PROBE_TIME, and three probes RETRANS_TIMER apart (RFC 4861 section 10); 3 s for a slow router. */
const unreachability = { forced: 5 + 3, slack: 3, why: claim`Neighbor Unreachability Detection (RFC 4861 section 7.3)` }

/** Lifetime of the prefix in a valid RA: longer than a router takes to read a batch of RAs. Seconds. */
const signOfLife = { preferredLifetime: 10, validLifetime: 12 }

/** Neighbor Discovery of a LAN neighbor in fragments, each with the same in one piece after it. */
async function fragmentsOnLan({ lan, timing, mark, listen }: Bench): Promise<void> {
  const gateway = lan.gateway()
  if (!gateway) return
  const options = [{ type: 'source-link-layer' as const, mac: lan.host.mac }]
  const question = (src: string): PacketInit => ({
    ip6: { src, dst: solicitedNode(gateway.linkLocal) },
    icmp6: { type: 'neighbor-solicitation', target: gateway.linkLocal, options },
  })
  const [inFragments, inOnePiece] = ['fe80::f1a6:1', 'fe80::f1a6:2'] as const
  for (const part of fragment(question(inFragments), 64, 1))
    lan.send(part, { why: flawed('a Neighbor Solicitation in fragments') })
  const whole = lan.send(question(inOnePiece), { why: 'the same in one piece' })
  const answer = await lan.awaits(na({}, { ip6: { dst: inOnePiece } }), { since: whole, by: timing.answer() })
  mark(solicitationInFragments, { from: inFragments }, { whole, answer })

  const rs: PacketInit = {
    ip6: { src: lan.host.linkLocal, dst: 'ff02::2' },
    // The nonce makes it long enough to be cut.
    icmp6: { type: 'router-solicitation', options: [...options, { type: 'nonce', nonce: new Uint8Array(6) }] },
  }
  // An unsolicited RA may fall into any second, but hardly into the first of each of these.
  for (let id = 2; id < 5; id++) {
    const parts = fragment(rs, 56, id).map((part) => lan.send(part, { why: 'a Router Solicitation in fragments' }))
    mark(rsInFragments, {}, { last: parts.at(-1) })
    await listen(timing.after(3.4, claim`an RA to all nodes is due 3.5 s after the last one (RFC 4861 section 10)`))
  }
  const solicited = lan.host.solicitRouter()
  const advertised = await lan.awaits(ra(), { since: solicited, by: timing.raChange })
  mark(rsInOnePiece, {}, { solicited, advertised })
}

/** On the WAN a neighbor resolves the router with unknown options. Marks `rare-question`. */
async function askRarely({ isp, timing, mark }: Bench): Promise<void> {
  const { linkLocal: target, mac } = isp.customer() ?? {}
  const own = isp.linkLocal
  if (!target || !mac) return
  const question = isp.send(
    {
      eth: { dst: mac },
      ip6: { src: own, dst: target, hopLimit: 255 },
      icmp6: {
        type: 'neighbor-solicitation',
        target,
        options: Object.values(rareOptions),
      },
    },
    'with options that nobody knows',
  )
  const answer = await isp.awaits(na({ target, solicited: true }), { since: question, by: timing.answer() })
  const { answer: control } = await isp.solicitNeighbor(target)
  mark(rareQuestion, {}, { question, answer, control })
}

export const twoRouters = scenario(
  'two-routers',
  {
    story:
      'Forged RAs announce routers that do not exist. Then a second router joins the WAN and changes its Default Router Preference, and a third one that does not answer. At the end RAs with rare options are sent, and RAs that make weak routers fail.',
    world: {
      name: 'two-routers',
      delegatedLength: 60,
      isp: { ra: { managed: false, other: true, autonomous: undefined } },
      // They are sent when their effect can be distinguished.
      variety: { isp: { 'rare RA options': 'none' } },
    },
    from: 'online',
    needs: ['link-of-many'],
    takes: 45,
  },
  async (bench) => {
    const { isp, lan, internet, timing, mark, listen } = bench
    const { wanPrefix } = isp.parameters
    const ping = () => lan.host.ping(internet.address, { within: 1 })
    const pingUnderForgery = async () => {
      const { at: since } = mark(underForgery, {})
      mark(underForgeryDone, { since }, { reply: await ping() })
    }
    const pingUnder = async (data: z.infer<z.ZodObject<typeof preference>>) => {
      const { at: since } = mark(preferred, data)
      mark(preferredDone, { ...data, since }, { reply: await ping() })
    }
    mark(flow, {}, { reply: await lan.host.ping(internet.address) })
    // From here on the line advertises what the scenario sets.
    isp.change({ ra: { interval: 0 } })

    const offer = (what: Forged) => {
      const router = bogusRouter(what, wanPrefix)
      const sent = forge(what, router).map((packet) => isp.send(packet, flawed(`forged: ${what}`)))
      mark(forgedRa, { what, ...router }, {}, sent)
    }
    const alive = async () => (await isp.fence()) ?? {}
    const early = forged.filter((what) => what !== 'option length 0')
    for (const what of early) offer(what)
    const begun = mark(allForged, {})
    await listen(timing.after(1, claim`a route to be taken`), begun)
    await pingUnderForgery()
    await listen(timing.after(2, timing.dad.why), begun)
    await pingUnderForgery()
    mark(forgeryFence, {}, await alive())
    for (const what of early) isp.send(retraction(bogusRouter(what, wanPrefix)))

    const second = isp.joinRouter('isp2')
    const sla = (mac: string) => ({ type: 'source-link-layer' as const, mac })
    const offered = pio(forged.reduce((prefix) => nextPrefix(prefix), nextPrefix(wanPrefix)))
    const advertiseSecond = (value: 'low' | 'medium' | 'high' | 'reserved', routerLifetime = 1800) =>
      second.send(
        advertisement({ preference: value, routerLifetime, options: [sla(second.mac), offered] }),
        value === 'reserved' ? flawed('the reserved preference') : `preference ${value}`,
      )
    const settle = () => listen(timing.after(grace + 0.5, claim`a default router to be chosen`))

    mark(secondRouter, { prefix: offered.prefix }, { sent: advertiseSecond('high') })
    await settle()
    await pingUnder({ what: 'high', chosen: second.mac })
    advertiseSecond('low')
    await settle()
    await pingUnder({ what: 'low', not: second.mac })
    isp.send(advertisement({ preference: 'low' }))
    advertiseSecond('reserved')
    await settle()
    await pingUnder({ what: 'reserved', chosen: second.mac })

    isp.send(advertisement())
    advertiseSecond('medium', 0)
    const silent = isp.joinRouter('dead')
    silent.answers(false)
    const promised = silent.send(advertisement({ preference: 'high', options: [sla(silent.mac)] }))
    mark(silentRouter, { mac: silent.mac, linkLocal: silent.linkLocal }, { promised })
    const [reached] = await Promise.all([
      settle().then(() =>
        lan.host.reaches(internet.address, { since: mark(silentRouterInUse, {}), by: unreachability }),
      ),
      fragmentsOnLan(bench),
    ])
    mark(silentRouterOver, {}, { reached })
    silent.send(advertisement({ routerLifetime: 0 }), 'it is no default router any more')

    let fresh = offered.prefix
    const seconds = 10
    const look = async (what: string, rare: RareOption[] = []) => {
      fresh = nextPrefix(fresh)
      const options = [...rare, { type: 'mtu' as const, mtu: 1500 }, pio(fresh, signOfLife)]
      const usual = isp.send(advertisement({ options }))
      const within = (forced: number) => ({
        forced,
        slack: 0,
        why: claim`a router recovers within ${the.seconds(seconds)}`,
      })
      const dad = ns({ target: (target) => inPrefix(String(target), fresh) }, { ip6: { src: '::' } })
      const heeded = async () => {
        for (const waited of [3, 6]) {
          const probe = await isp.awaits(dad, { since: usual, by: within(waited) })
          if (probe) return probe
          // One RA may be lost, as behind a flood.
          isp.send(advertisement({ options }))
        }
        return isp.awaits(dad, { since: usual, by: within(seconds) })
      }
      const [reply, probe] = await Promise.all([
        lan.host.reaches(internet.address, { since: usual, by: within(seconds) }),
        heeded(),
      ])
      mark(hasLifetime, { what, seconds }, { usual, reply, probe, ...(await alive()) })
    }
    await look('before')
    for (const [what, option] of Object.entries(rareOptions)) await look(what, [option])
    await askRarely(bench)
    for (const [what, packets] of Object.entries(hostileAdvertisements)) {
      const sent = packets(wanPrefix).map((packet) => isp.send(packet, misshapen.includes(what) ? flawed(what) : what))
      if (what === 'options of a wrong length') mark(wrongLengths, {}, { mtu: sent[0], pio: sent[1] })
      if (what === '200 PIOs')
        await listen(timing.after(2.2 + grace, claim`their valid lifetime: a router may limit its addresses`))
      await look(what)
    }
    // Last, as there are routers that never come back from it.
    offer('option length 0')
    await listen(timing.after(2, timing.dad.why))
    await look(zeroLength)
  },
)
