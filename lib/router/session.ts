import { createHash } from 'node:crypto'
import type { Timer } from '../time/clock.ts'
import { stoppable } from '../time/stoppable-clock.ts'
import type { WebUiStatus } from '../web-ui/port.ts'
import { addressIn, type Ipv6Address, inPrefix, isLinkLocal, type Mac, network, type Prefix } from '../wire/address.ts'
import type { Dhcpv6 } from '../wire/dhcpv6.ts'
import type { Packet, PacketInit } from '../wire/packet.ts'
import type { Attach } from './attachment/attachment.ts'
import { type EthernetPort, ethernet } from './attachment/ethernet.ts'
import { type Context, left } from './context.ts'
import type { Flash } from './flash.ts'
import { type NetworkInterface, networkInterface } from './interface/interface.ts'
import { type Advertiser, advertiser } from './lan/advertiser.ts'
import { dhcpv6Server } from './lan/dhcpv6-server.ts'
import { lanPrefixes } from './lan/lan-prefixes.ts'
import { lanReconfigure } from './lan/lan-reconfigure.ts'
import { nat64Prefixes } from './lan/nat64-prefixes.ts'
import { serverBindings } from './lan/server-bindings.ts'
import { faultyPort } from './mutants/faulty-port.ts'
import { offload } from './mutants/offload.ts'
import { parts } from './mutants/parts.ts'
import { dnsProxy } from './services/dns-proxy.ts'
import { dnsRelay } from './services/dns-relay.ts'
import { localDelivery } from './services/local-delivery.ts'
import { pcpServer } from './services/pcp-server.ts'
import { sntpClient } from './services/sntp-client.ts'
import { firewall } from './transit/firewall.ts'
import { forwarder } from './transit/forwarder.ts'
import { icmpErrors, unreachable } from './transit/icmp-errors.ts'
import { pinholeAdmits } from './transit/pinholes.ts'
import { routing } from './transit/routing.ts'
import { type ClientEvents, type ClientFlash, dhcpv6Client } from './wan/dhcpv6-client.ts'
import { awaitIpv4Offer } from './wan/ipv4-offer.ts'
import { twoClients } from './wan/two-clients.ts'
import { wanHost } from './wan/wan-host.ts'

export interface SessionOptions {
  wan: { name: string; attach: Attach }
  lans: { name: string; mac: Mac; port: EthernetPort }[]
  flash: Flash
  /** How often it was on before. */
  restarts: number
  log(text: string): void
}

/** IPv6 on this router, from the moment it is switched on until it is switched off. */
export interface Session {
  /** Settings of the firewall have changed. */
  rulesChanged(): void
  /** Settings of the LAN's prefixes have changed. */
  lanChanged(): void
  status(): Pick<WebUiStatus, 'online' | 'wanAddresses' | 'delegatedPrefixes' | 'lanPrefixes' | 'downstream' | 'dns'>
  /** On which LAN an address is. */
  lanOf(address: Ipv6Address): number
  /** Sends final RAs, and Release where asked, and stops. */
  end(how: { withdraw: boolean; release: boolean }, done: () => void): void
  /** Stops without sending anything. */
  stop(): void
}

/** RFC 9915 section 18.2.12: at most every 30 s. */
const leastRefreshInterval = 30

/** Where a client for addresses alone keeps what it was granted. */
const addressFlash = (flash: Flash): ClientFlash => ({
  duid: flash.duid,
  get lease() {
    return flash.addresses
  },
  set lease(granted) {
    flash.addresses = granted
  },
})

