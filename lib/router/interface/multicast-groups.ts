import type { Ipv6Address } from '../../wire/address.ts'
import type { Icmpv6 } from '../../wire/icmpv6.ts'
import type { PacketInit } from '../../wire/packet.ts'
import type { Context } from '../context.ts'

/** RFC 3810 section 5.2.12. */
const record = { isExclude: 2, toInclude: 3, toExclude: 4 }

type Query = Extract<Icmpv6, { maxResponseDelay: number }>

/** The groups that one interface listens to, reported by MLDv2 (RFC 3810): RFC 7084 G-1. */
export interface MulticastGroups {
  join(group: Ipv6Address): void
  leave(group: Ipv6Address): void
  has(group: Ipv6Address): boolean
  queried(query: Query): void
}

export function multicastGroups(
  { clock, random, behavior }: Context,
  send: (packet: PacketInit) => void,
): MulticastGroups {
  /** How many addresses a group is joined for: solicited-node groups are shared. */
  const members = new Map<Ipv6Address, number>()

  const routerAlert = [{ type: 'hop-by-hop' as const, options: [{ type: 5, data: new Uint8Array(2) }] }]

  /** RFC 2710 section 3.7: all-nodes is not reported, and Done is sent to the routers. */
  function reportOf(type: number, group: Ipv6Address): void {
    const done = type === record.toInclude
    send({
      ip6: { dst: done ? 'ff02::2' : group, hopLimit: 1 },
      ext: routerAlert,
      icmp6: { type: done ? 'mld1-done' : 'mld1-report', maxResponseDelay: 0, group },
    })
  }

  const report = (type: number, groups: Ipv6Address[]): void => {
    if (groups.length === 0 || !behavior.reportsGroups) return
    if (behavior.mldVersion === 1) for (const group of groups) reportOf(type, group)
    else
      send({
        ip6: { dst: 'ff02::16', hopLimit: 1 },
        ext: routerAlert,
        icmp6: { type: 'mld2-report', records: groups.map((group) => ({ type, group, sources: [] })) },
      })
  }

  function repeat(group: Ipv6Address, left: number): void {
    if (left === 0) return
    clock.after(random.uniform(0, behavior.reportInterval), () => {
      if (members.has(group)) report(record.toExclude, [group])
      repeat(group, left - 1)
    })
  }

  function repeated(group: Ipv6Address): void {
    if (!members.has(group)) return
    report(record.toExclude, [group])
    repeat(group, behavior.mldRobustness - 1)
  }

  return {
    join(group) {
      const count = members.get(group) ?? 0
      members.set(group, count + 1)
      if (count > 0) return
      if (behavior.firstReportDelay > 0) {
        clock.after(random.uniform(0, behavior.firstReportDelay), () => repeated(group))
      } else repeated(group)
    },
    leave(group) {
      const count = members.get(group) ?? 0
      if (count > 1) members.set(group, count - 1)
      else if (members.delete(group)) report(record.toInclude, [group])
    },
    has: (group) => group === 'ff02::1' || members.has(group),
    queried(query) {
      if (!behavior.groupsReportedWhenAsked) return
      clock.after(random.uniform(0, query.maxResponseDelay / 1000), () =>
        report(
          record.isExclude,
          [...members.keys()].filter((group) => query.group === '::' || query.group === group),
        ),
      )
    },
  }
}
