import { type Ipv6Address, network, nthSubnet, type Prefix, prefixContains, prefixLength } from '../../wire/address.ts'
import type { Duid } from '../../wire/dhcpv6-duid.ts'
import type { Context } from '../context.ts'
import type { Binding, Flash, Lease } from '../flash.ts'
import { freeSubnets, type LanPrefixes } from './lan-prefixes.ts'

/** The client, and its link. */
export interface Asker {
  duid: Duid
  iaid: number
  kind: Binding['kind']
  client: Ipv6Address
  lan: number
  /** The first prefix that an IA_PD names, or a length as `::/n`. */
  hint?: Prefix
}

/** An address or prefix that an IA may have now. */
export interface Available {
  value: string
  preferredUntil: number
  validUntil: number
}

/** The number of candidates that are tried in a large prefix. */
const mostFree = 64

const overlap = (a: Prefix, b: Prefix): boolean => prefixContains(a, b) || prefixContains(b, a)

/** What routers on the LAN may have of the delegated prefixes: RFC 9818 LPD-2, LPD-4, LPD-7. */
export interface SubPrefixes {
  /** What this IA_PD gets now, the same as before where it has something. */
  available(asker: Asker): Available[]
  /** It has it now: the offer is over. */
  bound(asker: Asker, given: Available[]): void
  /** It was released. */
  returned(values: string[]): void
}

