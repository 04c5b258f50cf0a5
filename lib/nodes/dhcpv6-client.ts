import type { Frame } from '../recording/recording.ts'
import type { Timer } from '../time/clock.ts'
import type { Ipv6Address } from '../wire/address.ts'
import { type Dhcpv6, type Dhcpv6MessageType, option, statusOf } from '../wire/dhcpv6.ts'
import type { Duid } from '../wire/dhcpv6-duid.ts'
import type { Dhcpv6Option } from '../wire/dhcpv6-option.ts'
import { dhcpv6Status } from '../wire/dhcpv6-options.ts'
import { type Act, act, type NodeContext } from './context.ts'
import { bindings, type Lease } from './dhcpv6-bindings.ts'
import {
  CODE,
  clientMessage,
  type Dhcpv6Io,
  type Exchange,
  exchange,
  type Message,
  type Retransmission,
} from './dhcpv6-exchange.ts'
import { type InformationRequests, informationRequests } from './dhcpv6-information.ts'
import { reconfigureKeyOf } from './dhcpv6-reconfigure.ts'
import { plain } from './variety.ts'

/** RFC 8415 section 7.6; MRD of Renew and Rebind come with the lease. */
const SOL_MAX_RT = 3600
const TIMES = {
  solicit: { initial: 1, maximum: () => SOL_MAX_RT, count: 0, duration: 0, delay: 1 },
  request: { initial: 1, maximum: () => 30, count: 10, duration: 0 },
  renew: { initial: 10, maximum: () => 600, count: 0, duration: 0 },
  rebind: { initial: 10, maximum: () => 600, count: 0, duration: 0 },
  release: { initial: 1, maximum: () => 0, count: 4, duration: 0 },
  decline: { initial: 1, maximum: () => 0, count: 4, duration: 0 },
} satisfies Partial<Record<Dhcpv6MessageType, Retransmission>>
/** Those of Confirm: for a Rebind after a change of link (RFC 9915 section 18.2.12). */
const CONFIRM: Retransmission = { initial: 1, maximum: () => 4, count: 0, duration: 10, delay: 1 }

/** RFC 8415 sections 21.7 and 21.24: a client must ask for SOL_MAX_RT. */
const STATEFUL_CODES = [CODE.dnsServers, CODE.domainList, CODE.solMaxRt]
/** When a T1 or T2 has passed and the Reply left its IA out, the client asks again after this. */
const RENEW_AGAIN = 10
/** RFC 9915 section 14.1: a client with this number of failures within this number of seconds waits for as long. */
const PATIENCE = { times: 3, seconds: 20 }

type Stateful = keyof typeof TIMES

export interface Dhcpv6ClientOptions extends Dhcpv6Io {
  iaNa: boolean
  /** One IA_PD each; a hint is a prefix, or a length that is sent as `::/length`. */
  iaPd: { hint?: number | string }[]
  /** It sends Reconfigure Accept, and accepts an authenticated Reconfigure of its server. */
  acceptsReconfigure?: boolean
}

/** A DHCPv6 client, RFC 8415 section 18.2. */
export interface Dhcpv6Client extends Pick<InformationRequests, 'inform' | 'informOnce' | 'resolvers'> {
  /** Looks for servers, and keeps what it gets until released or stopped. */
  start(): void
  /** Sends no further message and deletes its leases. */
  stop(): void
  /** Sends no further message; its leases last for their lifetimes. */
  pause(): void
  receive(message: Dhcpv6, frame: Frame): void
  leases(): Lease[]
  /** Seconds from a Reply to T1, as granted; its own choice where the server left it. Undefined without lease. */
  t1(): number | undefined
  /** The Reply that last gave a lease. */
  lastReply(): Frame | undefined
  /** Starts; resolves with the Reply, or with an Advertise that has nothing for it. Stops when neither comes. */
  acquire(within: number): Promise<Frame | undefined>
  /** Renews now; resolves with the Reply. */
  renew(within: number): Promise<Frame | undefined>
  /** Asks any server for what it holds, as after a change of link (RFC 8415 section 18.2.12). */
  rebind(within: number): Promise<Frame | undefined>
  /** Gives everything back; resolves with the Reply. */
  release(within: number): Promise<Frame | undefined>
  /** Another host has this address: RFC 8415 section 18.2.8. */
  decline(address: Ipv6Address): void
}

