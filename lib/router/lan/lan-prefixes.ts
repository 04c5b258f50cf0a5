import type { Timer } from '../../time/clock.ts'
import {
  addressIn,
  type Ipv6Address,
  nthSubnet,
  type Prefix,
  prefixContains,
  prefixLength,
  subnetsSharedWith,
} from '../../wire/address.ts'
import type { Context } from '../context.ts'
import type { Flash, Lease } from '../flash.ts'
import { freshUla, ulaOfLan } from './ula.ts'

/** A prefix on one LAN. */
export interface LanPrefix {
  prefix: Prefix
  lan: number
  /** The router's own address in it. */
  address: Ipv6Address
  kind: 'delegated' | 'ula'
  preferredUntil: number
  validUntil: number
  onLink: boolean
  autonomous: boolean
  /** Not in force any more: withdrawn until then (RFC 9096 section 3.5). */
  staleUntil?: number
}

export interface LanPrefixes {
  /** Takes the leases of the WAN over. */
  update(leases: readonly Lease[]): void
  /** The line was cut. */
  lineLost(): void
  /** The flags or the ULA are set otherwise: RFC 7084 L-7, ULA-3. */
  settingsChanged(): void
  /** Gives links other prefixes, as only a mutant does. */
  renumberLinks(): void
  /** In force and stale, by LAN. */
  list(lan: number): LanPrefix[]
  inForce(): LanPrefix[]
  /** Delegated prefixes in force, as they were leased. */
  delegated(): Lease[]
  /** Delegated prefixes that are withdrawn, and a ULA prefix that was set otherwise. */
  staleDelegated(): Prefix[]
  ula(): Prefix | undefined
  /** The router's address in a /64 that no LAN has. */
  ownAddress(): Ipv6Address | undefined
  /** Subnets of this length that no LAN has, by number, in order: RFC 9818 LPD-4. */
  remaining(of: Pick<Lease, 'value' | 'excluded'>, length: number): Generator<number>
}

/** Where links go that do not stay. */
const anotherPart = 4
const forever = Number.POSITIVE_INFINITY
/** More /64 than any home delegates on; a /48 has 65536. */
const maxSubnets = 65_536

/** Whether the subnet of this number shares no address with any of these prefixes. */
export function freeSubnets(outer: Prefix, length: number, taken: readonly Prefix[]): (n: number) => boolean {
  const parts = taken.map((prefix) => subnetsSharedWith(prefix, outer, length)).filter((part) => part !== undefined)
  return (n) => !parts.some(([first, last]) => first <= n && n <= last)
}

