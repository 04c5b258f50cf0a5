import type { Timer } from '../../time/clock.ts'
import {
  formatPrefix,
  type Ipv6Address,
  isLinkLocal,
  isMulticast,
  isUla,
  type Prefix,
  parseIpv6,
  prefixLength,
} from '../../wire/address.ts'
import type { NdOption } from '../../wire/nd-options.ts'
import type { Packet, PacketInit } from '../../wire/packet.ts'
import { type Context, INFINITY, left } from '../context.ts'
import type { Lease } from '../flash.ts'
import type { NetworkInterface } from '../interface/interface.ts'
import type { LanPrefix } from './lan-prefixes.ts'

/** The content of RAs on the LAN, read for each RA. */
export interface AdvertiserNeeds {
  on: NetworkInterface
  /** The WAN, where a correct router advertises nothing. */
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
  /** The content of RAs has changed: an RA is sent now, and repeated where hosts must not miss it (RFC 4861 section 6.2.4). */
  changed(again: boolean): void
  solicited(packet: Packet): void
  /** Sends final RAs (RFC 4861 section 6.2.5), as soon as it may, with or without its prefixes withdrawn; then calls `done`. */
  cease(withdraw: boolean, done: () => void): void
}

const ulaFirst = (a: LanPrefix, b: LanPrefix): number => Number(b.kind === 'ula') - Number(a.kind === 'ula')

