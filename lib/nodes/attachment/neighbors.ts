import type { Frame } from '../../recording/recording.ts'
import type { Timer } from '../../time/clock.ts'
import type { Mac } from '../../wire/address.ts'
import { RETRANS_TIMER } from '../addresses.ts'
import type { NodeContext } from '../context.ts'

/** MAX_MULTICAST_SOLICIT and MAX_UNICAST_SOLICIT, RFC 4861 section 10. */
const TRIES = 3
/** REACHABLE_TIME, RFC 4861 section 10, without its random factor. */
const REACHABLE_TIME = 30
const QUEUE_LIMIT = 64

/** An IPv6 or IPv4 address. */
type Address = string

/** The neighbor cache, RFC 4861 section 7, with a probe at once in place of the DELAY state. It serves ARP as well. */
export interface Neighbors {
  /** Calls `send` with the MAC, now or when it is known. Returns the frame sent: the NS where it has to wait. */
  deliver(neighbor: Address, send: (mac: Mac) => Frame): Frame
  /** A source link-layer address was received: known from now on, but not confirmed. */
  received(neighbor: Address, mac: Mac): void
  /** An NA or ARP reply; without a MAC it only confirms the one that is known. */
  answered(neighbor: Address, mac: Mac | undefined, flags: { solicited: boolean; override: boolean }): void
  /** Did not answer when it was last asked. */
  isSilent(neighbor: Address): boolean
  clear(): void
}

interface Entry {
  mac?: Mac
  confirmedAt: number
  queue: ((mac: Mac) => Frame)[]
  /** While it is being asked. */
  probe?: { timer: Timer; solicitation: Frame }
}

export function neighbors(
  ctx: NodeContext,
  /** Sends an NS or ARP request: to this MAC, or to all nodes that may have the address. */
  solicit: (target: Address, mac?: Mac) => Frame,
): Neighbors {
  const cache = new Map<Address, Entry>()
  const silent = new Set<Address>()

  const entryOf = (neighbor: Address): Entry => {
    const entry = cache.get(neighbor) ?? { confirmedAt: -Infinity, queue: [] }
    cache.set(neighbor, entry)
    return entry
  }
  const stop = (entry: Entry): void => {
    entry.probe?.timer.cancel()
    delete entry.probe
  }
  const ask = (neighbor: Address, entry: Entry, tries: number): Frame => {
    const solicitation = solicit(neighbor, entry.mac)
    const timer = ctx.clock.after(RETRANS_TIMER, () => {
      if (tries > 1) return void ask(neighbor, entry, tries - 1)
      cache.delete(neighbor)
      silent.add(neighbor)
    })
    entry.probe = { timer, solicitation }
    return solicitation
  }
  const learn = (neighbor: Address, entry: Entry, mac: Mac): void => {
    entry.mac = mac
    silent.delete(neighbor)
    for (const send of entry.queue.splice(0)) send(mac)
  }

  return {
    deliver(neighbor, send) {
      const entry = entryOf(neighbor)
      if (entry.mac === undefined) {
        if (entry.queue.length < QUEUE_LIMIT) entry.queue.push(send)
        return entry.probe?.solicitation ?? ask(neighbor, entry, TRIES)
      }
      const frame = send(entry.mac)
      if (!entry.probe && ctx.clock.now() - entry.confirmedAt > REACHABLE_TIME) ask(neighbor, entry, TRIES)
      return frame
    },
    received(neighbor, mac) {
      const entry = entryOf(neighbor)
      if (entry.mac === mac) return
      stop(entry)
      entry.confirmedAt = -Infinity
      learn(neighbor, entry, mac)
    },
    answered(neighbor, advertised, { solicited, override }) {
      const entry = cache.get(neighbor)
      const mac = advertised ?? entry?.mac
      if (!entry || mac === undefined) return
      // RFC 4861 section 7.2.5: without Override a different address is not taken over.
      if (entry.mac !== undefined && entry.mac !== mac && !override) return
      const isNew = entry.mac !== mac
      if (solicited || isNew) stop(entry)
      if (solicited) entry.confirmedAt = ctx.clock.now()
      else if (isNew) entry.confirmedAt = -Infinity
      learn(neighbor, entry, mac)
    },
    isSilent: (neighbor) => silent.has(neighbor),
    clear() {
      for (const entry of cache.values()) stop(entry)
      cache.clear()
      silent.clear()
    },
  }
}
