/** What the router makes of the prefixes it was given. Pure: times are seconds on any one clock. */
import { formatAddress, formatPrefix, hostMask, overlap, prefix } from './address.mjs'

/**
 * @typedef {import('./address.mjs').Prefix} Prefix
 * @typedef {Prefix & { exclude?: Prefix, preferredUntil: number, validUntil: number }} Delegation a prefix from the ISP
 * @typedef {{ lan: number, prefix: string, valid: number }} Announced a /64 as the LAN was told of it last
 * @typedef {{ lan: number, prefix: string, until: number }} Withdrawn a /64 that hosts may still hold
 */

// RFC 9096 section 4.
export const preferredCap = 2700
export const validCap = 5400
export const routerLifetimeCap = 2700

/** The /64 of each LAN, in order, then what is left to give out; a LAN too many has none (RFC 9818 LPD-2). */
export function subnets(/** @type {Prefix & { exclude?: Prefix }} */ delegation, /** @type {number} */ lans) {
  /** @type {Prefix[]} */
  const taken = delegation.exclude ? [delegation.exclude] : []
  /** @type {Prefix[]} */
  const links = []
  const count = 1n << BigInt(64 - delegation.length)
  for (let n = 0n; n < count && links.length < lans; n++) {
    const subnet = prefix(delegation.address + (n << 64n), 64)
    if (taken.some((other) => overlap(other, subnet))) continue
    links.push(subnet)
  }
  return { links, rest: without(prefix(delegation.address, delegation.length), [...taken, ...links]) }
}

/** The largest aligned blocks of a prefix, down to /64, that hold nothing taken. @param {Prefix} block @param {Prefix[]} taken @returns {Prefix[]} */
function without(block, taken) {
  if (!taken.some((other) => overlap(block, other))) return [block]
  if (block.length >= 64) return []
  const length = block.length + 1
  const upper = block.address + hostMask(length) + 1n
  return [...without({ address: block.address, length }, taken), ...without({ address: upper, length }, taken)]
}

/**
 * The ISP's answer in force. A prefix that the answer leaves out keeps its own lifetime (RFC 8415 section 18.2.10.1),
 * unless the answer begins a new lease.
 * @param {Delegation[]} held
 * @param {{ prefix: Prefix, exclude?: Prefix, preferred: number, valid: number }[]} answer
 * @param {{ now: number, fresh: boolean }} when
 * @returns {Delegation[]}
 */
export function takeAnswer(held, answer, { now, fresh }) {
  const named = new Map(answer.map((given) => [formatPrefix(given.prefix), given]))
  const kept = fresh ? [] : held.filter((old) => !named.has(formatPrefix(old)))
  const given = [...named.values()]
    .filter(({ valid }) => valid > 0)
    .map(({ prefix: { address, length }, exclude, preferred, valid }) => ({
      address,
      length,
      exclude,
      preferredUntil: now + preferred,
      validUntil: now + valid,
    }))
  return [...kept, ...given]
}

/**
 * What to announce when so much is left. Lifetimes must fall with the lease's in real time (RFC 9096 L-15), but those
 * that BIRD and Kea announce stand still until they are told anew. So the announced value is below the true one by a
 * step, and stands until the true one has come down to it.
 */
export function announce(/** @type {number} */ left, /** @type {number} */ cap) {
  if (left >= cap) return cap
  const step = Math.max(2, left / 5)
  return Math.max(0, Math.floor(left - step))
}

/**
 * The whole picture, for every daemon.
 * @param {{ lans: string[], delegations: Delegation[], announced: Announced[], withdrawn: Withdrawn[], ula?: Prefix, now: number, settled: boolean }} input
 *   `settled`: the ISP has had its say since the boot; only then are prefixes from before known to be stale
 */
export function makePlan({ lans, delegations, announced, withdrawn, ula, now, settled }) {
  const live = delegations.filter((one) => one.validUntil > now)
  /** @type {number[]} when the plan will be another by itself */
  const changes = []
  const segments = lans.map((name, lan) => ({
    name,
    lan,
    /** @type {{ prefix: Prefix, preferred: number, valid: number }[]} */
    prefixes: [],
    ula: ula && prefix(ula.address + (BigInt(lan) << 64n), 64),
  }))
  const routes = live.map((one) => {
    const preferred = announce(one.preferredUntil - now, preferredCap)
    const valid = announce(one.validUntil - now, validCap)
    changes.push(one.preferredUntil - preferred, one.validUntil - valid)
    const { links, rest } = subnets(one, lans.length)
    links.forEach((link, lan) => {
      segments[lan]?.prefixes.push({ prefix: link, preferred: Math.min(preferred, valid), valid })
    })
    return {
      ...one,
      prefix: prefix(one.address, one.length),
      preferred: Math.min(preferred, valid),
      valid,
      rest,
      short: lans.length - links.length,
    }
  })
  const isLive = (/** @type {{ lan: number, prefix: string }} */ old) =>
    segments[old.lan]?.prefixes.some((one) => formatPrefix(one.prefix) === old.prefix)
  const stale = [
    ...withdrawn.filter((old) => old.until > now && !isLive(old)),
    ...(settled ? announced : [])
      .filter((old) => !isLive(old) && !withdrawn.some((one) => one.prefix === old.prefix && one.lan === old.lan))
      .map(({ lan, prefix: gone, valid }) => ({ lan, prefix: gone, until: now + valid })),
  ]
  changes.push(...stale.map((old) => old.until))
  const best = [...routes].filter((one) => one.preferred > 0).sort((a, b) => b.preferredUntil - a.preferredUntil)[0]
  const nowAnnounced = segments.flatMap(({ lan, prefixes }) =>
    prefixes.map((one) => ({ lan, prefix: formatPrefix(one.prefix), valid: one.valid })),
  )
  return {
    segments: segments.map((one) => ({
      ...one,
      stale: stale.filter((old) => old.lan === one.lan).map((old) => old.prefix),
    })),
    delegations: routes,
    /** The delegation that DHCPv6 on the LAN draws from. */
    best,
    withdrawn: stale,
    announced: settled ? nowAnnounced : [...announced.filter((old) => !isLive(old)), ...nowAnnounced],
    nextChange: changes.filter((at) => at > now).reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY),
  }
}

/** @typedef {ReturnType<typeof makePlan>} Plan */

/** The router's own address on a /64. @param {Prefix} subnet */
export const routerAddress = (subnet) => formatAddress(subnet.address + 1n)