export function advertiser({ clock, random, behavior }: Context, needs: AdvertiserNeeds): Advertiser {
  const { on } = needs
  let timer: Timer | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let initial = behavior.initialAdvertisements
  let lastMulticast = Number.NEGATIVE_INFINITY
  let running = false
  /** Since the last RA that was solicited or had a change. */
  let periodic = 0
  /** The next one is not for periodic advertising alone. */
  let solicited = false
  let started = 0
  let ceasing = false
  let withdrawing = false
  /** Solicitations that wait for an answer: one RA answers all of them. */
  const solicitors = new Set<Ipv6Address>()
  /** Resolvers and search lists that were announced and are no more: RFC 8106 section 5.1. */
  const announced = { servers: new Set<string>(), domains: new Set<string>() }

  const capped = (seconds: number, limit: number): number => Math.min(seconds, limit)

  /** What only a mutant advertises: the prefix of the WAN link as its own. */
  function borrowed(inForce: readonly LanPrefix[]): NdOption[] {
    const own = behavior.withoutPrefix === 'no way out' || inForce.some(({ kind }) => kind === 'delegated')
    const limit = behavior.limits('pio')
    const lifetimes = { preferredLifetime: limit.preferred, validLifetime: limit.valid }
    const flags = { onLink: true, autonomous: true }
    return own
      ? []
      : needs.wanPrefixes().map((prefix) => ({ type: 'prefix-information', prefix, ...flags, ...lifetimes }) as const)
  }

  function pio(one: LanPrefix): NdOption[] {
    const holdsAddress = behavior.pioRouterAddress === 'R flag with the address'
    const base = {
      type: 'prefix-information',
      prefix: holdsAddress ? formatPrefix(parseIpv6(one.address), 0, prefixLength(one.prefix)) : one.prefix,
      ...(behavior.pioRouterAddress !== 'no R flag' && { routerAddress: true }),
      onLink: one.onLink,
      autonomous: one.autonomous,
      ...(one.kind === 'delegated' && behavior.pdPreferred && { pdPreferred: true }),
    } as const
    const limit = behavior.limits('pio')
    const former = { preferredLifetime: limit.preferred, validLifetime: limit.valid }
    if (one.staleUntil !== undefined || withdrawing) {
      if (!withdrawing && behavior.stalePios === 'omitted') return []
      if (!withdrawing && behavior.stalePios === 'kept') return [{ ...base, ...former }]
      const flags = behavior.withdrawnPioFlags === 'cleared' ? { onLink: false, autonomous: false } : {}
      const remaining =
        behavior.withdrawnValidLifetime === 'zero' ? 0 : capped(left(clock, one.validUntil), limit.valid)
      return [{ ...base, ...flags, preferredLifetime: 0, validLifetime: remaining }]
    }
    if (one.kind === 'ula' && behavior.ulaLifetimes)
      return [
        {
          ...base,
          preferredLifetime: behavior.ulaLifetimes.preferred,
          validLifetime: behavior.ulaLifetimes.valid,
        },
      ]
    if (!behavior.lifetimesFollowLease('pio')) return [{ ...base, ...former }]
    const validLifetime = capped(left(clock, one.validUntil), limit.valid)
    if (validLifetime === 0 && behavior.expiredPrefixes === 'advertised on') return [{ ...base, ...former }]
    const preferredLifetime = capped(left(clock, one.preferredUntil), Math.min(limit.preferred, validLifetime))
    if (preferredLifetime > 0 && !behavior.preferredWithinValid(one))
      return [{ ...base, preferredLifetime, validLifetime: preferredLifetime - 1 }]
    return [{ ...base, preferredLifetime, validLifetime }]
  }

  /** RFC 7084 L-3: for the delegated prefixes and the ULA, whether or not there is a way to the Internet. */
  function routes(): NdOption[] {
    if (
      behavior.routeInformation === 'never' ||
      (behavior.routeInformation === 'with a default router' && !needs.online())
    )
      return []
    const rio = (prefix: Prefix, lifetime: number): NdOption => ({
      type: 'route-information',
      prefix,
      preference: behavior.routePreference,
      lifetime,
    })
    const ula = needs.ula()
    const longest = Math.min(behavior.limits('rio').valid, behavior.routeLifetime)
    const lifetimeLeft = (until: number): number => (withdrawing ? 0 : capped(left(clock, until), longest))
    const ofLink = behavior.linkRoutes ? needs.prefixes().filter(({ staleUntil }) => staleUntil === undefined) : []
    return [
      ...needs.delegated().map(({ value, validUntil }) => rio(value, lifetimeLeft(validUntil))),
      ...(behavior.staleRoutes === 'lifetime 0' ? needs.staleDelegated().map((prefix) => rio(prefix, 0)) : []),
      ...(ula && behavior.routeInformation !== 'delegated only' ? [rio(ula, withdrawing ? 0 : longest)] : []),
      ...ofLink.map(({ prefix, validUntil }) => rio(prefix, lifetimeLeft(validUntil))),
    ]
  }

  function dns(inForce: readonly LanPrefix[]): NdOption[] {
    const servers = behavior.rdnss && !withdrawing ? needs.resolvers() : []
    const own = behavior.ownDomain ? [behavior.ownDomain] : []
    const domains =
      behavior.dnssl && !withdrawing ? [...own, ...(behavior.ispDomainsAnnounced ? needs.domains() : [])] : []
    const gone = <T extends string>(before: Set<T>, now: T[]): T[] => [...before].filter((one) => !now.includes(one))
    const old = {
      servers: behavior.formerResolversWithdrawn ? gone(announced.servers, servers) : [],
      domains: gone(announced.domains, domains),
    }
    for (const one of servers) announced.servers.add(one)
    for (const one of domains) announced.domains.add(one)
    /** RFC 9096 L-16: no longer than the valid lifetime of the address. */
    const lifetimeLeft = (server: Ipv6Address): number =>
      left(clock, inForce.find(({ address }) => address === server)?.validUntil ?? Number.POSITIVE_INFINITY)
    const longest = (of: 'rdnss' | 'dnssl'): number => Math.min(behavior.limits(of).valid, behavior.resolverLifetime)
    const lifetime = capped(Math.min(INFINITY, ...servers.map(lifetimeLeft)), longest('rdnss'))
    const grouped = behavior.rdnssOptions === 'one' ? [servers] : servers.map((server) => [server])
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
      !behavior.routerLifetimeFollowsPrefix
    const online = needs.online() || !behavior.routerLifetimeFollowsWan
    return online && (usable || !behavior.routerLifetimeFollowsWan) ? behavior.advDefaultLifetime : 0
  }

  /** All options, or those that one RA of several holds. */
  function content(part?: 'prefixes' | 'no prefixes'): PacketInit['icmp6'] {
    const prefixes = needs.prefixes()
    const inForce = prefixes.filter(({ staleUntil }) => staleUntil === undefined)
    const lifetime = routerLifetime(inForce)
    const served = behavior.managedFlag === 'set' || (needs.servesAddresses() && behavior.managedFlag !== 'clear')
    const known = behavior.pioOrder === 'ULA first' ? [...prefixes].sort(ulaFirst) : prefixes
    return {
      type: 'router-advertisement',
      hopLimit: behavior.advCurHopLimit,
      managed: served,
      other: behavior.otherFlag,
      routerLifetime: lifetime,
      reachableTime: behavior.advReachableTime,
      retransTimer: behavior.advRetransTimer,
      preference: ceasing || lifetime === 0 ? 'medium' : behavior.defaultRouterPreference,
      options: behavior.raOptionOrder([
        ...(behavior.sourceLinkLayer ? on.named('source-link-layer') : []),
        ...(behavior.advLinkMtu > 0 ? [{ type: 'mtu', mtu: behavior.advLinkMtu } as const] : []),
        ...(part === 'no prefixes' ? [] : [...known.flatMap(pio), ...borrowed(inForce), ...routes()]),
        ...(part === 'prefixes' ? [] : [...dns(inForce), ...needs.nat64(), ...behavior.moreRaOptions]),
      ]),
    }
  }

  function send(dst: Ipv6Address, part?: 'prefixes' | 'no prefixes'): void {
    if (!behavior.routerAdvertisements || !on.addresses.owns(on.linkLocal)) return
    const best = on.addresses.best('global')
    const global = best && !isUla(best) ? best : undefined
    const asked = !isMulticast(dst) && !isLinkLocal(dst) && behavior.raSource === 'global where it is asked from one'
    const src = (behavior.raSource === 'global' || asked) && global ? global : on.linkLocal
    const advertisement = { ip6: { src, dst, hopLimit: behavior.raHopLimit }, icmp6: content(part) }
    on.send(advertisement)
    const { uplink } = needs
    if (isMulticast(dst) && behavior.advertisesOn === 'every port')
      uplink.send({ ...advertisement, ip6: { ...advertisement.ip6, src: uplink.linkLocal } })
  }

  function multicast(): void {
    lastMulticast = clock.now()
    periodic = initial > 0 || solicited || ceasing ? 0 : periodic + 1
    send('ff02::1', periodic % 2 === 1 && behavior.periodicOptions !== 'all' ? 'no prefixes' : undefined)
    solicited = false
    initial = Math.max(0, initial - 1)
    const interval = random.uniform(behavior.rtrAdvInterval.min, behavior.rtrAdvInterval.max)
    schedule(initial > 0 ? Math.min(interval, behavior.maxInitialRtrAdvertInterval) : interval)
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
    const wait = Math.max(delay, lastMulticast + behavior.minDelayBetweenRas - clock.now())
    if (clock.now() + wait < dueAt) schedule(wait)
  }

  return {
    start() {
      running = true
      started = clock.now()
      initial = behavior.initialAdvertisements
      soon(random.uniform(behavior.raDelay.min, behavior.raDelay.max))
    },
    changed(again) {
      if (!running || ceasing || clock.now() - started > behavior.changesAnnouncedFor) return
      if (again && behavior.changesRepeated) initial = behavior.initialAdvertisements
      soon(behavior.changesAdvertisedAfter)
    },
    solicited({ ip6 }) {
      if (!running || !ip6 || !behavior.solicitationsAnswered) return
      if (ip6.src === '::' && behavior.unspecifiedAnsweredAtOnce) return multicast()
      const delay = random.uniform(behavior.raDelay.min, behavior.raDelay.max)
      // Unicast does not wake hosts in standby (RFC 7772 section 5); a host without an address is answered by multicast.
      if (ip6.src === '::' || behavior.solicitedBy === 'multicast') soon(delay)
      else if (!solicitors.has(ip6.src)) {
        solicitors.add(ip6.src)
        clock.after(delay, () => {
          solicitors.delete(ip6.src)
          if (!running) return
          const parts = behavior.solicitedAnswer === 'one RA' ? [undefined] : (['prefixes', 'no prefixes'] as const)
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
        timer = clock.after(Math.max(0, lastMulticast + behavior.minDelayBetweenRas - clock.now()), () => {
          if (behavior.finalAdvertisement) multicast()
          timer?.cancel()
          if (left > 1) return last(left - 1)
          running = ceasing = withdrawing = false
          dueAt = Number.POSITIVE_INFINITY
          done()
        })
      }
      last(behavior.finalAdvertisements)
    },
  }
}
