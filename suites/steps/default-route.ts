import { type Claim, claim, type Frame, ndOptionsOf, raOf } from 'denat'

/** What makes hosts send by way of a router: its Router Lifetime, or a Route Information Option for all (RFC 4191 section 2.3). */
export function defaultRoute(frame: Frame): Claim | undefined {
  const { routerLifetime } = raOf(frame)
  if (routerLifetime > 0) return claim`Router Lifetime ${routerLifetime}`
  const all = ndOptionsOf(frame, 'route-information').find(({ prefix, lifetime }) => prefix === '::/0' && lifetime > 0)
  return all && claim`a Route Information Option for ::/0 with lifetime ${all.lifetime}`
}
