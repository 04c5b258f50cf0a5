import type { Timer } from '../../time/clock.ts'
import { decodeQuotedPacket } from '../../wire/decode.ts'
import type { Packet } from '../../wire/packet.ts'
import type { Ipsec } from '../behavior/firewall.ts'
import type { Context } from '../context.ts'
import { type Flow, flows, opaque, type Tuple, tupleOf } from './flows.ts'
import { datagramOf, fragmentGate, isFragment } from './fragment-gate.ts'
import { isError } from './icmp-errors.ts'

const protocol = { tcp: 6, udp: 17, esp: 50, ah: 51, icmp6: 58 }
/** IKE, RFC 6092 REC-24. */
const isakmp = 500
/** How long the state of an echo outlives its last packet. Seconds. */
const echoLifetime = 60
/** SYNs that are waited on for REC-34. */
const maxPending = 2048

/** The rules that a person may change. */
export interface FirewallRules {
  enabled(packet: Packet): boolean
  /** A pinhole covers this inbound packet. */
  admits(packet: Packet): boolean
}

/** Stateful filter of RFC 6092 between the WAN and all that is inside. */
export interface Firewall {
  /** A packet on its way out: remembered. */
  outbound(packet: Packet): 'pass' | 'drop'
  /** `again` is called when a fragment that had to wait may pass. */
  inbound(packet: Packet, octets: Uint8Array, again?: () => void): 'pass' | 'drop'
  /** Rules were tightened. */
  rulesChanged(): void
}

