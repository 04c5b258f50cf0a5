import type { Frame } from '../recording/recording.ts'
import { type Ipv6Address, inPrefix, isLinkLocal, network, type Prefix, prefixLength } from '../wire/address.ts'
import type { RouterAdvertisement } from '../wire/icmpv6.ts'
import { INFINITY } from './addresses.ts'
import type { Attachment } from './attachment/attachment.ts'
import type { NodeContext } from './context.ts'
import { MINIMUM_MTU } from './ip.ts'

type Preference = 'low' | 'medium' | 'high'

/** What a host learns about ways and names from RAs: RFC 4861 section 6.3, RFC 4191, RFC 8106. */
export interface Routes {
  advertised(from: Ipv6Address, advertisement: RouterAdvertisement, frame: Frame): void
  /** The neighbor that takes packets for this destination: itself where it is on-link. */
  nextHop(destination: Ipv6Address): Ipv6Address | undefined
  hasDefaultRouter(): boolean
  /** The last RA with a router lifetime. */
  lastAdvertisement(): Frame | undefined
  resolvers(): Ipv6Address[]
  /** Cur Hop Limit, where a router gave one. */
  hopLimit(): number
  /** LinkMTU, RFC 4861 section 6.3.4. */
  mtu(): number
  clear(): void
}

interface Route {
  prefix: Prefix
  length: number
  /** Undefined: on-link. */
  via: Ipv6Address | undefined
  preference: Preference
  until: number
}

const DEFAULT: Prefix = '::/0'
const RANK: Record<Preference, number> = { low: 0, medium: 1, high: 2 }

export function routes(ctx: NodeContext, link: Pick<Attachment, 'isSilent' | 'mtu'>): Routes {
  const table = new Map<string, Route>()
  const servers = new Map<Ipv6Address, number>()
  let lastRouter: Ipv6Address | undefined
  let lastAdvertisement: Frame | undefined
  let hopLimit = 64
  let { mtu } = link

  const until = (lifetime: number): number => (lifetime >= INFINITY ? Infinity : ctx.clock.now() + lifetime)
  const put = (
    prefix: Prefix,
    via: Ipv6Address | undefined,
    preference: Preference | 'reserved',
    lifetime: number,
  ): void => {
    // RFC 4191 section 2.3: a route with the reserved preference is ignored.
    if (preference === 'reserved') return
    const key = `${prefix} ${via}`
    if (lifetime === 0) table.delete(key)
    else table.set(key, { prefix, length: prefixLength(prefix), via, preference, until: until(lifetime) })
  }
  const live = (): Route[] => [...table.values()].filter((route) => route.until > ctx.clock.now())

  return {
    advertised(from, ra, frame) {
      // RFC 4191 section 2.2: in the header the reserved preference counts as medium.
      put(DEFAULT, from, ra.preference === 'reserved' ? 'medium' : ra.preference, ra.routerLifetime)
      lastRouter = from
      if (ra.routerLifetime > 0) lastAdvertisement = frame
      if (ra.hopLimit > 0) hopLimit = ra.hopLimit
      for (const option of ra.options) {
        if (option.type === 'route-information') put(network(option.prefix), from, option.preference, option.lifetime)
        if (option.type === 'prefix-information' && option.onLink && !inPrefix('fe80::', option.prefix)) {
          put(network(option.prefix), undefined, 'medium', option.validLifetime)
        }
        if (option.type === 'mtu' && option.mtu >= MINIMUM_MTU && option.mtu <= link.mtu) mtu = option.mtu
        if (option.type === 'rdnss') {
          for (const server of option.servers) {
            if (option.lifetime === 0) servers.delete(server)
            else servers.set(server, until(option.lifetime))
          }
        }
      }
    },
    nextHop(destination) {
      // Link-local unicast is on-link by definition.
      if (isLinkLocal(destination)) return destination
      const fitting = live().filter((route) => inPrefix(destination, route.prefix))
      const usable = (route: Route): number => Number(route.via === undefined || !link.isSilent(route.via))
      const [best] = fitting.sort(
        (a, b) => usable(b) - usable(a) || b.length - a.length || RANK[b.preference] - RANK[a.preference],
      )
      // A router that withdrew itself is still used: what it does with the packet is to be recorded.
      return best ? (best.via ?? destination) : lastRouter
    },
    hasDefaultRouter: () => live().some((route) => route.prefix === DEFAULT),
    lastAdvertisement: () => lastAdvertisement,
    resolvers: () => [...servers].filter(([, end]) => end > ctx.clock.now()).map(([server]) => server),
    hopLimit: () => hopLimit,
    mtu: () => mtu,
    clear() {
      table.clear()
      servers.clear()
      lastRouter = lastAdvertisement = undefined
      hopLimit = 64
      mtu = link.mtu
    },
  }
}
