import {
  addressIn,
  type Bench,
  claim,
  type DownstreamRouter,
  type Frame,
  inPrefix,
  markOf,
  type PacketInit,
  z,
} from 'denat'

const kinds = ['UDP', 'TCP', 'echo', 'behind', 'pinhole'] as const
type Kind = (typeof kinds)[number]

/**
 * A flow between a host and the Internet. The ports are those inside and outside; an echo request has its identifier for
 * both. Where it is not answered, a younger one (`of` it) of the same kind begins from the same address.
 */
export const canary = markOf('canary', {
  data: {
    flow: z.number(),
    of: z.number().optional(),
    kind: z.enum(kinds),
    inside: z.string(),
    outside: z.string(),
    near: z.number(),
    far: z.number(),
  },
  frames: ['first'],
})

/** Seconds between a question of a flow and the next. */
export const apart = 2
const patience = { forced: 0.45, slack: 0, why: claim`one way of a flow in use` }
const why = 'a flow in use'
const octets = 8
/** Of the Internet. */
const farPort = 4007

type Packet = Omit<PacketInit, 'eth' | 'ip6'>
type Pattern = NonNullable<Parameters<Bench['isp']['awaits']>[0]>

/** Questions and answers after the first: those that were sent, and those that came without a gap. */
interface Flow {
  number: number
  near: number
  far: number
  asked: number
  arrived: number
  sent: number
  received: number
}

/** One end asks, the other one answers. */
interface Ends {
  /** The address inside from which a new flow would begin. */
  address(): string | undefined
  inUse(address: string): boolean
  /** Of the flow with this number. */
  ports(flow: number): Pick<Flow, 'near' | 'far'>
  /** The texts of what is sent next. */
  words(flow: Flow): { question: Packet; answer: Packet }
  send(inside: string, packet: Packet): Promise<Frame>
  awaits: Bench['isp']['awaits']
  askedBy: 'inside' | 'outside'
}

export interface Canaries {
  /** From now on a host behind this router has a flow as well. */
  behind(router: DownstreamRouter): void
  /** From now on the Internet has a flow to this UDP port of the first host, which a pinhole permits. */
  pinhole(address: string, port: number): void
  stop(): void
}

const payloadOf = (n: number) => Uint8Array.from({ length: octets }, (_, at) => (n >> (8 * at)) & 0xff)

function datagrams({ near, far, asked }: Flow) {
  const payload = payloadOf(asked)
  return {
    question: { udp: { srcPort: near, dstPort: far }, payload },
    answer: { udp: { srcPort: far, dstPort: near }, payload },
  }
}

function echoes({ near: id, asked }: Flow) {
  const echo = { code: 0, id, seq: asked & 0xffff, data: payloadOf(asked) }
  return {
    question: { icmp6: { type: 'echo-request' as const, ...echo } },
    answer: { icmp6: { type: 'echo-reply' as const, ...echo } },
  }
}

/** What was lost is neither sent again nor acknowledged: each end goes on with its next octets. */
function segments({ near, far, asked, arrived, sent, received }: Flow) {
  const [ports, back] = [
    { srcPort: near, dstPort: far, window: 65_535 },
    { srcPort: far, dstPort: near, window: 65_535 },
  ]
  if (asked === 0)
    return {
      question: { tcp: { ...ports, flags: 'syn', seq: 1000 } },
      answer: { tcp: { ...back, flags: 'syn+ack', seq: 5000, ack: 1001 } },
    }
  const payload = payloadOf(asked)
  const came = arrived + (asked === arrived + 1 ? 1 : 0)
  return {
    question: {
      tcp: { ...ports, flags: 'psh+ack', seq: 1001 + octets * (asked - 1), ack: 5001 + octets * received },
      payload,
    },
    answer: { tcp: { ...back, flags: 'psh+ack', seq: 5001 + octets * sent, ack: 1001 + octets * came }, payload },
  }
}

const like = ({ udp, tcp, icmp6 }: Packet): Pattern => {
  if (icmp6 && 'seq' in icmp6) return { icmp6: { type: icmp6.type, id: icmp6.id, seq: icmp6.seq } }
  const ports = ({ srcPort, dstPort }: { srcPort?: number; dstPort?: number }) => ({ srcPort, dstPort })
  return tcp ? { tcp: ports(tcp) } : { udp: ports(udp ?? {}) }
}

