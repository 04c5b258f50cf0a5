import type { Timer } from '../time/clock.ts'
import { prefixLength } from '../wire/address.ts'
import { optionsOf, statusOf } from '../wire/dhcpv6.ts'
import type { Dhcpv6Option } from '../wire/dhcpv6-option.ts'
import { dhcpv6Status } from '../wire/dhcpv6-options.ts'
import { INFINITY } from './addresses.ts'
import type { NodeContext } from './context.ts'
import { plain, type Variety } from './variety.ts'

/** An address of an IA_NA or a prefix of an IA_PD. */
export interface Lease {
  kind: 'ia-na' | 'ia-pd'
  iaid: number
  /** `address`, or `prefix/length`. */
  value: string
  /** Seconds left; 0xffffffff is infinity. */
  preferredLifetime: number
  validLifetime: number
}

type IaOption = Extract<Dhcpv6Option, { type: 'ia-na' } | { type: 'ia-pd' }>

interface Ia {
  kind: Lease['kind']
  iaid: number
  hint?: number | string
  renewalTime: number
  /** Points in time, like all below. */
  t1: number
  t2: number
  leases: Map<string, { preferredUntil: number; validUntil: number }>
}

/** The IAs of a client and what they hold. */
export interface Bindings {
  leases(): Lease[]
  /** One option for each IA, for a message of the client's. `held`: only those with leases, as Release has them. */
  options(which: 'all' | 'held'): Dhcpv6Option[]
  /** Takes a Reply's IAs over. One that is not on this link loses its leases. */
  apply(message: { options: Dhcpv6Option[] }): { noBinding: boolean; notOnLink: boolean }
  /** Drops an address; gives its IA with this address alone, for a Decline. */
  giveUp(address: string): Dhcpv6Option | undefined
  /** How many of the IAs would get something by this message. */
  offered(message: { options: Dhcpv6Option[] }): number
  /** Seconds from the Reply to T1, of the first IA with leases; undefined while there is none. */
  renewalTime(): number | undefined
  /** Times at which to renew and to rebind; Infinity for never. */
  t1(): number
  t2(): number
  /** When the last lease ends. */
  end(): number
  clear(): void
}

