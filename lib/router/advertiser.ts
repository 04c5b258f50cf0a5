import type { Timer } from '../time/clock.ts'
import { formatPrefix, isLinkLocal, isMulticast, isUla, parseIpv6, prefixLength } from '../wire/address.ts'
import type { NdOption } from '../wire/nd-options.ts'
import type { Ipv6Address, Packet, PacketInit, Prefix } from '../wire/packet.ts'
import { type Context, INFINITY, left } from './context.ts'
import type { Lease } from './flash.ts'
import type { NetworkInterface } from './interface.ts'
import type { LanPrefix } from './lan-prefixes.ts'

/** What the LAN is told, asked anew for each RA. */
export interface AdvertiserNeeds {
  on: NetworkInterface
  /** The WAN, where a sound router advertises nothing. */
  uplink: NetworkInterface
  /** A default router is known on the WAN. */
  online(): boolean
  prefixes(): LanPrefix[]
  delegated(): Lease[]
  staleDelegated(): Prefix[]
  ula(): Prefix | undefined
  /** On-link prefixes of the WAN. */
  wanPrefixes(): Prefix[]
  servesAddresses(): boolean
  resolvers(): Ipv6Address[]
  domains(): string[]
  /** NAT64 prefixes of the line. */
  nat64(): NdOption[]
}

/** The Router Advertisement daemon of one LAN: RFC 4861 section 6.2, RFC 7084 section 4.3, RFC 9096. */
export interface Advertiser {
  start(): void
  /** Something that RAs say has changed: they say it now, and where hosts must not miss it, again (RFC 4861 section 6.2.4). */
  changed(again: boolean): void
  solicited(packet: Packet): void
  /** Says good-bye (RFC 4861 section 6.2.5), as soon as it may, and takes its prefixes along or not; `done` once it has. */
  cease(withdraw: boolean, done: () => void): void
}

const ulaFirst = (a: LanPrefix, b: LanPrefix): number => Number(b.kind === 'ula') - Number(a.kind === 'ula')

