import { createHash } from 'node:crypto'
import type { Timer } from '../../time/clock.ts'
import {
  addressIn,
  formatIpv6,
  type Ipv6Address,
  inPrefix,
  isUla,
  linkLocalOf,
  nextPrefix,
  type Prefix,
} from '../../wire/address.ts'
import type { Duid } from '../../wire/dhcpv6-duid.ts'
import type { Context } from '../context.ts'
import type { Binding, Flash } from '../flash.ts'
import type { LanPrefixes } from './lan-prefixes.ts'
import { type Asker, type Available, subPrefixes } from './sub-prefixes.ts'

export interface SubRoute {
  prefix: Prefix
  nextHop: Ipv6Address
  lan: number
  duid: Duid
}

/** What the LAN's DHCPv6 server has given: RFC 8415 section 6.5, RFC 9818. */
export interface ServerBindings {
  find(of: Pick<Asker, 'kind' | 'duid' | 'iaid'>): Binding | undefined
  /** What this IA gets now, whether or not it is bound already. */
  available(asker: Asker): Available[]
  /** Binds it until then. Returns what was bound before and is stale now. */
  bind(asker: Asker, given: Available[]): string[]
  release(binding: Binding, values: string[]): void
  decline(binding: Binding, values: string[]): void
  /** Leased prefixes with their next hops: RFC 9818 LPD-5. */
  routes(): SubRoute[]
  list(): Binding[]
  /** Those with a lease out of a prefix that is not in force any more. */
  stale(): Binding[]
  /** The line was cut. */
  lineLost(): void
  wanRenumbered(): void
}

