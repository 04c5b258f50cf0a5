import type { Timer } from '../../time/clock.ts'
import { type Ipv6Address, inPrefix, isLinkLocal, type Prefix, prefixLength } from '../../wire/address.ts'
import type { RouterAdvertisement } from '../../wire/icmpv6.ts'
import { type NdOptionOf, ndOption, ndOptions, type PrefixInformation } from '../../wire/nd-options.ts'
import type { Packet } from '../../wire/packet.ts'
import { type Context, until } from '../context.ts'
import type { NetworkInterface } from '../interface/interface.ts'
import { formed, opaqueAddress } from '../interface/interface-ids.ts'
import { discoverPcpServer } from './pcp-client.ts'

/** RFC 4861 section 10, seconds. */
const maxRtrSolicitationDelay = 1
/** RFC 4862 section 5.5.3 e. */
const twoHours = 7200

export interface WanEvents {
  /** The default router came, went, or is another one. */
  defaultRouterChanged(): void
  /** The address in one prefix of the link gives way to that in another. */
  renumbered(): void
  /** The link-local address is past DAD. */
  ready(): void
  /** The flags of an RA. */
  flags(flags: { managed: boolean; other: boolean }): void
  /** On-link prefixes were added or deprecated: RFC 9915 section 18.2.12. */
  onLinkChanged(): void
  /** An RA contains NAT64 prefixes of the line. */
  nat64(prefixes: NdOptionOf<'pref64'>[]): void
}

/** The router as an IPv6 host on its WAN link: RFC 7084 W-1 to W-3. */
export interface WanHost {
  start(): void
  /** The cable is out: no router is known any more (RFC 7084 G-5). */
  down(): void
  defaultRouter(): Ipv6Address | undefined
  /** The line has IPv4 as well. */
  ipv4Offered(): void
  onLink(): Prefix[]
  /** Resolvers of RAs: RFC 8106. */
  resolvers(): Ipv6Address[]
  receive(packet: Packet): void
}

interface DefaultRouter {
  preference: number
  end: Timer
}

const preferences = { low: -1, medium: 0, high: 1, nothing: Number.NaN }

