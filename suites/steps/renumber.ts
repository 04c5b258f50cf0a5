import {
  addressIn,
  type Bench,
  claim,
  type DownstreamRouter,
  type Frame,
  icmpv6,
  inPrefix,
  type LanHost,
  markOf,
  prefixContains,
  prefixUse,
  ra,
  raUpdate,
  z,
} from 'denat'
import { linePrefix } from './line-prefix.ts'
import { behindPing, heldBy, subDelegated } from './sub-delegated.ts'

type Deadline = Parameters<Bench['listen']>[0]

/** What makes the delegated prefix another one. */
export const triggers = [
  'Renew',
  'NoBinding',
  'link flap',
  'expiry',
  'Reconfigure',
  'orderly reboot',
  'power cut',
  'lifetime 0',
] as const
export type Trigger = (typeof triggers)[number]

const trigger = z.enum(triggers)
const addresses = z.array(z.string())

/** The address of the host that knows DHCPv6 only, where the router serves any. */
export const terminalLeased = markOf('terminal-leased', { data: { address: z.string().optional() } })

/**
 * A change begins. `source`, `address` and `held` are what hosts hold of the old prefix: the first host's address, that of
 * the host that knows DHCPv6 only, and the downstream router's prefix. Without `fresh` the ISP gives no other.
 */
export const renumberingBegins = markOf('renumbering', {
  data: {
    trigger,
    old: z.string(),
    fresh: z.string().optional(),
    source: z.string().optional(),
    address: z.string().optional(),
    held: z.string().optional(),
  },
})
/** The first RA with the new prefix. */
export const lanAdvertised = markOf('lan-told', { data: { trigger }, frames: ['advertised'] })
export const withdrawalAwaited = markOf('withdrawal-awaited', { data: { trigger }, frames: ['withdrawn'] })
/** The preferred addresses of a host then, and the answer to its echo request. */
export const newFlow = markOf('new-flow', { data: { trigger, addresses }, frames: ['reply'] })
export const terminalRenewed = markOf('terminal-renewed', { data: { trigger } })
export const terminalFlow = markOf('terminal-flow', { data: { trigger, addresses }, frames: ['reply'] })
export const subDelegatedAgain = markOf('sub-delegated-anew', {
  data: { trigger, prefixes: z.array(z.string()) },
  frames: ['granting'],
})
export const behindAfter = markOf('behind-after', {
  data: { trigger, address: z.string().optional() },
  frames: ['reply'],
})
/** An echo request for the prefix that the downstream router had, and then the answer of the host behind it. */
export const oldRoute = markOf('old-route', { data: { trigger, target: z.string() }, frames: ['probe', 'fence'] })
/** A packet from an address out of the old prefix. */
export const staleSource = markOf('stale-source', {
  data: { trigger, address: z.string() },
  frames: ['probe', 'error'],
})
export const renumberingOver = markOf('renumbering-over', { data: { trigger }, frames: ['fence'] })

/** The nodes on the LAN in addition to the first host. */
export interface Observers {
  /** It knows SLAAC only. */
  host: LanHost
  /** It knows DHCPv6 only; undefined where the router serves no addresses. */
  terminal: LanHost | undefined
  router: DownstreamRouter
}

/** Until the route of a new lease is in force, and the host behind has its address. */
const newRoute: Deadline = { forced: 2, slack: 1, why: claim`the route of a new lease` }

