import {
  addressIn,
  type Bench,
  type DownstreamRouter,
  type Frame,
  icmpv6,
  inPrefix,
  isUla,
  type LanHost,
  prefixContains,
  ra,
  raUpdate,
} from 'denat'

type Deadline = Parameters<Bench['listen']>[0]

/** Who is on the LAN beside the first host. */
export interface Observers {
  /** It knows SLAAC only. */
  host: LanHost
  /** It knows DHCPv6 only; undefined where the router serves no addresses. */
  terminal: LanHost | undefined
  router: DownstreamRouter
}

/** Until the route of a new lease is in force, and the host behind has its address. */
const newRoute: Deadline = { forced: 2, slack: 1, why: 'the route of a new lease' }

/** Plugs in those who hold leases of the router's, once it has its own. */
export async function joinObservers({ lan, internet, timing, mark }: Bench, grant: Frame): Promise<Observers> {
  const host = lan.join('slaac-host', { dhcpv6: 'none' })
  const router = lan.joinRouter('downstream', { iaPd: [{}] })
  const since = router.start()
  const by = timing.after(5, 'a lease within 5 s of the Solicit')
  const served = async () => {
    const managed = await lan.hears(ra({ managed: true }), { since: grant, by: timing.answer(4) })
    const terminal = managed && lan.join('terminal', { slaac: false, dhcpv6: 'stateful' })
    await terminal?.settles({ since, by })
    return terminal
  }
  const behind = async () => {
    const delegated = await router.moves('::/0', { since, by })
    if (!delegated) return
    const held = mark('sub-delegated', { prefix: router.prefixes()[0], router: router.linkLocal }, [delegated])
    const reply = await router.host.reaches(internet.address, { since: held, by: newRoute })
    mark('behind-ping', { address: router.host.gua() }, [reply])
  }
  const [terminal] = await Promise.all([served(), behind(), host.settles({ since, by })])
  mark('terminal-leased', { address: terminal?.gua() })
  return { host, terminal, router }
}

export interface Renumbering {
  /** What it is called in cases of the matrix. */
  trigger: string
  /** The router is told: by the time it ends, or later, the ISP has this prefix in force and no other. */
  act(fresh: string): Promise<unknown>
  /** Until the LAN hears of the new prefix, from the start. */
  by: Deadline
  /** The old prefix has run out by itself, so that nobody need be told that it is gone. */
  ranOut?: boolean
  /** The downstream router is left to renew at its own T1; else it is made to renew. */
  downstreamBy?: () => Deadline
}

const live = (lifetime: unknown) => Number(lifetime) > 0

/**
 * The delegated prefix becomes another one; then everybody on the LAN is asked what became of it. Resolves with the RA by
 * which the LAN was told.
 */
export async function renumber(
  bench: Bench,
  observers: Observers,
  { trigger, act, by, ranOut = false, downstreamBy }: Renumbering,
): Promise<Frame | undefined> {
  const { isp, lan, internet, timing, mark, listen } = bench
  const { host } = observers
  const old = isp.parameters.dhcpv6.prefixes[0] ?? '::/56'
  const fresh = isp.otherPrefix()
  const begun = markBefore(bench, observers, { trigger, old, fresh })
  await act(fresh)
  const ofFresh = (prefix: unknown) => prefixContains(fresh, String(prefix))
  const news = await lan.hears(ra({ prefixInformation: { prefix: ofFresh, validLifetime: live } }), {
    since: begun,
    by,
  })
  if (!news) {
    mark('renumbering-over', { trigger })
    return undefined
  }
  mark('lan-told', { trigger }, [news])

  const flow = async () => {
    const gone = ranOut ? undefined : await hearsWithdrawal(bench, old, begun, news)
    const reply = await host.reaches(internet.address, {
      since: mark('withdrawal-awaited', { trigger }, [gone]),
      by: timing.after(6, 'DAD of a new address, and an answer'),
    })
    mark('new-flow', { trigger, addresses: preferred(host) }, [reply])
    // An address that has run out is not told apart from any other that is not the router's.
    if (!ranOut) await sendFromStale(bench, observers, begun.data?.source, trigger)
  }
  const settled = (seconds: number) =>
    listen(timing.after(seconds, 'the change is known to all parts of the router'), news)
  /** Renews, and once more where not all parts of the router had known of the change. */
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
      // Who lost its lease has been looking for another, at ever longer intervals: it begins anew.
      () => (ranOut && !terminal.gua() ? terminal.requestAddress({ within: 3 }) : terminal.renewAddress({ within: 3 })),
      () => terminal.addresses().some(({ address }) => inPrefix(address, fresh)),
    )
    const flow = await terminal.reaches(internet.address, {
      since: mark('terminal-renewed', { trigger }),
      by: timing.after(4, 'an exchange, DAD and an answer'),
    })
    mark('terminal-flow', { trigger, addresses: preferred(terminal) }, [flow])
  }
  const downstream = async () => {
    const { router } = observers
    const inFresh = () => router.prefixes().some((prefix) => prefixContains(fresh, prefix))
    const renew = () => (ranOut && !heldBy(router) ? router.solicit({ within: 3 }) : router.renew({ within: 3 }))
    if (!downstreamBy) await renewed(renew, inFresh)
    const moved = await router.moves(fresh, {
      since: news,
      by: downstreamBy?.() ?? timing.after(10, 'a prefix by the next Renew, or by the Solicit that comes next'),
    })
    const anew = mark('sub-delegated-anew', { trigger, prefixes: router.prefixes() }, [moved])
    const reply = await router.host.reaches(internet.address, { since: anew, by: newRoute })
    mark('behind-after', { trigger, address: router.host.gua() }, [reply])
    await settled(raUpdate.goal)
    await probeOldRoute(bench, observers, begun.data?.held, trigger)
  }
  await Promise.all([flow(), terminal(), downstream()])
  mark('renumbering-over', { trigger }, [await host.ping(internet.address)])
  return news
}

