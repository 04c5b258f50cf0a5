import { addressIn, type Bench, claim, type Frame, grace, type Mark, markOf, ra, z } from 'denat'
import { type FlowInUse, keepInUse } from '../flow-in-use.ts'
import { lookForServices } from '../in-service.ts'
import { unreachable } from './road.ts'

const address = z.string().optional()

/** A host reaches the Internet before it all. */
export const beforeLoss = markOf('before', { frames: ['reply'] })
/** The RA of the ISP's router with Router Lifetime 0. */
export const routerGone = markOf('router-gone', { frames: ['sent'] })
export const whileGone = markOf('while-gone', { frames: ['stray'] })
/** An RS, some seconds later. */
export const routerStillGone = markOf('router-still-gone', { frames: ['solicited'] })
export const routerBack = markOf('router-back', { frames: ['sent'] })
/** An RA of the DUT's by which it is a default router again. */
export const routerRestored = markOf('router-restored', { frames: ['advertised'] })
/** While the line is down, an echo request between unique local addresses of two hosts. */
export const localPing = markOf('local-ping', { data: { from: address, to: address }, frames: ['reply'] })
export const lineWasCut = markOf('line-was-cut', { data: { since: z.number() } })
/** A host has a global address again. */
export const lineBack = markOf('line-back', { frames: ['settled'] })
export const lineRestored = markOf('line-restored', { frames: ['advertised', 'control'] })
/** What flows in use go through: moments in seconds. A host pings when the line is back, and an RA has its prefix. */
export const lineCut = markOf('line-cut', {
  data: { gone: z.number(), down: z.number(), up: z.number() },
  frames: ['control', 'advertised'],
})
/** Probes, and behind them the error where it is `answered`. */
export const noRouteProbe = markOf('no-route', { data: { answered: z.boolean() } })
export const whileGoneFence = markOf('while-gone-fence', { frames: ['question', 'answer'] })
/** One that is in use from the beginning, past the timeouts of connection tracking, and one that is younger. */
export const oldFlow = 'from the beginning'
export const youngFlow = 'before the line is cut'
const longUse = 140

export const beginOldFlow = (bench: Bench): FlowInUse =>
  keepInUse(bench, { name: oldFlow, outside: farFlows(bench), near: 41_150, far: 5150, apart: 2 })

/** Resolves when it was in use for some time. */
export async function beginYoungFlow(bench: Bench): Promise<FlowInUse> {
  const { timing, listen } = bench
  const young = keepInUse(bench, { name: youngFlow, outside: farFlows(bench), near: 41_151, far: 5151, apart: 0.5 })
  await listen(timing.after(3, claim`a flow that is in use`))
  return young
}

const farFlows = ({ isp }: Bench): string => addressIn(isp.parameters.internetPrefix, 0x96)

/** Good routers send few errors a second: seconds from one probe to the next. */
const apart = 2

/** RFC 4443 section 3.1: a host still sends. Up to six probes, until there is an error. Marks `no-route`. */
async function noRoute({ isp, lan, mark, timing, listen }: Bench): Promise<void> {
  const { host } = lan
  const gateway = lan.gateway()
  if (!gateway) return
  const dst = addressIn(isp.parameters.internetPrefix, 0x95)
  const sent: Frame[] = []
  let answer: Frame | undefined
  while (!answer && sent.length < 6) {
    if (sent.length > 0) await listen(timing.after(apart, claim`one error probe at a time`), sent.at(-1))
    const probe = await host.send(
      {
        eth: { dst: gateway.mac },
        ip6: { src: host.gua(), dst },
        udp: { srcPort: 41060, dstPort: 5060 },
        payload: new Uint8Array(8),
      },
      'there is no route',
    )
    sent.push(probe)
    answer = await host.awaits(unreachable(dst), { since: probe, by: timing.answer() })
  }
  mark(noRouteProbe, { answered: answer !== undefined }, {}, [...sent, answer])
}

/**
 * The ISP router announces that it is a default router no longer, and comes back. Then the line is cut for 5 s, and
 * comes back; flows are in use meanwhile, an old one since `since`.
 * What changes this much comes last.
 */
