import { formatPrefix, network, type Prefix, parsePrefix, prefixLength } from '../../wire/address.ts'
import { option, optionsOf, statusOf } from '../../wire/dhcpv6.ts'
import type { Dhcpv6Option } from '../../wire/dhcpv6-option.ts'
import { dhcpv6Status } from '../../wire/dhcpv6-options.ts'
import type { Behavior } from '../behavior.ts'
import { type Context, INFINITY, until } from '../context.ts'
import type { Lease } from '../flash.ts'

type Kind = Lease['kind']
type Ia = Extract<Dhcpv6Option, { type: 'ia-na' } | { type: 'ia-pd' }>

export interface Taken {
  /** IAs that the server knows nothing of. */
  unbound: Kind[]
  /** T1 and T2 as points in time, the earliest of all IAs; undefined where nothing was granted. */
  times?: { t1: number; t2: number }
}

/** The two IAs of the client, one of each kind. */
export interface ClientLeases {
  list(): Lease[]
  restore(leases: Lease[]): void
  /** IA options for a message. */
  options(kinds: Kind[], of: { leases: boolean; from?: { options: Dhcpv6Option[] }; iaid?: number }): Dhcpv6Option[]
  take(reply: { options: Dhcpv6Option[] }): Taken
  /** Ends what is over; true where something ended. */
  expire(): boolean
  /** When the first, or the last, valid lifetime ends. */
  firstEnd(): number
  lastEnd(): number
  drop(value: string): void
  clear(): void
  /** The line was cut. */
  linkLost(): void
}

