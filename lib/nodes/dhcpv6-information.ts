import type { Frame } from '../recording/recording.ts'
import type { Ipv6Address } from '../wire/address.ts'
import { type Dhcpv6MessageType, option } from '../wire/dhcpv6.ts'
import { type Act, act, type NodeContext } from './context.ts'
import { CODE, clientMessage, type Dhcpv6Io, type Exchange, exchange, type Message } from './dhcpv6-exchange.ts'

const TYPE: Dhcpv6MessageType = 'information-request'
/** INF_TIMEOUT, INF_MAX_RT, INF_MAX_DELAY: RFC 8415 section 7.6. */
const TIMES = { initial: 1, maximum: () => 3600, count: 0, duration: 0, delay: 1 }
/** RFC 8415 sections 21.23 and 21.25: both must be asked for. */
const CODES = [CODE.dnsServers, CODE.domainList, CODE.informationRefreshTime, CODE.infMaxRt]

/** Configuration without addresses, RFC 8415 section 18.2.6. */
export interface InformationRequests {
  /** Asks until it is answered. */
  inform(): void
  /** Asks once. */
  informOnce(options: { codes?: number[]; within: number }): Promise<Frame | undefined>
  /** A Reply that is for this client. */
  receive(reply: Message, frame: Frame): void
  resolvers(): Ipv6Address[]
  /** Whether it has asked, and has no answer yet. */
  isAsking(): boolean
  stop(): void
}

export function informationRequests(ctx: NodeContext, io: Dhcpv6Io): InformationRequests {
  const asked = new Map<number, Act<Frame | undefined>>()
  let repeated: Exchange | undefined
  let resolvers: Ipv6Address[] = []

  const send = (transactionId: number, elapsed: number, codes = CODES): Frame =>
    io.send(clientMessage(io, TYPE, transactionId, elapsed, [{ type: 'oro', codes }]))

  return {
    inform() {
      repeated?.stop()
      repeated = exchange(ctx, { ...TIMES, delay: io.delay ?? TIMES.delay }, { transmit: send })
    },
    informOnce({ codes, within }) {
      const id = ctx.random.int(2 ** 24)
      const answer = act<Frame | undefined>(ctx, within, () => {
        asked.delete(id)
        return undefined
      })
      asked.set(id, answer)
      send(id, 0, codes)
      return answer.promise
    },
    receive(reply, frame) {
      asked.get(reply.transactionId)?.settle(frame)
      asked.delete(reply.transactionId)
      if (repeated?.transactionId !== reply.transactionId) return
      repeated.stop()
      repeated = undefined
      resolvers = option(reply, 'dns-servers')?.servers ?? resolvers
      io.changed()
    },
    resolvers: () => resolvers,
    isAsking: () => repeated !== undefined,
    stop() {
      repeated?.stop()
      repeated = undefined
    },
  }
}