export function bindings(
  ctx: NodeContext,
  wanted: { iaNa: boolean; iaPd: { hint?: number | string }[]; variety?: Variety },
  expired: () => void,
): Bindings {
  const { clock } = ctx
  const iaidOf = iaids(wanted.variety ?? plain)
  const empty = { renewalTime: INFINITY, t1: Infinity, t2: Infinity }
  const ias: Ia[] = [
    ...(wanted.iaNa ? [{ ...empty, kind: 'ia-na' as const, iaid: iaidOf(0), leases: new Map() }] : []),
    ...wanted.iaPd.map(({ hint }, i) => ({
      ...empty,
      kind: 'ia-pd' as const,
      iaid: iaidOf(i),
      hint,
      leases: new Map(),
    })),
  ]
  let timer: Timer | undefined

  const held = (): Ia[] => ias.filter((ia) => ia.leases.size > 0)
  const until = (seconds: number): number => (seconds >= INFINITY ? Infinity : clock.now() + seconds)
  const left = (time: number): number => (time === Infinity ? INFINITY : Math.max(0, time - clock.now()))
  const ends = (): number[] => held().flatMap((ia) => [...ia.leases.values()].map((lease) => lease.validUntil))

  const schedule = (): void => {
    timer?.cancel()
    const next = Math.min(...ends())
    if (next === Infinity) return
    timer = clock.after(next - clock.now(), () => {
      for (const ia of ias) {
        for (const [value, lease] of ia.leases) if (lease.validUntil <= clock.now()) ia.leases.delete(value)
      }
      schedule()
      expired()
    })
  }

  /** The valid IAs of a message that are ours: T1 above T2 makes one invalid (RFC 8415 section 21.4). */
  const answersTo = (ia: Ia, message: { options: Dhcpv6Option[] }): IaOption[] =>
    optionsOf(message, ia.kind).filter(({ iaid, t1, t2 }) => iaid === ia.iaid && !(t2 > 0 && t1 > t2))

  const take = (ia: Ia, answer: IaOption): void => {
    const given = leasesIn(answer)
    for (const { value, preferredLifetime, validLifetime } of given) {
      if (validLifetime === 0) ia.leases.delete(value)
      else ia.leases.set(value, { preferredUntil: until(preferredLifetime), validUntil: until(validLifetime) })
    }
    const preferred = Math.min(
      ...given.filter((lease) => lease.validLifetime > 0).map((lease) => lease.preferredLifetime),
    )
    if (preferred === Infinity) return
    // 0 leaves the times to the client: RFC 8415 section 21.4 recommends these shares for a server.
    ia.renewalTime = answer.t1 || (preferred >= INFINITY ? INFINITY : preferred * 0.5)
    ia.t1 = until(ia.renewalTime)
    ia.t2 = until(answer.t2 || (preferred >= INFINITY ? INFINITY : preferred * 0.8))
  }

  return {
    leases: () =>
      held().flatMap(({ kind, iaid, leases }) =>
        [...leases].map(([value, { preferredUntil, validUntil }]) => {
          return { kind, iaid, value, preferredLifetime: left(preferredUntil), validLifetime: left(validUntil) }
        }),
      ),
    options: (which) =>
      (which === 'held' ? held() : ias).map(({ kind, iaid, hint, leases }) => {
        const hinted = typeof hint === 'number' ? `::/${hint}` : hint
        const values = leases.size === 0 && hinted !== undefined ? [hinted] : [...leases.keys()]
        return { type: kind, iaid, t1: 0, t2: 0, options: values.map((value) => leaseOption(kind, value)) }
      }),
    apply(message) {
      const answers = ias.flatMap((ia) => answersTo(ia, message).map((answer) => ({ ia, answer })))
      for (const { ia, answer } of answers) {
        if (statusOf(answer) === 0) take(ia, answer)
        if (statusOf(answer) === dhcpv6Status.notOnLink) ia.leases.clear()
      }
      schedule()
      const hasStatus = (status: number) => answers.some(({ answer }) => statusOf(answer) === status)
      return { noBinding: hasStatus(dhcpv6Status.noBinding), notOnLink: hasStatus(dhcpv6Status.notOnLink) }
    },
    giveUp(address) {
      const ia = ias.find(({ leases }) => leases.delete(address))
      schedule()
      return ia && { type: ia.kind, iaid: ia.iaid, t1: 0, t2: 0, options: [leaseOption(ia.kind, address)] }
    },
    offered: (message) =>
      ias.filter((ia) =>
        answersTo(ia, message).some((answer) => leasesIn(answer).some((lease) => lease.validLifetime > 0)),
      ).length,
    renewalTime: () => held()[0]?.renewalTime,
    t1: () => Math.min(Infinity, ...held().map((ia) => ia.t1)),
    t2: () => Math.min(Infinity, ...held().map((ia) => ia.t2)),
    end: () => Math.max(...ends()),
    clear() {
      timer?.cancel()
      for (const ia of ias) ia.leases.clear()
    },
  }
}

function leasesIn(ia: IaOption): { value: string; preferredLifetime: number; validLifetime: number }[] {
  const options =
    ia.type === 'ia-na'
      ? optionsOf(ia, 'ia-addr').map((lease) => ({ ...lease, value: lease.address }))
      : optionsOf(ia, 'ia-prefix')
          .filter(({ prefix }) => isPrefixLength(prefixLength(prefix)))
          .map((lease) => ({ ...lease, value: lease.prefix }))
  // RFC 8415 sections 21.6 and 21.22: a lease may have a status of its own; one that is preferred for longer than it is
  // valid is discarded, and an Advertise that has no other offers nothing (section 18.2.9).
  return options.filter((lease) => statusOf(lease) === 0 && lease.preferredLifetime <= lease.validLifetime)
}

/** An IAID is the client's: RFC 9915 section 12. */
function iaids(variety: Variety): (index: number) => number {
  const kind = variety.pick('IAIDs', ['from 1', 'from 0', 'large'])
  const large = variety.octets('IAID', 4).reduce((number, octet) => number * 0x100 + octet, 0)
  return (index) => (kind === 'large' ? (large + index * 0x10001) % 2 ** 32 : index + (kind === 'from 1' ? 1 : 0))
}

/** What a prefix can have in bits. */
const isPrefixLength = (length: number): boolean => length >= 1 && length <= 128

/** The server decides on lifetimes: RFC 8415 sections 21.6 and 21.22. */
function leaseOption(kind: Lease['kind'], value: string): Dhcpv6Option {
  const unsaid = { preferredLifetime: 0, validLifetime: 0, options: [] }
  return kind === 'ia-na'
    ? { type: 'ia-addr', address: value, ...unsaid }
    : { type: 'ia-prefix', prefix: value, ...unsaid }
}
