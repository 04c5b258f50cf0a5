import {
  addressIn,
  type Bench,
  claim,
  type DownstreamRouter,
  echoRequest,
  type Frame,
  markOf,
  nextPrefix,
  nthSubnet,
  prefixContains,
  prefixLength,
  ra,
  z,
} from 'denat'
import { errorAbout } from './errors.ts'
import { behindPing, subDelegated } from './sub-delegated.ts'

/** The address of the host behind it. */
export const behind = markOf('behind', { data: { address: z.string().optional() } })
export const behindPage = markOf('behind-page', { data: { outcome: z.string() }, frames: ['syn', 'answer'] })
export const behindUdp = markOf('behind-udp', { frames: ['sent', 'echoed'] })
export const routeProbe = markOf('route-probe', {
  data: { place: z.enum(['first', 'last', 'outside']), target: z.string() },
  frames: ['probe', 'arrived'],
})
export const outsideFence = markOf('outside-fence', { frames: ['answer'] })
export const released = markOf('released', { data: { prefix: z.string() }, frames: ['reply'] })
export const releasedProbe = markOf('released-probe', { data: { target: z.string() }, frames: ['probe', 'error'] })
export const releasedFence = markOf('released-fence', { frames: ['question', 'answer'] })

/** Of what may be lost. */
const attempts = 3

const servedBy = ({ timing }: Bench) =>
  timing.after(13, claim`DAD and the delay of the first Solicit, and a prefix within 10 s of it`)

/** A home router that requests a prefix, and has one and a default router where it receives them. */
export async function joinDownstream(bench: Bench): Promise<DownstreamRouter> {
  const router = bench.lan.joinRouter('downstream', { iaNa: true, iaPd: [{}] })
  const wait = { since: router.start(), by: servedBy(bench) }
  await Promise.all([router.moves('::/0', wait), router.awaits(ra(), wait)])
  return router
}

/** A home router asks for a prefix, and the host behind it uses the Internet. Then a second router asks. */
export async function subDelegation(bench: Bench): Promise<DownstreamRouter> {
  const { lan, internet, timing, mark, listen } = bench
  internet.serveTcp(80)
  internet.serveUdp(5000)
  const router = lan.joinRouter('downstream', { iaNa: true, iaPd: [{}] })
  const by = servedBy(bench)
  const delegated = await router.moves('::/0', { since: router.start(), by })
  const [prefix, ...others] = router.prefixes()
  if (!prefix) return router
  let behindIt = nextPrefix(prefix)
  while (others.some((one) => prefixContains(one, behindIt) || prefixContains(behindIt, one)))
    behindIt = nextPrefix(behindIt)
  mark(subDelegated, { prefix, router: router.linkLocal, port: router.port }, { granting: delegated })

  await listen(timing.after(2, claim`the route of a new lease`))
  const { host } = router
  const address = host.gua()
  mark(behind, address ? { address } : {})
  mark(behindPing, address ? { address } : {}, { reply: await host.ping(internet.address) })
  const { outcome, syn, answer } = await host.connect(internet.address, 80, { bytes: 1000 })
  mark(behindPage, { outcome }, { syn, answer })
  let sent = await host.udp(internet.address, { from: 40000, to: 5000 })
  const answered = { udp: { srcPort: 5000, dstPort: 40000 } }
  let echoed = await host.awaits(answered, { since: sent, by: timing.answer() })
  for (let again = 1; !echoed && again < attempts; again++) {
    sent = await host.udp(internet.address, { from: 40000, to: 5000 })
    echoed = await host.awaits(answered, { since: sent, by: timing.answer() })
  }
  mark(behindUdp, {}, { sent, echoed })

  for (const [place, target] of [
    ['first', addressIn(prefix, 1)],
    ['last', addressIn(nthSubnet(prefix, 64, 2 ** (64 - prefixLength(prefix)) - 1), '::ffff:ffff:ffff:fffe')],
    ['outside', addressIn(behindIt, 1)],
  ] as const) {
    const id = place.length
    const send = () =>
      lan.host.send({
        ip6: { src: lan.host.gua(), dst: target },
        icmp6: { type: 'echo-request', id, seq: 1, data: new Uint8Array(8) },
      })
    const probe = await send()
    let since = probe
    let arrived: Frame | undefined
    // What must not come is fenced below.
    for (let attempt = 1; place !== 'outside' && !arrived && attempt <= attempts; attempt++) {
      if (attempt > 1) since = await send()
      arrived = await router.awaits(echoRequest({ id }, { ip6: { dst: target } }), { since, by: timing.answer() })
    }
    mark(routeProbe, { place, target }, { probe, arrived })
  }

  mark(outsideFence, {}, { answer: await lan.host.ping(internet.address) })

  const second = lan.joinRouter('downstream2', { iaPd: [{}] })
  await second.moves('::/0', { since: second.start(), by })
  return router
}

/** It gives its prefix back; then come packets for it. */
export async function prefixReleased({ lan, timing, mark, listen }: Bench, router: DownstreamRouter): Promise<void> {
  const [prefix] = router.prefixes()
  if (!prefix) return
  const reply = await router.release()
  mark(released, { prefix }, { reply })
  if (!reply) return
  await listen(timing.after(2, claim`the route of a released prefix is removed within 2 s`), reply)
  for (const id of [21, 22, 23]) {
    const probe = await lan.host.send({
      ip6: { src: lan.host.gua(), dst: addressIn(prefix, 1) },
      icmp6: { type: 'echo-request', id, seq: 1, data: new Uint8Array(8) },
    })
    const error = await lan.host.awaits(errorAbout('destination-unreachable', probe), {
      since: probe,
      by: timing.answer(2),
    })
    mark(releasedProbe, { target: addressIn(prefix, 1) }, { probe, error })
  }
  const gateway = lan.gateway()
  if (gateway) {
    const { question, answer } = await lan.host.solicitNeighbor(gateway.linkLocal)
    mark(releasedFence, {}, { question, answer })
  }
}
