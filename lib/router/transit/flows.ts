import type { Clock } from '../../time/clock.ts'
import type { Ipv6Address } from '../../wire/address.ts'
import type { QuotedPacket } from '../../wire/decode.ts'
import { isAuthenticated } from '../../wire/extension-headers.ts'
import type { Packet } from '../../wire/packet.ts'
import { PROTOCOL } from '../../wire/protocol.ts'

/** One side's view of a flow; ports are 0 where the transport has none, and the identifier of an echo. */
export interface Tuple {
  protocol: number
  inside: Ipv6Address
  insidePort: number
  outside: Ipv6Address
  outsidePort: number
}

export interface Flow extends Tuple {
  openedBy: 'inside' | 'outside'
  /** TCP: segments without SYN were seen from both ends. */
  established: boolean
  until: number
}

/** More flows than a home has at one time. */
const maxFlows = 16_384

export const tupleKey = (t: Tuple): string => `${t.protocol} ${t.inside} ${t.insidePort} ${t.outside} ${t.outsidePort}`
const endpoint = (t: Pick<Tuple, 'protocol' | 'inside' | 'insidePort'>): string =>
  `${t.protocol} ${t.inside} ${t.insidePort}`
const pair = (t: Pick<Tuple, 'inside' | 'outside'>): string => `${t.inside} ${t.outside}`

/** The filter's state. */
export interface Flows {
  find(tuple: Tuple): Flow | undefined
  /** A flow that the host opened from this very address and port, to this address or to whomever: RFC 6092 REC-17, REC-33. */
  openedFrom(tuple: Tuple, to?: Ipv6Address): boolean
  /** Any flow between the two addresses: what fragments without ports belong to. */
  between(inside: Ipv6Address, outside: Ipv6Address): boolean
  open(tuple: Tuple, openedBy: Flow['openedBy'], lifetime: number): Flow
  /** Ends the flows that the outside opened: what let them in is gone. */
  closeInbound(): void
}

export function flows(clock: Clock): Flows {
  const byTuple = new Map<string, Flow>()
  const byEndpoint = new Map<string, Set<Flow>>()
  const byPair = new Map<string, Set<Flow>>()
  const live = (flow: Flow): boolean => flow.until > clock.now()

  const add = (index: Map<string, Set<Flow>>, key: string, flow: Flow) => {
    const set = index.get(key) ?? new Set()
    set.add(flow)
    index.set(key, set)
  }
  const drop = (index: Map<string, Set<Flow>>, key: string, flow: Flow) => {
    const set = index.get(key)
    set?.delete(flow)
    if (set?.size === 0) index.delete(key)
  }
  const close = (flow: Flow): void => {
    byTuple.delete(tupleKey(flow))
    drop(byEndpoint, endpoint(flow), flow)
    drop(byPair, pair(flow), flow)
  }

  return {
    find(tuple) {
      const flow = byTuple.get(tupleKey(tuple))
      return flow && live(flow) ? flow : undefined
    },
    openedFrom: (tuple, to) =>
      [...(byEndpoint.get(endpoint(tuple)) ?? [])].some(
        (flow) => live(flow) && flow.openedBy === 'inside' && (to === undefined || flow.outside === to),
      ),
    between: (inside, outside) => [...(byPair.get(pair({ inside, outside })) ?? [])].some(live),
    open(tuple, openedBy, lifetime) {
      const old = byTuple.get(tupleKey(tuple))
      if (old) close(old)
      const [oldest] = byTuple.size >= maxFlows ? byTuple.values() : []
      if (oldest) close(oldest)
      const flow: Flow = { ...tuple, openedBy, established: false, until: clock.now() + lifetime }
      byTuple.set(tupleKey(flow), flow)
      add(byEndpoint, endpoint(flow), flow)
      add(byPair, pair(flow), flow)
      return flow
    },
    closeInbound() {
      for (const flow of [...byTuple.values()]) if (flow.openedBy === 'outside') close(flow)
    },
  }
}

/** RFC 6092 REC-21: a flow of AH is one, whatever it covers. */
export function opaque<P extends Packet | QuotedPacket>(packet: P): P {
  return isAuthenticated(packet) ? { ...packet, udp: undefined, tcp: undefined, icmp6: undefined } : packet
}

/** The tuple of a packet on its way out or in; undefined for fragments that show no transport header. */
export function tupleOf(packet: Packet | QuotedPacket, way: 'out' | 'in'): Tuple | undefined {
  const { ip6, udp, tcp, icmp6, ext } = opaque(packet)
  if (!ip6 || ext?.some((header) => header.type === 'fragment')) return undefined
  const last = isAuthenticated(packet) ? PROTOCOL.authentication : ext?.at(-1)?.nextHeader
  const protocol = udp ? 17 : tcp ? 6 : icmp6 ? 58 : (last ?? ip6.nextHeader)
  const id = icmp6 && (icmp6.type === 'echo-request' || icmp6.type === 'echo-reply') ? icmp6.id : 0
  const srcPort = udp?.srcPort ?? tcp?.srcPort ?? id
  const dstPort = udp?.dstPort ?? tcp?.dstPort ?? id
  return way === 'out'
    ? { protocol, inside: ip6.src, insidePort: srcPort, outside: ip6.dst, outsidePort: dstPort }
    : { protocol, inside: ip6.dst, insidePort: dstPort, outside: ip6.src, outsidePort: srcPort }
}
