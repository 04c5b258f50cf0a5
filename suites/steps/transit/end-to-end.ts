import {
  addressIn,
  type Bench,
  claim,
  echoReply,
  echoRequest,
  type Frame,
  markOf,
  nthSubnet,
  prefixLength,
  z,
} from 'denat'
import { errorAbout } from '../errors.ts'
import { globalAddress } from '../global-address.ts'

const atOnce = { forced: 0.2, slack: 0.3, why: claim`time to be forwarded` }
/** Of what may be lost. */
const attempts = 3

const hopLimit = z.number()
/** The reply to one with hop limit 1 is an error. */
export const hops = markOf('hops', { data: { hopLimit }, frames: ['sent', 'reply'] })
export const inboundHops = markOf('inbound-hops', { data: { hopLimit }, frames: ['sent', 'arrived'] })
export const page = markOf('page', { data: { outcome: z.string() }, frames: ['syn', 'answer'] })
export const datagram = markOf('datagram', { frames: ['sent', 'echoed'] })
export const unassigned = markOf('unassigned', { data: { target: z.string() }, frames: ['inside', 'error'] })
export const unassignedOutside = markOf('unassigned-outside', { data: { target: z.string() }, frames: ['sent'] })
export const unassignedFence = markOf('unassigned-fence', { frames: ['answer'] })
const ula = { source: z.string(), target: z.string() }
export const ulaOut = markOf('ula-out', { data: ula, frames: ['sent', 'error'] })
export const ulaIn = markOf('ula-in', { data: ula, frames: ['sent'] })
export const ulaFence = markOf('ula-fence', { frames: ['answer'] })

/**
 * A host uses the Internet: hop limits, a connection, datagrams. Then packets to parts of the delegated prefix that
 * are unused, and packets to and from unique local addresses.
 */
