import { type Ipv6Address, isMulticast } from '../wire/address.ts'
import type { Icmpv6 } from '../wire/icmpv6.ts'
import type { PacketInit } from '../wire/packet.ts'
import type { NodeContext } from './context.ts'

const MODE_IS_EXCLUDE = 2
const CHANGE_TO_INCLUDE = 3
const CHANGE_TO_EXCLUDE = 4
const ALL_NODES = 'ff02::1'
/** Where MLDv2 reports go, RFC 3810 section 5.2.14. */
const MLDV2_ROUTERS = 'ff02::16'
/** Unsolicited Report Interval, RFC 3810 section 9.11; each report is sent twice (Robustness Variable). */
const REPORT_INTERVAL = 1

/** MLDv2 for any-source groups: without reports a snooping switch keeps NS away from a host. */
export interface MulticastListener {
  join(group: Ipv6Address): void
  leave(group: Ipv6Address): void
  listensTo(group: Ipv6Address): boolean
  query(query: Extract<Icmpv6, { maxResponseDelay: number }>): void
  clear(): void
}

export function multicastListener(ctx: NodeContext, send: (packet: PacketInit) => void): MulticastListener {
  const groups = new Map<Ipv6Address, number>()

  const report = (dst: Ipv6Address, icmp6: PacketInit['icmp6']): void =>
    send({
      ip6: { dst, hopLimit: 1 },
      // Router Alert and two octets of padding: RFC 3810 section 5, RFC 2711.
      ext: [
        {
          type: 'hop-by-hop',
          options: [
            { type: 5, data: Uint8Array.of(0, 0) },
            { type: 1, data: new Uint8Array(0) },
          ],
        },
      ],
      icmp6,
    })
  const reportV2 = (type: number, reported: Ipv6Address[]): void => {
    if (reported.length === 0) return
    const records = reported.map((group) => ({ type, group, sources: [] }))
    report(MLDV2_ROUTERS, { type: 'mld2-report', code: 0, records })
  }

  return {
    join(group) {
      const users = groups.get(group) ?? 0
      groups.set(group, users + 1)
      if (users > 0) return
      reportV2(CHANGE_TO_EXCLUDE, [group])
      ctx.clock.after(ctx.random.uniform(0, REPORT_INTERVAL), () => {
        if (groups.has(group)) reportV2(CHANGE_TO_EXCLUDE, [group])
      })
    },
    leave(group) {
      const users = groups.get(group) ?? 0
      if (users > 1) groups.set(group, users - 1)
      else if (groups.delete(group)) reportV2(CHANGE_TO_INCLUDE, [group])
    },
    listensTo: (group) => group === ALL_NODES || groups.has(group),
    query(query) {
      const asked = (): Ipv6Address[] =>
        [...groups.keys()].filter((group) => !isMulticast(query.group) || group === query.group)
      ctx.clock.after(ctx.random.uniform(0, query.maxResponseDelay / 1000), () => {
        if (query.data) return reportV2(MODE_IS_EXCLUDE, asked())
        // An MLDv1 querier understands MLDv1 alone (RFC 3810 section 8.2.1).
        for (const group of asked()) report(group, { type: 'mld1-report', code: 0, maxResponseDelay: 0, group })
      })
    },
    clear() {
      groups.clear()
    },
  }
}