/** Plugs in those that hold leases of the router, once it has its own. */
export async function joinObservers({ lan, internet, timing, mark }: Bench, grant: Frame): Promise<Observers> {
  const host = lan.join('slaac-host', { dhcpv6: 'none' })
  const router = lan.joinRouter('downstream', { iaPd: [{}] })
  const since = router.start()
  const by = timing.after(5, claim`a lease within 5 s of the Solicit`)
  const served = async () => {
    const managed = await lan.awaits(ra({ managed: true }), { since: grant, by: timing.answer(4) })
    const terminal = managed && lan.join('terminal', { slaac: false, dhcpv6: 'stateful' })
    await terminal?.settles({ since, by })
    return terminal
  }
  const behind = async () => {
    const delegated = await router.moves('::/0', { since, by })
    if (!delegated) return
    const data = { prefix: router.prefixes()[0], router: router.linkLocal }
    const held = mark(subDelegated, data, { granting: delegated })
    const reply = await router.host.reaches(internet.address, { since: held, by: newRoute })
    mark(behindPing, { address: router.host.gua() }, { reply })
  }
  const [terminal] = await Promise.all([served(), behind(), host.settles({ since, by })])
  mark(terminalLeased, { address: terminal?.gua() })
  return { host, terminal, router }
}

export interface Renumbering {
  /** What it is called in cases of the matrix. */
  trigger: Trigger
  /** By the time it ends, or later, the ISP has this prefix in force and no other. */
  act(fresh: string): Promise<unknown>
  /** Until the router has the new prefix, from the start. The LAN has its own time then. */
  by: Deadline
  /** The old prefix has expired by itself, so that no node must be informed of it. */
  ranOut?: boolean
  /** The downstream router is left to renew at its own T1; else it is made to renew. */
  downstreamBy?: () => Deadline
}

const live = (lifetime: unknown) => Number(lifetime) > 0

/**
 * The delegated prefix becomes another one; then all nodes on the LAN are asked what they hold of it. Resolves with the
 * first RA that has the new one.
 */
export async function renumber(
  bench: Bench,
  observers: Observers,
  { trigger, act, by, ranOut = false, downstreamBy }: Renumbering,
): Promise<Frame | undefined> {
  const { isp, lan, internet, timing, mark, listen } = bench
  const { host } = observers
  const old = linePrefix(bench)
  const fresh = isp.otherPrefix()
  const { begun, source, held } = markBefore(bench, observers, { trigger, old, fresh })
  await act(fresh)
  const ofFresh = (prefix: unknown) => prefixContains(fresh, String(prefix))
  const granting = await isp.grants(fresh, { since: begun, by })
  const change =
    granting &&
    (await lan.awaits(ra({ prefixInformation: { prefix: ofFresh, validLifetime: live } }), {
      since: granting,
      by: { forced: prefixUse, slack: 1, why: claim`a prefix is advertised on the LAN` },
    }))
  if (!change) {
    mark(renumberingOver, { trigger })
    return undefined
  }
  mark(lanAdvertised, { trigger }, { advertised: change })

  const flow = async () => {
    const gone = ranOut ? undefined : await receivesWithdrawal(bench, old, begun, change)
    const reply = await host.reaches(internet.address, {
      since: mark(withdrawalAwaited, { trigger }, { withdrawn: gone }),
      by: timing.after(6, claim`DAD of a new address, and an answer`),
    })
    mark(newFlow, { trigger, addresses: preferred(host) }, { reply })
    // An expired address is not distinguished from any other that the router does not have.
    if (!ranOut) await sendFromStale(bench, observers, source, trigger)
  }
  const settled = (seconds: number) =>
    listen(timing.after(seconds, claim`the change is known to all parts of the router`), change)
  /** Renews, and again where not all parts of the router had learned of the change. */
  const renewed = async (renew: () => Promise<unknown>, moved: () => boolean) => {
    for (const seconds of ranOut ? [2, raUpdate.goal, 6] : [2, raUpdate.goal]) {
      await settled(seconds)
      if (moved()) return
      await renew()
      if (moved()) return
    }
  }
  const terminal = async () => {
    const { terminal } = observers
    if (!terminal) return
    await renewed(
      // A client that lost its lease sends Solicits at ever longer intervals: it restarts.
      () => (ranOut && !terminal.gua() ? terminal.requestAddress({ within: 3 }) : terminal.renewAddress({ within: 3 })),
      () => terminal.addresses().some(({ address }) => inPrefix(address, fresh)),
    )
    const reply = await terminal.reaches(internet.address, {
      since: mark(terminalRenewed, { trigger }),
      by: timing.after(4, claim`an exchange, DAD and an answer`),
    })
    mark(terminalFlow, { trigger, addresses: preferred(terminal) }, { reply })
  }
  const downstream = async () => {
    const { router } = observers
    const inFresh = () => router.prefixes().some((prefix) => prefixContains(fresh, prefix))
    const renew = () => (ranOut && !heldBy(router) ? router.solicit({ within: 3 }) : router.renew({ within: 3 }))
    if (!downstreamBy) await renewed(renew, inFresh)
    const moved = await router.moves(fresh, {
      since: change,
      by: downstreamBy?.() ?? timing.after(10, claim`a prefix by the next Renew, or by the Solicit that comes next`),
    })
    const again = mark(subDelegatedAgain, { trigger, prefixes: router.prefixes() }, { granting: moved })
    const reply = await router.host.reaches(internet.address, { since: again, by: newRoute })
    mark(behindAfter, { trigger, address: router.host.gua() }, { reply })
    await settled(raUpdate.goal)
    await probeOldRoute(bench, observers, held, trigger)
  }
  await Promise.all([flow(), terminal(), downstream()])
  mark(renumberingOver, { trigger }, { fence: await host.ping(internet.address) })
  return change
}