export function dhcpv6Client(ctx: NodeContext, options: Dhcpv6ClientOptions): Dhcpv6Client {
  const { clock } = ctx
  /** RFC 9915 section 18.2.1. */
  const asksToCommit = (options.variety ?? plain).pick('Rapid Commit', [false, true])
  const ias = bindings(ctx, options, () => {
    options.changed()
    if (ias.leases().length === 0 && current) begin('solicit')
  })
  /** The exchange under way. `bound` has none, and its timers. */
  let current: { type: Stateful | 'bound'; exchange?: Exchange } | undefined
  let best: Message | undefined
  let refusal: Frame | undefined
  /** Until the first timeout Advertises are collected, then the first one is taken (RFC 8415 section 18.2.1). */
  let collecting = true
  let server: Duid | undefined
  let solMaxRt = SOL_MAX_RT
  let disappointments: number[] = []
  let timers: Timer[] = []
  let resolvers: Ipv6Address[] = []
  let lastReply: Frame | undefined
  const acts = new Map<Stateful, Act<Frame | undefined>>()
  const information = informationRequests(ctx, options)
  const reconfiguration = reconfigureKeyOf(options.duid)

  const halt = (): void => {
    current?.exchange?.stop()
    for (const timer of timers) timer.cancel()
    timers = []
  }
  const quit = (): void => {
    halt()
    current = undefined
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
    // RFC 8415 sections 18.2.1 and 18.2.2.
    const commits = type === 'solicit' && asksToCommit
    const announces = options.acceptsReconfigure && (type === 'solicit' || type === 'request')
    return [
      ...to,
      ...ias.options('all'),
      { type: 'oro', codes: STATEFUL_CODES },
      ...(announces ? [{ type: 'reconf-accept' } as const] : []),
      ...(commits ? [{ type: 'rapid-commit' } as const] : []),
    ]
  }
  const times = (type: Stateful): Retransmission => {
    if (type === 'solicit')
      return { ...TIMES.solicit, maximum: () => solMaxRt, delay: options.delay ?? TIMES.solicit.delay }
    // Infinity: a lease without end is rebound for ever.
    const duration = type === 'renew' ? ias.t2() - clock.now() : type === 'rebind' ? ias.end() - clock.now() : 0
    return { ...TIMES[type], duration: duration > 0 && duration < Infinity ? duration : 0 }
  }
  const failed = (type: Stateful): void => {
    settle(type, undefined)
    if (type === 'release') current = undefined
    else if (type === 'decline') askForAnother()
    else if (type === 'rebind' && ias.leases().length > 0) bind()
    else begin(type === 'renew' ? 'rebind' : 'solicit')
  }
  /** Requests an address in place of a declined one: with the other leases, or by a new Solicit. */
  const askForAnother = (): void => begin(ias.leases().length > 0 ? 'renew' : 'solicit')
  const begin = (type: Stateful, body = () => contents(type), how = times(type)): void => {
    halt()
    if (type === 'solicit') {
      best = server = refusal = undefined
      collecting = true
    }
    const made = exchange(ctx, how, {
      transmit: (id, elapsed) => void options.send(clientMessage(options, type, id, elapsed, body())),
      timedOut() {
        collecting = false
        if (type !== 'solicit') return
        if (best) accept(best)
        else if (refusal) refused(refusal)
      },
      failed: () => failed(type),
    })
    current = { type, exchange: made }
  }

  /** RFC 8415 section 18.2.9: a server that has nothing for it is ignored, but for SOL_MAX_RT. */
  const advertised = (message: Message, frame: Frame): void => {
    if (ias.offered(message) === 0) {
      refusal = frame
      if (!collecting) refused(frame)
      return
    }
    if (!best || worth(message) > worth(best)) best = message
    if (!collecting || option(message, 'preference')?.value === 255) accept(best)
  }
  /** A single Solicit ends with this answer; otherwise discovery continues. */
  const refused = (answer: Frame): void => {
    if (!acts.has('solicit')) return
    quit()
    settle('solicit', answer)
  }
  const worth = (message: Message): number => (option(message, 'preference')?.value ?? 0) * 1000 + ias.offered(message)
  const accept = (message: Message): void => {
    server = option(message, 'server-id')?.duid
    begin('request', () => [
      ...contents('request').filter(({ type }) => type !== 'ia-na' && type !== 'ia-pd'),
      ...requested(ias.options('all'), message),
    ])
  }

  const disappointed = (): void => {
    const { times: most, seconds } = PATIENCE
    disappointments = [...disappointments.filter((at) => clock.now() - at < seconds), clock.now()]
    if (disappointments.length >= most) {
      halt()
      current = { type: 'solicit' }
      timers = [clock.after(seconds, () => begin('solicit'))]
    } else begin('solicit')
  }
  const bind = (): void => {
    halt()
    current = { type: 'bound' }
    const t1 = ias.t1()
    const t2 = ias.t2()
    const away = (time: number): number => (time > clock.now() ? time - clock.now() : RENEW_AGAIN)
    timers = [
      clock.after(away(t1), () => begin(t2 > clock.now() ? 'renew' : 'rebind')),
      clock.after(away(t2), () => begin('rebind')),
    ]
  }
  const replied = (type: Stateful, message: Message, frame: Frame): void => {
    const status = statusOf(message)
    // The server may do better at the next attempt (RFC 8415 section 18.2.10).
    if (status === dhcpv6Status.unspecFail || status === dhcpv6Status.useMulticast) return
    if (status === dhcpv6Status.notOnLink) {
      disappointed()
      return
    }
    resolvers = option(message, 'dns-servers')?.servers ?? resolvers
    server = option(message, 'server-id')?.duid
    reconfiguration.learn(message)
    const { noBinding, notOnLink } = ias.apply(message)
    const holds = ias.leases().length > 0
    if (holds) lastReply = frame
    // RFC 9915 section 18.2.10.1: for addresses of another link the client restarts with Solicit.
    if (notOnLink) disappointed()
    else if (noBinding && type !== 'request') begin('request')
    else if (holds) bind()
    else if (acts.has('solicit')) quit()
    // Told in so many words that nothing is valid any more (RFC 9915 section 18.3.4), it begins anew.
    else if (type === 'renew' || type === 'rebind') begin('solicit')
    else disappointed()
    options.changed()
    if (!(notOnLink && type === 'request'))
      settle(type === 'request' ? 'solicit' : type === 'rebind' ? 'renew' : type, frame)
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
  /** RFC 8415 section 18.2.11: while an exchange goes on it is ignored. */
  const reconfigured = (message: Message, { packet }: Frame): void => {
    if (!options.acceptsReconfigure || current?.type !== 'bound' || information.isAsking()) return
    const demand = reconfiguration.demanded(message, packet.ip6?.dst ?? '::')
    if (demand === 'information-request') information.inform()
    else if (demand) begin(demand)
  }
  const stop = (): void => {
    quit()
    information.stop()
    ias.clear()
  }

  return {
    start: () => begin('solicit'),
    stop,
    pause: quit,
    leases: ias.leases,
    t1: ias.renewalTime,
    lastReply: () => lastReply,
    inform: information.inform,
    informOnce: information.informOnce,
    resolvers: () => [...new Set([...resolvers, ...information.resolvers()])],
    receive(message, frame) {
      if (!('transactionId' in message)) return
      if (option(message, 'client-id')?.duid !== options.duid || !option(message, 'server-id')) return
      const { transactionId, type } = message
      if (type === 'reconfigure') return reconfigured(message, frame)
      const maximum = option(message, 'sol-max-rt')?.value ?? 0
      if (type === 'reply') information.receive(message, frame)
      if (!current?.exchange || current.type === 'bound' || current.exchange.transactionId !== transactionId) return
      // RFC 8415 section 21.24.
      if (maximum >= 60 && maximum <= 86400) solMaxRt = maximum
      if (current.type === 'solicit') {
        if (type === 'advertise') advertised(message, frame)
        // RFC 9915 section 18.2.10.
        else if (type === 'reply' && asksToCommit && option(message, 'rapid-commit')) replied('request', message, frame)
      } else if (type !== 'reply') {
        return
      } else if (current.type === 'release') {
        quit()
        settle('release', frame)
      } else if (current.type === 'decline') {
        askForAnother()
      } else {
        replied(current.type, message, frame)
      }
    },
    acquire(within) {
      const answer = ask('solicit', within, () => {
        if (current?.type === 'solicit' || current?.type === 'request') quit()
      })
      begin('solicit')
      return answer
    },
    renew(within) {
      const answer = ask('renew', within)
      if (ias.leases().length > 0) begin('renew')
      return answer
    },
    rebind(within) {
      const answer = ask('renew', within)
      if (ias.leases().length > 0) begin('rebind', undefined, CONFIRM)
      return answer
    },
    release(within) {
      const answer = ask('release', within)
      if (ias.leases().length === 0) {
        quit()
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
      const declined = ias.giveUp(address)
      if (!declined || server === undefined) return
      const to: Dhcpv6Option = { type: 'server-id', duid: server }
      begin('decline', () => [to, declined])
      options.changed()
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
