import type { Frame } from '../recording/recording.ts'
import type { Timer } from '../time/clock.ts'
import { type Dhcpv6, type Dhcpv6MessageType, type Dhcpv6Option, type Duid, option, statusOf } from '../wire/dhcpv6.ts'
import type { Ipv6Address } from '../wire/packet.ts'
import { type Act, act, type NodeContext } from './context.ts'
import { bindings, type Lease, STATUS } from './dhcpv6-bindings.ts'
import { type Exchange, exchange, type Retransmission } from './dhcpv6-exchange.ts'

/** RFC 8415 section 7.6; MRD of Renew and Rebind come with the lease. */
const TIMES = {
  solicit: { initial: 1, maximum: 3600, count: 0, duration: 0, delay: 1 },
  request: { initial: 1, maximum: 30, count: 10, duration: 0 },
  renew: { initial: 10, maximum: 600, count: 0, duration: 0 },
  rebind: { initial: 10, maximum: 600, count: 0, duration: 0 },
  release: { initial: 1, maximum: 0, count: 4, duration: 0 },
  decline: { initial: 1, maximum: 0, count: 4, duration: 0 },
  'information-request': { initial: 1, maximum: 3600, count: 0, duration: 0, delay: 1 },
} satisfies Partial<Record<Dhcpv6MessageType, Retransmission>>

const CODE = { dnsServers: 23, domainList: 24, informationRefreshTime: 32, solMaxRt: 82, infMaxRt: 83 }
/** RFC 8415 sections 21.7 and 21.24: a client must ask for SOL_MAX_RT. */
const STATEFUL_CODES = [CODE.dnsServers, CODE.domainList, CODE.solMaxRt]
const STATELESS_CODES = [CODE.dnsServers, CODE.domainList, CODE.informationRefreshTime, CODE.infMaxRt]
/** A T1 that has passed without renewal of its IA is tried again after this. */
const RENEW_AGAIN = 10

type Message = Exclude<Dhcpv6, { peerAddress: string }>
type Stateful = Exclude<keyof typeof TIMES, 'information-request'>

export interface Dhcpv6ClientOptions {
  duid: Duid
  iaNa: boolean
  /** One IA_PD each; a length is sent as a hint `::/length`. */
  iaPd: { hint?: number }[]
  /** Longest random delay before the first Solicit or Information-request; RFC 8415 has 1 s. */
  delay?: number
  send(message: Message): Frame
  /** Its leases or resolvers are not what they were. */
  changed(): void
}

/** A DHCPv6 client, RFC 8415 section 18.2. */
export interface Dhcpv6Client {
  /** Looks for servers, and keeps what it gets until released or stopped. */
  start(): void
  /** Says nothing more and forgets its leases. */
  stop(): void
  receive(message: Dhcpv6, frame: Frame): void
  leases(): Lease[]
  /** The Reply that last gave a lease. */
  lastReply(): Frame | undefined
  resolvers(): Ipv6Address[]
  /** Starts; resolves with the Reply, or with an Advertise that has nothing for it. Stops when neither comes. */
  acquire(within: number): Promise<Frame | undefined>
  /** Renews now; resolves with the Reply. */
  renew(within: number): Promise<Frame | undefined>
  /** Gives everything back; resolves with the Reply. */
  release(within: number): Promise<Frame | undefined>
  /** Another host has this address: RFC 8415 section 18.2.8. */
  decline(address: Ipv6Address): void
  /** Asks for configuration until it is answered. */
  inform(): void
  /** One Information-request. */
  informOnce(options: { codes?: number[]; within: number }): Promise<Frame | undefined>
}

