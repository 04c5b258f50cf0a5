import {
  type Bench,
  type Endpoint,
  type Frame,
  formatIpv6,
  icmpv6,
  markOf,
  type PacketInit,
  type Pattern,
  z,
} from 'denat'
import { globalAddress } from '../global-address.ts'

/** Which way a packet crosses the router. `reply` is inbound in a flow that the host opened, `inbound` is unsolicited. */
export const way = z.enum(['outbound', 'reply', 'inbound'])
export type Way = z.infer<typeof way>

/** A plain datagram, and whether it came out on the far side. */
export const roadOpen = markOf('road-open', { data: { way }, frames: ['sent', 'came'] })
/** All that was sent is on its way: a host reaches the Internet. */
export const transitFence = markOf('transit-fence', { frames: ['answer'] })

/** A UDP flow through the router, seen from one of its ends. */
export interface Road {
  way: Way
  src: string
  dst: string
  srcPort: number
  dstPort: number
  /** Another address at the far side, for what is routed on from `dst`. */
  beyond: string
  send(packet: PacketInit, why?: string): Promise<Frame>
  far: Pick<Endpoint, 'awaits'>
}

const ports = { host: 40000, internet: 40001, unsolicited: 40002 }

const between = (road: Road) => `${road.way}: ${road.src} to ${road.dst}`

/** Text that distinguishes one packet of a recording from all others. */
export const tagged = (tag: string, copy = 0): Uint8Array =>
  new TextEncoder().encode(`[${tag}] ${copy} `.padEnd(48, '.'))

/** Destination Unreachable about a packet to this address. */
export const unreachable = (target: string): Pattern =>
  icmpv6('destination-unreachable', {
    data: (quote: Uint8Array) => quote.length >= 40 && formatIpv6(quote, 24) === target,
  })

/** A datagram may be lost: the greatest number of tries. */
const attempts = 3

/** A plain datagram: it proves that the road is open, and fences what was sent before it. */
export async function plain(
  { timing }: Bench,
  road: Road,
  tag: string,
): Promise<{ sent: Frame; came: Frame | undefined }> {
  const { src, dst, srcPort, dstPort } = road
  const has = (payload: Uint8Array) => new TextDecoder().decode(payload).includes(`[${tag}]`)
  for (let attempt = 1; ; attempt++) {
    const sent = await road.send({ ip6: { src, dst }, udp: { srcPort, dstPort }, payload: tagged(tag) })
    const came = await road.far.awaits({ payload: has }, { since: sent, by: timing.answer() })
    if (came || attempt === attempts) return { sent, came }
  }
}

/** The host opens a flow: both of its directions, each with the mark `road-open`. */
export async function flowFromInside(bench: Bench): Promise<{ outbound: Road; reply: Road }> {
  const { lan, internet, internet2, mark } = bench
  const gua = await globalAddress(bench)
  lan.host.discardUdp(ports.host)
  internet.discardUdp(ports.internet)
  const outbound: Road = {
    way: 'outbound',
    src: gua,
    dst: internet.address,
    srcPort: ports.host,
    dstPort: ports.internet,
    beyond: internet2.address,
    send: lan.host.send,
    far: internet,
  }
  const reply: Road = {
    way: 'reply',
    src: internet.address,
    dst: gua,
    srcPort: ports.internet,
    dstPort: ports.host,
    beyond: lan.host.linkLocal,
    send: internet.send,
    far: lan.host,
  }
  for (const road of [outbound, reply])
    mark(roadOpen, { way: road.way }, await plain(bench, road, `open ${between(road)}`))
  return { outbound, reply }
}

/** No host on the LAN has sent to this sender: only an open firewall forwards its packets. */
export async function unsolicited(bench: Bench): Promise<Road> {
  const { lan, internet2, mark } = bench
  lan.host.discardUdp(ports.host)
  const inbound: Road = {
    way: 'inbound',
    src: internet2.address,
    dst: await globalAddress(bench),
    srcPort: ports.unsolicited,
    dstPort: ports.host,
    beyond: lan.host.linkLocal,
    send: internet2.send,
    far: lan.host,
  }
  mark(roadOpen, { way: 'inbound' }, await plain(bench, inbound, `open ${between(inbound)}`))
  return inbound
}
