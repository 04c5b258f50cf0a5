import {
  addressIn,
  anyOf,
  type Bench,
  claim,
  type Frame,
  grace,
  inPrefix,
  markOf,
  nextPrefix,
  ns,
  ra,
  scenario,
  z,
} from 'denat'
import { accompanied } from '../steps/canaries.ts'
import { proveTheWay } from '../steps/control.ts'
import { type KeptKind, keeping, kept, keptFlow } from '../steps/keeps.ts'
import { resolverOpens } from '../steps/resolver-opens.ts'
import { advertisement, pio } from '../steps/router-advertisement.ts'
import { heldBy, subDelegated } from '../steps/sub-delegated.ts'
import { probePrefixEdge } from '../steps/transit/prefix-edge.ts'

const when = z.enum(['without-address', 'two-addresses', 'deprecated'])
type When = z.infer<typeof when>

export const flow = markOf('flow', { frames: ['reply'] })
export const nameAsked = markOf('asks', { data: { when, name: z.string() } })
const nameAnswered = markOf('asked-for', { data: { when, name: z.string() }, frames: ['answer'] })
export const expired = markOf('expired-on-the-way', { data: { when }, frames: ['sent', 'error'] })
export const twoPrefixes = markOf('two-prefixes', {
  data: { wanPrefix: z.string(), other: z.string() },
  frames: ['sent'],
})
export const toWanNeighbor = markOf('to-wan-neighbour', {
  data: { what: z.enum(['L=0', 'L=1']), target: z.string() },
  frames: ['sent'],
})
/** The first prefix is withdrawn, and a fresh one comes with the same RA. */
export const withdrawn = markOf('deprecated', { data: { prefix: z.string(), fresh: z.string() }, frames: ['sent'] })
const question = { data: { address: z.string() }, frames: ['question', 'answer'] } as const
export const freshAsked = markOf('asked-fresh', question)
export const withdrawnAsked = markOf('asked-deprecated', question)
const fenceAsked = markOf('asked-link-local', { frames: ['question', 'answer'] })

/** How the renumbering of the WAN link is called in cases. */
const kind: KeptKind = 'new WAN PIO'

/**
 * Makes the router itself send to the Internet: by a name that was not queried before, and by a datagram of an open
 * flow that arrives with hop limit 1.
 */
async function provoke({ lan, internet, mark, timing }: Bench, when: When): Promise<void> {
  const name = `${when}.prefixes.example.net`
  const server = lan.host.resolvers().find((resolver) => resolver.includes(':'))
  mark(nameAsked, { when, name })
  mark(nameAnswered, { when, name }, { answer: server ? await lan.host.resolve(name, { server }) : undefined })
  const dst = lan.host.gua()
  const ports = { from: 41_100, to: 5300 }
  await lan.host.udp(internet.address, ports, { src: dst })
  for (let tries = 0; tries < 2; tries++) {
    const late = await internet.send({
      ip6: { dst, hopLimit: 2 },
      udp: { srcPort: ports.to, dstPort: ports.from },
      payload: new Uint8Array(8),
    })
    const error = await internet.awaits({ icmp6: { type: 'time-exceeded' } }, { since: late, by: timing.answer() })
    mark(expired, { when }, { sent: late, error })
    if (error) return
  }
}

export const wanPrefixes = scenario(
  'wan-prefixes',
  {
    story:
      'At first the line assigns no WAN address to the router. Then an RA advertises two prefixes, one of them on-link, and another RA deprecates the first and advertises one more.',
    world: {
      name: 'wan-prefixes',
      delegatedLength: 60,
      isp: { ra: { managed: false, other: true, autonomous: undefined }, dhcpv6: { iaNa: false } },
    },
    from: 'online from a cold boot',
  },
  accompanied(async (bench) => {
    const { isp, lan, internet, timing, mark, listen } = bench
    const { wanPrefix } = isp.parameters
    const other = nextPrefix(wanPrefix)
    mark(flow, {}, { reply: await lan.host.ping(internet.address) })
    const router = lan.joinRouter('downstream', { iaPd: [{}] })
    const started = router.start()
    // From here on the line advertises what the scenario sets.
    isp.change({ ra: { interval: 0 } })

    await resolverOpens(bench)
    await probePrefixEdge(bench)
    await provoke(bench, 'without-address')
    const both = isp.send(advertisement({ options: [pio(wanPrefix), pio(other, { onLink: true })] }))
    mark(twoPrefixes, { wanPrefix, other }, { sent: both })
    const probe = await isp.awaits(
      ns({ target: (target) => inPrefix(String(target), wanPrefix) }, { ip6: { src: '::' } }),
      { since: both, by: timing.after(5, timing.dad.why) },
    )
    await listen(timing.after(grace, claim`the routes of an RA`), both)
    await proveTheWay(bench, 'WAN neighbors', both)
    for (const [what, prefix] of [
      ['L=0', wanPrefix],
      ['L=1', other],
    ] as const) {
      const target = addressIn(prefix, '::2:2')
      const sent = await lan.host.send({
        ip6: { dst: target },
        icmp6: { type: 'echo-request', id: 912, seq: 1, data: new Uint8Array(8) },
      })
      mark(toWanNeighbor, { what, target }, { sent })
    }
    await listen(
      timing.after(4, claim`DAD, and three advertisements of a new address, 1 s apart (RFC 9131)`),
      probe ?? both,
    )
    await provoke(bench, 'two-addresses')

    const fresh = nextPrefix(other)
    const delegated = await router.moves('::/0', {
      since: started,
      by: timing.after(13, claim`DAD, the first Solicit, and its answer`),
    })
    if (delegated) mark(subDelegated, { prefix: heldBy(router) }, { granting: delegated })
    const state = () => ({ kind, address: lan.host.gua(), held: heldBy(router) })
    mark(keeping, state())
    const gone = isp.send(
      advertisement({ options: [pio(wanPrefix, { preferredLifetime: 0, validLifetime: 0 }), pio(fresh)] }),
    )
    mark(withdrawn, { prefix: wanPrefix, fresh }, { sent: gone })
    const formed = await isp.awaits(
      ns({ target: (target) => inPrefix(String(target), fresh) }, { ip6: { src: '::' } }),
      { since: gone, by: timing.after(1 + grace, timing.dad.why) },
    )
    await listen(timing.after(formed ? 1.5 : 1, claim`DAD, and an address to be deprecated`), formed ?? gone)
    const ask = async (type: typeof freshAsked, probe: Frame | undefined) => {
      const address = probe?.packet.icmp6?.type === 'neighbor-solicitation' ? probe.packet.icmp6.target : undefined
      if (address) mark(type, { address }, { ...(await isp.solicitNeighbor(address)) })
    }
    await ask(freshAsked, formed)
    const asked = lan.host.solicitRouter()
    const [advertised, reply] = await Promise.all([
      lan.awaits(ra({}, { ip6: { dst: anyOf('ff02::1', lan.host.linkLocal) } }), { since: asked, by: timing.raChange }),
      lan.host.ping(internet.address),
      router.renew({ within: 3 }),
    ])
    mark(kept, state(), { asked, advertised })
    mark(keptFlow, { kind }, { reply })
    await provoke(bench, 'deprecated')
    await ask(withdrawnAsked, probe)
    mark(fenceAsked, {}, { ...(await isp.fence()) })
  }),
)