/** `refused` sends Destination Unreachable, administratively prohibited. */
export function firewall(
  ctx: Context,
  rules: FirewallRules,
  refused: (packet: Packet, octets: Uint8Array) => void,
): Firewall {
  const { clock, behavior } = ctx
  const state = flows(clock)
  const gate = fragmentGate(ctx)
  const pending = new Map<string, Timer>()
  /** Flows whose unsolicited SYN was dropped, for a defect. */
  const refusedFlows = new Set<string>()

  const key = (t: Tuple) => `${t.inside} ${t.insidePort} ${t.outside} ${t.outsidePort}`

  function lifetimeOf(flow: Flow): number {
    if (flow.protocol === protocol.tcp)
      return flow.established ? behavior.tcpEstablishedLifetime : behavior.tcpTransitoryLifetime
    if (flow.protocol === protocol.udp)
      return Math.min(flow.insidePort, flow.outsidePort) < 1024 ? behavior.wellKnownUdpLifetime : behavior.udpLifetime
    return flow.protocol === protocol.icmp6 ? echoLifetime : behavior.otherLifetime
  }

  function seen(flow: Flow, packet: Packet): void {
    const flags = packet.tcp?.flags.split('+') ?? []
    if (flags.includes('rst') || flags.includes('fin')) flow.established = false
    else if (flags.length > 0 && !flags.includes('syn')) flow.established = true
    flow.until = Math.max(flow.until, clock.now() + lifetimeOf(flow))
    if (flags.includes('rst')) flow.until = clock.now() + behavior.tcpTransitoryLifetime
  }

  function open(tuple: Tuple, by: Flow['openedBy'], packet: Packet): void {
    const flow = state.open(tuple, by, 0)
    flow.until = clock.now() + lifetimeOf(flow)
    seen(flow, packet)
  }

  /** RFC 6092 REC-34: the error waits, for the host may meet the SYN with its own. */
  function awaitOwnSyn(tuple: Tuple, packet: Packet, octets: Uint8Array): void {
    if (behavior.synErrorAfter === Number.POSITIVE_INFINITY || pending.size >= maxPending || pending.has(key(tuple)))
      return
    pending.set(
      key(tuple),
      clock.after(behavior.synErrorAfter, () => {
        pending.delete(key(tuple))
        refused(packet, octets)
      }),
    )
  }

  function repliesAccepted(packet: Packet): boolean {
    const { tcp, udp, icmp6 } = packet
    if (!tcp && !udp && !icmp6) return behavior.otherReplies
    return behavior.repliesAccepted === 'all' || !tcp
  }

  function ipsecOf(packet: Packet, way: 'in' | 'out'): Ipsec | undefined {
    const its = tupleOf(packet, way)?.protocol
    if (its === protocol.ah) return 'AH'
    if (its === protocol.esp) return 'ESP'
    const { srcPort, dstPort } = packet.udp ?? {}
    return dstPort === isakmp || (way === 'out' && srcPort === isakmp) ? 'IKE' : undefined
  }

  const isSyn = (packet: Packet): boolean =>
    packet.tcp?.flags === 'syn' || /^syn\+(ece|cwr)/.test(packet.tcp?.flags ?? '')

  /** REC-10, REC-18: errors pass where they quote a packet of a flow. */
  function aboutFlow(packet: Packet): boolean {
    const data = packet.icmp6 && 'data' in packet.icmp6 ? packet.icmp6.data : undefined
    const quoted = data && decodeQuotedPacket(data)
    const tuple = quoted && tupleOf(quoted, 'out')
    if (!quoted?.ip6 || !packet.icmp6) return false
    const { type, code } = packet.icmp6
    const known = tuple ? state.find(tuple) : state.between(quoted.ip6.src, quoted.ip6.dst)
    if (!known) return behavior.flowlessErrorPasses(String(type))
    const transport = quoted.udp ? 'UDP' : quoted.tcp ? 'TCP' : 'other'
    if (typeof known === 'object' && behavior.flowEndsWithError(transport)) known.until = 0
    return behavior.flowErrorPasses(String(type), code, transport)
  }

  /** REC-17, REC-33. */
  function isFamiliar(tuple: Tuple, transport: 'tcp' | 'udp'): boolean {
    const filtering = transport === 'udp' ? behavior.udpFiltering : behavior.tcpFiltering
    if (filtering === 'address and port-dependent') return false
    return state.openedFrom(tuple, filtering === 'address-dependent' ? tuple.outside : undefined)
  }

  function admitted(tuple: Tuple, packet: Packet): boolean {
    const ipsec = ipsecOf(packet, 'in')
    if (ipsec && behavior.admitsUnasked(ipsec)) return true
    const transport = packet.tcp ? 'tcp' : packet.udp ? 'udp' : undefined
    if (transport && !behavior.filtered.includes(transport)) return true
    if (transport && repliesAccepted(packet) && isFamiliar(tuple, transport)) return true
    return rules.admits(packet)
  }

  function filtered(packet: Packet, octets: Uint8Array): 'pass' | 'drop' {
    const { icmp6, ip6 } = packet
    if (icmp6 && isError(icmp6)) return aboutFlow(packet) ? 'pass' : 'drop'
    const tuple = tupleOf(packet, 'in')
    if (!tuple) return ip6 && state.between(ip6.dst, ip6.src) ? 'pass' : 'drop'
    // A request from outside is no reply, whatever its identifier.
    const flow = icmp6 && icmp6.type !== 'echo-reply' ? undefined : state.find(tuple)
    if (flow) {
      if (flow.openedBy === 'inside' && !repliesAccepted(packet)) return 'drop'
      if (flow.openedBy === 'inside' && isSyn(packet) && behavior.simultaneousOpen === 'inbound SYN dropped')
        return 'drop'
      if (!packet.udp || behavior.udpRefreshedFromOutside) seen(flow, packet)
      return 'pass'
    }
    if (icmp6) return icmp6.type === 'echo-request' && behavior.echoFromOutside === 'permitted' ? 'pass' : 'drop'
    if (admitted(tuple, packet)) {
      open(tuple, 'outside', packet)
      return 'pass'
    }
    if (packet.tcp && isSyn(packet)) {
      refusedFlows.add(key(tuple))
      awaitOwnSyn(tuple, packet, octets)
    }
    return 'drop'
  }

  return {
    outbound(whole) {
      const shown = isFragment(whole) ? datagramOf(whole) : whole
      if (!shown) return 'pass'
      const packet = { ...opaque(shown), eth: whole.eth }
      const tuple = tupleOf(packet, 'out')
      const ipsec = ipsecOf(packet, 'out')
      if (ipsec && !behavior.letsOut(ipsec)) return 'drop'
      if (!tuple || (packet.icmp6 && packet.icmp6.type !== 'echo-request')) return 'pass'
      if (isSyn(packet) && refusedFlows.has(key(tuple)) && behavior.simultaneousOpen === 'outbound SYN dropped')
        return 'drop'
      if (packet.tcp && isSyn(packet) && behavior.synErrorCancelled) {
        pending.get(key(tuple))?.cancel()
        pending.delete(key(tuple))
      }
      const flow = state.find(tuple)
      if (flow && packet.udp && !behavior.udpRefreshed) return 'pass'
      if (flow) seen(flow, packet)
      // REC-31 asks for no state from the middle of a connection.
      else if (!packet.tcp || isSyn(packet) || behavior.midstreamOpens) open(tuple, 'inside', packet)
      return 'pass'
    },
    inbound(packet, octets, again = () => {}) {
      if (!rules.enabled(packet)) {
        const tuple = tupleOf(packet, 'in')
        if (tuple && !packet.icmp6 && !state.find(tuple)) open(tuple, 'outside', packet)
        return 'pass'
      }
      if (!isFragment(packet)) return filtered(opaque(packet), octets)
      const { src, dst } = packet.ip6 ?? { src: '::', dst: '::' }
      if (behavior.fragmentsJudged === 'not') return 'pass'
      if (behavior.fragmentsJudged === 'by address pair') return state.between(dst, src) ? 'pass' : 'drop'
      return gate(packet, again, (datagram) => filtered({ ...opaque(datagram), eth: packet.eth }, octets))
    },
    rulesChanged: state.closeInbound,
  }
}