/** A router may hand on a part of its ULA prefix too, which no ISP changes. */
export const heldBy = (router: DownstreamRouter): string | undefined =>
  router.prefixes().find((prefix) => !isUla(prefix.split('/')[0] ?? ''))

/** What everybody holds before a change. */
export function markBefore(
  { mark }: Bench,
  { host, terminal, router }: Observers,
  change: { trigger: string; old: string; fresh?: string },
) {
  const held = heldBy(router)
  return mark('renumbering', { ...change, source: host.gua(), address: terminal?.gua(), held })
}

/** The RA that takes the old prefix back. It may have come with, or before, the one with the new prefix. */
export function hearsWithdrawal(
  { lan, timing }: Bench,
  old: string,
  since: { at: number } & Parameters<Bench['listen']>[1],
  news = since,
) {
  const { raChange } = timing
  const ofOld = (prefix: unknown) => prefixContains(old, String(prefix))
  return lan.hears(ra({ prefixInformation: { prefix: ofOld, preferredLifetime: 0 } }), {
    since,
    by: { ...raChange, forced: raChange.forced + news.at - since.at },
  })
}

/** Global addresses that a host would begin a flow from. */
export function preferred(host: LanHost): string[] {
  return host
    .addresses()
    .flatMap(({ kind, state, address }) => (kind === 'gua' && state === 'preferred' ? [address] : []))
}

async function probeOldRoute({ mark }: Bench, { host, router }: Observers, held: unknown, trigger: string) {
  const behind = router.host.gua()
  if (typeof held !== 'string' || !behind || inPrefix(behind, held) || !host.gua()) return
  const target = addressIn(held, 1)
  const sent = await host.send(
    {
      ip6: { src: host.gua(), dst: target },
      icmp6: { type: 'echo-request', id: 502, seq: 1, data: new Uint8Array(8) },
    },
    'to the old sub-delegated prefix',
  )
  mark('old-route', { trigger, target }, [sent, await host.ping(behind)])
}

/** A router may limit the rate of its errors, to one in ten seconds as some do: a probe each two seconds, until one is answered. */
export async function sendFromStale(
  { lan, internet, timing, mark, listen }: Bench,
  { host }: Observers,
  source: unknown,
  trigger: string,
) {
  if (typeof source !== 'string') return
  const gateway = lan.gateway()
  for (const seq of [1, 2, 3, 4, 5, 6]) {
    const sent = await host.send(
      {
        ...(gateway && { eth: { dst: gateway.mac } }),
        ip6: { src: source, dst: internet.address },
        icmp6: { type: 'echo-request', id: 501, seq, data: new Uint8Array(8) },
      },
      'from the old prefix',
    )
    const error = await host.hears(icmpv6('destination-unreachable'), { since: sent, by: timing.answer() })
    mark('stale-source', { trigger, address: source }, [sent, error])
    if (error) break
    await listen(timing.after(2, 'one error probe at a time'), sent)
  }
}
