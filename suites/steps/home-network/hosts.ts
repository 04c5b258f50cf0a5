import { type Bench, claim, type Endpoint, markOf, z } from 'denat'

const name = z.string()
const place = z.enum(['LAN', 'behind'])

export const terminalsJoin = markOf('terminals-join')
/** A home router was given a prefix, by this Reply. */
export const subDelegatedToHost = markOf('handed-on', {
  data: { name, prefix: z.string().optional() },
  frames: ['granting'],
})
/** A terminal has had its time: what it has by then. */
export const terminal = markOf('terminal', {
  data: {
    name,
    kind: z.string().optional(),
    address: z.string().optional(),
    resolvers: z.array(z.string()).optional(),
  },
  frames: ['ready'],
})
/** A page, or an echo request and its answer alone. */
export const visit = markOf('visit', {
  data: { round: z.number(), name, place, success: z.boolean() },
  frames: ['syn', 'answer'],
})
export const visitsOver = markOf('visits-over', { data: { terminals: z.number() }, frames: ['reply'] })
export const terminalPing = markOf('terminal-ping', { data: { name }, frames: ['reply'] })

const kinds = [
  { kind: 'slaac', options: { dhcpv6: 'none' }, count: 5 },
  { kind: 'slaac-and-stateless', options: { dhcpv6: 'stateless' }, count: 4 },
  { kind: 'slaac-and-dhcpv6', options: { dhcpv6: 'stateful' }, count: 4 },
  { kind: 'dual-stack', options: { dhcpv6: 'stateless', dhcpv4: true }, count: 2 },
] as const

interface Terminal {
  name: string
  /** `LAN`, or `behind` a downstream router. */
  place: z.infer<typeof place>
  endpoint: Endpoint
  gua(): string | undefined
}

/** Fifteen hosts on all LAN ports in addition to the first, and a host behind each of four home routers. */
function twenty({ lan, timing, mark }: Bench): { all: Terminal[]; online: Promise<unknown> } {
  const ports = lan.segments.flat()
  const portOf = (n: number): string => {
    const port = ports[n % ports.length]
    if (!port) throw new TypeError('the lab has no LAN port')
    return port
  }
  let number = 0
  const joined = mark(terminalsJoin, {})
  const hosts = kinds.flatMap(({ kind, options, count }) =>
    Array.from({ length: count }, () => {
      number++
      return lan.join(`${kind}-${number}`, { ...options, port: portOf(number) })
    }),
  )
  const routers = [1, 2, 3, 4].map((n) => lan.joinRouter(`downstream-${n}`, { iaPd: [{}], port: portOf(n) }))
  const online = Promise.all([
    ...hosts.map((host) => host.settles({ since: joined, by: timing.service })),
    ...routers.map(async (router) => {
      const delegated = await router.moves('::/0', {
        since: router.start(),
        by: timing.after(13, claim`DAD and the delay of the first Solicit, and a prefix within 10 s of it`),
      })
      mark(subDelegatedToHost, { name: router.name, prefix: router.prefixes()[0] }, { granting: delegated })
    }),
  ])
  return {
    all: [
      ...[lan.host, ...hosts].map((host) => ({
        name: host.name,
        place: 'LAN' as const,
        endpoint: host,
        gua: host.gua,
      })),
      ...routers.map(({ name, host }) => ({ name, place: 'behind' as const, endpoint: host, gua: host.gua })),
    ],
    online,
  }
}

/** Each terminal looks at a page and sends echo requests; then one more joins. */
export async function terminals(bench: Bench): Promise<void> {
  const { lan, internet, timing, mark, listen } = bench
  internet.serveTcp(80)
  const { all, online } = twenty(bench)
  await online
  await listen(timing.after(2, claim`DAD of the last addresses, and the routes of new leases`))
  for (const { name, place, gua } of all)
    if (place === 'behind') mark(terminal, { name, kind: 'behind a downstream router', address: gua() })

  const page = async ({ name, place, endpoint }: Terminal) => {
    const { outcome, syn, answer } = await endpoint.connect(internet.address, 80, { bytes: 100, within: 3 })
    mark(visit, { round: 1, name, place, success: outcome === 'connected' }, { syn, answer })
  }
  await Promise.all(all.map(page))
  for (const round of [2, 3]) {
    await Promise.all(
      all.map(async ({ name, place, endpoint }) => {
        const answer = await endpoint.ping(internet.address)
        mark(visit, { round, name, place, success: answer !== undefined }, { answer })
      }),
    )
  }
  mark(visitsOver, { terminals: all.length }, { reply: await lan.host.ping(internet.address) })

  const joined = mark(terminalsJoin, {})
  const late = lan.join('late-joiner', { dhcpv6: 'stateless' })
  const ready = await late.settles({ since: joined, by: timing.service })
  if (!late.resolvers().some((resolver) => resolver.includes(':')))
    await late.awaits({ dhcp6: { type: 'reply' } }, { since: joined, by: timing.answer(3) })
  mark(terminal, { name: late.name, address: late.gua(), resolvers: late.resolvers() }, { ready })
  mark(terminalPing, { name: late.name }, { reply: await late.ping(internet.address) })
}