export function advertiser({ clock, random, behaviour }: Context, needs: AdvertiserNeeds): Advertiser {
  const { on } = needs
  let timer: Timer | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let initial = behaviour.initialAdvertisements
  let lastMulticast = Number.NEGATIVE_INFINITY
  let running = false
  /** Since the last RA that told of something new, or that somebody had asked for. */
  let periodic = 0
  /** The next one is not for periodic advertising alone. */
  let solicited = false
  let started = 0
  let ceasing = false
  let withdrawing = false
  /** Who is about to be answered: one answer serves for all that was asked meanwhile. */
  const solicitors = new Set<Ipv6Address>()
  /** Resolvers and search lists that were announced and are no more: RFC 8106 section 5.1. */
  const announced = { servers: new Set<string>(), domains: new Set<string>() }

  const capped = (seconds: number, limit: number): number => Math.min(seconds, limit)

  /** What only a mutant tells the LAN: that the WAN link's prefix is its own. */
  function borrowed(inForce: readonly LanPrefix[]): NdOption[] {
    const own = behaviour.withoutPrefix === 'no way out' || inForce.some(({ kind }) => kind === 'delegated')
    const limit = behaviour.limits('pio')
    const lifetimes = { preferredLifetime: limit.preferred, validLifetime: limit.valid }
    const flags = { onLink: true, autonomous: true }
    return own
      ? []
      : needs.wanPrefixes().map((prefix) => ({ type: 'prefix-information', prefix, ...flags, ...lifetimes }) as const)
  }

  function pio(one: LanPrefix): NdOption[] {
    const holdsAddress = behaviour.pioRouterAddress === 'R flag with the address'
    const base = {
      type: 'prefix-information',
      prefix: holdsAddress ? formatPrefix(parseIpv6(one.address), 0, prefixLength(one.prefix)) : one.prefix,
      ...(behaviour.pioRouterAddress !== 'no R flag' && { routerAddress: true }),
      onLink: one.onLink,
      autonomous: one.autonomous,
      ...(one.kind === 'delegated' && behaviour.pdPreferred && { pdPreferred: true }),
    } as const
    const limit = behaviour.limits('pio')
    const former = { preferredLifetime: limit.preferred, validLifetime: limit.valid }
    if (one.staleUntil !== undefined || withdrawing) {
      if (!withdrawing && behaviour.stalePios === 'omitted') return []
      if (!withdrawing && behaviour.stalePios === 'kept') return [{ ...base, ...former }]
      const flags = behaviour.withdrawnPioFlags === 'cleared' ? { onLink: false, autonomous: false } : {}
      const remaining =
        behaviour.withdrawnValidLifetime === 'zero' ? 0 : capped(left(clock, one.validUntil), limit.valid)
      return [{ ...base, ...flags, preferredLifetime: 0, validLifetime: remaining }]
    }
    if (one.kind === 'ula' && behaviour.ulaLifetimes)
      return [
        {
          ...base,
          preferredLifetime: behaviour.ulaLifetimes.preferred,
          validLifetime: behaviour.ulaLifetimes.valid,
        },
      ]
    if (!behaviour.lifetimesFollowLease('pio')) return [{ ...base, ...former }]
    const validLifetime = capped(left(clock, one.validUntil), limit.valid)
    if (validLifetime === 0 && behaviour.expiredPrefixes === 'advertised on') return [{ ...base, ...former }]
    const preferredLifetime = capped(left(clock, one.preferredUntil), Math.min(limit.preferred, validLifetime))
    if (preferredLifetime > 0 && !behaviour.preferredWithinValid(one))
      return [{ ...base, preferredLifetime, validLifetime: preferredLifetime - 1 }]
    return [{ ...base, preferredLifetime, validLifetime }]
  }

  /** RFC 7084 L-3: for the delegated prefixes and the ULA, whether or not there is a way to the Internet. */
  function routes(): NdOption[] {
    if (
      behaviour.routeInformation === 'never' ||
      (behaviour.routeInformation === 'with a default router' && !needs.online())
    )
      return []
    const rio = (prefix: Prefix, lifetime: number): NdOption => ({
      type: 'route-information',
      prefix,
      preference: behaviour.routePreference,
      lifetime,
    })
    const ula = needs.ula()
    const longest = Math.min(behaviour.limits('rio').valid, behaviour.routeLifetime)
    const lives = (until: number): number => (withdrawing ? 0 : capped(left(clock, until), longest))
    const ofLink = behaviour.linkRoutes ? needs.prefixes().filter(({ staleUntil }) => staleUntil === undefined) : []
    return [
      ...needs.delegated().map(({ value, validUntil }) => rio(value, lives(validUntil))),
      ...(behaviour.staleRoutes === 'lifetime 0' ? needs.staleDelegated().map((prefix) => rio(prefix, 0)) : []),
      ...(ula && behaviour.routeInformation !== 'delegated only' ? [rio(ula, withdrawing ? 0 : longest)] : []),
      ...ofLink.map(({ prefix, validUntil }) => rio(prefix, lives(validUntil))),
    ]
  }

  function dns(inForce: readonly LanPrefix[]): NdOption[] {
    const servers = behaviour.rdnss && !withdrawing ? needs.resolvers() : []
    const own = behaviour.ownDomain ? [behaviour.ownDomain] : []
    const domains =
      behaviour.dnssl && !withdrawing ? [...own, ...(behaviour.ispDomainsAnnounced ? needs.domains() : [])] : []
    const gone = <T extends string>(before: Set<T>, now: T[]): T[] => [...before].filter((one) => !now.includes(one))
    const old = {
      servers: behaviour.formerResolversWithdrawn ? gone(announced.servers, servers) : [],
      domains: gone(announced.domains, domains),
    }
    for (const one of servers) announced.servers.add(one)
    for (const one of domains) announced.domains.add(one)
    /** RFC 9096 L-16: no longer than the address lives. */
    const lives = (server: Ipv6Address): number =>
      left(clock, inForce.find(({ address }) => address === server)?.validUntil ?? Number.POSITIVE_INFINITY)
    const longest = (of: 'rdnss' | 'dnssl'): number => Math.min(behaviour.limits(of).valid, behaviour.resolverLifetime)
    const lifetime = capped(Math.min(INFINITY, ...servers.map(lives)), longest('rdnss'))
    const grouped = behaviour.rdnssOptions === 'one' ? [servers] : servers.map((server) => [server])
    return [
      ...(servers.length > 0 ? grouped.map((some) => ({ type: 'rdnss', lifetime, servers: some }) as const) : []),
      ...(old.servers.length > 0 ? [{ type: 'rdnss', lifetime: 0, servers: old.servers } as const] : []),
      ...(domains.length > 0 ? [{ type: 'dnssl', lifetime: longest('dnssl'), domains } as const] : []),
      ...(old.domains.length > 0 ? [{ type: 'dnssl', lifetime: 0, domains: old.domains } as const] : []),
    ]
  }

  /** RFC 7084 G-4, L-4 and ULA-5: a default router needs a way out and a prefix to use on it. */
  function routerLifetime(inForce: readonly LanPrefix[]): number {
    if (ceasing) return 0
    const usable =
      inForce.some(({ kind }) => kind === 'delegated') ||
      borrowed(inForce).length > 0 ||
      !behaviour.routerLifetimeFollowsPrefix
    const online = needs.online() || !behaviour.routerLifetimeFollowsWan
    return online && (usable || !behaviour.routerLifetimeFollowsWan) ? behaviour.advDefaultLifetime : 0
  }

  /** All options, or those that one RA of several holds. */
  function content(part?: 'prefixes' | 'no prefixes'): PacketInit['icmp6'] {
    const prefixes = needs.prefixes()
    const inForce = prefixes.filter(({ staleUntil }) => staleUntil === undefined)
    const lifetime = routerLifetime(inForce)
    const served = behaviour.managedFlag === 'set' || (needs.servesAddresses() && behaviour.managedFlag !== 'clear')
    const known = behaviour.pioOrder === 'ULA first' ? [...prefixes].sort(ulaFirst) : prefixes
    return {
      type: 'router-advertisement',
      hopLimit: behaviour.advCurHopLimit,
      managed: served,
      other: behaviour.otherFlag,
      routerLifetime: lifetime,
      reachableTime: behaviour.advReachableTime,
      retransTimer: behaviour.advRetransTimer,
      preference: ceasing || lifetime === 0 ? 'medium' : behaviour.defaultRouterPreference,
      options: behaviour.raOptionOrder([
        ...(behaviour.sourceLinkLayer ? [{ type: 'source-link-layer', mac: on.mac } as const] : []),
        ...(behaviour.advLinkMtu > 0 ? [{ type: 'mtu', mtu: behaviour.advLinkMtu } as const] : []),
        ...(part === 'no prefixes' ? [] : [...known.flatMap(pio), ...borrowed(inForce), ...routes()]),
        ...(part === 'prefixes' ? [] : [...dns(inForce), ...needs.nat64(), ...behaviour.raOptionsBeside]),
      ]),
    }
  }

  function send(dst: Ipv6Address, part?: 'prefixes' | 'no prefixes'): void {
    if (!behaviour.routerAdvertisements || !on.addresses.owns(on.linkLocal)) return
    const best = on.addresses.best('global')
    const global = best && !isUla(best) ? best : undefined
    const asked = !isMulticast(dst) && !isLinkLocal(dst) && behaviour.raSource === 'global where it is asked from one'
    const src = (behaviour.raSource === 'global' || asked) && global ? global : on.linkLocal
    const advertisement = { ip6: { src, dst, hopLimit: behaviour.raHopLimit }, icmp6: content(part) }
    on.send(advertisement)
    const { uplink } = needs
    if (isMulticast(dst) && behaviour.advertisesOn === 'every port')
      uplink.send({ ...advertisement, ip6: { ...advertisement.ip6, src: uplink.linkLocal } })
  }

  function multicast(): void {
    lastMulticast = clock.now()
    periodic = initial > 0 || solicited || ceasing ? 0 : periodic + 1
    send('ff02::1', periodic % 2 === 1 && behaviour.periodicOptions !== 'all' ? 'no prefixes' : undefined)
    solicited = false
    initial = Math.max(0, initial - 1)
    const interval = random.uniform(behaviour.rtrAdvInterval.min, behaviour.rtrAdvInterval.max)
    schedule(initial > 0 ? Math.min(interval, behaviour.maxInitialRtrAdvertInterval) : interval)
  }

  function schedule(delay: number): void {
    timer?.cancel()
    dueAt = clock.now() + delay
    timer = clock.after(delay, multicast)
  }

  /** RFC 4861 section 6.2.6: multicast RAs keep their distance. */
  function soon(delay: number): void {
    // The last ones come at their own time.
    if (ceasing) return
    solicited = true
    const wait = Math.max(delay, lastMulticast + behaviour.minDelayBetweenRas - clock.now())
    if (clock.now() + wait < dueAt) schedule(wait)
  }

  return {
    start() {
      running = true
      started = clock.now()
      initial = behaviour.initialAdvertisements
      soon(random.uniform(behaviour.raDelay.min, behaviour.raDelay.max))
    },
    changed(again) {
      if (!running || ceasing || clock.now() - started > behaviour.changesAnnouncedFor) return
      if (again && behaviour.changesRepeated) initial = behaviour.initialAdvertisements
      soon(behaviour.changesToldAfter)
    },
    solicited({ ip6 }) {
      if (!running || !ip6 || !behaviour.solicitationsAnswered) return
      if (ip6.src === '::' && behaviour.unspecifiedAnsweredAtOnce) return multicast()
      const delay = random.uniform(behaviour.raDelay.min, behaviour.raDelay.max)
      // Unicast spares sleeping hosts (RFC 7772 section 5); who has no address yet is answered with all others.
      if (ip6.src === '::' || behaviour.solicitedBy === 'multicast') soon(delay)
      else if (!solicitors.has(ip6.src)) {
        solicitors.add(ip6.src)
        clock.after(delay, () => {
          solicitors.delete(ip6.src)
          if (!running) return
          const parts = behaviour.solicitedAnswer === 'one RA' ? [undefined] : (['prefixes', 'no prefixes'] as const)
          for (const part of parts) send(ip6.src, part)
        })
      }
    },
    cease(withdraw, done) {
      if (!running) return done()
      ceasing = true
      withdrawing = withdraw
      timer?.cancel()
      const last = (left: number): void => {
        timer = clock.after(Math.max(0, lastMulticast + behaviour.minDelayBetweenRas - clock.now()), () => {
          if (behaviour.finalAdvertisement) multicast()
          timer?.cancel()
          if (left > 1) return last(left - 1)
          running = ceasing = withdrawing = false
          dueAt = Number.POSITIVE_INFINITY
          done()
        })
      }
      last(behaviour.finalAdvertisements)
    },
  }
}
