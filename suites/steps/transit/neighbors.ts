import { addressIn, type Bench, claim, type Frame, markOf, ns, solicitedNode, z } from 'denat'
import { globalAddress } from '../global-address.ts'
import { unreachable } from './road.ts'

/** RFC 4861 section 10: REACHABLE_TIME times MAX_RANDOM_FACTOR. Seconds. */
const reachable = 45
/** DELAY_FIRST_PROBE_TIME, three unicast and three multicast solicitations, and 3 s for a slow router. Seconds. */
const probing = 5 + 3 + 3 + 3
const atOnce = { forced: 0, slack: 0, why: claim`what was received so far` }

export const absentHost = markOf('absent-host', { data: { target: z.string() }, frames: ['sent', 'error'] })
/** A packet that reached a host before it was unplugged, at `left` s, and the error about one of those after it. */
export const silentHost = markOf('silent-host', {
  data: { address: z.string(), left: z.number() },
  frames: ['delivered', 'error'],
})

/** Packets to addresses that no node has, on the LAN from which they are sent. Marks `absent-host`. */
export async function probeAbsentHosts(bench: Bench): Promise<void> {
  const { lan, mark, timing } = bench
  const gua = await globalAddress(bench)
  const gateway = lan.gateway()
  if (!gateway) return
  let isReported = false
  // Two always; more for a router that sends an error in ten seconds, of which others may have taken one.
  for (const iid of ['::dead:1', '::dead:2', '::dead:5', '::dead:6', '::dead:7', '::dead:8']) {
    if (isReported && iid === '::dead:5') return
    const target = addressIn(`${gua}/64`, iid)
    // To the router, though it is on-link: only the router's resolution is to be seen.
    const sent = await lan.host.send({
      eth: { dst: gateway.mac },
      ip6: { src: gua, dst: target },
      udp: { srcPort: 43_001, dstPort: 43_002 },
      payload: new Uint8Array(16),
    })
    const error = await lan.host.awaits(unreachable(target), {
      since: sent,
      by: timing.after(3, claim`MAX_MULTICAST_SOLICIT times RetransTimer (RFC 4861 section 10)`),
    })
    mark(absentHost, { target }, { sent, error })
    isReported ||= error !== undefined
  }
}

/**
 * A host that the router knows by its own Neighbor Solicitation, and has not asked for yet, opens a flow and is
 * unplugged; the Internet goes on sending to it. Marks `silent-host`.
 */
export async function unplugHost(bench: Bench): Promise<void> {
  const { lan, internet, mark, timing, clock } = bench
  const gateway = lan.gateway()
  if (!gateway) return
  const address = addressIn(`${await globalAddress(bench)}/64`, '::fade')
  const fading = lan.join('fading', { start: false })
  fading.adopt(address)
  fading.discardUdp(44_001)
  internet.discardUdp(44_002)
  const { question } = await fading.solicitNeighbor(gateway.linkLocal)
  const asked = await fading.send({
    ip6: { src: address, dst: solicitedNode(gateway.linkLocal) },
    icmp6: {
      type: 'neighbor-solicitation',
      target: gateway.linkLocal,
      options: [{ type: 'source-link-layer', mac: question.packet.eth.src }],
    },
  })
  await fading.awaits({ icmp6: { type: 'neighbor-advertisement' } }, { since: asked, by: timing.answer() })
  const opened = await fading.send({
    eth: { dst: gateway.mac },
    ip6: { src: address, dst: internet.address },
    udp: { srcPort: 44_001, dstPort: 44_002 },
    payload: new Uint8Array(16),
  })
  await internet.awaits({ udp: { dstPort: 44_002 } }, { since: opened, by: timing.answer() })
  const toHost = () =>
    internet.send({
      ip6: { dst: address },
      udp: { srcPort: 44_002, dstPort: 44_001 },
      payload: new Uint8Array(16),
    })
  const reply = await toHost()
  const delivered = await fading.awaits({ udp: { dstPort: 44_001 } }, { since: reply, by: timing.answer(3) })
  const confirmed = await fading.awaits(ns({ target: address }), { since: asked, by: atOnce })
  const left = fading.leave()
  let error: Frame | undefined
  const until = clock.now() + (confirmed ? reachable : 0) + probing
  while (!error && clock.now() < until) {
    const sent = await toHost()
    error = await internet.awaits(unreachable(address), {
      since: sent,
      by: { forced: 1, slack: 0, why: claim`a packet each second` },
    })
  }
  mark(silentHost, { address, left: left.at }, { delivered, error })
}
