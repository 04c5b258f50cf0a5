import type { Timer } from '../../time/clock.ts'
import type { Ipv6Address, Mac } from '../../wire/address.ts'
import type { Context } from '../context.ts'

/** RFC 4861 section 10, seconds. */
const delayFirstProbeTime = 5
/** RFC 6583 section 7.1: an attacker must not fill it. */
const maxEntries = 256

interface Waiting {
  send(mac: Mac): void
  failed(): void
}

interface Entry {
  mac?: Mac
  reachableUntil: number
  waiting: Waiting[]
  timer?: Timer
  /** Solicitations that nothing came back for. */
  asked: number
  usedAt: number
}

/** The Neighbor Cache of one interface, RFC 4861 sections 5.1 and 7. */
export interface Neighbors {
  /** Sends at once, or when the link-layer address is known; or reports that there is none. */
  deliver(nextHop: Ipv6Address, send: (mac: Mac) => void, failed?: () => void): void
  /** A link-layer address that came without being asked for: STALE, RFC 4861 section 7.2.3. */
  received(address: Ipv6Address, mac: Mac): void
  /** RFC 4861 section 7.2.5. */
  advertised(address: Ipv6Address, mac: Mac | undefined, flags: { solicited: boolean; override: boolean }): void
  /** Its link-layer address, where it is known. */
  macOf(address: Ipv6Address): Mac | undefined
  /** It did not answer when it was asked last. */
  isUnreachable(address: Ipv6Address): boolean
  clear(): void
}

export function neighbors(
  { clock, behavior }: Context,
  solicit: (target: Ipv6Address, mac: Mac | undefined) => void,
): Neighbors {
  const cache = new Map<Ipv6Address, Entry>()
  const unreachable = new Set<Ipv6Address>()
  const givenUpAt = new Map<Ipv6Address, number>()

  const entryOf = (address: Ipv6Address): Entry => {
    const entry = cache.get(address) ?? { reachableUntil: 0, waiting: [], asked: 0, usedAt: clock.now() }
    cache.set(address, entry)
    return entry
  }

  /** RFC 6583 section 7.2: a known neighbor has priority over one that is being resolved. */
  function hasRoom(): boolean {
    if (cache.size < maxEntries) return true
    const forgotten = behavior.fullNeighborCache === 'resolved entries deleted'
    for (const [address, { mac, timer }] of cache) {
      if ((mac !== undefined) !== forgotten) continue
      timer?.cancel()
      cache.delete(address)
      if (!forgotten) return true
    }
    return false
  }

  function forgetUnused(address: Ipv6Address): void {
    const entry = cache.get(address)
    const isUnused = entry && !entry.timer && clock.now() - entry.usedAt > behavior.neighborsForgottenAfter
    if (isUnused) cache.delete(address)
  }

  function ask(address: Ipv6Address, entry: Entry): void {
    const byMulticast = entry.mac === undefined ? 0 : behavior.multicastProbes
    if (entry.asked > 0 && entry.asked === behavior.neighborSolicitations + byMulticast) {
      cache.delete(address)
      unreachable.add(address)
      givenUpAt.set(address, clock.now())
      for (const { failed } of entry.waiting) failed()
      return
    }
    entry.asked++
    const isSilent = entry.asked > behavior.neighborSolicitations
    if (isSilent) unreachable.add(address)
    solicit(address, isSilent ? undefined : entry.mac)
    entry.timer = clock.after(behavior.neighborRetransTimer, () => ask(address, entry))
  }

  function known(address: Ipv6Address, entry: Entry, mac: Mac): void {
    entry.mac = mac
    unreachable.delete(address)
    const waiting = entry.waiting.splice(0)
    for (const { send } of waiting) send(mac)
  }

  function quiet(entry: Entry): void {
    entry.timer?.cancel()
    entry.timer = undefined
    entry.asked = 0
  }

  return {
    deliver(nextHop, send, failed = () => {}) {
      if (clock.now() - (givenUpAt.get(nextHop) ?? Number.NEGATIVE_INFINITY) < behavior.unreachableFor) return failed()
      if (!cache.has(nextHop) && !hasRoom()) return
      forgetUnused(nextHop)
      const entry = entryOf(nextHop)
      entry.usedAt = clock.now()
      if (entry.mac !== undefined) {
        send(entry.mac)
        // DELAY, then PROBE: RFC 4861 section 7.3.2.
        if (entry.reachableUntil <= clock.now() && !entry.timer && behavior.silentNeighborsProbed)
          entry.timer = clock.after(delayFirstProbeTime, () => ask(nextHop, entry))
        return
      }
      if (entry.waiting.length === behavior.packetsWaiting) entry.waiting.shift()
      entry.waiting.push({ send, failed })
      if (!entry.timer) ask(nextHop, entry)
    },
    received(address, mac) {
      const entry = entryOf(address)
      if (entry.mac === mac) return
      entry.reachableUntil = 0
      quiet(entry)
      known(address, entry, mac)
    },
    advertised(address, mac, { solicited, override }) {
      const entry = cache.get(address)
      if (!entry) return
      if (entry.mac === undefined) {
        if (mac === undefined) return
        quiet(entry)
        if (solicited) entry.reachableUntil = clock.now() + behavior.neighborReachableTime
        known(address, entry, mac)
        return
      }
      const isOther = mac !== undefined && mac !== entry.mac
      if (isOther && !solicited && behavior.unsolicitedOverride === 'ignored') return
      if (isOther && !override) {
        entry.reachableUntil = 0
        return
      }
      if (mac !== undefined) entry.mac = mac
      if (!solicited) return
      quiet(entry)
      entry.reachableUntil = clock.now() + behavior.neighborReachableTime
    },
    macOf: (address) => cache.get(address)?.mac,
    isUnreachable: (address) => unreachable.has(address),
    clear() {
      unreachable.clear()
      for (const entry of cache.values()) entry.timer?.cancel()
      cache.clear()
    },
  }
}