export async function lossOfDefaultRouter(
  bench: Bench,
  { old, young, since }: { old: FlowInUse; young: FlowInUse; since: Mark },
): Promise<void> {
  const { isp, line, lan, internet, timing, mark, listen } = bench
  // On another link where there is one; with a /64 for all it has a unique local address there and no other.
  const neighbor = lan.join('neighbour', { port: lan.segments.at(-1)?.at(-1), dhcpv6: 'none' })
  mark(beforeLoss, {}, { reply: await lan.host.ping(internet.address) })
  await lookForServices(bench, undefined)
  // Errors about flows in use would use up what a router may send of them.
  for (const flow of [old, young]) flow.rests(true)
  isp.change({ ra: { routerLifetime: 0 } })
  const gone = isp.advertise()
  mark(routerGone, {}, { sent: gone })
  await listen(timing.after(grace + 0.3, claim`what a router may take to act on an RA`), gone)
  const stray = await lan.host.send({
    ip6: { src: lan.host.gua(), dst: internet.address },
    icmp6: { type: 'echo-request', id: 601, seq: 1, data: new Uint8Array(8) },
  })
  mark(whileGone, {}, { stray })
  await noRoute(bench)
  const gateway = lan.gateway()
  if (gateway) {
    const { question, answer } = await lan.host.solicitNeighbor(gateway.linkLocal)
    mark(whileGoneFence, {}, { question, answer })
  }
  await lan.awaits(ra({ routerLifetime: 0 }), { since: gone, by: timing.raChange })
  await listen(timing.after(4, claim`RAs after the loss`), gone)
  const solicited = lan.host.solicitRouter()
  mark(routerStillGone, {}, { solicited })
  await lan.awaits(ra(), { since: solicited, by: timing.raChange })

  isp.change({ ra: { routerLifetime: 1800 } })
  const back = isp.advertise()
  mark(routerBack, {}, { sent: back })
  const usable = ra({ routerLifetime: (seconds: unknown) => Number(seconds) > 0 })
  // No clause asks for an unsolicited RA then: a host that waits for one asks.
  const restored =
    (await lan.awaits(usable, { since: back, by: timing.after(4, claim`an unsolicited RA`) })) ??
    (await lan.awaits(usable, { since: lan.host.solicitRouter(), by: timing.raChange }))
  mark(routerRestored, {}, { advertised: restored })
  await lookForServices(bench, 'default router lost')
  for (const flow of [old, young]) flow.rests(false)

  const cut = line.down()
  for (const flow of [old, young]) flow.answers(false)
  await lan.awaits(ra({ routerLifetime: 0 }), { since: cut, by: timing.raChange })
  const [from, to] = [lan.host.ula(), neighbor.ula()]
  const local = from && to ? await lan.host.ping(to, { from, within: 2 }) : undefined
  mark(localPing, { from, to }, { reply: local })
  // A resolver without answers from the ISP works again when the line is back.
  if (lan.host.resolvers().some((one) => one.includes(':'))) await lan.host.resolve('cut.example.com', { within: 1 })
  await listen(timing.after(5, claim`a line that is cut`), cut)
  mark(lineWasCut, { since: cut.at })
  const up = line.up()
  const again = await lan.host.settles({ since: up, by: timing.service })
  mark(lineBack, {}, { settled: again })
  const after = await lan.awaits(usable, { since: up, by: timing.service })
  // The first packets may meet a Neighbor Cache entry for which resolution has failed.
  const control = await lan.host.reaches(internet.address, { since: after ?? up, by: timing.service })
  mark(lineRestored, {}, { advertised: after, control })
  for (const flow of [old, young]) flow.answers(true)
  await lookForServices(bench, 'line cut for 5 s')
  // A lease that was kept is asked for again: RFC 8415 section 18.2.12.
  await isp.awaits({ dhcp6: {} }, { since: up, by: timing.service })
  await listen(timing.after(6, claim`flows that go on`), control ?? up)
  await listen(timing.after(longUse, claim`a flow that is in use for longer than any idle timeout`), since)
  await Promise.all([old.end(), young.end()])
  mark(lineCut, { gone: gone.at, down: cut.at, up: up.at }, { control, advertised: after })
}
