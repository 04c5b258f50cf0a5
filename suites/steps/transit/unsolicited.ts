import { addressIn, type Bench, claim, type DownstreamRouter, markOf, z } from 'denat'
import { globalAddress } from '../global-address.ts'
import { cross } from './cross.ts'
import { crossings } from './crossings.ts'
import { inFragments } from './fragments.ts'
import { transitFence, unreachable, unsolicited } from './road.ts'
import { deadRoutingHeader } from './routing-type-0.ts'
import { scan } from './scan.ts'

export const reachedFromOutside = markOf('reached', {
  data: {
    place: z.enum(['host', 'behind']),
    what: z.enum(['TCP', 'UDP', 'echo']),
    address: z.string(),
    outcome: z.string(),
  },
  frames: ['sent', 'answer'],
})
export const absentFromOutside = markOf('absent-host-from-outside', {
  data: { target: z.string() },
  frames: ['sent', 'error'],
})

/** The Internet begins flows of each kind to a host and to one behind a downstream router. Marks `reached`. */
async function reached({ lan, internet2, mark, timing }: Bench, router: DownstreamRouter): Promise<void> {
  for (const [place, host] of [
    ['host', lan.host],
    ['behind', router.host],
  ] as const) {
    const address = host.gua()
    if (!address) continue
    host.serveTcp(8083)
    host.serveUdp(8084)
    const { outcome, syn, answer } = await internet2.connect(address, 8083, { bytes: 100, within: 2 })
    mark(reachedFromOutside, { place, what: 'TCP', address, outcome }, { sent: syn, answer })
    const sent = await internet2.udp(address, { from: 47_000, to: 8084 })
    const echoed = await internet2.awaits(
      { ip6: { src: address }, udp: { srcPort: 8084 } },
      { since: sent, by: timing.answer() },
    )
    const outcomeOf = (answered: unknown) => (answered ? 'answered' : 'silent')
    mark(reachedFromOutside, { place, what: 'UDP', address, outcome: outcomeOf(echoed) }, { sent, answer: echoed })
    const pong = await internet2.ping(address)
    mark(reachedFromOutside, { place, what: 'echo', address, outcome: outcomeOf(pong) }, { answer: pong })
  }
}

/** Packets from the Internet to addresses of the LAN that no node has, until an error arrives. Marks `absent-host-from-outside`. */
async function probeAbsent(bench: Bench, iids: readonly string[]): Promise<boolean> {
  const { internet2, mark, timing } = bench
  const gua = await globalAddress(bench)
  for (const iid of iids) {
    const target = addressIn(`${gua}/64`, iid)
    const sent = await internet2.send({
      ip6: { dst: target },
      udp: { srcPort: 43_003, dstPort: 43_004 },
      payload: new Uint8Array(16),
    })
    const error = await internet2.awaits(unreachable(target), {
      since: sent,
      by: timing.after(3, claim`MAX_MULTICAST_SOLICIT times RetransTimer (RFC 4861 section 10)`),
    })
    mark(absentFromOutside, { target }, { sent, error })
    if (error) return true
  }
  return false
}

/** With the firewall off: what IPv6 allows but few send, from the Internet to hosts that asked for nothing. */
export async function unsolicitedTraffic(bench: Bench, router: DownstreamRouter): Promise<void> {
  await reached(bench, router)
  const inbound = await unsolicited(bench)
  const absent = probeAbsent(bench, ['::dead:3', '::dead:4', '::dead:7', '::dead:8'])
  for (const crossing of crossings) if (crossing.ways.includes('inbound')) await cross(bench, inbound, crossing)
  await inFragments(bench, inbound)
  await deadRoutingHeader(bench, inbound)
  // Other errors may have used up what the router sends of them.
  if (!(await absent)) await probeAbsent(bench, ['::dead:9', '::dead:a', '::dead:b', '::dead:c'])
  await scan(bench, { from: 'WAN', addresses: 300, echoes: 50, over: 1 })
  bench.mark(transitFence, {}, { answer: await bench.lan.host.ping(bench.internet.address) })
}
