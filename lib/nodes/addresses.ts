import type { HostAddress } from '../suite/bench.ts'
import type { Timer } from '../time/clock.ts'
import { type Ipv6Address, isLinkLocal, isMulticast, isUla, parseIpv6 } from '../wire/address.ts'
import type { NodeContext } from './context.ts'

export const INFINITY = 0xffffffff
/** RFC 4861 section 10. DupAddrDetectTransmits is 1, so DAD lasts as long (RFC 4862 section 5.1). */
export const RETRANS_TIMER = 1
/** RFC 4862 section 5.5.3 e. */
const TWO_HOURS = 7200

type AddressSource = HostAddress['source']

export interface Lifetimes {
  preferredLifetime: number
  validLifetime: number
}

/** The addresses of one interface with their lifetimes, RFC 4862 section 5. */
export interface AddressBook {
  /** In use or in DAD now, best first. */
  list(): HostAddress[]
  /** Assigns an address or sets its lifetimes; a valid lifetime of 0 takes it away. */
  set(address: Ipv6Address, source: AddressSource, lifetimes: Lifetimes): void
  /** The same as an RA does it: two hours cannot be cut short (RFC 4862 section 5.5.3 e). */
  advertise(address: Ipv6Address, lifetimes: Lifetimes): void
  remove(address: Ipv6Address): void
  /** Assigned, and past DAD. */
  owns(address: Ipv6Address): boolean
  isTentative(address: Ipv6Address): boolean
  /** Another node has this tentative address: it is removed permanently. */
  duplicate(address: Ipv6Address): void
  /** RFC 6724 section 5; undefined when no address has the scope. */
  sourceFor(destination: Ipv6Address): Ipv6Address | undefined
  /** Forgets all, as when the interface goes down. */
  clear(): void
}

interface Entry {
  address: Ipv6Address
  source: AddressSource
  tentative: boolean
  preferredUntil: number
  validUntil: number
  dad?: Timer
}

export interface AddressEvents {
  /** Taken into use, be it for DAD: its groups are to be joined. */
  added?(address: Ipv6Address): void
  removed?(address: Ipv6Address): void
  /** Sends the NS of DAD. Left out: addresses need none, as on a link without other nodes. */
  solicit?(address: Ipv6Address): void
  duplicated?(address: Ipv6Address, source: AddressSource): void
  /** DAD is complete, and no other node has the address. */
  assigned?(address: Ipv6Address): void
  changed(): void
}