export function lanPrefixes(
  { clock, random, behavior }: Context,
  flash: Flash,
  lans: number,
  events: { changed(how: 'other prefixes' | 'lifetimes'): void; log(text: string): void },
): LanPrefixes {
  let prefixes: LanPrefix[] = []
  let delegated: Lease[] = []
  let staleDelegated: { prefix: Prefix; until: number }[] = []
  let learned = false
  let drawn = flash.advertised.length > 0 && behavior.lanPrefixDrawn === 'at each restart' ? 1 + random.int(7) : 0
  if (behavior.ulaMade === 'at each boot') flash.ula = freshUla(random, behavior)
  let ula: Prefix | undefined = flash.ula
  let cleanup: Timer | undefined
  const ulaFrom = clock.now() + behavior.ulaAdvertisedAfter

  const served = behavior.lansServed === 'all' ? lans : 1
  const flags = () => {
    const { onLink, autonomous } = flash.settings.prefixFlags
    return { onLink: behavior.pioOnLink && onLink, autonomous: behavior.pioAutonomous && autonomous }
  }
  const subnet = (outer: Prefix, n: number, length = 64): Prefix => nthSubnet(outer, length, n)

  const servedUla = (leases: readonly Lease[]): Prefix | undefined =>
    flash.ulaChosen ||
    (behavior.ula && clock.now() >= ulaFrom && (leases.length === 0 || behavior.ulaServed === 'always'))
      ? flash.ula
      : undefined

  /** The n-th LAN's part; undefined where the prefix is too small. */
  function subnetOf(lease: Pick<Lease, 'value' | 'excluded'>, lan: number): Prefix | undefined {
    const length = Math.max(behavior.lanPrefixLength(lan), prefixLength(lease.value))
    const count = Math.min(maxSubnets, 2 ** (length - prefixLength(lease.value)))
    const isTurned = behavior.lanSubnetOrder === 'reversed' && lan < lans && count >= lans
    const place = isTurned ? lans - 1 - lan : lan
    const own = behavior.lanSubnets === 'the same' ? 0 : place
    const apart = (lans + 1) * behavior.lanSubnetsApart <= count ? behavior.lanSubnetsApart : 1
    const last = Math.min(count, 16) - lans - (lease.excluded ? 1 : 0)
    const first = { first: 0, second: 1, last }[behavior.lanSubnetPlace]
    const wanted = own < count ? (Math.max(0, first) + own * apart + drawn) % count : own
    let counted = -1
    for (let n = 0; n < count; n++) {
      const candidate = subnet(lease.value, n, length)
      // RFC 6603: the excluded prefix is the WAN link's.
      const excluded = lease.excluded && behavior.excludedPrefixHeeded && lease.excluded
      if (excluded && prefixContains(candidate, excluded)) continue
      if (++counted === wanted) return candidate
    }
    return undefined
  }

  const make = (
    prefix: Prefix,
    lan: number,
    kind: LanPrefix['kind'],
    { preferredUntil, validUntil }: Pick<LanPrefix, 'preferredUntil' | 'validUntil'>,
  ): LanPrefix => ({
    prefix,
    lan,
    address: addressIn(prefix, behavior.lanInterfaceId),
    kind,
    ...flags(),
    preferredUntil,
    validUntil,
  })

  function wanted(leases: readonly Lease[]): LanPrefix[] {
    const result: LanPrefix[] = []
    for (let lan = 0; lan < served; lan++) {
      for (const lease of leases) {
        const prefix = subnetOf(lease, lan)
        if (prefix) result.push(make(prefix, lan, 'delegated', lease))
        else events.log(`${lease.value} is too small for LAN ${lan}`)
      }
      if (servedUla(leases))
        result.push(
          make(subnet(ulaOfLan(flash.ula, lan, behavior), behavior.ulaSubnetsFrom + lan), lan, 'ula', {
            preferredUntil: forever,
            validUntil: forever,
          }),
        )
    }
    for (const lease of behavior.ownAddressOf === 'a LAN' ? [] : leases) {
      const prefix = subnetOf(lease, lans)
      if (prefix) result.push(make(prefix, lans, 'delegated', lease))
    }
    return result
  }

  const isLive = (one: LanPrefix): boolean => one.staleUntil === undefined && one.validUntil > clock.now()

  /** RFC 9096 section 3.5: withdrawn for as long as hosts may believe in it. */
  function outdated(before: LanPrefix): LanPrefix[] {
    if (before.kind === 'ula' && behavior.ulaSetting === 'in addition to the former') return [before]
    const holdUntil = Math.min(before.validUntil, clock.now() + behavior.limits('pio').valid)
    if (holdUntil <= clock.now() && behavior.expiredPrefixes === 'advertised on') return [before]
    if (before.staleUntil !== undefined || holdUntil <= clock.now())
      return before.staleUntil !== undefined && before.staleUntil > clock.now() ? [before] : []
    const believed = holdUntil - clock.now()
    return [{ ...before, staleUntil: clock.now() + behavior.withdrawnFor(believed) }]
  }

  function store(): void {
    if (behavior.advertisedPrefixesStored === 'no') return
    flash.advertised = prefixes
      .filter(({ kind, lan }) => kind === 'delegated' && lan < lans)
      .map(({ prefix, lan, onLink, autonomous, validUntil, staleUntil }) => ({
        prefix,
        lan,
        onLink,
        autonomous,
        validUntil: staleUntil ?? validUntil,
      }))
  }

  /** After a restart: what was advertised before is stale unless it is leased again. */
  function recalled(): LanPrefix[] {
    return flash.advertised
      .filter(({ validUntil, lan }) => validUntil > clock.now() && lan < lans)
      .map(({ prefix, lan, validUntil, onLink, autonomous }) => ({
        ...make(prefix, lan, 'delegated', { preferredUntil: clock.now(), validUntil }),
        ...(behavior.advertisedPrefixesStored === 'without flags'
          ? { onLink: false, autonomous: false }
          : { onLink, autonomous }),
      }))
  }

  function tidy(): void {
    cleanup?.cancel()
    if (behavior.expiredPrefixes === 'dropped')
      prefixes = prefixes.filter((one) => (one.staleUntil ?? one.validUntil) > clock.now())
    staleDelegated = staleDelegated.filter(({ until }) => until > clock.now())
    const ends = [
      ...prefixes.map((one) => one.staleUntil ?? one.validUntil),
      ...staleDelegated.map(({ until }) => until),
    ].filter((end) => end > clock.now())
    cleanup = clock.after(Math.min(...ends) - clock.now(), () => {
      tidy()
      store()
      events.changed('lifetimes')
    })
  }

  function update(leases: readonly Lease[], set = false): void {
    const now = leases.filter(({ kind, validUntil }) => kind === 'ia-pd' && validUntil > clock.now())
    if (behavior.delegatedOrder === 'longest valid first') now.sort((a, b) => b.validUntil - a.validUntil)
    if (!learned && now.length === 0) return
    const left = (all: readonly Lease[]) => (all[0]?.validUntil ?? clock.now()) - clock.now()
    const another = now.some(({ value }) => delegated.length > 0 && !delegated.some((one) => one.value === value))
    if (another && behavior.ulaMade === 'with each delegated prefix') flash.ula = freshUla(random, behavior)
    const longer = learned && delegated.length > 0 && left(now) > 100 + 10 * left(delegated)
    if (longer && behavior.linkPrefix === 'another for a longer lease') drawn += anotherPart
    const before = learned ? prefixes : [...prefixes, ...recalled()]
    learned = true
    const fresh = wanted(now)
    const gone = before.filter((one) => !fresh.some((other) => other.prefix === one.prefix && other.lan === one.lan))
    const lost = delegated.filter(({ value }) => !now.some((lease) => lease.value === value))
    prefixes = [...fresh, ...gone.flatMap(outdated)]
    const served = servedUla(now)
    staleDelegated = [
      ...staleDelegated.filter(({ prefix }) => prefix !== served && !now.some(({ value }) => value === prefix)),
      ...lost.map(({ value, validUntil }) => ({
        prefix: value,
        until: Math.min(validUntil, clock.now() + behavior.limits('rio').valid),
      })),
      ...(!ula || ula === served ? [] : [{ prefix: ula, until: clock.now() + behavior.limits('rio').valid }]),
    ]
    ula = served
    const others = set || gone.length > 0 || lost.length > 0 || now.length !== delegated.length
    delegated = now.map((lease) => ({ ...lease }))
    tidy()
    store()
    events.changed(others ? 'other prefixes' : 'lifetimes')
  }

  function settingsChanged() {
    if (learned) return update(delegated, true)
    prefixes = wanted([])
    events.changed('other prefixes')
  }

  prefixes = wanted([])
  if (behavior.ulaAdvertisedAfter > 0) clock.after(behavior.ulaAdvertisedAfter, settingsChanged)
  return {
    update,
    settingsChanged,
    renumberLinks() {
      drawn += anotherPart
      update(delegated)
    },
    lineLost() {
      if (behavior.lanPrefixDrawn === 'at each loss of the line') drawn++
    },
    list: (lan) => prefixes.filter((one) => one.lan === lan),
    inForce: () => prefixes.filter(isLive),
    ownAddress: () => prefixes.find((one) => one.lan === lans && isLive(one))?.address,
    delegated: () => delegated.filter(({ validUntil }) => validUntil > clock.now()),
    staleDelegated: () => staleDelegated.map(({ prefix }) => prefix),
    ula: () => servedUla(delegated),
    *remaining({ value, excluded }, length) {
      const first = behavior.linksFirst || prefixLength(value) < 64
      const unseen = Array.from({ length: behavior.unseenLinks }, (_, n) => subnetOf({ value, excluded }, lans + n))
      const links = first
        ? [...prefixes.filter(isLive).map(({ prefix }) => prefix), ...unseen.flatMap((one) => one ?? [])]
        : []
      const isFree = freeSubnets(value, length, excluded ? [...links, excluded] : links)
      const count = Math.min(maxSubnets, 2 ** (length - prefixLength(value)))
      for (let n = 0; n < count; n++) if (isFree(n)) yield n
    },
  }
}