export function subPrefixes(
  { clock, behavior }: Context,
  flash: Flash,
  prefixes: LanPrefixes,
  spent: ReadonlySet<Prefix>,
): SubPrefixes {
  const offers = new Map<Prefix, { duid: string; iaid: number; until: number }>()
  const released = new Set<Prefix>()
  /** What each IA was given last. */
  const remembered = new Map<string, Prefix>()
  const ofLinks = (prefix: Prefix): boolean => prefixes.inForce().some((one) => overlap(one.prefix, prefix))
  const forever = { preferredUntil: Number.POSITIVE_INFINITY, validUntil: Number.POSITIVE_INFINITY }

  const isAskers = (one: { duid: string; iaid: number }, asker: Asker) =>
    one.duid === asker.duid && one.iaid === asker.iaid
  const heldByOthers = (asker: Asker): Prefix[] => [
    ...spent,
    ...[...offers].filter(([, one]) => one.until > clock.now() && !isAskers(one, asker)).map(([value]) => value),
    ...flash.bindings
      .filter((one) => one.kind === 'ia-pd' && !isAskers(one, asker))
      .flatMap(({ leases }) => leases.map(({ value }) => value)),
  ]

  /** The first unused prefix of this length. */
  function firstFree(
    lease: Pick<Lease, 'value' | 'excluded'>,
    length: number,
    taken: Prefix[],
    order = behavior.subPrefixOrder,
  ): Prefix | undefined {
    let kept = behavior.keptBack === 'half' ? 2 ** (63 - prefixLength(lease.value)) : 0
    const whole = behavior.keptBack !== 'all but a /61' || prefixLength(lease.value) >= 60
    const pool = whole ? lease.value : nthSubnet(lease.value, 61, 0)
    const isFree = freeSubnets(lease.value, length, taken)
    const free: Prefix[] = []
    for (const n of prefixes.remaining(lease, length)) {
      if (kept-- > 0 || !isFree(n)) continue
      const candidate = nthSubnet(lease.value, length, n)
      if (!prefixContains(pool, candidate)) continue
      if (order === 'the first' && !behavior.releasedLast) return candidate
      if (free.push(candidate) === mostFree) break
    }
    const fresh = free.filter((one) => !released.has(one))
    const among = behavior.releasedLast && fresh.length > 0 ? fresh : free
    return among[{ 'the first': 0, 'the last': among.length - 1, 'the middle': among.length >> 1 }[order]]
  }

  /** The prefix that the hint names, where it may be given. */
  function followed(hint: Prefix, lease: Lease, taken: Prefix[]): Prefix | undefined {
    const is = behavior.hintFollowed
    if (is === 'never') return undefined
    if (!prefixContains(lease.value, hint)) return is === "even if it is not the ISP's" ? hint : undefined
    if (ofLinks(hint)) return is === "even if it is the LAN's" ? hint : undefined
    return taken.some((other) => overlap(other, hint)) && is !== "even if it is another's" ? undefined : hint
  }

  function allot(lease: Lease, asker: Asker, mine: Prefix[], besides: Prefix[] = []): Prefix | undefined {
    const taken = [...heldByOthers(asker), ...besides]
    const has = mine.find((value) => prefixContains(lease.value, value))
    if (has) return behavior.renewsWhenFull === 'extended' || firstFree(lease, 64, [...taken, has]) ? has : undefined
    const { hint } = asker
    const offered = [...offers].find(
      ([value, one]) =>
        isAskers(one, asker) &&
        one.until > clock.now() &&
        prefixContains(lease.value, value) &&
        !besides.includes(value),
    )
    if (offered && hint && !hint.startsWith('::/')) return offered[0]
    const isLength = hint?.startsWith('::/') === true
    const length = behavior.subPrefixLength(hint && isLength ? prefixLength(hint) : undefined)
    if (length === undefined || prefixLength(lease.value) > behavior.subDelegatesOfLongest) return undefined
    if (hint && !isLength && prefixLength(hint) === length) {
      const named = followed(network(hint), lease, taken)
      if (named) return named
    }
    const former = behavior.formerRoutersRemembered && remembered.get(`${asker.duid} ${asker.iaid}`)
    if (former && prefixContains(lease.value, former) && prefixLength(former) === length)
      if (!taken.some((other) => overlap(other, former)) && !ofLinks(former)) return former
    const shortest = Math.max(length, prefixLength(lease.value))
    const longest = behavior.subPrefixShrinks ? Math.max(shortest, 64) : shortest
    for (let bits = shortest; bits <= longest; bits++) {
      const free = firstFree(lease, bits, taken)
      if (free) return free
    }
    const another = behavior.emptyPool === "another's prefix" || behavior.emptyPool === 'the oldest lease, taken away'
    return another ? firstFree(lease, 64, []) : undefined
  }

  function prefixesFor(asker: Asker): Available[] {
    const mine = flash.bindings
      .filter((one) => one.kind === 'ia-pd' && isAskers(one, asker))
      .flatMap(({ leases }) => leases.map(({ value }) => value))
    const all = prefixes.delegated()
    const global = (behavior.subDelegatesOf === 'each' ? all : all.slice(0, 1)).flatMap((lease) => {
      const { preferredUntil, validUntil } = lease
      const values: Prefix[] = []
      while (values.length < behavior.prefixesGiven) {
        const others = mine.filter((one) => !values.includes(one))
        const value = allot(lease, asker, others, values)
        if (!value || values.includes(value)) break
        values.push(value)
      }
      return values.map((value) => ({ value, preferredUntil, validUntil }))
    })
    const ula = prefixes.ula()
    if (behavior.subDelegatedUla === 'none' || !ula || global.length === 0) return global
    const held = mine.find((value) => prefixContains(ula, value))
    const length = behavior.subDelegatedUlaLength
    const value = held ?? firstFree({ value: ula }, length, heldByOthers(asker), behavior.subDelegatedUlaOrder)
    const local = value ? [{ value, ...forever }] : []
    if (behavior.subDelegatedUla === 'instead') return local
    return behavior.subDelegatedUla === 'before' ? [...local, ...global] : [...global, ...local]
  }

  return {
    available(asker) {
      const found = prefixesFor(asker)
      const { duid, iaid } = asker
      for (const { value } of found) offers.set(value, { duid, iaid, until: clock.now() + behavior.offersLast })
      return found
    },
    returned(values) {
      for (const value of values) released.add(value)
    },
    bound(asker, given) {
      for (const { value } of given) {
        offers.delete(value)
        released.delete(value)
        remembered.set(`${asker.duid} ${asker.iaid}`, value)
      }
    },
  }
}