export function session(
  outer: Context,
  { wan: wanPort, lans: lanPorts, flash, restarts, log }: SessionOptions,
): Session {
  const clock = stoppable(outer.clock)
  const ctx: Context = { ...outer, clock }
  const { behavior } = ctx
  let ending = false
  let online = false
  let lost = false
  let lineWasCut = false
  let lineIsOut = true
  let lineIsUsed = false
  let forwardsFrom = Number.NEGATIVE_INFINITY
  const serverOpensAt = clock.now() + behavior.serverOpensAfter
  const lansUpAt = clock.now() + behavior.lansStartAfter
  const wanOpensAt = clock.now() + behavior.wanStartsAfter
  let lossNoticed: Timer | undefined
  let refreshedAt = Number.NEGATIVE_INFINITY
  let messagesLost = 0
  /** Its DHCPv6 client was started before the first RA. */
  let begunAlone = false
  let beginning: Timer | undefined
  let receive4: ((packet: Packet) => void) | undefined

  const wan = networkInterface(ctx, {
    ...wanPort,
    receive,
    receive4: (packet) => receive4?.(packet),
    onUp: wanCarrier,
    isUplink: true,
  })
  const pulledLans = new Set<number>()
  const shutUntil = new Map<number, number>()
  const [deafLans, mutedLans, silentLans] = [new Set<number>(), new Set<number>(), new Set<number>()]
  const isShut = (lan: number): boolean => clock.now() < (shutUntil.get(lan) ?? 0)
  const lans = lanPorts.map(({ name, mac, port }, lan) =>
    networkInterface(ctx, {
      name,
      attach: ethernet(
        mac,
        faultyPort(port, { shut: () => isShut(lan), deaf: () => deafLans.has(lan), mute: () => silentLans.has(lan) }),
      ),
      receive,
      onUp: (up) => lanCarrier(lan, up),
    }),
  )
  const interfaces = [wan, ...lans]

  const host = wanHost(ctx, wan, {
    defaultRouterChanged() {
      const here = host.defaultRouter() !== undefined
      lost ||= online && !here
      if (online && !here) works.happened('default router lost')
      online = here && (!lost || behavior.returnAdvertised)
      if (online || behavior.lossAnnounced) announce()
    },
    renumbered() {
      if (behavior.renumberedWan === 'leases requested again') client.release(() => {})
      // Once the RA has been handled, which may start an exchange.
      if (behavior.renumberedWan === 'leases released') clock.after(1, () => client.release(() => {}))
      bindings.wanRenumbered()
    },
    onLinkChanged() {
      if (clock.now() < refreshedAt + leastRefreshInterval) return
      refreshedAt = clock.now()
      client.linkPrefixesChanged()
    },
    ready() {
      if (lineWasCut && behavior.resumesWith === 'the line' && !ending) client.resume()
      if (behavior.firstExchange === 'with an RA' || ending) return
      client.start({ address: behavior.addressAskedFor === 'with every RA', prefix: true })
      begunAlone = true
    },
    flags({ managed, other }) {
      const prefix = { 'M or O': managed || other, M: managed, O: other, 'any RA': true }[behavior.delegationStartsOn]
      const address = managed || behavior.addressAskedFor === 'with every RA'
      if (ending || !(address || prefix)) return
      const begin = () => {
        client.start({ address, prefix })
        if (begunAlone) client.anew()
        begunAlone = false
      }
      beginning?.cancel()
      if (behavior.exchangeBeginsAfter > 0) beginning = clock.after(behavior.exchangeBeginsAfter, begin)
      else begin()
    },
    nat64: (prefixes) => nat64.learn(prefixes),
  })
  const nat64 = nat64Prefixes(ctx, () => announce())
  const prefixes = lanPrefixes(ctx, flash, lans.length, { changed: prefixesChanged, log })
  const clientEvents: ClientEvents = {
    send(message, to) {
      if (messagesLost++ < behavior.firstMessagesLost) return
      const global = wan.addresses.list().find(({ address }) => !isLinkLocal(address))?.address
      wan.send({
        ip6: {
          src: ((to || behavior.clientSource === 'global') && global) || wan.linkLocal,
          dst: to ?? 'ff02::1:2',
        },
        udp: { srcPort: behavior.clientPort, dstPort: 547 },
        dhcp6: message,
      })
    },
    changed: leasesChanged,
    extended(by) {
      if (by === 'renew') engine.happened('Renew')
      works.happened(by === 'renew' ? 'Renew' : 'Rebind')
    },
  }
  const client =
    behavior.sessions === 'one'
      ? dhcpv6Client(ctx, flash, clientEvents)
      : twoClients(dhcpv6Client(ctx, addressFlash(flash), clientEvents), dhcpv6Client(ctx, flash, clientEvents))
  const bindings = serverBindings(ctx, flash, prefixes)
  const { route, isLegitimate, originate, originateError, owns } = routing(ctx, {
    wan,
    lans,
    host: { ...host, onLink },
    prefixes,
    bindings,
  })
  const isDownstream = (address: Ipv6Address) => bindings.routes().some(({ prefix }) => inPrefix(address, prefix))
  const errors = icmpErrors(ctx, originateError)
  const pcp = pcpServer(ctx)
  const filter = firewall(
    ctx,
    {
      enabled: ({ ip6 }) =>
        flash.settings.firewall === 'on' ||
        (!behavior.transparentToSubDelegated && ip6 !== undefined && isDownstream(ip6.dst)),
      admits: (packet) =>
        works.isLost('filter') ||
        pcp.admits(packet) ||
        (!works.isLost('pinhole') && pinholeAdmits(behavior, flash.settings.pinholes, packet, prefixes)),
    },
    (packet, octets) => errors.send(packet, octets, { type: 'destination-unreachable', code: unreachable.prohibited }),
  )
  const allListed = (): Prefix[] => lans.flatMap((_, lan) => prefixes.list(lan).map(({ prefix }) => prefix))
  const forward = forwarder(ctx, {
    wan,
    lans,
    errors,
    firewall: filter,
    route,
    delegated: () => prefixes.delegated().map(({ value }) => value),
    isLegitimate,
    isDownstream,
    wasOurs: (source) =>
      [...prefixes.delegated().map(({ value }) => value), ...prefixes.staleDelegated(), ...allListed()].some((prefix) =>
        inPrefix(source, prefix),
      ),
    online: () => host.defaultRouter() !== undefined,
  })
  const askedResolvers = (): Ipv6Address[] => {
    if (!behavior.learnedResolversAsked) return ['2620:fe::fe']
    const learned = client.resolvers()
    return behavior.raResolvers === 'ignored' ? learned : [...new Set([...learned, ...host.resolvers()])]
  }
  const proxy = dnsProxy(ctx, {
    resolvers: askedResolvers,
    opensAt: () => (resolversSince ?? clock.now()) + behavior.dnsOpensAfter,
    ask: (resolver, from, payload) => {
      const src = lans.map((on) => on.addresses.best('global')).find((one) => one !== undefined)
      const ofLan = behavior.dnsAskedFrom === 'a LAN' && src !== undefined
      originate(resolver, { ...(ofLan && { ip6: { src } }), udp: { srcPort: from, dstPort: 53 }, payload })
    },
    answer: ({ from, to, port, payload }) => sendFrom(from, to, { udp: { srcPort: 53, dstPort: port }, payload }),
  })
  const relay = dnsRelay(ctx, {
    resolvers: askedResolvers,
    ask: originate,
    answer: (to, from, segment) => sendFrom(from, to, segment),
  })
  const time = sntpClient(ctx, (server, srcPort, payload) =>
    originate(server, { udp: { srcPort, dstPort: 123 }, payload }),
  )
  function sendFrom(src: Ipv6Address, dst: Ipv6Address, packet: PacketInit): void {
    const on = interfaces.find((one) => one.addresses.owns(src))
    if (isLinkLocal(dst)) on?.send({ ...packet, ip6: { src, dst } })
    else originate(dst, { ...packet, ip6: { src } })
  }
  const firstResolvers = new Map<number, Ipv6Address>()
  /** RFC 7084 L-10, L-11: the router's own address, which outlives a renumbering where it is a ULA. */
  const ownResolvers = (lan: number): Ipv6Address[] => {
    if (client.resolvers().length === 0 && !behavior.resolverAlways) return []
    const on = lans[lan]
    if (behavior.resolverAddress === 'link-local' && on) return [on.linkLocal]
    const own = prefixes.list(lan).filter(({ staleUntil }) => staleUntil === undefined)
    const both = behavior.resolverAddress === 'ULA and GUA'
    if (both) return (['ula', 'delegated'] as const).flatMap((of) => own.find(({ kind }) => kind === of)?.address ?? [])
    const best = own.find(({ kind }) => kind === (behavior.resolverAddress === 'ULA' ? 'ula' : 'delegated')) ?? own[0]
    if (!best) return []
    if (!firstResolvers.has(lan) && best.kind === 'delegated') firstResolvers.set(lan, best.address)
    if (behavior.resolverAnnounced === "nobody's") return [addressIn(best.prefix, 0x5353)]
    return [(behavior.resolverAnnounced === 'as at first' && firstResolvers.get(lan)) || best.address]
  }
  const advertisedResolvers = (lan: number): Ipv6Address[] => {
    const own = ownResolvers(lan)
    if (behavior.resolversAdvertised === 'its own' || own.length === 0) return own
    return behavior.resolversAdvertised === "the ISP's" ? client.resolvers() : [...own, ...client.resolvers()]
  }
  const offered = (lan: number): Ipv6Address[] => {
    if (behavior.offersDnsServers === 'own') return advertisedResolvers(lan)
    if (behavior.offersDnsServers === 'own GUA')
      return prefixes
        .list(lan)
        .filter(({ kind, staleUntil }) => kind === 'delegated' && staleUntil === undefined)
        .map(({ address }) => address)
    const router = host.defaultRouter()
    return behavior.offersDnsServers === 'none' || !router ? [] : [router]
  }
  const advertisers: Advertiser[] = lans.map((on, lan) =>
    advertiser(ctx, {
      on,
      uplink: wan,
      online: () => online,
      prefixes: () =>
        prefixes
          .list(lan)
          .filter(
            ({ staleUntil, address }) =>
              behavior.prefixesAdvertised === 'at once' || staleUntil !== undefined || on.addresses.owns(address),
          ),
      delegated: prefixes.delegated,
      staleDelegated: prefixes.staleDelegated,
      ula: prefixes.ula,
      wanPrefixes: host.onLink,
      servesAddresses: () => behavior.dhcpv6Server && behavior.servesAddresses,
      resolvers: () => advertisedResolvers(lan),
      domains: client.domains,
      nat64: nat64.options,
    }),
  )
  const serverDuid =
    behavior.serverDuid === 'stored'
      ? behavior.serverDuidOf === 'the router'
        ? flash.duid
        : `0004${createHash('sha256').update(flash.duid).digest('hex').slice(0, 32)}`
      : `0004${[...ctx.random.bytes(16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
  const reconfiguration = lanReconfigure(ctx, {
    duid: serverDuid,
    send: (lan, dst, dhcp6) =>
      lans[lan]?.send({ ip6: { src: lans[lan]?.linkLocal, dst }, udp: { srcPort: 547, dstPort: 546 }, dhcp6 }),
  })
  const servers = lans.map((_, lan) =>
    dhcpv6Server(ctx, {
      duid: serverDuid,
      lan,
      prefixes,
      bindings,
      reconfiguration,
      resolvers: () => offered(lan),
      domains: () => [
        ...(behavior.ownDomain ? [behavior.ownDomain] : []),
        ...(behavior.domainListOf === 'the ISP' ? client.domains() : ['home.arpa']),
      ],
      stateless: client.stateless,
    }),
  )
  const deliver = localDelivery(ctx, {
    wan,
    lans,
    errors,
    originate,
    advertised(packet) {
      engine.happened('RA')
      host.receive(packet)
      works.happened('RA')
    },
    solicited: (lan, packet) => advertisers[lan]?.solicited(packet),
    dhcpv6Client: client.receive,
    dhcpv6Server(lan, message, from, unicast) {
      const isLost = message.type === 'information-request' && works.isLost('DHCPv6')
      const isOpen = clock.now() >= serverOpensAt && !isLost && !mutedLans.has(lan)
      const answer = isOpen ? servers[lan]?.(message, from, unicast) : undefined
      if (answer && message.type === 'release') engine.happened('Release on the LAN')
      if (message.type === 'request' && answer && hasPrefix(answer)) engine.happened('sub-delegation')
      return answer
    },
    pcpRequest: pcp.answer,
    dnsQuery: (...query) => works.isLost('DNS') || proxy.query(...query),
    dnsAnswer: proxy.answered,
    dnsSegment: relay.fromHost,
    dnsSegmentBack: relay.fromResolver,
    timeAnswer: time.answered,
  })

  /** RFC 5942 section 4: an assigned address does not make a prefix on-link. */
  function onLink(): Prefix[] {
    const assigned =
      leased.size > 0 && behavior.assignedPrefixOnLink ? [...leased].map((address) => network(`${address}/64`)) : []
    return [...host.onLink(), ...assigned]
  }

  function announce(again = true): void {
    for (const one of advertisers) one.changed(again)
  }

  function leasesChanged(): void {
    const leases = client.leases()
    const assigned = leases.filter(({ kind }) => kind === 'ia-na')
    for (const { address } of wan.addresses.list())
      if (leased.has(address) && !assigned.some(({ value }) => value === address)) wan.addresses.remove(address)
    leased.clear()
    for (const { value, preferredUntil, validUntil } of assigned) {
      leased.add(value)
      wan.addresses.set(
        value,
        { preferredUntil, validUntil },
        {
          conflict: () => client.decline(value),
          ...(behavior.leasedDadDelay > 0 && { delay: ctx.random.uniform(0, behavior.leasedDadDelay) }),
        },
      )
    }
    const now = leases.filter(({ kind }) => kind === 'ia-pd').map(({ value }) => value)
    if (held.length > 0 && now.length > held.length) engine.prefixAdded()
    if (held.length > 0 && now.some((prefix) => !held.includes(prefix))) works.happened('new prefix')
    if (held.length > 0 && now.length === 0) works.happened('prefix lost')
    held = now
    if (behavior.prefixesUsedAfter > 0) clock.after(behavior.prefixesUsedAfter, () => prefixes.update(client.leases()))
    else prefixes.update(leases)
    if (client.resolvers().length > 0) resolversSince ??= clock.now()
    time.learn(client.stateless())
    const information = JSON.stringify([client.resolvers(), client.domains()])
    if (information !== learned) announce()
    learned = information
  }
  let resolversSince: number | undefined
  const leased = new Set<Ipv6Address>()
  /** Delegated prefixes. */
  let held: Prefix[] = []
  const engine = offload(ctx)
  let learned = '[[],[]]'

  function prefixesChanged(how: 'other prefixes' | 'lifetimes'): void {
    for (const [lan, on] of lansUpAt <= clock.now() ? lans.entries() : []) {
      const own = prefixes
        .list(lan)
        .filter(({ staleUntil }) => staleUntil === undefined || behavior.staleAddresses === 'kept')
      for (const { address } of on.addresses.list())
        if (!isLinkLocal(address) && !own.some((one) => one.address === address)) on.addresses.remove(address)
      for (const { address, kind, preferredUntil, validUntil, staleUntil } of own)
        if (kind === 'ula' || behavior.lanAddresses === 'all')
          on.addresses.set(
            address,
            staleUntil === undefined
              ? { preferredUntil, validUntil }
              : { preferredUntil: clock.now(), validUntil: staleUntil },
            behavior.prefixesAdvertised === 'after DAD' ? { assigned: announce } : {},
          )
    }
    if (how === 'other prefixes' || behavior.extensionsAdvertised) announce(how === 'other prefixes')
    if (how === 'other prefixes') forwardsFrom = clock.now() + behavior.forwardingPauses
    if (how === 'other prefixes') reconfiguration.demand(bindings.stale())
  }

  const works = parts(ctx, restarts, () => ({ mtu: wan.mtu, routers: bindings.routes().length > 0 }))

  /** It belongs to a part that does not work any more. */
  const isOfLostPart = ({ ip6, ext }: Packet): boolean =>
    (works.isLost('fragments') && ext?.some(({ type }) => type === 'fragment')) ||
    (works.isLost('Packet Too Big') && ip6 !== undefined && 40 + ip6.payloadLength > wan.mtu) ||
    (works.isLost('sub-delegated prefix') && ip6 !== undefined && isDownstream(ip6.dst))

  function receive(packet: Packet, octets: Uint8Array, on: NetworkInterface): void {
    const dst = packet.ip6?.dst ?? '::'
    if (on.groups.has(dst) || owns(dst, on)) deliver(packet, octets, on)
    else if (isOfLostPart(packet)) return
    else if (ending || clock.now() < forwardsFrom || engine.loses(packet, on === wan ? 'in' : 'out')) return
    else if (behavior.forwardingTakes > 0) clock.after(behavior.forwardingTakes, () => forward(packet, octets, on))
    else forward(packet, octets, on)
  }

  function startLan(on: NetworkInterface, lan: number): void {
    // RFC 4861 section 6.2.2, RFC 8415 section 7.1.
    on.groups.join('ff02::2')
    on.groups.join('ff02::1:2')
    for (const group of behavior.moreGroups) on.groups.join(group)
    on.start(ctx.random.uniform(0, 1), () => {
      if (lan === 0 || behavior.lansAdvertised === 'all') advertisers[lan]?.start()
    })
  }
  for (const [lan, on] of lans.entries()) {
    if (lansUpAt <= clock.now()) startLan(on, lan)
    else clock.after(behavior.lansStartAfter, () => startLan(on, lan))
  }
  for (const group of behavior.wanGroups) wan.groups.join(group)
  if (behavior.dhcpv6ServerOnWan) wan.groups.join('ff02::1:2')
  if (behavior.advertisesOn !== 'the LAN') wan.groups.join('ff02::2')
  prefixesChanged('other prefixes')
  if (behavior.lansStartAfter > 0) clock.after(behavior.lansStartAfter, () => prefixesChanged('other prefixes'))

  function lanLost(lan: number): void {
    if (behavior.lanPortLoss === 'restarts the client') client.release(() => {})
    if (behavior.lanPortLoss === 'ends neighbor discovery') deafLans.add(lan)
    if (behavior.lanPortLoss === 'ends its DHCPv6 server') mutedLans.add(lan)
    for (const [other, one] of advertisers.entries())
      if (behavior.lanPortLoss === (other === lan ? 'ends its RAs' : 'ends the RAs of the other LANs'))
        one.cease(true, () => {})
      else if (other !== lan && behavior.lanPortLoss === 'silences the other LANs') silentLans.add(other)
  }

  function lanReturns(lan: number): void {
    const after = behavior.lanPortOpensAfter
    if (after > 0) shutUntil.set(lan, clock.now() + after)
    const open = () => {
      if (behavior.lanPortReturn === 'another prefix') prefixes.renumberLinks()
      else if (behavior.lanPortReturn === 'advertised') advertisers[lan]?.changed(true)
    }
    if (after > 0 && after < Number.POSITIVE_INFINITY) clock.after(after, open)
    else open()
  }

  /** RFC 2080 section 2.4.1: a request for all routes, every 30 s here. */
  function ripng(): void {
    const request = Uint8Array.of(1, 1, 0, 0, ...new Uint8Array(19), 16)
    wan.send({
      ip6: { src: wan.linkLocal, dst: 'ff02::9', hopLimit: 255 },
      udp: { srcPort: 521, dstPort: 521 },
      payload: request,
    })
    clock.after(30, ripng)
  }
  if (behavior.routingProtocol === 'RIPng') clock.after(5, ripng)

  const stop = (): void => {
    clock.stop()
    for (const one of interfaces) one.down()
  }

  function lanCarrier(lan: number, up: boolean): void {
    if (!up) {
      pulledLans.add(lan)
      lanLost(lan)
    } else if (pulledLans.delete(lan)) lanReturns(lan)
  }

  function wanCarrier(up: boolean): void {
    lineIsOut = !up
    lossNoticed?.cancel()
    const noticed = () => !lineIsOut && host.start()
    if (up && lineIsUsed) return
    if (up && (!lineWasCut || behavior.lineReturnHeeded)) {
      lineIsUsed = true
      const after = Math.max(behavior.lineNoticedAfter, wanOpensAt - clock.now())
      if (after > 0) clock.after(after, noticed)
      else noticed()
    }
    if (up && behavior.ipv6StartsWith === 'an IPv4 address') receive4 = awaitIpv4Offer(clock, wan, host.ipv4Offered)
    if (up) return
    const lost = () => {
      lineIsUsed = false
      lineWasCut = true
      beginning?.cancel()
      engine.happened('line cut')
      works.happened('line cut')
      prefixes.lineLost()
      bindings.lineLost()
      client.pause()
      host.down()
    }
    if (behavior.lineLossNoticedAfter > 0) lossNoticed = clock.after(behavior.lineLossNoticedAfter, lost)
    else lost()
  }
  if (wan.up()) wanCarrier(true)

  return {
    rulesChanged: filter.rulesChanged,
    lanChanged: prefixes.settingsChanged,
    status: () => ({
      online: host.defaultRouter() !== undefined && prefixes.delegated().length > 0 && !ending,
      wanAddresses: wan.addresses
        .list()
        .filter(({ address, tentative }) => !tentative && !isLinkLocal(address))
        .map(({ address }) => address),
      delegatedPrefixes: prefixes.delegated().map(({ value, preferredUntil, validUntil }) => ({
        prefix: value,
        preferredLifetime: left(clock, preferredUntil),
        validLifetime: left(clock, validUntil),
      })),
      lanPrefixes: lans
        .flatMap((_, lan) => prefixes.inForce().filter((one) => one.lan === lan))
        .map(({ prefix }) => prefix),
      downstream: bindings
        .list()
        .filter(({ kind }) => kind === 'ia-pd')
        .flatMap(({ leases, client: router }) => leases.map(({ value }) => ({ prefix: value, router }))),
      dns: client.resolvers(),
    }),
    lanOf: (address) => prefixes.inForce().find(({ prefix }) => inPrefix(address, prefix))?.lan ?? 0,
    end({ withdraw, release }, done) {
      ending = true
      // What was just sent leaves before the ports go dark.
      const last = () =>
        void outer.clock.after(0.1, () => {
          stop()
          done()
        })
      const withdrawAll = (onEnd: () => void): void => {
        let open = advertisers.length
        for (const each of advertisers)
          each.cease(withdraw, () => {
            open--
            if (open === 0) onEnd()
          })
      }
      if (!release) return withdrawAll(last)
      if (behavior.released === 'while the LAN is served') return client.release(() => withdrawAll(last))
      // RFC 8415 section 18.2.7: hosts know that the prefix is gone before it is given back.
      if (behavior.released === 'after the LAN knows') return withdrawAll(() => client.release(last))
      let open = 2
      const one = () => {
        open--
        if (open === 0) last()
      }
      withdrawAll(one)
      client.release(one)
    },
    stop,
  }
}

const hasPrefix = (answer: Dhcpv6): boolean =>
  'options' in answer && answer.options.some(({ type }) => type === 'ia-pd')
