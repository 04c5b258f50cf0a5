import { addressIn, claim, markOf, scenario, the, z } from 'denat'
import { farEnd } from '../steps/firewall/far-end.ts'
import { segment, tcpFlows, twoEnds } from '../steps/firewall/hand-made-tcp.ts'
import { keepInUse } from '../steps/flow-in-use.ts'
import { globalAddress } from '../steps/global-address.ts'
import { proveStillOnline } from '../steps/still-online.ts'

/** Seconds that the connections rest: RFC 6092 REC-35 asks for 2 h 4 min, which is 7440, and for 4 min before they are open. */
export const rests = { established: [600, 7430], 'half-open': 235 }

/** Seconds that others are in use meanwhile. */
const use = 310
export const longFlows = [`UDP for ${use} s`, `TCP for ${use} s`] as const

/** Two packets of the far end, either of which must reach the host. */
export const connectionAfterRest = markOf('connection-after-rest', {
  data: { kind: z.string(), rest: z.number() },
  frames: ['first', 'second'],
})
export const flood = markOf('flood', { data: { port: z.number(), packets: z.number() } })

export const idleConnections = scenario(
  'idle-connections',
  {
    story:
      'Two connections are idle, one for 10 minutes and one for 2 hours and 4 minutes, and a third is answered only after four minutes; two flows are in use for more than five minutes. During this time a host floods the router with packets whose hop limit becomes 0.',
    world: { name: 'idle-connections' },
    from: 'online',
    takes: 7450,
    profile: 'full',
  },
  async (bench) => {
    const { lan, timing, mark, listen } = bench
    await listen(timing.after(3, claim`an address by DHCPv6 and its DAD: the host will prefer it`))
    const [inside, outside] = [await globalAddress(bench), farEnd(bench)]
    const ends = twoEnds(bench, inside, outside)
    const answered = async (
      kind: string,
      rest: number,
      since: Parameters<typeof listen>[1],
      next: Parameters<typeof ends.far>[0],
    ) => {
      await listen(timing.after(rest, claim`a connection rests: ${the.name(kind)} (RFC 6092 REC-35)`), since)
      // The router knows the host's MAC again.
      await proveStillOnline(bench, `${kind}, ${rest} s`)
      const [first, second] = [await ends.far(next), await ends.far(next)]
      mark(connectionAfterRest, { kind, rest }, { first, second })
      await listen(timing.after(1, claim`time to forward it`))
    }
    const ports = rests.established.map((_, index) => 41351 + index)
    const flows = await tcpFlows(bench, ends, ports, 5035)
    lan.host.ignoreTcp(41359)
    const syn = await ends.near(segment(41359, 5035, 'syn', 1000, 0))

    const [udp, tcp] = longFlows
    const other = { outside: addressIn(bench.isp.parameters.internetPrefix, 0x96), apart: 2 }
    const inUse = [
      keepInUse(bench, { name: udp, near: 41_355, far: 5155, ...other }),
      keepInUse(bench, { name: tcp, transport: 'tcp', near: 41_356, far: 5156, ...other }),
    ]
    await listen(timing.after(3, claim`the limit of errors has recovered`))
    const flooding = mark(flood, { port: 41354, packets: 1000 })
    for (let packet = 0; packet < 1000; packet++)
      await lan.host.send({
        ip6: { src: inside, dst: outside, hopLimit: 1 },
        udp: { srcPort: 41354, dstPort: 33434 },
        payload: new Uint8Array(8),
      })
    await listen(timing.after(2, claim`errors that are still to come`), flooding)
    await proveStillOnline(bench, 'flood')

    await answered('half-open', rests['half-open'], syn, segment(5035, 41359, 'syn+ack', 5000, 1001))
    await listen(timing.after(use + 2, claim`flows that are in use`), syn)
    for (const flow of inUse) await flow.end()
    for (const [index, { sent, next }] of flows.entries())
      await answered('established', rests.established[index] ?? 0, sent, next)
    await listen(timing.after(3, claim`the last segment is forwarded`))
  },
)
