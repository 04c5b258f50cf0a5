import type { Frame } from '../recording/recording.ts'
import type { Timer } from '../time/clock.ts'
import type { Dhcpv6, Dhcpv6MessageType } from '../wire/dhcpv6.ts'
import type { Duid } from '../wire/dhcpv6-duid.ts'
import type { Dhcpv6Option } from '../wire/dhcpv6-option.ts'
import type { NodeContext } from './context.ts'
import { plain, type Variety } from './variety.ts'

/** A message between client and server. */
export type Message = Exclude<Dhcpv6, { peerAddress: string }>

/** Option codes that a client asks for, as IANA has them. */
export const CODE = { dnsServers: 23, domainList: 24, informationRefreshTime: 32, solMaxRt: 82, infMaxRt: 83 }

/** How the parts of a client reach the server and their user. */
export interface Dhcpv6Io {
  duid: Duid
  variety?: Variety
  /** Longest random delay before the first Solicit or Information-request; RFC 8415 has 1 s. */
  delay?: number
  send(message: Message): Frame
  /** Leases or resolvers are not what they were. */
  changed(): void
}

/** A client's message: its DUID first and the elapsed time last, unless its variety has another order. */
export function clientMessage(
  { duid, variety = plain }: Pick<Dhcpv6Io, 'duid' | 'variety'>,
  type: Dhcpv6MessageType,
  transactionId: number,
  elapsed: number,
  rest: Dhcpv6Option[],
): Message {
  const options: Dhcpv6Option[] = [
    { type: 'client-id', duid },
    ...rest,
    ...peculiar(variety),
    { type: 'elapsed-time', value: elapsed },
  ]
  const order = variety.pick('DHCPv6 options', ['as usual', 'the other way round'])
  return { type, transactionId, options: order === 'as usual' ? options : options.reverse() }
}

/** RFC 9915 section 21.16; an unassigned option is ignored (section 16). */
function peculiar(variety: Variety): Dhcpv6Option[] {
  switch (variety.pick('more DHCPv6 options', ['none', 'Vendor Class', 'unknown'])) {
    case 'Vendor Class':
      return [{ type: 'vendor-class', enterprise: 32473, classes: [new TextEncoder().encode('denat')] }]
    case 'unknown':
      return [{ type: 60_004, data: variety.octets('DHCPv6 option 60004', 7) }]
    default:
      return []
  }
}

/** Transmission parameters of one kind of message, RFC 8415 section 7.6. Seconds; 0 sets no limit. */
export interface Retransmission {
  /** IRT */
  initial: number
  /** MRT, which may change meanwhile. */
  maximum(): number
  /** MRC */
  count: number
  /** MRD */
  duration: number
  /** Longest random delay before the first transmission. */
  delay?: number
}

export interface Exchange {
  readonly transactionId: number
  stop(): void
}

export interface ExchangeEvents {
  /** Time to transmit, with the elapsed time in hundredths of a second (RFC 8415 section 21.9). */
  transmit(transactionId: number, elapsed: number): void
  /** A retransmission timeout has passed: the last chance to stop before the next transmission. */
  timedOut?(): void
  /** MRC or MRD are exhausted. */
  failed?(): void
}

/** Retransmits a message until it is answered or its retransmissions end: RFC 8415 section 15. */
export function exchange(ctx: NodeContext, parameters: Retransmission, events: ExchangeEvents): Exchange {
  const { clock, random } = ctx
  const { initial, count, duration, delay = 0 } = parameters
  const transactionId = random.int(2 ** 24)
  let timer: Timer | undefined
  let end: Timer | undefined
  let first = 0
  let sent = 0
  let stopped = false

  const stop = (): void => {
    stopped = true
    timer?.cancel()
    end?.cancel()
  }
  const fail = (): void => {
    stop()
    events.failed?.()
  }
  const transmit = (previous: number): void => {
    if (previous === 0) {
      first = clock.now()
      if (duration > 0) end = clock.after(duration, fail)
    }
    sent++
    // Only the RAND of the first Solicit must be above 0: no Advertise may then find the collecting already over.
    let timeout = previous === 0 ? initial * (1 + random.uniform(0, 0.1)) : previous * (2 + random.uniform(-0.1, 0.1))
    const maximum = parameters.maximum()
    if (maximum > 0 && timeout > maximum) timeout = maximum * (1 + random.uniform(-0.1, 0.1))
    timer = clock.after(timeout, () => {
      events.timedOut?.()
      if (stopped) return
      if (count > 0 && sent >= count) return fail()
      transmit(timeout)
    })
    events.transmit(transactionId, Math.min(0xffff, Math.round((clock.now() - first) * 100)))
  }
  if (delay > 0) timer = clock.after(random.uniform(0, delay), () => transmit(0))
  else transmit(0)
  return { transactionId, stop }
}
