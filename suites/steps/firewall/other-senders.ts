import { addressIn, type Bench, claim, markOf, z } from 'denat'
import { globalAddress } from '../global-address.ts'
import { proveStillOnline } from '../still-online.ts'
import { farEnd, otherFarEnd } from './far-end.ts'

export const otherSenderSent = markOf('stranger', {
  data: { transport: z.enum(['UDP', 'TCP']), from: z.enum(['another port', 'another host']) },
  frames: ['sent', 'opened'],
})
export const connection = markOf('connection', {
  data: { outcome: z.string(), port: z.number() },
  frames: ['syn', 'answer'],
})
/** Each segment of a connection that both ends open. */
export const simultaneous = markOf('simultaneous', { frames: ['segment'] })
/** RFC 3168 section 6.1.1; RFC 9293 section 3.5 lets data come with a SYN. */
const unusual = {
  'asks for ECN': { flags: 'syn+ece+cwr', data: 0 },
  'holds data': { flags: 'syn', data: 100 },
} as const
type Unusual = keyof typeof unusual
export const unusualSyns = Object.keys(unusual) as Unusual[]
export const unusualSyn = markOf('unusual-syn', { data: { what: z.string() }, frames: ['segment'] })
/** MSS 1440, SACK permitted, time stamps, window scale 7. */
const usualOptions = Uint8Array.of(2, 4, 0x05, 0xa0, 4, 2, 8, 10, 0, 0, 0x30, 0x39, 0, 0, 0, 0, 1, 3, 3, 7)

/** RFC 6092 REC-17, REC-33: a host sends to one address; then another port of that address, and another address, send to the same port. */
export async function otherSenders(bench: Bench): Promise<void> {
  const { lan, internet, mark, timing, listen } = bench
  const host = lan.host
  const [inside, outside] = [await globalAddress(bench), farEnd(bench)]
  const transports = {
    UDP: (srcPort: number, dstPort: number) => ({ udp: { srcPort, dstPort }, payload: new Uint8Array(16) }),
    TCP: (srcPort: number, dstPort: number) => ({ tcp: { srcPort, dstPort, seq: 7000, flags: 'syn', window: 65535 } }),
  }
  host.ignoreTcp(41017)
  for (const name of ['UDP', 'TCP'] as const) {
    const packet = transports[name]
    const opened = await host.send(
      { ip6: { src: inside, dst: outside }, ...packet(41017, 5017) },
      `opens a ${name} flow`,
    )
    await listen(timing.after(0.2, claim`the flow is known`))
    const others = [
      { from: 'another port' as const, src: outside, port: 5018 },
      { from: 'another host' as const, src: otherFarEnd(bench), port: 5017 },
    ]
    for (const { from, src, port } of others) {
      const sent = await internet.send({ ip6: { src, dst: inside }, ...packet(port, 41017) }, `${from} tries it`)
      mark(otherSenderSent, { transport: name, from }, { sent, opened })
    }
  }
  await proveStillOnline(bench, 'strangers')
}

/** RFC 6092 REC-31: a connection as usual, and one that both ends open at the same time. */
export async function connections(bench: Bench): Promise<void> {
  const { lan, internet, mark, timing, listen } = bench
  const host = lan.host
  internet.serveTcp(8031)
  const usual = await host.connect(internet.address, 8031, { bytes: 1000 })
  mark(connection, { outcome: usual.outcome, port: usual.localPort }, { syn: usual.syn, answer: usual.answer })

  const [inside, outside] = [await globalAddress(bench), addressIn(`${farEnd(bench)}/64`, 0x92)]
  host.ignoreTcp(41031)
  const data = new Uint8Array(1000).fill(0x31)
  const near = (flags: string, seq: number, ack: number, payload?: Uint8Array) =>
    host.send({
      ip6: { src: inside, dst: outside },
      tcp: { srcPort: 41031, dstPort: 5031, seq, ack, flags, window: 65535 },
      ...(payload && { payload }),
    })
  const far = (flags: string, seq: number, ack: number, payload?: Uint8Array) =>
    internet.send({
      ip6: { src: outside, dst: inside },
      tcp: { srcPort: 5031, dstPort: 41031, seq, ack, flags, window: 65535 },
      ...(payload && { payload }),
    })
  const steps = [
    () => near('syn', 1000, 0),
    () => far('syn', 5000, 0),
    () => near('syn+ack', 1000, 5001),
    () => far('syn+ack', 5000, 1001),
    () => near('psh+ack', 1001, 5001, data),
    () => far('psh+ack', 5001, 2001, data),
    () => near('ack', 2001, 6001),
  ]
  for (const step of steps) {
    mark(simultaneous, {}, { segment: await step() })
    await listen(timing.after(0.1, claim`each segment follows from the one before`))
  }
  await near('rst', 2001, 0)
  for (const [index, what] of unusualSyns.entries()) {
    const { flags, data: octets } = unusual[what]
    const segment = await host.send({
      ip6: { src: inside, dst: outside },
      tcp: { srcPort: 41031, dstPort: 5041 + index, seq: 3000, flags, window: 65535, options: usualOptions },
      ...(octets > 0 && { payload: new Uint8Array(octets).fill(0x32) }),
    })
    mark(unusualSyn, { what }, { segment })
  }
  await proveStillOnline(bench, 'connections')
}
