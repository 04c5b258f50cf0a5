import { type Ipv6Address, inPrefix, isLinkLocal, isMulticast, isUla, type Prefix } from '../../wire/address.ts'
import { isForStations } from '../../wire/ethernet.ts'
import { fragment, ipBytes } from '../../wire/fragment.ts'
import type { Packet } from '../../wire/packet.ts'
import type { BarredBlock, Way } from '../behavior/firewall.ts'
import type { Context } from '../context.ts'
import type { NetworkInterface } from '../interface/interface.ts'
import type { Firewall } from './firewall.ts'
import { type IcmpErrors, unreachable } from './icmp-errors.ts'
import { redirects } from './redirects.ts'
import type { Route } from './routes.ts'
import { inTransit } from './transit-headers.ts'

/** RFC 6092 REC-3: addresses that the public Internet doesn't have. */
const barred: [BarredBlock, Prefix][] = [
  ['IPv4-compatible', '::/96'],
  ['IPv4-mapped', '::ffff:0:0/96'],
  ['site-local', 'fec0::/10'],
  ['documentation', '2001:db8::/32'],
  ['RFC 9637 documentation', '3fff::/20'],
  ['ORCHID', '2001:10::/28'],
]
const barredBlock = (address: Ipv6Address): BarredBlock | undefined =>
  barred.find(([, prefix]) => inPrefix(address, prefix))?.[0]

const hasRoutingType0 = ({ ext }: Packet): boolean =>
  ext?.some((header) => header.type === 'routing' && header.routingType === 0) === true

export interface ForwarderNeeds {
  wan: NetworkInterface
  lans: NetworkInterface[]
  errors: IcmpErrors
  firewall: Firewall
  route(destination: Ipv6Address): Route | undefined
  /** An address in a prefix that was delegated to a downstream router. */
  isDownstream(address: Ipv6Address): boolean
  /** Delegated prefixes in force; none: nothing is forwarded between LAN and WAN (RFC 7084 G-3). */
  delegated(): Prefix[]
  /** Whose packets may come in by this LAN. */
  isLegitimate(source: Ipv6Address, on: NetworkInterface): boolean
  /** It is in a prefix that was advertised on the LAN, in force or not. */
  wasOurs(source: Ipv6Address): boolean
  /** A default router is known on the WAN. */
  online(): boolean
}

