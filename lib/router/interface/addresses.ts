import type { Timer } from '../../time/clock.ts'
import { type Ipv6Address, isLinkLocal, isUla } from '../../wire/address.ts'
import type { Context } from '../context.ts'

/** Between two solicitations of DAD, and after the last: RFC 4862 section 5.1. Seconds. */
const retransTimer = 1

export interface OwnAddress {
  address: Ipv6Address
  tentative: boolean
  /** Points in time. */
  preferredUntil: number
  validUntil: number
}

export interface Lifetimes {
  preferredUntil: number
  validUntil: number
}

export interface AddressEvents {
  /** Whose addresses these are. */
  port: string
  /** Its groups are to be joined, before DAD (RFC 4862 section 5.4.2). */
  added(address: Ipv6Address): void
  removed(address: Ipv6Address): void
  /** It is past DAD. */
  assigned(address: Ipv6Address): void
  /** Another node has it, and no server assigned it that could receive a Decline. */
  duplicated(address: Ipv6Address): void
  /** Sends the Neighbor Solicitation of DAD. */
  probe(address: Ipv6Address): void
}

/** The addresses of one interface. */
export interface AddressTable {
  list(): OwnAddress[]
  /** Adds an address or sets its lifetimes; `assigned` once it is past DAD, `conflict` where another node has it. */
  set(address: Ipv6Address, lifetimes: Lifetimes, more?: AddOptions): void
  remove(address: Ipv6Address): void
  owns(address: Ipv6Address): boolean
  /** It is used already, and DAD goes on: RFC 4429. */
  optimistic(address: Ipv6Address): boolean
  tentative(address: Ipv6Address): boolean
  /** Another node claims a tentative address: RFC 4862 section 5.4.5. */
  conflict(address: Ipv6Address): void
  /** The best of its kind that may be used: preferred before deprecated. */
  best(kind: 'global' | 'ula', ofEqual?: 'the first' | 'the last'): Ipv6Address | undefined
  /** Repeats DAD for all of them, as after a loss of carrier. */
  recheck(): void
  clear(): void
}

export interface AddOptions {
  /** Seconds before DAD starts; RFC 4862 section 5.4.2 asks for a random delay after a multicast RA. */
  delay?: number
  assigned?: () => void
  conflict?: () => void
}

interface Entry extends OwnAddress {
  options: AddOptions
  optimistic: boolean
  dad?: Timer
  end?: Timer
}

export function addressTable({ clock, behavior }: Context, events: AddressEvents): AddressTable {
  const entries = new Map<Ipv6Address, Entry>()
  /** Other nodes' addresses: RFC 4862 section 5.4.5. */
  const duplicates = new Set<Ipv6Address>()

  function remove(address: Ipv6Address): void {
    const entry = entries.get(address)
    if (!entry) return
    entry.dad?.cancel()
    entry.end?.cancel()
    entries.delete(address)
    events.removed(address)
  }

  function startDad(entry: Entry) {
    entry.tentative = true
    entry.optimistic = behavior.optimisticDad && !isLinkLocal(entry.address)
    const announce = () => {
      events.assigned(entry.address)
      entry.options.assigned?.()
    }
    const assigned = () => {
      entry.tentative = false
      if (!entry.optimistic) announce()
      entry.optimistic = false
    }
    const probe = (left: number): void => {
      events.probe(entry.address)
      entry.dad = clock.after(retransTimer, () => (left > 1 ? probe(left - 1) : assigned()))
    }
    entry.dad?.cancel()
    const leased = entry.options.conflict !== undefined
    if (!behavior.dad || (leased && !behavior.leasedAddressChecked)) return assigned()
    entry.dad = clock.after(entry.options.delay ?? 0, () => probe(behavior.dadTransmits))
    if (entry.optimistic) announce()
  }

  return {
    list: () =>
      [...entries.values()].map(({ address, tentative, preferredUntil, validUntil }) => ({
        address,
        tentative,
        preferredUntil,
        validUntil,
      })),
    set(address, lifetimes, options = {}) {
      if (duplicates.has(address)) return
      let entry = entries.get(address)
      if (entry) Object.assign(entry, lifetimes)
      else {
        entry = { address, tentative: true, optimistic: false, ...lifetimes, options }
        entries.set(address, entry)
        events.added(address)
        startDad(entry)
      }
      entry.end?.cancel()
      entry.end = clock.after(entry.validUntil - clock.now(), () => remove(address))
    },
    remove,
    owns: (address) => entries.get(address)?.tentative === false || entries.get(address)?.optimistic === true,
    optimistic: (address) => entries.get(address)?.optimistic === true,
    tentative: (address) => entries.get(address)?.tentative === true,
    conflict(address) {
      const entry = entries.get(address)
      if (!entry?.tentative) return
      if (entry.options.conflict) {
        if (behavior.declineDrops !== 'nothing') remove(address)
        entry.options.conflict()
      } else if (!behavior.usesDuplicate(address, events.port)) {
        remove(address)
        duplicates.add(address)
        events.duplicated(address)
      }
    },
    best(kind, ofEqual = 'the first') {
      const inOrder = ofEqual === 'the first' ? [...entries.values()] : [...entries.values()].reverse()
      const usable = inOrder.filter(
        ({ address, tentative, optimistic }) =>
          (!tentative || optimistic) && !isLinkLocal(address) && isUla(address) === (kind === 'ula'),
      )
      return (usable.find((entry) => entry.preferredUntil > clock.now()) ?? usable[0])?.address
    },
    recheck() {
      for (const entry of entries.values()) startDad(entry)
    },
    clear() {
      for (const address of [...entries.keys()]) remove(address)
    },
  }
}
