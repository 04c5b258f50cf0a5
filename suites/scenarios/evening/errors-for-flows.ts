import type { Bench, DownstreamRouter, Frame } from 'denat'
import { farEnd } from './far-end.ts'

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

const ethernetHeader = 14
/** What fits an ICMPv6 error: RFC 4443 section 2.4 c. */
const most = 1280 - 48

/** The packet as the far end's routers see it: one hop on, so as it left on the WAN. */
const quoteOf = (frame: Frame): Uint8Array => frame.bytes.slice(ethernetHeader, ethernetHeader + most)

/** Large enough for a Packet Too Big that says 1300. */
const data = new Uint8Array(1340).fill(0x18)

/** Where one host of the LAN and the far end speak to each other, hand-made. */
function twoEnds({ lan, internet }: Bench, inside: string, outside: string) {
  return {
    near: (packet: Packet) => lan.host.send({ ip6: { src: inside, dst: outside }, ...packet }),
    far: (packet: Packet) => internet.send({ ip6: { src: outside, dst: inside }, ...packet }),
  }
}
type Ends = ReturnType<typeof twoEnds>

const udp = (srcPort: number, dstPort: number): Packet => ({ udp: { srcPort, dstPort }, payload: data })
const segment = (srcPort: number, dstPort: number, flags: string, seq: number, ack: number): Packet => ({
  tcp: { srcPort, dstPort, flags, seq, ack, window: 65535 },
  ...(flags === 'psh+ack' && { payload: data }),
})

/** A flow from each of these ports of the host: the packet of the host's that errors quote, and the far end's next. */
interface Flow {
  sent: Frame
  next: Packet
}

async function udpFlows(_: Bench, { near }: Ends, ports: number[]): Promise<Flow[]> {
  const flows: Flow[] = []
  for (const port of ports) flows.push({ sent: await near(udp(port, 5018)), next: udp(5018, port) })
  return flows
}

async function tcpFlows({ lan, listen, timing }: Bench, { near, far }: Ends, ports: number[]): Promise<Flow[]> {
  const crosses = timing.after(0.1, 'each segment follows from the one before')
  for (const port of ports) {
    lan.host.ignoreTcp(port)
    await near(segment(port, 5018, 'syn', 1000, 0))
  }
  await listen(crosses)
  for (const port of ports) await far(segment(5018, port, 'syn+ack', 5000, 1001))
  await listen(crosses)
  const flows: Flow[] = []
  for (const port of ports) {
    await near(segment(port, 5018, 'ack', 1001, 5001))
    const sent = await near(segment(port, 5018, 'psh+ack', 1001, 5001))
    flows.push({ sent, next: segment(5018, port, 'psh+ack', 5001, 1001 + data.length) })
  }
  return flows
}

/**
 * RFC 6092 REC-10, REC-18, RFC 4890 section 4.3.1, RFC 8201 section 4: errors about flows in use, a flow for each,
 * which must arrive and end nothing; and about flows that never were.
 */
export async function errorsForFlows(bench: Bench, router?: DownstreamRouter): Promise<void> {
  const { isp, lan, internet, mark, timing, listen } = bench
  const [inside = '::', outside] = [lan.host.gua(), farEnd(bench)]
  const ends = twoEnds(bench, inside, outside)
  const error = (to: string, quoted: Uint8Array, what: NonNullable<Packet['icmp6']>): Promise<Frame> =>
    internet.send({ ip6: { src: isp.address, dst: to }, icmp6: { ...what, data: quoted } as Packet['icmp6'] })
  /** What left on the WAN is what routers beyond it quote; where nothing left, what was sent. */
  const left = async (sent: Frame): Promise<Uint8Array> => {
    const { ip6, udp, tcp } = sent.packet
    const ports = { srcPort: (udp ?? tcp)?.srcPort, dstPort: (udp ?? tcp)?.dstPort }
    const same = { ip6: { src: ip6?.src, payloadLength: ip6?.payloadLength }, [udp ? 'udp' : 'tcp']: ports }
    const out = await isp.hears(same, { since: sent, by: timing.answer() })
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
    )
    for (const [index, { sent }] of flows.entries()) {
      const name = names[index] as string
      const what = errors[name]
      if (what) mark('flow-error', { transport, name }, [await error(inside, await left(sent), what), sent])
    }
    await listen(timing.after(0.2, 'errors take effect'))
    for (const [index, { sent, next }] of flows.entries())
      mark('flow-goes-on', { transport, after: names[index] }, [await ends.far(next), sent])
  }

  for (const [name, what] of Object.entries(flowless)) {
    const known = await ends.near(udp(41099, 5099))
    // The same packet between ports that nobody used: its checksum is beyond what a filter reads.
    const quoted = await left(known)
    new DataView(quoted.buffer).setUint16(40, 41098)
    mark('flowless-error', { name }, [await error(inside, quoted, what)])
  }

  const behind = router?.host.gua()
  const sent = behind ? await router?.host.udp(outside, { from: 41019, to: 5019 }, { data }) : undefined
  if (behind && sent) mark('too-big-behind', { address: behind }, [await error(behind, await left(sent), tooBig), sent])
  await listen(timing.after(0.5, 'time to forward what should not be'))
  mark('still-online', { when: 'errors for flows' }, [await lan.host.ping(internet.address)])
}