/** What all nodes hold before a change. */
export function markBefore(
  { mark }: Bench,
  { host, terminal, router }: Observers,
  change: { trigger: Trigger; old: string; fresh?: string },
) {
  const holds = { source: host.gua(), address: terminal?.gua(), held: heldBy(router) }
  return { ...holds, begun: mark(renumberingBegins, { ...change, ...holds }) }
}

/** The RA that takes the old prefix back. It may have come with, or before, the one with the new prefix. */
export function receivesWithdrawal(
  { lan, timing }: Bench,
  old: string,
  since: { at: number } & Parameters<Bench['listen']>[1],
  change = since,
) {
  const { raChange } = timing
  const ofOld = (prefix: unknown) => prefixContains(old, String(prefix))
  return lan.awaits(ra({ prefixInformation: { prefix: ofOld, preferredLifetime: 0 } }), {
    since,
    by: { ...raChange, forced: raChange.forced + change.at - since.at },
  })
}

/** Global addresses that a host would begin a flow from. */
export function preferred(host: LanHost): string[] {
  return host
    .addresses()
    .flatMap(({ kind, state, address }) => (kind === 'gua' && state === 'preferred' ? [address] : []))
}

async function probeOldRoute(
  { mark }: Bench,
  { host, router }: Observers,
  held: string | undefined,
  trigger: Trigger,
): Promise<void> {
  const behind = router.host.gua()
  if (!held || !behind || inPrefix(behind, held) || !host.gua()) return
  const target = addressIn(held, 1)
  const probe = await host.send(
    {
      ip6: { src: host.gua(), dst: target },
      icmp6: { type: 'echo-request', id: 502, seq: 1, data: new Uint8Array(8) },
    },
    'to the old sub-delegated prefix',
  )
  mark(oldRoute, { trigger, target }, { probe, fence: await host.ping(behind) })
}

/** A router may limit the rate of its errors, to one in ten seconds as some do: a probe each two seconds, until one is answered. */
export async function sendFromStale(
  { lan, internet, timing, mark, listen }: Bench,
  { host }: Observers,
  source: string | undefined,
  trigger: Trigger,
): Promise<void> {
  if (!source) return
  const gateway = lan.gateway()
  for (const seq of [1, 2, 3, 4, 5, 6]) {
    const probe = await host.send(
      {
        ...(gateway && { eth: { dst: gateway.mac } }),
        ip6: { src: source, dst: internet.address },
        icmp6: { type: 'echo-request', id: 501, seq, data: new Uint8Array(8) },
      },
      'from the old prefix',
    )
    const error = await host.awaits(icmpv6('destination-unreachable'), { since: probe, by: timing.answer() })
    mark(staleSource, { trigger, address: source }, { probe, error })
    if (error) break
    await listen(timing.after(2, claim`one error probe at a time`), probe)
  }
}
