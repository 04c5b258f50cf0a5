import { addressIn, type Bench, type DownstreamRouter } from 'denat'
import { cross } from './cross.ts'
import { crossings } from './crossings.ts'
import { inFragments } from './fragments.ts'
import { unreachable, unsolicited } from './road.ts'
import { deadRoutingHeader } from './routing-type-0.ts'
import { scan } from './scan.ts'

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
    mark('reached', { place, what: 'TCP', address, outcome }, [syn, answer])
    const sent = await internet2.udp(address, { from: 47_000, to: 8084 })
    const echoed = await internet2.hears(
      { ip6: { src: address }, udp: { srcPort: 8084 } },
      { since: sent, by: timing.answer() },
    )
    mark('reached', { place, what: 'UDP', address, outcome: echoed ? 'answered' : 'silent' }, [sent, echoed])
    const pong = await internet2.ping(address)
    mark('reached', { place, what: 'echo', address, outcome: pong ? 'answered' : 'silent' }, [pong])
  }
}

/** Packets from the Internet to addresses of the LAN that nobody has. Marks `absent-host-from-outside`. */
async function absentFromOutside({ lan, internet2, mark, timing }: Bench): Promise<void> {
  for (const iid of ['::dead:3', '::dead:4', '::dead:7', '::dead:8']) {
    const target = addressIn(`${lan.host.gua() ?? '::'}/64`, iid)
    const sent = await internet2.send({
      ip6: { dst: target },
      udp: { srcPort: 43_003, dstPort: 43_004 },
      payload: new Uint8Array(16),
    })
    const error = await internet2.hears(unreachable(target), {
      since: sent,
      by: timing.after(3, 'MAX_MULTICAST_SOLICIT times RetransTimer (RFC 4861 section 10)'),
    })
    mark('absent-host-from-outside', { target }, [sent, error])
    if (error) return
  }
}

/** With the firewall off: what IPv6 allows but few send, from the Internet to hosts that asked for nothing. */
export async function unsolicitedTraffic(bench: Bench, router: DownstreamRouter): Promise<void> {
  await reached(bench, router)
  const inbound = await unsolicited(bench)
  const absent = absentFromOutside(bench)
  for (const crossing of crossings) if (crossing.ways.includes('inbound')) await cross(bench, inbound, crossing)
  await inFragments(bench, inbound)
  await deadRoutingHeader(bench, inbound)
  await absent
  await scan(bench, { from: 'WAN', addresses: 300, echoes: 50, over: 1 })
  bench.mark('transit-fence', {}, [await bench.lan.host.ping(bench.internet.address)])
}
