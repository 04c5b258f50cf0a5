import {
  type Bench,
  claim,
  type DownstreamRouter,
  dhcpv6,
  dhcpv6Of,
  type Frame,
  type LanHost,
  markOf,
  nthSubnet,
  option,
  prefixLength,
  z,
} from 'denat'
import { linePrefix } from './line-prefix.ts'

/** A client that accepts Reconfigure, and what it was leased, if anything. */
export const acceptsReconfigure = markOf('accepts-reconfigure', { data: { name: z.string() }, frames: ['lease'] })
export const reconfigureAwaited = markOf('reconfigure-awaited')
export const reconfigureOver = markOf('reconfigure-over')

/** Clients of the router's DHCPv6 server that accept Reconfigure. */
export interface Reconfigurable {
  host: LanHost
  router: DownstreamRouter
  /** It does not receive the first. */
  deaf: DownstreamRouter
  /** The router has announced to one of them that it will use it. */
  isOffered: boolean
}

const offers = (reply: Frame): boolean => {
  const message = dhcpv6Of(reply)
  return message.type === 'reply' && (option(message, 'reconf-accept') ?? option(message, 'auth')) !== undefined
}

/** Plugs them in. Where no router would ever send them one, they have left again when this is over. */
export async function joinReconfigurable(bench: Bench): Promise<Reconfigurable> {
  const { lan, timing, mark } = bench
  const accepting = { acceptsReconfigure: true, start: false }
  const host = lan.join('accepting-host', { ...accepting, slaac: false, dhcpv6: 'stateful' })
  // They do not disturb others that send at the same time.
  const delegated = linePrefix(bench)
  const half = Math.floor(2 ** (63 - prefixLength(delegated)))
  const asking = (n: number) => ({ ...accepting, iaPd: [{ hint: nthSubnet(delegated, 64, n) }] })
  const router = lan.joinRouter('accepting-router', asking(half))
  const deaf = lan.joinRouter('deaf-router', asking(half + Math.floor(half / 2)))
  const by = timing.after(5, claim`a lease within 5 s of the Solicit`)
  const replies = await Promise.all([
    host.requestAddress({ within: 5 }),
    ...[router, deaf].map((one) => one.moves('::/0', { since: one.start(), by })),
  ])
  for (const [index, { name }] of [host, router, deaf].entries())
    mark(acceptsReconfigure, { name }, { lease: replies[index] })
  const clients = { host, router, deaf, isOffered: replies.some((reply) => reply !== undefined && offers(reply)) }
  deaf.neglect()
  if (!clients.isOffered) leave(clients)
  return clients
}

/** Listens for what the router sends them when their leases are stale; then they leave. `by` counts from now. */
export async function awaitReconfigure({ timing, mark }: Bench, clients: Reconfigurable, by: Deadline): Promise<void> {
  if (!clients.isOffered) return
  const { host, router, deaf } = clients
  const since = mark(reconfigureAwaited, {})
  const heeded = async (one: LanHost | DownstreamRouter) => {
    const sent = await one.awaits(dhcpv6('reconfigure'), { since, by })
    if (sent) await one.awaits(dhcpv6('reply'), { since: sent, by: timing.answer(2) })
  }
  const missed = async () => {
    const own = dhcpv6('reconfigure', { clientId: { duid: deaf.duid } })
    const first = await deaf.awaits(own, { since, by })
    const next = { forced: 4, slack: 1, why: claim`REC_TIMEOUT twice (RFC 8415 section 18.3.11)` }
    if (first && (await deaf.awaits(own, { since: first, by: next }))) await deaf.renew({ within: 3 })
  }
  await Promise.all([heeded(host), heeded(router), missed()])
  leave(clients)
  mark(reconfigureOver, {})
}

type Deadline = Parameters<Bench['listen']>[0]

/** Without a word: what routers hold stays theirs. */
function leave({ host, router, deaf }: Reconfigurable): void {
  host.leave()
  for (const one of [router, deaf]) one.unplug()
}