export function dhcpv6Client(ctx: NodeContext, options: Dhcpv6ClientOptions): Dhcpv6Client {
  const { clock } = ctx
  const ias = bindings(ctx, options, () => {
    options.changed()
    if (ias.leases().length === 0 && current) begin('solicit')
  })
  /** The exchange under way. `bound` has none, and its timers. */
  let current: { type: Stateful | 'bound'; exchange?: Exchange } | undefined
  let best: Message | undefined
  /** Until the first timeout Advertises are collected, then the first one is taken (RFC 8415 section 18.2.1). */
  let collecting = true
  let server: Duid | undefined
  let solMaxRt = TIMES.solicit.maximum
  let timers: Timer[] = []
  let information: Exchange | undefined
  let resolvers: Ipv6Address[] = []
  let lastReply: Frame | undefined
  const acts = new Map<Stateful, Act<Frame | undefined>>()
  const informed = new Map<number, Act<Frame | undefined>>()

  const send = (type: Dhcpv6MessageType, transactionId: number, elapsed: number, rest: Dhcpv6Option[]): Frame =>
    options.send({
      type,
      transactionId,
      options: [{ type: 'client-id', duid: options.duid }, ...rest, { type: 'elapsed-time', value: elapsed }],
    })
  const halt = (): void => {
    current?.exchange?.stop()
    for (const timer of timers) timer.cancel()
    timers = []
  }
  const settle = (type: Stateful, frame: Frame | undefined): void => {
    const asked = acts.get(type)
    acts.delete(type)
    asked?.settle(frame)
  }

  /** What a message has besides identifiers and elapsed time. */
  const contents = (type: Stateful): Dhcpv6Option[] => {
    // A Rebind is for any server, a Solicit is for all.
    const to: Dhcpv6Option[] =
      server !== undefined && type !== 'solicit' && type !== 'rebind' ? [{ type: 'server-id', duid: server }] : []
    if (type === 'release') return [...to, ...ias.options('held')]
    return [...to, ...ias.options('all'), { type: 'oro', codes: STATEFUL_CODES }]
  }
  const times = (type: Stateful): Retransmission => {
    if (type === 'solicit') return { ...TIMES.solicit, maximum: solMaxRt, delay: options.delay ?? TIMES.solicit.delay }
    // Infinity: a lease without end is rebound for ever.
    const duration = type === 'renew' ? ias.t2() - clock.now() : type === 'rebind' ? ias.end() - clock.now() : 0
    return { ...TIMES[type], duration: duration > 0 && duration < Infinity ? duration : 0 }
  }
  const failed = (type: Stateful): void => {
    settle(type, undefined)
    if (type === 'release') current = undefined
    else begin(type === 'renew' ? 'rebind' : 'solicit')
  }
  const begin = (type: Stateful, body = () => contents(type)): void => {
    halt()
    if (type === 'solicit') {
      best = server = undefined
      collecting = true
    }
    const made = exchange(ctx, times(type), {
      transmit: (id, elapsed) => void send(type, id, elapsed, body()),
      timedOut() {
        collecting = false
        if (type !== 'solicit' || !best) return false
        accept(best)
        return true
      },
      failed: () => failed(type),
    })
    current = { type, exchange: made }
  }

  /** RFC 8415 section 18.2.9: a server that has nothing for it is ignored, but for SOL_MAX_RT. */
  const advertised = (message: Message, frame: Frame): void => {
    if (ias.offered(message) === 0) {
      settle('solicit', frame)
      return
    }
    if (!best || worth(message) > worth(best)) best = message
    if (!collecting || option(message, 'preference')?.value === 255) accept(best)
  }
  const worth = (message: Message): number => (option(message, 'preference')?.value ?? 0) * 1000 + ias.offered(message)
  const accept = (message: Message): void => {
    server = option(message, 'server-id')?.duid
    begin('request', () => [
      ...contents('request').filter(({ type }) => type !== 'ia-na' && type !== 'ia-pd'),
      ...requested(ias.options('all'), message),
    ])
  }

  const bind = (): void => {
    halt()
    current = { type: 'bound' }
    const t1 = ias.t1()
    timers = [
      clock.after(t1 > clock.now() ? t1 - clock.now() : RENEW_AGAIN, () => begin('renew')),
      clock.after(ias.t2() - clock.now(), () => begin('rebind')),
    ]
  }
  const replied = (type: Stateful, message: Message, frame: Frame): void => {
    const status = statusOf(message)
    // The server may do better at the next attempt (RFC 8415 section 18.2.10).
    if (status === STATUS.unspecFail || status === STATUS.useMulticast) return
    if (status === STATUS.notOnLink) {
      begin('solicit')
      return
    }
    takeResolvers(message)
    server = option(message, 'server-id')?.duid
    const { noBinding } = ias.apply(message)
    const holds = ias.leases().length > 0
    if (holds) lastReply = frame
    if (noBinding && type !== 'request') begin('request')
    else if (holds) bind()
    else begin('solicit')
    options.changed()
    settle(type === 'request' ? 'solicit' : type === 'rebind' ? 'renew' : type, frame)
  }
  const takeResolvers = (message: Message): void => {
    resolvers = option(message, 'dns-servers')?.servers ?? resolvers
  }

  const ask = (type: Stateful, within: number, whenSilent?: () => void): Promise<Frame | undefined> => {
    const asked = act<Frame | undefined>(ctx, within, () => {
      if (acts.get(type) === asked) acts.delete(type)
      whenSilent?.()
      return undefined
    })
    settle(type, undefined)
    acts.set(type, asked)
    return asked.promise
  }
  const stop = (): void => {
    halt()
    current = undefined
    information?.stop()
    ias.clear()
  }
  const informationContents = (codes = STATELESS_CODES): Dhcpv6Option[] => [{ type: 'oro', codes }]

  return {
    start: () => begin('solicit'),
    stop,
    leases: ias.leases,
    lastReply: () => lastReply,
    resolvers: () => resolvers,
    receive(message, frame) {
      if (!('transactionId' in message)) return
      if (option(message, 'client-id')?.duid !== options.duid || !option(message, 'server-id')) return
      const { transactionId, type } = message
      const maximum = option(message, 'sol-max-rt')?.value ?? 0
      if (type === 'reply' && informed.has(transactionId)) {
        informed.get(transactionId)?.settle(frame)
        informed.delete(transactionId)
      }
      if (type === 'reply' && information?.transactionId === transactionId) {
        information.stop()
        information = undefined
        takeResolvers(message)
        options.changed()
      }
      if (!current?.exchange || current.type === 'bound' || current.exchange.transactionId !== transactionId) return
      // RFC 8415 section 21.24.
      if (maximum >= 60 && maximum <= 86400) solMaxRt = maximum
      if (current.type === 'solicit') {
        if (type === 'advertise') advertised(message, frame)
      } else if (type !== 'reply') {
        return
      } else if (current.type === 'release') {
        halt()
        current = undefined
        settle('release', frame)
      } else if (current.type === 'decline') {
        begin('solicit')
      } else {
        replied(current.type, message, frame)
      }
    },
    acquire(within) {
      const answer = ask('solicit', within, () => {
        if (current?.type === 'solicit' || current?.type === 'request') stop()
      })
      begin('solicit')
      return answer
    },
    renew(within) {
      const answer = ask('renew', within)
      if (ias.leases().length > 0) begin('renew')
      return answer
    },
    release(within) {
      const answer = ask('release', within)
      if (ias.leases().length === 0) {
        halt()
        current = undefined
        settle('release', undefined)
        return answer
      }
      const held = contents('release')
      begin('release', () => held)
      ias.clear()
      options.changed()
      return answer
    },
    decline(address) {
      const held = ias
        .options('held')
        .filter((ia) => 'options' in ia && ia.options.some((l) => 'address' in l && l.address === address))
      if (held.length === 0 || server === undefined) return
      const to: Dhcpv6Option = { type: 'server-id', duid: server }
      ias.clear()
      begin('decline', () => [to, ...held])
      options.changed()
    },
    inform() {
      information?.stop()
      const parameters = { ...TIMES['information-request'], delay: options.delay ?? 1 }
      information = exchange(ctx, parameters, {
        transmit: (id, elapsed) => void send('information-request', id, elapsed, informationContents()),
      })
    },
    informOnce({ codes, within }) {
      const id = ctx.random.int(2 ** 24)
      const answer = act<Frame | undefined>(ctx, within, () => {
        informed.delete(id)
        return undefined
      })
      informed.set(id, answer)
      send('information-request', id, 0, informationContents(codes))
      return answer.promise
    },
  }
}

/** The client's IAs with the leases that the Advertise offers, RFC 8415 section 18.2.2. */
function requested(own: Dhcpv6Option[], advertise: Message): Dhcpv6Option[] {
  return own.map((ia) => {
    if (ia.type !== 'ia-na' && ia.type !== 'ia-pd') return ia
    for (const offer of advertise.options) {
      if (offer.type !== ia.type || !('iaid' in offer) || offer.iaid !== ia.iaid) continue
      const leases = offer.options.filter(({ type }) => type === 'ia-addr' || type === 'ia-prefix')
      if (leases.length > 0) return { ...ia, options: leases }
    }
    return ia
  })
}