export function addressBook(ctx: NodeContext, events: AddressEvents): AddressBook {
  const { clock } = ctx
  let entries: Entry[] = []
  const duplicates = new Set<Ipv6Address>()
  let timer: Timer | undefined

  const until = (lifetime: number): number => (lifetime >= INFINITY ? Infinity : clock.now() + lifetime)
  const left = (time: number): number => (time === Infinity ? INFINITY : Math.max(0, time - clock.now()))
  const isPreferred = (entry: Entry): boolean => entry.preferredUntil > clock.now()

  const drop = (entry: Entry): void => {
    entry.dad?.cancel()
    entries = entries.filter((other) => other !== entry)
    events.removed?.(entry.address)
  }

  /** One timer for the next end of any lifetime. */
  const schedule = (): void => {
    timer?.cancel()
    const ends = entries.flatMap((entry) => [entry.preferredUntil, entry.validUntil])
    const next = Math.min(...ends.filter((end) => end > clock.now()))
    if (next === Infinity) return
    timer = clock.after(next - clock.now(), () => {
      for (const entry of entries) if (entry.validUntil <= clock.now()) drop(entry)
      schedule()
      events.changed()
    })
  }

  const startDad = (entry: Entry): void => {
    entry.dad = clock.after(RETRANS_TIMER, () => {
      entry.tentative = false
      events.assigned?.(entry.address)
      events.changed()
    })
    events.solicit?.(entry.address)
  }

  const set = (address: Ipv6Address, source: AddressSource, lifetimes: Lifetimes): void => {
    let entry = entries.find((other) => other.address === address)
    if (lifetimes.validLifetime === 0) {
      if (!entry) return
      drop(entry)
    } else {
      if (duplicates.has(address)) return
      const fresh = !entry
      const tentative = events.solicit !== undefined && source !== 'adopted'
      entry ??= { address, source, tentative, preferredUntil: 0, validUntil: 0 }
      entry.preferredUntil = until(lifetimes.preferredLifetime)
      entry.validUntil = until(lifetimes.validLifetime)
      if (fresh) {
        entries.push(entry)
        events.added?.(address)
        if (tentative) startDad(entry)
      }
    }
    schedule()
    events.changed()
  }

  const compareAsSource = (a: Entry, b: Entry, destination: Ipv6Address): number => {
    const rules: ((entry: Entry) => number)[] = [
      (entry) => Number(entry.address === destination),
      // Rule 2: both candidates have scope enough, so the smaller scope is the appropriate one.
      (entry) => Number(isLinkLocal(entry.address) === needsLinkLocal(destination)),
      (entry) => Number(isPreferred(entry)),
      // Rule 6, with the only label that distinguishes the addresses of a home network: ULA.
      (entry) => Number(isUla(entry.address) === isUla(destination)),
      (entry) => Number(entry.source !== 'adopted'),
      (entry) => commonPrefix(entry.address, destination),
      (entry) => entries.indexOf(entry),
    ]
    for (const rule of rules) {
      const difference = rule(b) - rule(a)
      if (difference !== 0) return difference
    }
    return 0
  }

  return {
    // Lifetimes are in seconds, and 0xffffffff is infinity as on the wire.
    list() {
      const shown = entries.map((entry): HostAddress => {
        const state = entry.tentative ? 'tentative' : isPreferred(entry) ? 'preferred' : 'deprecated'
        return {
          address: entry.address,
          kind: kindOf(entry.address),
          state,
          source: entry.source,
          preferredLifetime: left(entry.preferredUntil),
          validLifetime: left(entry.validUntil),
        }
      })
      const rank = (address: HostAddress): number =>
        ['preferred', 'deprecated', 'tentative'].indexOf(address.state) * 10 +
        ['gua', 'ula', 'link-local'].indexOf(address.kind) * 2 +
        Number(address.source === 'adopted')
      // Newest first among equals: after a renumbering it is the one that works.
      return shown.reverse().sort((a, b) => rank(a) - rank(b))
    },
    set,
    advertise(address, lifetimes) {
      const entry = entries.find((other) => other.address === address)
      const remaining = entry ? left(entry.validUntil) : 0
      const offered = lifetimes.validLifetime
      const valid = !entry || offered > TWO_HOURS || offered > remaining ? offered : Math.min(remaining, TWO_HOURS)
      set(address, 'slaac', { ...lifetimes, validLifetime: valid })
    },
    remove(address) {
      set(address, 'adopted', { preferredLifetime: 0, validLifetime: 0 })
    },
    owns: (address) => entries.some((entry) => entry.address === address && !entry.tentative),
    isTentative: (address) => entries.some((entry) => entry.address === address && entry.tentative),
    duplicate(address) {
      const entry = entries.find((other) => other.address === address && other.tentative)
      if (!entry) return
      duplicates.add(address)
      drop(entry)
      schedule()
      events.duplicated?.(address, entry.source)
      events.changed()
    },
    sourceFor(destination) {
      const usable = entries.filter(
        (entry) => !entry.tentative && (needsLinkLocal(destination) || !isLinkLocal(entry.address)),
      )
      return usable.sort((a, b) => compareAsSource(a, b, destination))[0]?.address
    },
    clear() {
      timer?.cancel()
      for (const entry of entries) entry.dad?.cancel()
      entries = []
      duplicates.clear()
    },
  }
}

function kindOf(address: Ipv6Address): HostAddress['kind'] {
  if (isLinkLocal(address)) return 'link-local'
  return isUla(address) ? 'ula' : 'gua'
}

/** Unicast of link-local scope, or multicast of no more than that (RFC 4291 section 2.7). */
function needsLinkLocal(destination: Ipv6Address): boolean {
  if (!isMulticast(destination)) return isLinkLocal(destination)
  return ((parseIpv6(destination)[1] as number) & 0x0f) <= 2
}

/** Rule 8 counts no more than the 64 bits of the prefix (RFC 6724 section 2.2). */
function commonPrefix(a: Ipv6Address, b: Ipv6Address): number {
  const x = parseIpv6(a)
  const y = parseIpv6(b)
  for (let i = 0; i < 8; i++) {
    const difference = (x[i] as number) ^ (y[i] as number)
    if (difference !== 0) return i * 8 + Math.clz32(difference) - 24
  }
  return 64
}