export function serverBindings(ctx: Context, flash: Flash, prefixes: LanPrefixes): ServerBindings {
  const { clock, behavior } = ctx
  let expiry: Timer | undefined
  /** Routes that no binding holds any more but that were never removed. */
  const leftover: SubRoute[] = []
  /** Released, and never given again. */
  const spent = new Set<Prefix>()
  /** When the last message of each router was received. */
  const solicitedAt = new Map<Duid, number>()
  /** Those that had a prefix and have lost it. */
  const ended = new Set<Duid>()
  const routers = subPrefixes(ctx, flash, prefixes, spent)

  const find = (of: Pick<Asker, 'kind' | 'duid' | 'iaid'>): Binding | undefined =>
    flash.bindings.find((one) => one.kind === of.kind && one.duid === of.duid && one.iaid === of.iaid)

  function tidy(): void {
    expiry?.cancel()
    const over = flash.bindings.flatMap((one) => {
      const leases = one.leases.filter(({ validUntil }) => validUntil <= clock.now())
      return one.kind === 'ia-pd' && leases.length > 0 ? [{ ...one, leases }] : []
    })
    for (const { duid } of over) ended.add(duid)
    if (over.length > 0 && !behavior.expiryRemovesRoute) leftover.push(...over.flatMap(routesOf))
    if (over.length > 0 && behavior.linkPrefix === "another when a router's lease ends") prefixes.renumberLinks()
    for (const binding of flash.bindings)
      binding.leases = binding.leases.filter(({ validUntil }) => validUntil > clock.now())
    flash.bindings = flash.bindings.filter(({ leases, declined }) => leases.length > 0 || declined > 0)
    const next = Math.min(...flash.bindings.flatMap(({ leases }) => leases.map(({ validUntil }) => validUntil)))
    if (next !== Number.POSITIVE_INFINITY) expiry = clock.after(next - clock.now(), tidy)
  }

  /** Stable for a client, whatever it was given before: RFC 8415 section 13.1. */
  function interfaceId(of: string): Ipv6Address {
    const bytes = new Uint8Array(16)
    bytes.set(createHash('sha256').update(of).digest().subarray(0, 8), 8)
    // Clear of the subnet-router anycast address and of the low identifiers that people hand out.
    bytes[8] = (bytes[8] as number) | 0x10
    return formatIpv6(bytes)
  }

  function addresses({ duid, iaid, lan, client }: Asker): Available[] {
    const bound = find({ kind: 'ia-na', duid, iaid })
    const declined = behavior.declinedAvoided ? (bound?.declined ?? 0) : 0
    const hashed = interfaceId(`${duid} ${iaid} ${declined}`)
    const eui = `::${client.split('::')[1] ?? ''}`
    const isAnothers = (low: string): boolean =>
      flash.bindings.some(
        (one) =>
          one.kind === 'ia-na' &&
          (one.duid !== duid || one.iaid !== iaid) &&
          one.leases.some(({ value }) => value === addressIn(`${value}/64`, low)),
      )
    const id = {
      hashed,
      low: 0x1000 + (Number.parseInt(hashed.split(':').at(-1) || '0', 16) % 0xe000),
      'EUI-64 of the client': declined > 0 || isAnothers(eui) ? hashed : eui,
    }[behavior.leasedAddresses]
    return prefixes
      .inForce()
      .filter((one) => one.lan === lan && (one.kind === 'delegated' || behavior.leasesUla))
      .map(({ prefix, preferredUntil, validUntil }) => ({
        // A client that declined or released one address of an IA still holds the others.
        value: bound?.leases.find(({ value }) => inPrefix(value, prefix))?.value ?? addressIn(prefix, id),
        preferredUntil,
        validUntil,
      }))
  }

  /** The prefix that a client was given first, for a router that knows no other. */
  const first = new Map<string, string>()

  /** When each prefix was leased. */
  const installedAt = new Map<string, number>()
  const isInstalled = ({ prefix }: SubRoute): boolean =>
    clock.now() >= (installedAt.get(prefix) ?? Number.NEGATIVE_INFINITY) + behavior.routesInstalledAfter

  const routesOf = ({ kind, leases, client, lan, duid, iaid }: Binding): SubRoute[] =>
    leases.flatMap(({ value }) => {
      if (kind !== 'ia-pd') return []
      if (behavior.subDelegationRouted === 'first lease only') {
        const key = `${duid} ${iaid} ${isUla(value.replace(/\/.*/, ''))}`
        if (!first.has(key)) first.set(key, value)
        if (first.get(key) !== value) return []
      }
      const guessed = behavior.subDelegationNextHop === 'the MAC in its DUID' ? macIn(duid) : undefined
      const nextHop = guessed ? linkLocalOf(guessed) : client
      const route = { prefix: value, nextHop, lan, duid }
      return behavior.subDelegationRouted === 'one /64 too many'
        ? [route, { ...route, prefix: nextPrefix(value) }]
        : [route]
    })

  /** The clients lose them, and they are not assigned again. */
  function forgetPrefixes(): void {
    for (const { leases } of flash.bindings.filter(({ kind }) => kind === 'ia-pd'))
      for (const { value } of leases) spent.add(value)
    flash.bindings = flash.bindings.filter(({ kind }) => kind !== 'ia-pd')
  }

  const delegates = () => flash.bindings.some(({ kind }) => kind === 'ia-pd')
  if (delegates() && behavior.leasedPrefixesKnown === 'until a restart') forgetPrefixes()

  /** RFC 8987 S-2: until the lease ends, and not only until T1. */
  const isRouted = ({ duid, leases }: Binding): boolean => {
    if (!behavior.returnedRouted && ended.has(duid)) return false
    if (behavior.routeOutlivesSilence) return true
    const since = solicitedAt.get(duid) ?? clock.now()
    const t1 = Math.min(...leases.map(({ preferredUntil }) => preferredUntil - since)) / 2
    return clock.now() < since + t1 + 1
  }

  if (delegates() && !behavior.subLeasesStored) flash.bindings = flash.bindings.filter(({ kind }) => kind !== 'ia-pd')
  if (!behavior.addressLeasesStored) flash.bindings = flash.bindings.filter(({ kind }) => kind !== 'ia-na')
  tidy()
  return {
    find,
    available: (asker) => (asker.kind === 'ia-na' ? addresses(asker) : routers.available(asker)),
    bind(asker, given) {
      const old = find(asker)
      const stale = old?.leases.filter(({ value }) => !given.some((one) => one.value === value)) ?? []
      if (old && stale.length > 0 && !behavior.replacementRemovesRoute) leftover.push(...routesOf(old))
      const { hint: _, ...identity } = asker
      if (asker.kind === 'ia-pd') routers.bound(asker, given)
      const place = old && !behavior.routeFollowsRouter ? { client: old.client, lan: old.lan } : {}
      solicitedAt.set(asker.duid, clock.now())
      for (const { value } of given)
        if (!old?.leases.some((one) => one.value === value)) installedAt.set(value, clock.now())
      const binding: Binding = {
        ...identity,
        ...place,
        declined: old?.declined ?? 0,
        leases: given.map((one) => ({ ...one })),
      }
      const isGiven = ({ value }: { value: string }) => given.some((one) => one.value === value)
      for (const other of flash.bindings)
        if (other !== old && other.leases.some(isGiven) && behavior.emptyPool === 'the oldest lease, taken away')
          other.leases = other.leases.filter((one) => !isGiven(one))
      flash.bindings = [...flash.bindings.filter((one) => one !== old), binding]
      tidy()
      return stale.map(({ value }) => value)
    },
    release(binding, values) {
      if (binding.kind === 'ia-pd') ended.add(binding.duid)
      if (!behavior.releaseRemovesRoute) leftover.push(...routesOf(binding))
      routers.returned(values)
      if (binding.kind === 'ia-pd' && !behavior.releasedPrefixesReturn) for (const value of values) spent.add(value)
      binding.leases = binding.leases.filter(({ value }) => !values.includes(value))
      tidy()
    },
    decline(binding, values) {
      binding.leases = binding.leases.filter(({ value }) => !values.includes(value))
      binding.declined++
      tidy()
    },
    routes() {
      if (flash.bindings.length === 0) return leftover
      if (behavior.subDelegationRouted === 'not') return []
      const leased = flash.bindings.filter(({ kind }) => kind === 'ia-pd')
      const all = leased.filter(isRouted).flatMap(routesOf).filter(isInstalled)
      // A router's next prefix takes the place of the one before.
      const one = behavior.subDelegationRouted === 'one prefix of a router'
      const keyOf = ({ duid, prefix }: SubRoute) => `${duid} ${isUla(prefix.replace(/\/.*/, ''))}`
      return [...(one ? new Map(all.map((route) => [keyOf(route), route])).values() : all), ...leftover]
    },
    list: () => flash.bindings,
    stale() {
      const ula = prefixes.ula()
      const inForce = [...prefixes.delegated().map(({ value }) => value), ...(ula ? [ula] : [])]
      const fits = (value: string) => inForce.some((prefix) => inPrefix(value.replace(/\/.*/, ''), prefix))
      return flash.bindings.filter(({ leases }) => leases.some(({ value }) => !fits(value)))
    },
    lineLost() {
      if (delegates() && behavior.leasedPrefixesKnown === 'until the line is cut') forgetPrefixes()
    },
    wanRenumbered() {
      if (delegates() && behavior.leasedPrefixesKnown === 'until the WAN is renumbered') forgetPrefixes()
    },
  }
}

/** An address lies in a prefix that is in force on that LAN: RFC 8415 section 18.3.3. */
export function fitsLink(prefixes: LanPrefixes, lan: number, address: Ipv6Address): boolean {
  return prefixes.inForce().some((one) => one.lan === lan && inPrefix(address, one.prefix))
}

/** What a router that takes a DUID apart finds in one of type LL or LLT; none may (RFC 9915 section 11). */
function macIn(duid: string): string | undefined {
  const digits = /^(?:00030001|00010001.{8})(.{12})$/.exec(duid)?.[1]
  return digits?.match(/../g)?.join(':')
}
