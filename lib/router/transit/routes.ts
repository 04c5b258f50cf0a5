import { type Ipv6Address, inPrefix, type Prefix, prefixLength } from '../../wire/address.ts'
import type { NetworkInterface } from '../interface/interface.ts'

export type Route =
  | { kind: 'connected'; prefix: Prefix; on: NetworkInterface }
  | { kind: 'via'; prefix: Prefix; on: NetworkInterface; nextHop: Ipv6Address }
  /** RFC 7084 WPD-5: what nobody was given leads nowhere. */
  | { kind: 'reject'; prefix: Prefix }

/** Longest match; of equals the first. */
export function bestRoute(routes: Iterable<Route>, destination: Ipv6Address): Route | undefined {
  let best: Route | undefined
  let length = -1
  for (const route of routes) {
    const its = prefixLength(route.prefix)
    if (its > length && inPrefix(destination, route.prefix)) {
      best = route
      length = its
    }
  }
  return best
}