/** Begins flows from the first host, by UDP, by TCP and of echo requests, and keeps them in use. */
export function releaseCanaries({ isp, lan, internet, mark, listen, clock }: Bench): Canaries {
  const { host } = lan
  /** Addresses from which no other flow is sent. */
  const outside = addressIn(isp.parameters.internetPrefix, 0xca)
  let over = false
  let next = 46_000

  const preferred = (address: string) =>
    host.addresses().some((one) => one.address === address && one.state === 'preferred')
  const onLan: Ends = {
    address: () => host.gua(),
    inUse: preferred,
    ports: (flow) => ({ near: flow, far: farPort }),
    words: datagrams,
    /** By the router's MAC: what a host knows of its neighbors is no matter here. */
    send(inside, packet) {
      const gateway = lan.gateway()
      const eth = gateway && { eth: { dst: gateway.mac } }
      return host.send({ ...eth, ip6: { src: inside, dst: outside }, ...packet }, why)
    },
    awaits: host.awaits,
    askedBy: 'inside',
  }

  /** The next question of a flow. Resolves with it, and with the answer if one came. */
  async function ask({ words, send, awaits, askedBy }: Ends, inside: string, flow: Flow) {
    const { question, answer } = words(flow)
    const inward = (packet: Packet) => internet.send({ ip6: { src: outside, dst: inside }, ...packet }, why)
    const outward = (packet: Packet) => send(inside, packet)
    const [there, back] = askedBy === 'inside' ? [outward, inward] : [inward, outward]
    const [atOther, atAsker] = askedBy === 'inside' ? [isp.awaits, awaits] : [awaits, isp.awaits]
    const asked = await there(question)
    const isFirst = flow.asked++ === 0
    if (!(await atOther(like(question), { since: asked, by: patience }))) return { asked, answered: undefined }
    if (!isFirst && flow.asked === flow.arrived + 2) flow.arrived++
    const sent = await back(answer)
    const answered = await atAsker(like(answer), { since: sent, by: patience })
    if (!isFirst && answered && flow.sent === flow.received) flow.received++
    if (!isFirst) flow.sent++
    return { asked, answered }
  }

  const pause = (since: number) =>
    listen({ forced: Math.max(0.1, apart - (clock.now() - since)), slack: 0, why: claim`a flow in use` })

  /** One flow after the other, as addresses come and go. */
  async function fly(kind: Kind, ends: Ends): Promise<void> {
    for (; !over; await pause(clock.now())) {
      const inside = ends.address()
      if (inside) await keepInUse(kind, inside, ends)
    }
  }

  /** Question after question until the address is out of use; a younger flow asks as well while there is no answer. */
  async function keepInUse(kind: Kind, inside: string, ends: Ends): Promise<void> {
    const open = async (of?: number): Promise<Flow | undefined> => {
      const number = next++
      const flow: Flow = { number, ...ends.ports(number), asked: 0, arrived: 0, sent: 0, received: 0 }
      for (const one of [host, ...behind]) {
        one.discardUdp(flow.near)
        one.ignoreTcp(flow.near)
      }
      const { asked, answered } = await ask(ends, inside, flow)
      // What is never answered is no flow.
      if (!answered) return undefined
      const { near, far } = flow
      mark(canary, { flow: number, ...(of && { of }), kind, inside, outside, near, far }, { first: asked })
      return flow
    }
    let [old, young]: (Flow | undefined)[] = []
    while (!over && ends.inUse(inside)) {
      const begun = clock.now()
      if (!old) old = await open()
      else if ((await ask(ends, inside, old)).answered) young = undefined
      else if (!young) young = await open(old.number)
      else await ask(ends, inside, young)
      await pause(begun)
    }
  }

  const begin = (kind: Kind, ends: Ends) => {
    // A scenario that ends before its flows do has no use for them.
    fly(kind, ends).catch(() => {})
  }
  const behind: DownstreamRouter['host'][] = []
  begin('UDP', onLan)
  begin('TCP', { ...onLan, words: segments })
  begin('echo', { ...onLan, ports: (flow) => ({ near: flow, far: flow }), words: echoes })
  return {
    behind(router) {
      const { gua } = router.host
      behind.push(router.host)
      begin('behind', {
        ...onLan,
        address: gua,
        inUse: (address) => gua() === address && router.prefixes().some((prefix) => inPrefix(address, prefix)),
        send: (inside, packet) => router.send({ ip6: { src: inside, dst: outside }, ...packet }, why),
        awaits: router.awaits,
      })
    },
    pinhole(address, port) {
      begin('pinhole', {
        ...onLan,
        address: () => (preferred(address) ? address : undefined),
        ports: (flow) => ({ near: port, far: flow }),
        words: (flow) => datagrams({ ...flow, near: flow.far, far: flow.near }),
        askedBy: 'outside',
      })
    },
    stop() {
      over = true
    },
  }
}

/** A scenario during which flows are in use from its beginning to its end. */
export function accompanied(play: (bench: Bench, canaries: Canaries) => Promise<void>) {
  const beside = async (bench: Bench): Promise<void> => {
    const canaries = releaseCanaries(bench)
    await play(bench, canaries)
    canaries.stop()
  }
  return Object.assign(beside, { accompanied: true })
}
