import { type Bench, type Frame, markOf, type PacketInit, solicitedNode, z } from 'denat'

type Side = 'wan' | 'lan'

/** A switch that snoops MLD queries both sides of the router; `report` reports the group of its link-local address. */
export const listenersAsked = markOf('listeners-asked', {
  data: { side: z.enum(['wan', 'lan']), group: z.string() },
  frames: ['query', 'report'],
})

/** RFC 3810 section 9.3 lets a querier choose. Seconds. */
const maxResponseDelay = 1
/** RFC 3810 section 9.1: as often as a message may have to be sent. */
const attempts = 3

/** RFC 3810 section 5.1: robustness 2, a query each 125 s, of all sources. */
const generalQuery = (src: string): PacketInit => ({
  ip6: { src, dst: 'ff02::1', hopLimit: 1 },
  ext: [{ type: 'hop-by-hop', options: [{ type: 5, data: new Uint8Array(2) }] }],
  icmp6: {
    type: 'mld-query',
    maxResponseDelay: 1000 * maxResponseDelay,
    group: '::',
    data: Uint8Array.of(2, 125, 0, 0),
  },
})

const reportsOf =
  (group: string) =>
  (message: NonNullable<Frame['packet']['icmp6']>): boolean =>
    message.type === 'mld2-report'
      ? message.records.some((record) => record.group === group)
      : message.type === 'mld1-report' && message.group === group

/** Multicast listener queries, as a switch or an access node sends them. Marks `listenersAsked`. */
export async function listeners({ isp, lan, timing, mark }: Bench): Promise<void> {
  const sides: Record<Side, { address?: string; ask(): Promise<Frame>; awaits: typeof isp.awaits }> = {
    wan: {
      address: isp.customer()?.linkLocal,
      ask: async () => isp.send(generalQuery(isp.linkLocal), 'which groups are listened to?'),
      awaits: isp.awaits,
    },
    lan: {
      address: lan.gateway()?.linkLocal,
      ask: () => lan.host.send(generalQuery(lan.host.linkLocal), 'which groups are listened to?'),
      awaits: lan.awaits,
    },
  }
  for (const side of ['wan', 'lan'] as const) {
    const { address, ask, awaits } = sides[side]
    if (!address) continue
    const group = solicitedNode(address)
    let query: Frame | undefined
    let report: Frame | undefined
    for (let attempt = 0; attempt < attempts && !report; attempt++) {
      query = await ask()
      report = await awaits({ icmp6: reportsOf(group) }, { since: query, by: timing.answer(maxResponseDelay + 1) })
    }
    mark(listenersAsked, { side, group }, { query, report })
  }
}