export async function endToEnd(bench: Bench): Promise<void> {
  const { isp, lan, internet, timing, mark, listen } = bench
  const host = lan.host
  const gua = await globalAddress(bench)
  internet.serveTcp(80)
  internet.serveUdp(5000)
  const echo = (id: number) => ({ type: 'echo-request', id, seq: 1, data: new Uint8Array(8) }) as const

  for (const hopLimit of [2, 64, 255]) {
    const ask = () => host.send({ ip6: { src: gua, dst: internet.address, hopLimit }, icmp6: echo(hopLimit) })
    const sent = await ask()
    // One packet may be lost.
    let last = sent
    for (let again = 1; again < attempts; again++) {
      if (await isp.awaits(echoRequest({ id: hopLimit }), { since: last, by: timing.answer() })) break
      last = await ask()
    }
    const reply = await host.awaits(echoReply({ id: hopLimit }), { since: sent, by: timing.answer() })
    mark(hops, { hopLimit }, { sent, reply })
  }
  const dying = await host.send({ ip6: { src: gua, dst: internet.address, hopLimit: 1 }, icmp6: echo(1) })
  const exceeded = await host.awaits(errorAbout('time-exceeded', dying), { since: dying, by: timing.answer(2) })
  mark(hops, { hopLimit: 1 }, { sent: dying, reply: exceeded })

  const { outcome, syn, answer } = await host.connect(internet.address, 80, { bytes: 5000 })
  mark(page, { outcome }, { syn, answer })
  const send = () => host.udp(internet.address, { from: 41000, to: 5000 })
  const first = await send()
  let since = first
  let echoed: Frame | undefined
  for (let attempt = 1; !echoed && attempt <= attempts; attempt++) {
    if (attempt > 1) since = await send()
    echoed = await host.awaits({ udp: { srcPort: 5000, dstPort: 41000 } }, { since, by: timing.answer() })
  }
  mark(datagram, {}, { sent: first, echoed })
  const { src: talking = gua } = first.packet.ip6 ?? {}
  for (const hopLimit of [1, 2]) {
    // The ISP's router takes one off.
    const come = () =>
      internet.send({
        ip6: { dst: talking, hopLimit: hopLimit + 1 },
        udp: { srcPort: 5000, dstPort: 41000 },
        payload: Uint8Array.of(hopLimit),
      })
    const sent = await come()
    const arrives = { payload: Uint8Array.of(hopLimit) }
    let arrived = await host.awaits(arrives, { since: sent, by: atOnce })
    for (let again = 1; hopLimit > 1 && !arrived && again < attempts; again++)
      arrived = await host.awaits(arrives, { since: await come(), by: atOnce })
    mark(inboundHops, { hopLimit }, { sent, arrived })
  }

  const [delegated] = isp.parameters.dhcpv6.prefixes
  const subnets = delegated ? 2 ** (64 - prefixLength(delegated)) : 0
  // Of a /63 or a /64 nothing need be left.
  const places = subnets < 4 ? [] : [subnets - 1, subnets / 2, subnets - 2, subnets / 4 + 1]
  const targets = delegated ? places.map((n) => addressIn(nthSubnet(delegated, 64, n), 0x99)) : []
  let isReported = false
  // Twice where no error has come: some routers send one in ten seconds.
  for (const [index, target] of [...targets, ...targets].entries()) {
    if (isReported && index >= targets.length) break
    const inside = await host.send({
      ip6: { src: gua, dst: target, hopLimit: 64 },
      udp: { srcPort: 42000 + index, dstPort: 33434 },
      payload: new Uint8Array(8),
    })
    const error = await host.awaits(errorAbout('destination-unreachable', inside), {
      since: inside,
      by: timing.answer(2),
    })
    mark(unassigned, { target }, { inside, error })
    isReported ||= error !== undefined
  }
  for (const target of targets) {
    const to = { src: gua, dst: target, hopLimit: 64 }
    await host.send({ ip6: to, tcp: { srcPort: 42100, dstPort: 80, seq: 1, flags: 'syn', window: 65535 } })
    await host.send({ ip6: to, icmp6: echo(210) })
  }
  // Afterwards: an error that is sent on the WAN may use up the rate limit of a good router.
  for (const [index, target] of targets.entries()) {
    const why = 'to an unassigned part of the delegated prefix'
    const to = { dst: target, hopLimit: 64 }
    mark(unassignedOutside, { target }, { sent: await internet.send({ ip6: to, icmp6: echo(200 + index) }, why) })
    // A filter's default rules permit it (RFC 6092 REC-24): it is dropped because no node is there.
    await internet.send({ ip6: to, udp: { srcPort: 500, dstPort: 500 }, payload: new Uint8Array(28) }, why)
  }
  mark(unassignedFence, {}, { answer: await host.ping(internet.address) })

  const local = host.ula()
  for (const target of local ? [internet.address, 'fd99:9999:9999::1'] : []) {
    const out = await host.send({ ip6: { src: local, dst: target }, icmp6: echo(301) }, 'from a ULA to the WAN')
    await host.send({
      ip6: { src: local, dst: target },
      tcp: { srcPort: 42101, dstPort: 80, seq: 1, flags: 'syn', window: 65535 },
    })
    await host.send({
      ip6: { src: local, dst: target },
      udp: { srcPort: 42102, dstPort: 5000 },
      payload: new Uint8Array(8),
    })
    const error = await host.awaits(errorAbout('destination-unreachable', out), { since: out, by: timing.answer(2) })
    mark(ulaOut, { source: local, target }, { sent: out, error })
  }
  const toOtherPrefix = await host.send(
    { ip6: { src: gua, dst: 'fd99:9999:9999::1' }, icmp6: echo(302) },
    'to a ULA that is not ours',
  )
  mark(ulaOut, { source: gua, target: 'fd99:9999:9999::1' }, { sent: toOtherPrefix })
  const customer = isp.customer()
  if (customer) {
    // A filter's default rules permit IKE (RFC 6092 REC-24): what drops it does so for its address.
    const ike = { udp: { srcPort: 500, dstPort: 500 }, payload: new Uint8Array(28) }
    const inward = (source: string, target: string) =>
      mark(
        ulaIn,
        { source, target },
        {
          sent: isp.send(
            { eth: { dst: customer.mac }, ip6: { src: source, dst: target, hopLimit: 60 }, ...ike },
            'a ULA from the WAN',
          ),
        },
      )
    inward('fd99:9999:9999::1', gua)
    if (local) inward(internet.address, local)
  }
  await listen(timing.after(1, claim`time to forward what should not be`))
  mark(ulaFence, {}, { answer: await host.ping(internet.address) })
}