export function wanHost(ctx: Context, on: NetworkInterface, events: WanEvents): WanHost {
  const { clock, random, behavior } = ctx
  const routers = new Map<Ipv6Address, DefaultRouter>()
  const onLink = new Map<Prefix, number>()
  const deprecated = new Set<Prefix>()
  const resolvers = new Map<Ipv6Address, number>()
  let solicitation: Timer | undefined
  let lastBackoff = 0
  /** Counts the times that the cable was out. */
  let connected = 0
  let started = 0
  let awaiting = false
  let pcpServerSought = false
  /** An RA that came before the router had an address to ask anything from: RFC 4862 section 5.4. */
  let early: RouterAdvertisement | undefined

  let usable = behavior.ipv6StartsWith === 'the line'
  /** RFC 4191 section 3.2: the one that answers, and of these the one that is preferred. */
  function best(): Ipv6Address | undefined {
    if (!usable) return undefined
    if (routers.size < 2) return routers.keys().next().value
    const silent = (router: Ipv6Address) => Number(behavior.unreachableRoutersAvoided && on.isUnreachable(router))
    return [...routers].sort(
      ([a, one], [b, other]) => silent(a) - silent(b) || other.preference - one.preference,
    )[0]?.[0]
  }

  function preferenceOf({ preference }: RouterAdvertisement, known: DefaultRouter | undefined): number {
    const told = preferences[preference === 'reserved' ? behavior.reservedPreference : preference]
    if (told !== preferences.medium && behavior.routerPreference === 'ignored') return preferences.medium
    if (known && known.preference !== told && behavior.routerPreference === 'of the first RA') return known.preference
    return told
  }

  /** RFC 4861 section 6.3.7. */
  function solicit(leftover: number): void {
    if (leftover === 0) return
    const source = behavior.rsSource === 'link-local' ? on.linkLocal : '::'
    on.send({
      ip6: { src: source, dst: 'ff02::2', hopLimit: behavior.rsHopLimit },
      icmp6: {
        type: 'router-solicitation',
        options: source === '::' || !behavior.solicitationNamesMac ? [] : on.named('source-link-layer'),
      },
    })
    const interval = behavior.solicitationInterval * (behavior.solicitationGoesOn ? backoff() : 1)
    solicitation = clock.after(interval, () => solicit(behavior.solicitationGoesOn ? leftover : leftover - 1))
  }

  /** RFC 7559 section 2: doubled each time, give or take RAND, up to an hour. */
  function backoff(): number {
    const last = lastBackoff
    lastBackoff = Math.min(900, last === 0 ? random.uniform(0.9, 1.1) : last * random.uniform(1.9, 2.1))
    return lastBackoff
  }

  const beginSoliciting = (): void => {
    lastBackoff = 0
    solicitation?.cancel()
    solicitation = clock.after(random.uniform(0, behavior.solicitationDelay), () =>
      solicit(behavior.routerSolicitations),
    )
  }

  function setRouter(address: Ipv6Address, ra: RouterAdvertisement): void {
    const before = best()
    const known = routers.get(address)
    const preference = preferenceOf(ra, known)
    if (Number.isNaN(preference)) return
    known?.end.cancel()
    if (ra.routerLifetime > 0) {
      const end = clock.after(ra.routerLifetime, () => {
        routers.delete(address)
        events.defaultRouterChanged()
      })
      routers.set(address, { preference, end })
    } else if (behavior.zeroRouterLifetimeHeeded) routers.delete(address)
    if (best() !== before) events.defaultRouterChanged()
  }

  /** RFC 4862 section 5.5.3. `inPlaceOf`: the same RA deprecates the prefix of another address. */
  function configure(option: PrefixInformation, inPlaceOf: boolean): void {
    const { prefix, preferredLifetime, validLifetime } = option
    if (preferredLifetime > validLifetime || prefixLength(prefix) !== 64 || isLinkLocal(prefix.replace(/\/.*/, '')))
      return
    form(formed(prefix, on.mac, behavior.slaacIds), option, inPlaceOf)
    if (behavior.temporaryAddresses) form(opaqueAddress(prefix, on.mac, 'temporary', boot), option, inPlaceOf)
  }

  const boot = behavior.temporaryAddresses ? random.bytes(8).join() : ''

  function form(address: Ipv6Address, option: PrefixInformation, inPlaceOf: boolean): void {
    const { preferredLifetime, validLifetime } = option
    const known = on.addresses.list().find((one) => one.address === address)
    if (!known && (validLifetime === 0 || on.addresses.list().length > behavior.slaacAddresses)) return
    const renumbered = !known && inPlaceOf
    if (renumbered && behavior.renumberedWan === 'not followed') return
    const ignored = preferredLifetime === 0 && !behavior.zeroPreferredLifetimeHeeded
    const preferredUntil = ignored && known ? known.preferredUntil : until(clock, preferredLifetime)
    let validUntil = until(clock, validLifetime)
    if (known && validLifetime <= twoHours && validUntil < known.validUntil)
      validUntil = Math.min(known.validUntil, clock.now() + twoHours)
    if (!behavior.wanAddressesExpire) validUntil = Number.POSITIVE_INFINITY
    // RFC 4862 section 5.4.2: the RA was a multicast, so others do DAD now as well.
    on.addresses.set(address, { preferredUntil, validUntil }, { delay: random.uniform(0, maxRtrSolicitationDelay) })
    if (renumbered) events.renumbered()
  }

  return {
    start() {
      on.mtu = behavior.defaultWanMtu
      started = clock.now()
      awaiting = true
      // An earlier one would be invalid: RFC 7084 W-2.
      const hasty = !behavior.dadBeforeRouterSolicitation
      if (hasty) clock.after(random.uniform(0, 0.1), () => solicit(behavior.routerSolicitations))
      on.start(random.uniform(0, maxRtrSolicitationDelay), () => {
        events.ready()
        if (early) events.flags(early)
        if (!hasty) beginSoliciting()
      })
    },
    down() {
      connected++
      solicitation?.cancel()
      for (const { end } of routers.values()) end.cancel()
      routers.clear()
      onLink.clear()
      deprecated.clear()
      early = undefined
      on.down()
      events.defaultRouterChanged()
    },
    defaultRouter: best,
    ipv4Offered() {
      usable = true
      events.defaultRouterChanged()
    },
    resolvers: () => [...resolvers].filter(([, end]) => end > clock.now()).map(([server]) => server),
    onLink: () => [...onLink].filter(([, end]) => end > clock.now()).map(([prefix]) => prefix),
    receive(packet) {
      const every = behavior.rasHandledEvery
      if (every === 0) return handle(packet)
      // Those that came by the time of the next batch are handled in it, unless the cable was out meanwhile.
      const since = connected
      clock.after(every - (clock.now() % every), () => since === connected && handle(packet))
    },
  }

  function handle(packet: Packet): void {
    const { ip6, icmp6 } = packet
    if (!ip6 || icmp6?.type !== 'router-advertisement' || !behavior.acceptsRas) return
    if (awaiting && !behavior.routerAwaited(clock.now() - started)) return
    awaiting = false
    const ra = icmp6
    if (ra.routerLifetime > 0 && behavior.solicitationEnds) solicitation?.cancel()
    setRouter(ip6.src, ra)
    if (ra.routerLifetime > 0 && on.addresses.owns(on.linkLocal) && !pcpServerSought) {
      pcpServerSought = true
      discoverPcpServer(ctx, on, packet)
    }
    const mtu = ndOption(ra, 'mtu')?.mtu
    const mtuFits = mtu !== undefined && mtu >= behavior.leastWanMtu && mtu <= behavior.greatestWanMtu
    if (mtuFits && behavior.wanMtuApplied && (behavior.wanMtuGrows || mtu < on.mtu)) on.mtu = mtu
    if (behavior.curHopLimitTaken && ra.hopLimit > 0) on.hopLimit = ra.hopLimit
    for (const { servers, lifetime } of ndOptions(ra, 'rdnss'))
      for (const server of servers) resolvers.set(server, until(clock, lifetime))
    const pios = ndOptions(ra, 'prefix-information')
    const deprecates = pios.some(
      ({ prefix, preferredLifetime }) =>
        preferredLifetime === 0 && on.addresses.list().some(({ address }) => inPrefix(address, prefix)),
    )
    const before = onLink.size + deprecated.size
    for (const option of pios) {
      if (option.onLink && option.preferredLifetime === 0) deprecated.add(option.prefix)
      // RFC 7084 WAA-2: without L=1 nothing is on-link.
      const length = prefixLength(option.prefix)
      if (
        behavior.prefixOnLink(option.onLink) &&
        length > 0 &&
        length <= 128 &&
        !isLinkLocal(option.prefix.replace(/\/.*/, ''))
      )
        onLink.set(option.prefix, until(clock, option.validLifetime))
      const autonomous = option.autonomous || behavior.clientSource === 'global'
      if (autonomous && behavior.slaacOnWan) configure(option, deprecates)
    }
    if (onLink.size + deprecated.size > before) events.onLinkChanged()
    if (on.addresses.tentative(on.linkLocal)) early = ra
    else events.flags(ra)
    events.nat64(ndOptions(ra, 'pref64'))
  }
}