export function clientLeases({ clock, random, behavior }: Context): ClientLeases {
  let leases: Lease[] = []
  const freshIaid = () => 1 + random.int(2 ** 16)
  /** Stable over restarts: RFC 9096 WPD-10. */
  let drawnIaid = behavior.iaid === 'new at each boot' ? freshIaid() : undefined
  const ownIaid = (kind: Kind): number => drawnIaid ?? behavior.iaids[kind]
  /** IAs whose last answer was NoBinding. */
  const unbound = new Set<Kind>()
  /** No leases, but sent to the server as if they were; a correct client has none. */
  let unansweredNames: { kind: Kind; value: string }[] = []

  const ends = () => leases.map(({ validUntil }) => validUntil)

  const isLate = ({ t1, t2 }: Ia): boolean => t2 > 0 && t1 > t2

  /** Valid IAs: RFC 8415 section 21.4 and 21.21. */
  function answersIn(message: { options: Dhcpv6Option[] }): Ia[] {
    const own = message.options.filter(
      (one): one is Ia => (one.type === 'ia-na' || one.type === 'ia-pd') && one.iaid === ownIaid(one.type),
    )
    if (own.some(isLate) && behavior.lateT1 === 'message discarded') return []
    return own.filter((ia) => !isLate(ia) || behavior.lateT1 === 'taken')
  }

  const isGranted = (ia: Ia): boolean =>
    statusOf(ia) === dhcpv6Status.success && !(option(ia, 'status-code') && behavior.successMistaken === 'in an IA')

  /** What is to be taken over of an IA: RFC 8415 sections 21.6 and 21.22. */
  function validGrants(ia: Ia): Grant[] {
    const all = grantsOf(ia, () => behavior.longPrefix).filter(
      ({ value, hasStatus }) =>
        (ia.type === 'ia-na' || behavior.delegatedLengthTaken(prefixLength(value))) &&
        !(hasStatus && behavior.successMistaken === 'in a lease'),
    )
    const tooLong = (one: Grant) => one.preferredLifetime > one.validLifetime
    if (all.some(tooLong) && behavior.preferredTooLong === 'IA discarded') return []
    const valid = all.filter((one) => !tooLong(one) || behavior.preferredTooLong === 'taken')
    const [first, ...more] = valid
    if (!first || more.length === 0) return valid
    if (behavior.lifetimesOf === 'the first')
      return valid.map((one) => (one.validLifetime > 0 ? { ...first, value: one.value } : one))
    if (ia.type === 'ia-na' || behavior.prefixesTaken === 'all') return valid
    return valid.filter((one) => one === first || one.validLifetime === 0)
  }

  /** One of its leases contains an error status. */
  const hasRefusedLease = (ia: Ia): boolean =>
    [...optionsOf(ia, 'ia-addr'), ...optionsOf(ia, 'ia-prefix')].some((one) => statusOf(one) !== dhcpv6Status.success)

  function nameUnanswered(ia: Ia): void {
    const isEnded = ({ value, validLifetime }: Grant) =>
      validLifetime === 0 && leases.some((lease) => lease.value === value)
    const ended = validGrants(ia)
      .filter(isEnded)
      .map(({ value }) => value)
    const more = ended.length > 0 && behavior.endedLeaseNamed ? ended : []
    for (const { prefix, validLifetime } of optionsOf(ia, 'ia-prefix')) {
      const isImpossible = prefixLength(prefix) === 0 || prefixLength(prefix) > 128
      if (!isImpossible || !behavior.impossiblePrefixNamed) continue
      unansweredNames = unansweredNames.filter(({ value }) => value !== prefix)
      if (validLifetime > 0) more.push(prefix)
    }
    unansweredNames.push(...more.map((value) => ({ kind: ia.type, value })))
  }

  function takeIa(ia: Ia): void {
    nameUnanswered(ia)
    const isRefused = hasRefusedLease(ia)
    if (isRefused && behavior.leaseStatus === 'spoils the IA') return
    if (isRefused && ia.type === 'ia-pd' && behavior.leaseStatus === 'ends the IA') {
      leases = leases.filter(({ kind }) => kind !== ia.type)
      return
    }
    const grants = validGrants(ia)
    const isMentioned = ({ kind, value }: Lease) => kind !== ia.type || grants.some((one) => one.value === value)
    const someUnmentioned = !leases.every(isMentioned)
    if (someUnmentioned && behavior.unmentionedLeases === 'dropped') leases = leases.filter(isMentioned)
    const held = leases.filter(({ kind }) => kind === ia.type).map(({ value }) => value)
    const longest = Math.max(0, ...grants.map(({ validLifetime }) => validLifetime))
    if (someUnmentioned && longest > 0 && behavior.unmentionedLeases === 'extended')
      leases = leases.map((lease) => (lease.kind === ia.type ? { ...lease, validUntil: until(clock, longest) } : lease))
    for (const { value, preferredLifetime, validLifetime: valid, excluded } of grants) {
      const isOver =
        (valid >= INFINITY && behavior.infiniteLifetime === 'over') ||
        (preferredLifetime === 0 && behavior.preferredZero === 'over')
      if (preferredLifetime === 0 && valid > 0 && behavior.preferredZero === 'kept as it was') continue
      const isEndless = valid > 0 && ia.t1 >= INFINITY && behavior.endlessWithoutT1
      const validLifetime = isOver ? 0 : isEndless ? INFINITY : valid
      if (validLifetime === 0 && !behavior.zeroLifetimeHeeded.includes(ia.type)) continue
      const isAdded = ia.type === 'ia-na' && held.length > 0 && !held.includes(value)
      if (isAdded && behavior.addedAddresses === 'ignored') continue
      leases = leases.filter((lease) => lease.value !== value)
      if (validLifetime > 0)
        leases.push({
          kind: ia.type,
          value,
          preferredUntil: until(clock, preferredLifetime),
          validUntil: until(clock, validLifetime),
          ...(excluded && { excluded }),
        })
    }
  }

  return {
    list: () => leases,
    restore(stored) {
      leases = stored.filter(({ validUntil }) => validUntil > clock.now())
    },
    options: (kinds, { leases: named, from, iaid }) =>
      kinds.map((kind) => {
        const offered = from && answersIn(from).filter((ia) => ia.type === kind)
        const values = offered
          ? offered.flatMap((ia) => grantsOf(ia)).map(({ value }) => value)
          : named
            ? [...leases, ...unansweredNames].filter((lease) => lease.kind === kind).map(({ value }) => value)
            : []
        return {
          type: kind,
          iaid: iaid ?? ownIaid(kind),
          t1: behavior.wishedTimes.t1,
          t2: behavior.wishedTimes.t2,
          options:
            values.length > 0 || kind === 'ia-na' || behavior.prefixHint === undefined
              ? values.map((value) => leaseOption(kind, value, behavior.wishedTimes))
              : [leaseOption(kind, `::/${behavior.prefixHint}`, behavior.wishedTimes)],
        }
      }),
    take(reply) {
      const answers = answersIn(reply)
      const ended = (kind: Kind): boolean => {
        const statuses = answers.filter(({ type }) => type === kind)
        if (statuses.length === 0) return behavior.unmentionedIas === 'dropped'
        return statuses.some((ia) => statusOf(ia) !== dhcpv6Status.success && behavior.endedBy.includes(statusOf(ia)))
      }
      leases = leases.filter(({ kind }) => !ended(kind))
      let withoutPrefixes = false
      for (const ia of answers) {
        if (isGranted(ia)) takeIa(ia)
        const isRefused = (status: number) => ia.type === 'ia-na' && statusOf(ia) === status
        const endsPrefixes =
          (isRefused(dhcpv6Status.noAddrsAvail) && behavior.noAddress === 'ends the prefixes') ||
          (isRefused(dhcpv6Status.noBinding) && behavior.noBindingEndsPrefixes)
        if (endsPrefixes) withoutPrefixes = true
        // RFC 8415 section 18.2.10.1: of what has no binding nothing goes on that the next Reply does not name.
        if (statusOf(ia) === dhcpv6Status.noBinding) unbound.add(ia.type)
        else if (unbound.delete(ia.type) && !behavior.unboundLeasesKept) {
          const named = grantsOf(ia).map(({ value }) => value)
          leases = leases.filter(({ kind, value }) => kind !== ia.type || named.includes(value))
        }
      }
      if (withoutPrefixes) leases = leases.filter(({ kind }) => kind !== 'ia-pd')
      const timed = answers.filter(
        (ia) => isGranted(ia) && validGrants(ia).some(({ validLifetime }) => validLifetime > 0),
      )
      const time = (of: 't1' | 't2') =>
        Math.min(
          ...timed.map((ia) => {
            const preferred = Math.min(
              ...validGrants(ia).flatMap((one) => (one.validLifetime > 0 ? [one.preferredLifetime] : [])),
            )
            const own = (share: number) => (preferred >= INFINITY ? INFINITY : Math.max(1, preferred * share))
            const { ownTimes } = behavior
            const times = { t1: ia.t1 || own(ownTimes.t1), t2: ia.t2 || own(ownTimes.t2) }
            const chosen = behavior.leaseTimes(times, preferred)[of]
            return until(clock, chosen >= INFINITY && behavior.infiniteT1 === 'at once' ? 1 : chosen)
          }),
        )
      const unknown = answers.filter((ia) => statusOf(ia) === dhcpv6Status.noBinding).map(({ type }) => type)
      return { unbound: unknown, ...(timed.length > 0 && { times: { t1: time('t1'), t2: time('t2') } }) }
    },
    expire() {
      const before = leases.length
      leases = leases.filter(({ validUntil }) => validUntil > clock.now())
      return leases.length < before
    },
    firstEnd: () => Math.min(...ends()),
    lastEnd: () => Math.max(...ends()),
    drop(value) {
      leases = leases.filter((lease) => lease.value !== value)
    },
    clear() {
      unbound.clear()
      leases = []
      unansweredNames = []
    },
    linkLost() {
      if (behavior.iaid === 'new at each link') drawnIaid = freshIaid()
    },
  }
}

