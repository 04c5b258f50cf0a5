import {
  type Bench,
  claim,
  type DownstreamRouter,
  dhcpv6OptionsOf,
  type Frame,
  type LanHost,
  markOf,
  resolves,
  z,
} from 'denat'
import { heldBy } from './sub-delegated.ts'

/** What the router or its line goes through, and comes back from. */
export const events = [
  'NoBinding',
  'line cut, same prefix',
  'line cut, new prefix',
  'server silent, new prefix',
  'power cut, same prefix',
  'reboot, same prefix',
  'reboot, new prefix',
  'power cut, new prefix',
  'Renew, new prefix',
  'prefix withdrawn and granted',
  'Rebind',
  'line cut, no server at first',
  'Reconfigure',
  'default router lost',
  'line cut for 5 s',
  'IPv6 switched off and on',
  'LAN port without a cable',
] as const
export type Event = (typeof events)[number]

/**
 * What a router provides to a home network: names, DHCPv6, a filter, a prefix that is sub-delegated. `after` no event: at first.
 * `came` is what of `sent` from the Internet reached a port without a pinhole; `fence` follows it.
 */
export const inService = markOf('in-service', {
  data: { after: z.enum(events).optional(), address: z.string().optional() },
  frames: ['control', 'information', 'name', 'behind', 'sent', 'came', 'fence'],
})

const closedPort = 41_999
/** Not all parts of a router start at once: the number of tries, a second apart. */
const tries = 10

/** Asks for all of it, as often as hosts do. */
export async function lookForServices(
  { lan, internet, timing, mark, listen }: Pick<Bench, 'lan' | 'internet' | 'timing' | 'mark' | 'listen'>,
  after: Event | undefined,
  { host = lan.host, router }: { host?: LanHost; router?: DownstreamRouter | undefined } = {},
): Promise<void> {
  const address = host.gua()
  const control = await host.reaches(internet.address, {
    since: mark('services-asked'),
    by: timing.after(4, claim`what an event is to leave as it was, but for a moment`),
  })
  const again = async (ask: (n: number) => Promise<Frame | undefined>): Promise<Frame | undefined> => {
    let answer = await ask(0)
    for (let n = 1; n < tries && !answer && control; n++) answer = await ask(n)
    return answer
  }
  const informed = again(() => host.informationRequest({ codes: [23], within: 1 }))
  const resolved = async () => {
    const reply = await informed
    const offered = reply ? dhcpv6OptionsOf(reply, 'dns-servers').flatMap(({ servers }) => servers) : []
    const servers = [...new Set([...host.resolvers(), ...offered])].filter((one) => one.includes(':'))
    if (servers.length === 0) return undefined
    return again(async (n) => {
      const server = servers[n % servers.length] as string
      const name = `${(after ?? 'at first').replace(/\W+/g, '-')}-${n}.example.com`.toLowerCase()
      const answer = await host.resolve(name, { server, within: 1 })
      if (answer && resolves(answer)) return answer
      if (answer) await listen(timing.after(1, claim`a resolver that is not ready yet`))
      return undefined
    })
  }
  const reachedBehind = async () =>
    router && heldBy(router) ? again(() => router.host.ping(internet.address, { within: 1 })) : undefined
  const uninvited = async () => {
    const to = host.gua()
    if (!to) return {}
    host.discardUdp(closedPort)
    const sent = await internet.udp(to, { from: 6099, to: closedPort })
    const fence = await host.ping(internet.address)
    const past = { forced: 0, slack: 0, why: claim`what came before the fence` }
    const came = await host.awaits({ udp: { srcPort: 6099, dstPort: closedPort } }, { since: sent, by: past })
    return { sent, came, fence }
  }
  const [information, name, behind, inward] = await Promise.all([informed, resolved(), reachedBehind(), uninvited()])
  mark(inService, { after, address }, { control, information, name, behind, ...inward })
}
