import { inPrefix, isLinkLocal, isMulticast, isUla } from '../wire/address.ts'
import type { Ipv6Address, Packet, Prefix } from '../wire/packet.ts'
import type { Context } from './context.ts'
import type { Firewall } from './firewall.ts'
import { type IcmpErrors, unreachable } from './icmp-errors.ts'
import type { NetworkInterface } from './interface.ts'
import type { Route } from './routes.ts'
import { inTransit } from './transit-headers.ts'

const ethernetHeader = 14
/** RFC 6092 REC-3: addresses that the public Internet doesn't have. */
const notPublic: Prefix[] = [
  '::/96',
  '::ffff:0:0/96',
  'fec0::/10',
  '2001:db8::/32',
  '2001:10::/28',
  'ff00::/8',
  '::1/128',
]

const hasDeadRoutingHeader = ({ ext }: Packet): boolean =>
  ext?.some((header) => header.type === 'routing' && header.routingType === 0) === true

export interface ForwarderNeeds {
  wan: NetworkInterface
  lans: NetworkInterface[]
  errors: IcmpErrors
  firewall: Firewall
  route(destination: Ipv6Address): Route | undefined
  /** Delegated prefixes in force; none: nothing is forwarded between LAN and WAN (RFC 7084 G-3). */
  delegated(): Prefix[]
  /** Whose packets may come in by this LAN. */
  isLegitimate(source: Ipv6Address, on: NetworkInterface): boolean
}

/** Forwards IPv6 packets between interfaces, RFC 8200 and RFC 7084. */
export function forwarder(ctx: Context, needs: ForwarderNeeds) {
  const { behaviour } = ctx
  const { wan, errors, firewall } = needs

  /** MACs that have sent to the WAN. */
  const hosts = new Set<string>()

  /** What must not pass, whatever the firewall's rules are. */
  function refusedFromWan({ src, dst }: NonNullable<Packet['ip6']>): boolean {
    const delegated = needs.delegated()
    if (delegated.length === 0) return !behaviour.forwardsBeforeDelegation
    if (!delegated.some((prefix) => inPrefix(dst, prefix))) return true
    if ((isUla(src) || isUla(dst)) && behaviour.ulaCrossesWan !== 'inwards') return true
    // REC-6: an interior source can't come from outside.
    if (delegated.some((prefix) => inPrefix(src, prefix))) return true
    return notPublic.some((prefix) => inPrefix(src, prefix))
  }

  function refusedToWan({ src, dst }: NonNullable<Packet['ip6']>): number | undefined {
    if ((isUla(src) || isUla(dst)) && behaviour.ulaCrossesWan !== 'outwards')
      return isUla(src) ? unreachable.sourcePolicy : unreachable.noRoute
    return notPublic.some((prefix) => inPrefix(dst, prefix)) ? unreachable.noRoute : undefined
  }

  return function forward(packet: Packet, received: Uint8Array, from: NetworkInterface, admitted = false) {
    const { ip6 } = packet
    if (!ip6 || packet.malformed?.layer === 'ip6') return
    const { src, dst } = ip6
    const tell = (code: number) => errors.send(packet, received, { type: 'destination-unreachable', code })
    // RFC 4291 section 2.5.6, RFC 6092 REC-1.
    if (isLinkLocal(src) || isLinkLocal(dst) || isMulticast(src) || isMulticast(dst) || src === '::' || dst === '::1')
      return
    // Type 0 is dead: RFC 5095.
    if (hasDeadRoutingHeader(packet) && behaviour.routingType0 !== 'forwarded') return

    const inbound = from === wan
    const frame = inTransit(ctx, packet, received, inbound ? 'inbound' : 'outbound')
    if (!frame) return
    if (inbound && behaviour.wanLinkUnassigned === 'sent back' && ip6.hopLimit > 1) {
      const way = needs.route('2000::')
      const onLink = needs.route(dst)
      if (way?.kind === 'via' && onLink?.kind === 'connected' && onLink.on === wan)
        return pass(ip6, frame, wan, way.nextHop)
    }
    if (inbound && refusedFromWan(ip6)) return
    if (!inbound && !needs.isLegitimate(src, from)) {
      const early = needs.delegated().length === 0
      const passes = early ? behaviour.forwardsBeforeDelegation : behaviour.foreignSources === 'forwarded'
      if (!passes && behaviour.foreignSources === 'dropped') return
      if (!passes)
        return tell(behaviour.foreignSources === 'code 1' ? unreachable.prohibited : unreachable.sourcePolicy)
    }
    // Only a mutant knows what to do with it: no LAN has a prefix yet.
    if (inbound && needs.delegated().length === 0)
      return needs.lans[0] ? pass(ip6, frame, needs.lans[0], dst) : undefined
    const route = needs.route(dst)
    const on = route && 'on' in route ? route.on : undefined
    if (inbound && on !== wan && !admitted) {
      const again = (): void => {
        forward(packet, received, from, true)
      }
      if (firewall.inbound(packet, frame, again) === 'drop') return
    }
    if (!route) return tell(unreachable.noRoute)
    if (route.kind === 'reject') return behaviour.unassignedPartReported ? tell(unreachable.noRoute) : undefined
    // RFC 7084 G-2: what came by the WAN never goes back there.
    if (inbound && on === wan) return
    if (!inbound && on === wan) {
      const code = refusedToWan(ip6)
      if (code !== undefined) return tell(code)
    }
    if (ip6.hopLimit <= 1 && behaviour.hopLimitChecked)
      return errors.send(packet, frame, { type: 'time-exceeded', code: 0 })
    const length = 40 + ip6.payloadLength
    const { mtu } = route.on
    if (length > mtu && behaviour.tooBig !== 'forwarded') {
      if (behaviour.tooBig === 'Packet Too Big')
        errors.send(packet, frame, { type: 'packet-too-big', mtu: mtu - behaviour.tooBigUnderstated })
      return
    }
    if (!inbound && on === wan) {
      if (!hosts.has(packet.eth.src) && hosts.size >= behaviour.hostsServed) return
      hosts.add(packet.eth.src)
      firewall.outbound(packet)
    }

    const unresolved = () => {
      if (behaviour.unresolvedNeighbour === 'not told') return
      tell(behaviour.unresolvedNeighbour === 'code 0' ? unreachable.noRoute : unreachable.address)
    }
    pass(ip6, frame, route.on, route.kind === 'via' ? route.nextHop : dst, unresolved)
  }

  /** RFC 8200 section 3: the hop limit is all that forwarding changes. */
  function pass(
    ip6: NonNullable<Packet['ip6']>,
    frame: Uint8Array,
    on: NetworkInterface,
    nextHop: Ipv6Address,
    failed = () => {},
  ): void {
    const out = frame.slice(
      0,
      ethernetHeader + 40 + new DataView(frame.buffer, frame.byteOffset).getUint16(ethernetHeader + 4),
    )
    out[ethernetHeader + 7] = Math.max(0, ip6.hopLimit - behaviour.hopLimitDecrement)
    on.forward(out, nextHop, failed)
  }
}