interface Grant {
  value: string
  preferredLifetime: number
  validLifetime: number
  /** It contains a status. */
  hasStatus: boolean
  excluded?: Prefix
}

/** What an IA of a server's message holds, as it stands there. */
export function grantsOf(ia: Ia, longPrefix: () => Behavior['longPrefix'] = () => 'discarded'): Grant[] {
  if (ia.type === 'ia-na')
    return optionsOf(ia, 'ia-addr')
      .filter((one) => statusOf(one) === dhcpv6Status.success)
      .map((one) => ({ ...one, value: one.address, hasStatus: option(one, 'status-code') !== undefined }))
  const clipped = (prefix: Prefix): Prefix =>
    prefixLength(prefix) > 128 && longPrefix() === 'taken for a /64' ? prefix.replace(/\d+$/, '64') : prefix
  return optionsOf(ia, 'ia-prefix')
    .map((one) => ({ ...one, prefix: clipped(one.prefix) }))
    .filter(
      (one) => statusOf(one) === dhcpv6Status.success && prefixLength(one.prefix) > 0 && prefixLength(one.prefix) <= 64,
    )
    .map((one) => {
      const exclude = option(one, 'pd-exclude')
      return {
        ...one,
        value: network(one.prefix),
        hasStatus: option(one, 'status-code') !== undefined,
        ...(exclude && { excluded: excludedPrefix(one.prefix, exclude.data) }),
      }
    })
}

/** RFC 6603 section 4.2: the prefix's length, then the bits between the two lengths, left-aligned. */
function excludedPrefix(delegated: Prefix, data: Uint8Array): Prefix | undefined {
  const { address, length: outer } = parsePrefix(network(delegated))
  const length = data[0] ?? 0
  if (length <= outer || length > 128 || data.length !== 1 + Math.ceil((length - outer) / 8)) return undefined
  for (let bit = 0; bit < length - outer; bit++) {
    if (((data[1 + (bit >> 3)] as number) & (0x80 >> (bit & 7))) === 0) continue
    const at = outer + bit
    address[at >> 3] = (address[at >> 3] as number) | (0x80 >> (at & 7))
  }
  return formatPrefix(address, 0, length)
}

/** Lifetimes are the server's to choose: RFC 8415 sections 21.6 and 21.22 ask for 0. */
function leaseOption(kind: Kind, value: string, { preferred, valid }: Behavior['wishedTimes']): Dhcpv6Option {
  const asked = { preferredLifetime: preferred, validLifetime: valid, options: [] }
  return kind === 'ia-na'
    ? { type: 'ia-addr', address: value, ...asked }
    : { type: 'ia-prefix', prefix: value, ...asked }
}