/** Forwards IPv6 packets between interfaces, RFC 8200 and RFC 7084. */
export function forwarder(ctx: Context, needs: ForwarderNeeds) {
  const { clock, behavior } = ctx
  const { wan, errors, firewall } = needs
  const redirect = redirects(ctx)

  /** MACs that have sent to the WAN. */
  const hosts = new Set<string>()

  /** Packets of each flow, one way. */
  const counts = new Map<string, number>()
  /** How many packets its flow had before. */
  function counted({ ip6, udp, tcp }: Packet): number {
    const ports = udp ?? tcp
    const flow = `${ip6?.src} ${ip6?.dst} ${ip6?.nextHeader} ${ports?.srcPort} ${ports?.dstPort}`
    const before = counts.get(flow) ?? 0
    counts.set(flow, before + 1)
    return before
  }

  /** Times at which packets with Hop-by-Hop Options were forwarded. */
  const optionsForwarded: number[] = []
  function isAboveRate({ ext }: Packet): boolean {
    if (ext?.[0]?.type !== 'hop-by-hop') return false
    const recent = optionsForwarded.filter((at) => at > clock.now() - 1).length
    if (recent >= behavior.hopByHopRate) return true
    optionsForwarded.push(clock.now())
    return false
  }

  /** What must not pass, whatever the firewall's rules are. */
  function refusedFromWan({ src, dst }: NonNullable<Packet['ip6']>): boolean {
    const delegated = needs.delegated()
    if (delegated.length === 0) return !behavior.forwardsBeforeDelegation
    if (!delegated.some((prefix) => inPrefix(dst, prefix))) return true
    if ((isUla(src) || isUla(dst)) && behavior.ulaCrossesWan !== 'inwards') return true
    // REC-6: an interior source can't come from outside.
    if (delegated.some((prefix) => inPrefix(src, prefix)))
      return !behavior.interiorSourcesEnter(needs.isDownstream(src) ? 'downstream' : 'LAN')
    return isBarred('inbound', src)
  }

  const isBarred = (way: Way, ...addresses: Ipv6Address[]): boolean =>
    addresses.some((address) => {
      const block = barredBlock(address)
      return block !== undefined && !behavior.barredCrosses(block, way)
    })

  function refusedToWan({ src, dst }: NonNullable<Packet['ip6']>): number | undefined {
    if ((isUla(src) || isUla(dst)) && behavior.ulaCrossesWan !== 'outwards')
      return behavior.ulaCode ?? (isUla(src) ? unreachable.sourcePolicy : unreachable.noRoute)
    return isBarred('outbound', src, dst) ? behavior.barredCode : undefined
  }

  /** Of more than link-local scope; where no multicast is routed it leads nowhere. */
  function forwardMulticast(ip6: NonNullable<Packet['ip6']>, octets: Uint8Array, inbound: boolean): void {
    if (!behavior.multicastCrosses(ip6.dst, inbound ? 'inbound' : 'outbound')) return
    for (const on of inbound ? needs.lans : [wan]) pass(ip6, octets, on, ip6.dst)
  }

  return function forward(packet: Packet, received: Uint8Array, from: NetworkInterface, admitted = false) {
    const { ip6 } = packet
    if (!ip6 || packet.malformed?.layer === 'ip6') return
    const { src, dst } = ip6
    const report = (code: number) => errors.send(packet, received, { type: 'destination-unreachable', code })
    const reportFiltered = (code: number) => (behavior.filteredDestinationReported ? report(code) : undefined)
    const inbound = from === wan
    const expired = () => errors.send(packet, received, { type: 'time-exceeded', code: 0 })
    // RFC 4291 section 2.5.6.
    if (isLinkLocal(src) || isLinkLocal(dst) || dst === '::1') return
    if (isMulticast(dst)) return forwardMulticast(ip6, received, inbound)
    // RFC 6092 REC-1.
    const fromGroup = isMulticast(src) && behavior.multicastSourcesCross(inbound ? 'inbound' : 'outbound')
    // Never forwarded, and without an error if its hop limit is 1 (RFC 4443 section 2.4 e).
    if (src === '::' || (isMulticast(src) && !fromGroup) || isForStations(packet))
      return ip6.hopLimit <= 1 ? expired() : undefined
    // RFC 5095 deprecates type 0.
    if (hasRoutingType0(packet) && behavior.routingType0 !== 'forwarded') return

    const octets = inTransit(ctx, packet, received, inbound ? 'inbound' : 'outbound')
    if (!octets || isAboveRate(packet)) return
    if (inbound && behavior.wanLinkUnassigned === 'sent back' && ip6.hopLimit > 1) {
      const way = needs.route('2000::')
      const onLink = needs.route(dst)
      if (way?.kind === 'via' && onLink?.kind === 'connected' && onLink.on === wan)
        return pass(ip6, octets, wan, way.nextHop)
    }
    if (inbound && refusedFromWan(ip6)) {
      const link = needs.route(dst)
      const isOfLink = link?.kind === 'connected' && link.on === wan
      const isReported = behavior[isOfLink ? 'wanLinkUnassigned' : 'beyondDelegation'] === 'reported'
      const isOurs = needs.delegated().some((prefix) => inPrefix(dst, prefix))
      return isReported && !isOurs ? report(isOfLink ? unreachable.address : unreachable.noRoute) : undefined
    }
    if (!inbound && !fromGroup && !needs.isLegitimate(src, from)) {
      const early = needs.delegated().length === 0
      const passes = early ? behavior.forwardsBeforeDelegation : behavior.foreignSources === 'forwarded'
      const strange = !early && !needs.wasOurs(src)
      if (!passes && (strange ? behavior.strangeSources : behavior.foreignSources) === 'dropped') return
      if (!passes)
        return report(behavior.foreignSources === 'code 1' ? unreachable.prohibited : unreachable.sourcePolicy)
    }
    // Only a mutant knows what to do with it: no LAN has a prefix yet.
    if (inbound && needs.delegated().length === 0)
      return needs.lans[0] ? pass(ip6, octets, needs.lans[0], dst) : undefined
    const route = needs.route(dst)
    const on = route && 'on' in route ? route.on : undefined
    if (inbound && on !== wan && !admitted) {
      const again = (): void => {
        forward(packet, received, from, true)
      }
      if (firewall.inbound(packet, octets, again) === 'drop')
        return behavior.unsolicitedReported === 'not' || packet.tcp
          ? undefined
          : report(behavior.unsolicitedReported === 'code 1' ? unreachable.prohibited : unreachable.port)
    }
    if (!inbound && on !== wan && !needs.online() && behavior.lansReachEachOther === 'with a default router') return
    if (!route) return behavior.noRouteReported ? report(unreachable.noRoute) : undefined
    if (route.kind === 'reject' && isUla(dst)) return reportFiltered(unreachable.noRoute)
    if (route.kind === 'reject' && inbound && behavior.unassignedFromWan === 'returned') {
      const up = needs.route('::')
      return up?.kind === 'via' ? pass(ip6, octets, wan, up.nextHop) : undefined
    }
    if (route.kind === 'reject')
      return behavior.unassignedPartReported ? report(behavior.unassignedPartCode) : undefined
    // RFC 8987 R-5: the sender has no route of its own for it, and would send it here again.
    if (!inbound && route.kind === 'via' && on === from && from.isFrom(route.nextHop, packet))
      if (behavior.packetsForOwnPrefix === 'code 6') return report(unreachable.rejectRoute)
    // RFC 7084 G-2: what came by the WAN never goes back there.
    if (inbound && on === wan && !behavior.wanHairpin) return
    if (!inbound && on === wan) {
      const code = refusedToWan(ip6)
      if (code !== undefined) return reportFiltered(code)
    }
    if (ip6.hopLimit < behavior.leastHopLimit) {
      const reported = behavior.timeExceeded(inbound ? 'WAN' : 'LAN')
      if (reported !== 'silent') expired()
      if (reported !== 'sent, and the packet forwarded') return
    }
    const length = 40 + ip6.payloadLength
    const { mtu } = route.on
    const nextHop = route.kind === 'via' ? route.nextHop : dst
    const before = counted(packet)
    if (length > mtu && behavior.tooBig !== 'forwarded') {
      if (behavior.tooBig !== 'dropped' && before < behavior.tooBigReportedFor)
        errors.send(packet, octets, { type: 'packet-too-big', mtu: mtu - behavior.tooBigUnderstated })
      if (behavior.tooBig === 'Packet Too Big, and fragmented')
        for (const piece of fragment(
          { ...packet, ip6: { ...ip6, nextHeader: undefined, payloadLength: undefined } },
          mtu,
          1,
        ))
          pass(ip6, ipBytes(piece), route.on, nextHop)
      return
    }
    if (!inbound && on === wan) {
      if (!hosts.has(packet.eth.src) && !behavior.servesWith(hosts.size)) return
      hosts.add(packet.eth.src)
      if (firewall.outbound(packet) === 'drop') return
    }

    const unresolved = () => {
      if (behavior.unresolvedNeighbor === 'not reported') return
      report(behavior.unresolvedNeighbor === 'code 0' ? unreachable.noRoute : unreachable.address)
    }
    if (!inbound && on === from && !needs.isDownstream(src)) redirect(packet, received, from, nextHop)
    pass(ip6, octets, route.on, nextHop, unresolved, before)
  }

  /** RFC 8200 section 3: the hop limit is all that forwarding changes. */
  function pass(
    ip6: NonNullable<Packet['ip6']>,
    octets: Uint8Array,
    on: NetworkInterface,
    nextHop: Ipv6Address,
    failed = () => {},
    before = 0,
  ): void {
    const out = octets.slice(0, 40 + new DataView(octets.buffer, octets.byteOffset).getUint16(4))
    out[7] = Math.max(0, ip6.hopLimit - behavior.hopLimitDecrement(before))
    on.forward(out, nextHop, failed)
  }
}
