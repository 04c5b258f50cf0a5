import { type Bench, claim, markOf, z } from 'denat'

/** Without `inside` the host had no global address, and no packet of the flow was sent. */
export const flowInUse = markOf('flow-in-use', {
  data: {
    name: z.string(),
    transport: z.enum(['udp', 'tcp']),
    inside: z.string().optional(),
    near: z.number(),
    far: z.number(),
  },
  frames: ['first'],
})

/** Between a host and an address of the Internet that no other flow uses. */
interface Flow {
  name: string
  /** UDP by default. */
  transport?: 'udp' | 'tcp'
  outside: string
  near: number
  far: number
  /** Seconds between a datagram each way and the next. */
  apart: number
}

/** Datagrams, where no end closes the flow. */
const most = 1000

export interface FlowInUse {
  /** False: nothing comes back meanwhile, as the line is cut. */
  answers(on: boolean): void
  /** True: nothing else is sent meanwhile, as what is tested concerns other packets. */
  rests(on: boolean): void
  end(): Promise<void>
}

type Packet = Parameters<Bench['internet']['send']>[0]
const octets = 16

/** The n-th packet of one end of a flow, with octets of its own; of a connection the first one opens it. */
function packetOf(transport: 'udp' | 'tcp', srcPort: number, dstPort: number, n: number, isNear: boolean): Packet {
  const payload = Uint8Array.from({ length: octets }, (_, at) => (at < 2 ? (n >> (8 * at)) & 0xff : srcPort & 0xff))
  if (transport === 'udp') return { udp: { srcPort, dstPort }, payload }
  const [own, other] = isNear ? [1000, 5000] : [5000, 1000]
  const tcp = { srcPort, dstPort, window: 65_535 }
  if (n === 0)
    return { tcp: { ...tcp, seq: own, ...(isNear ? { flags: 'syn' } : { flags: 'syn+ack', ack: other + 1 }) } }
  const octetsSent = octets * (n - 1)
  return {
    tcp: { ...tcp, flags: 'psh+ack', seq: own + 1 + octetsSent, ack: other + 1 + octetsSent + (isNear ? 0 : octets) },
    payload,
  }
}

/** Keeps a flow in use until it is ended: a packet out and one back, again and again. */
export function keepInUse({ lan, internet, timing, mark, listen }: Bench, flow: Flow): FlowInUse {
  const { name, transport = 'udp', outside, near, far, apart } = flow
  const inside = lan.host.gua()
  const why = `a flow in use: ${name}`
  let [answers, rests, over] = [true, false, false]
  const play = async () => {
    if (!inside) return void mark(flowInUse, { name, transport, near, far })
    if (transport === 'tcp') lan.host.ignoreTcp(near)
    else lan.host.discardUdp(near)
    for (let n = 0; !over && n < most; n++) {
      while (rests && !over) await listen(timing.after(apart, claim`a flow that rests`))
      const gateway = lan.gateway()
      const out = packetOf(transport, near, far, n, true)
      const ip6 = { src: inside, dst: outside }
      const sent = await lan.host.send({ ...(gateway && { eth: { dst: gateway.mac } }), ip6, ...out }, why)
      if (n === 0) {
        mark(flowInUse, { name, transport, inside, near, far }, { first: sent })
        await listen(timing.after(0.1, claim`the first packet opens the flow`))
      }
      if (answers)
        await internet.send({ ip6: { src: outside, dst: inside }, ...packetOf(transport, far, near, n, false) }, why)
      await listen(timing.after(apart, claim`a flow in use`))
    }
  }
  const played = play()
  // A scenario that ends before its flows do has no use for them.
  played.catch(() => {})
  return {
    answers: (on) => {
      answers = on
    },
    rests: (on) => {
      rests = on
    },
    end: () => {
      over = true
      return played
    },
  }
}
