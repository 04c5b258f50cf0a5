import { type Ipv6Address, inPrefix, isLinkLocal, isUla, type Prefix, prefixLength } from '../../wire/address.ts'
import type { PacketInit } from '../../wire/packet.ts'
import type { Context } from '../context.ts'
import type { NetworkInterface } from '../interface/interface.ts'
import type { LanPrefixes } from '../lan/lan-prefixes.ts'
import type { ServerBindings } from '../lan/server-bindings.ts'
import type { WanHost } from '../wan/wan-host.ts'
import { bestRoute, type Route } from './routes.ts'

export interface RoutingNeeds {
  wan: NetworkInterface
  lans: NetworkInterface[]
  host: Pick<WanHost, 'defaultRouter' | 'onLink'>
  prefixes: LanPrefixes
  bindings: ServerBindings
}

/** Where packets go, and whose they are. */
export interface Routing {
  route(destination: Ipv6Address): Route | undefined
  /** Its packets may come in by this LAN. */
  isLegitimate(source: Ipv6Address, on: NetworkInterface): boolean
  /** Sends a packet of the router's own; its source is chosen where it has none. */
  originate(dst: Ipv6Address, packet: PacketInit): void
  /** The same, for ICMPv6 errors: RFC 4443 section 2.2. */
  originateError(dst: Ipv6Address, packet: PacketInit): void
  /** An address of the router's, for packets that come by this interface. */
  owns(address: Ipv6Address, on: NetworkInterface): boolean
}

export function routing({ behavior }: Context, { wan, lans, host, prefixes, bindings }: RoutingNeeds): Routing {
  const routed = (prefix: Prefix): Prefix => `${prefix.split('/')[0]}/${behavior.routedLength(prefixLength(prefix))}`

  function routes(): Route[] {
    const all: Route[] = []
    for (const [lan, on] of lans.entries())
      for (const { prefix } of prefixes.list(lan)) all.push({ kind: 'connected', prefix, on })
    for (const { prefix, nextHop, lan } of bindings.routes()) {
      const on = lans[lan]
      if (on) all.push({ kind: 'via', prefix, on, nextHop })
    }
    if (behavior.unassignedPartRejected)
      for (const { value } of prefixes.delegated()) all.push({ kind: 'reject', prefix: routed(value) })
    if (behavior.ulaCrossesWan !== 'outwards') all.push({ kind: 'reject', prefix: 'fc00::/7' })
    for (const prefix of host.onLink()) all.push({ kind: 'connected', prefix, on: wan })
    const nextHop = host.defaultRouter()
    if (nextHop) all.push({ kind: 'via', prefix: '::/0', on: wan, nextHop })
    return all
  }

  /** RFC 7084 S-2: prefixes of this LAN that are in force, and what was delegated on to routers there. */
  function isLegitimate(source: Ipv6Address, on: NetworkInterface): boolean {
    const lan = lans.indexOf(on)
    const [first] = prefixes.delegated()
    if (first && !isUla(source) && !inPrefix(source, first.value) && behavior.delegationsForwarded === 'first')
      return false
    if (prefixes.inForce().some((one) => one.lan === lan && inPrefix(source, one.prefix))) return true
    const ula = prefixes.ula()
    const inForce = [...prefixes.delegated().map(({ value }) => value), ...(ula ? [ula] : [])].some((prefix) =>
      inPrefix(source, prefix),
    )
    if (!inForce || !behavior.subDelegatedSources) return false
    return bindings
      .list()
      .some((one) => one.kind === 'ia-pd' && one.lan === lan && one.leases.some(({ value }) => inPrefix(source, value)))
  }

  const globalOf = (one: NetworkInterface): Ipv6Address | undefined =>
    one.addresses.best('global', one === wan ? behavior.wanSource : 'the first')

  /** RFC 7084 WAA-9: without a global address on the WAN, one of the LAN's serves. */
  function sourceFor(dst: Ipv6Address, on: NetworkInterface): Ipv6Address | undefined {
    if (isUla(dst)) return on.addresses.best('ula') ?? globalOf(on)
    const own = globalOf(on)
    if (own) return own
    const ofOthers = () => prefixes.ownAddress() ?? [...lans, wan].map(globalOf).find((one) => one !== undefined)
    const borrowed = behavior.weakHost ? ofOthers() : on.linkLocal
    return borrowed ?? on.addresses.best('ula')
  }

  function originate(dst: Ipv6Address, packet: PacketInit): void {
    const way = route(dst)
    if (!way || way.kind === 'reject') return
    const src = packet.ip6?.src ?? sourceFor(dst, way.on)
    if (src === undefined) return
    const full = { ...packet, ip6: { ...packet.ip6, src, dst } }
    way.on.send(full, way.kind === 'via' ? way.nextHop : dst)
  }

  function originateError(dst: Ipv6Address, packet: PacketInit): void {
    const way = route(dst)
    if (!way || way.kind === 'reject') return
    const source = behavior.errorSource(way.on === wan ? 'WAN' : 'LAN')
    const src = { selected: undefined, 'link-local': way.on.linkLocal, 'of a LAN': lans.map(globalOf).find(Boolean) }
    originate(dst, src[source] === undefined ? packet : { ...packet, ip6: { src: src[source] } })
  }

  function owns(address: Ipv6Address, on: NetworkInterface): boolean {
    if (isLinkLocal(address)) return on.addresses.owns(address)
    if (on === wan && isUla(address)) return false
    return address === prefixes.ownAddress() || [wan, ...lans].some((one) => one.addresses.owns(address))
  }

  function route(destination: Ipv6Address): Route | undefined {
    return bestRoute(routes(), destination)
  }

  return { route, isLegitimate, originate, originateError, owns }
}
