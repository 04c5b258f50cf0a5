import { type Bench, markOf, z } from 'denat'

export const flowInUse = markOf('flow-in-use', {
  data: { name: z.string(), inside: z.string(), near: z.number(), far: z.number() },
  frames: ['first'],
})

/** UDP between a host and an address of the Internet where nobody else speaks. */
interface Flow {
  name: string
  outside: string
  near: number
  far: number
  /** Seconds between a datagram each way and the next. */
  apart: number
}

/** Datagrams, where nobody ends the flow. */
const most = 1000

export interface FlowInUse {
  /** False: nothing comes back meanwhile, as the line is cut. */
  answers(on: boolean): void
  end(): Promise<void>
}

/** Keeps a flow in use until it is ended: a datagram out and one back, each with octets of its own. */
export function keepInUse({ lan, internet, timing, mark, listen }: Bench, flow: Flow): FlowInUse {
  const { name, outside, near, far, apart } = flow
  const inside = lan.host.gua() ?? '::'
  let [answers, over] = [true, false]
  const play = async () => {
    for (let n = 0; !over && n < most; n++) {
      const payload = Uint8Array.from({ length: 16 }, (_, octet) =>
        octet < 2 ? (n >> (8 * octet)) & 0xff : near & 0xff,
      )
      const gateway = lan.gateway()
      const sent = await lan.host.send(
        {
          ...(gateway && { eth: { dst: gateway.mac } }),
          ip6: { src: inside, dst: outside },
          udp: { srcPort: near, dstPort: far },
          payload,
        },
        `a flow in use: ${name}`,
      )
      if (n === 0) mark(flowInUse, { name, inside, near, far }, { first: sent })
      if (answers)
        await internet.send(
          { ip6: { src: outside, dst: inside }, udp: { srcPort: far, dstPort: near }, payload },
          `a flow in use: ${name}`,
        )
      await listen(timing.after(apart, 'a flow in use'))
    }
  }
  const played = play()
  // A scenario that ends before its flows do has no use for them.
  played.catch(() => {})
  return {
    answers: (on) => {
      answers = on
    },
    end: () => {
      over = true
      return played
    },
  }
}
