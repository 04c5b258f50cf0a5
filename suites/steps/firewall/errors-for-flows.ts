import { type Bench, claim, type DownstreamRouter, type Frame, ipOctets, markOf, z } from 'denat'
import { globalAddress } from '../global-address.ts'
import { proveStillOnline } from '../still-online.ts'
import { farEnd } from './far-end.ts'
import { data, type Ends, type Flow, tcpFlows, twoEnds } from './hand-made-tcp.ts'

type Packet = Parameters<Bench['internet']['send']>[0]

const tooBig = { type: 'packet-too-big', code: 0, mtu: 1300 } as const

/** ICMPv6 errors by the names of their cases: those that RFC 6092 REC-18 is about, and what RFC 4890 adds to them. */
export const errors: Record<string, NonNullable<Packet['icmp6']>> = {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5, 6].map((code) => [
      `Destination Unreachable, code ${code}`,
      { type: 'destination-unreachable', code } as const,
    ]),
  ),
  'Packet Too Big': tooBig,
  'Time Exceeded, code 0': { type: 'time-exceeded', code: 0 },
  'Parameter Problem, code 1': { type: 'parameter-problem', code: 1, pointer: 40 },
  'Parameter Problem, code 2': { type: 'parameter-problem', code: 2, pointer: 40 },
}

/** RFC 6092 REC-10. */
export const flowless: typeof errors = {
  'Destination Unreachable': { type: 'destination-unreachable', code: 0 },
  'Packet Too Big': tooBig,
}

/** Those that a host waits for when it traces a route by echo requests, or tries which size fits. */
export const aboutEcho = ['Destination Unreachable, code 0', 'Packet Too Big', 'Time Exceeded, code 0']

const transport = z.enum(['UDP', 'TCP', 'echo'])
const frames = ['error', 'flow'] as const
/** An error, and the packet of a flow that it is about. */
export const flowError = markOf('flow-error', { data: { transport, name: z.string() }, frames })
/** What the far end sends after the error `after` on a flow that a packet opened. */
export const flowGoesOn = markOf('flow-goes-on', {
  data: { transport, after: z.string() },
  frames: ['next', 'opened'],
})
export const flowlessError = markOf('flowless-error', { data: { name: z.string() }, frames: ['error'] })
export const tooBigBehind = markOf('too-big-behind', { data: { address: z.string() }, frames })

/** What fits an ICMPv6 error: RFC 4443 section 2.4 c. */
const most = 1280 - 48

/** The packet as the far end's routers see it: one hop on, so as it left on the WAN. */
const quoteOf = (frame: Frame): Uint8Array => ipOctets(frame).slice(0, most)

const udp = (srcPort: number, dstPort: number): Packet => ({ udp: { srcPort, dstPort }, payload: data })

async function udpFlows(_: Bench, { near }: Ends, ports: number[], to: number): Promise<Flow[]> {
  const flows: Flow[] = []
  for (const port of ports) flows.push({ sent: await near(udp(port, to)), next: udp(to, port) })
  return flows
}

/**
 * RFC 6092 REC-10, REC-18, RFC 4890 section 4.3.1, RFC 8201 section 4: errors about flows in use, a flow for each,
 * which must arrive and end nothing; and about flows that never were.
 */
export async function errorsForFlows(bench: Bench, router?: DownstreamRouter): Promise<void> {
  const { isp, internet, mark, timing, listen } = bench
  const [inside, outside] = [await globalAddress(bench), farEnd(bench)]
  const ends = twoEnds(bench, inside, outside)
  const error = (to: string, quoted: Uint8Array, what: NonNullable<Packet['icmp6']>): Promise<Frame> =>
    internet.send({ ip6: { src: isp.address, dst: to }, icmp6: { ...what, data: quoted } as Packet['icmp6'] })
  /** What left on the WAN is what routers beyond it quote; where nothing left, what was sent. */
  const left = async (sent: Frame): Promise<Uint8Array> => {
    const { ip6, udp, tcp } = sent.packet
    const ports = { srcPort: (udp ?? tcp)?.srcPort, dstPort: (udp ?? tcp)?.dstPort }
    const same = { ip6: { src: ip6?.src, payloadLength: ip6?.payloadLength }, [udp ? 'udp' : 'tcp']: ports }
    const out = await isp.awaits(same, { since: sent, by: timing.answer() })
    return quoteOf(out ?? sent)
  }

  const names = Object.keys(errors)
  const transports = [
    ['UDP', udpFlows, 41100],
    ['TCP', tcpFlows, 41200],
  ] as const
  for (const [transport, open, port] of transports) {
    const flows = await open(
      bench,
      ends,
      names.map((_, index) => port + index),
      5018,
    )
    for (const [index, { sent }] of flows.entries()) {
      const name = names[index] as string
      const what = errors[name]
      if (what) mark(flowError, { transport, name }, { error: await error(inside, await left(sent), what), flow: sent })
    }
    await listen(timing.after(0.2, claim`errors take effect`))
    for (const [index, { sent, next }] of flows.entries())
      mark(flowGoesOn, { transport, after: names[index] as string }, { next: await ends.far(next), opened: sent })
  }

  for (const [index, name] of aboutEcho.entries()) {
    const id = 0x4890 + index
    const sent = await ends.near({ icmp6: { type: 'echo-request', id, seq: 1, data } })
    const out = await isp.awaits({ icmp6: { type: 'echo-request', id } }, { since: sent, by: timing.answer() })
    const what = errors[name]
    if (what)
      mark(
        flowError,
        { transport: 'echo', name },
        { error: await error(inside, quoteOf(out ?? sent), what), flow: sent },
      )
  }

  for (const [name, what] of Object.entries(flowless)) {
    const known = await ends.near(udp(41099, 5099))
    // The same packet between unused ports: its checksum is beyond what a filter reads.
    const quoted = await left(known)
    new DataView(quoted.buffer).setUint16(40, 41098)
    mark(flowlessError, { name }, { error: await error(inside, quoted, what) })
  }

  const behind = router?.host.gua()
  const sent = behind ? await router?.host.udp(outside, { from: 41019, to: 5019 }, { data }) : undefined
  if (behind && sent) {
    const about = await error(behind, await left(sent), tooBig)
    mark(tooBigBehind, { address: behind }, { error: about, flow: sent })
  }
  await listen(timing.after(0.5, claim`time to forward what should not be`))
  await proveStillOnline(bench, 'errors for flows')
}
