import {
  addressIn,
  claim,
  type DownstreamRouter,
  dhcpv6,
  echoRequest,
  grace,
  markOf,
  nthSubnet,
  ra,
  scenario,
  z,
} from 'denat'
import { accompanied } from '../steps/canaries.ts'

const prefix = z.string().optional()
const name = z.enum(['downstream', 'mover', 'rebooter', 'sleeper'])
const when = z.enum(['before', 'routers', 'renewals', 'gone'])

export const lanPrefixAsked = markOf('lan-prefix', { data: { when }, frames: ['asked', 'advertised'] })
export const prefixGiven = markOf('given', { data: { name, prefix }, frames: ['granting'] })
/** One of some echo requests for a prefix, as it is sent and as it reaches the router that holds it, on its port. */
const probed = { data: { name, prefix: z.string(), port: z.string() }, frames: ['sent', 'arrived'] } as const
export const relinked = markOf('relinked', probed)
export const afterRestart = markOf('after-restart', probed)
export const afterMove = markOf('after-move', probed)
/** The same router again, after its Release or the end of its lease. */
export const afterReturn = markOf('after-return', probed)
/** What it is given then. */
export const returned = markOf('returned', { data: { name, prefix }, frames: ['granting'] })
export const leaseExpired = markOf('expired', probed)
export const extended = markOf('extended', {
  data: { how: z.enum(['Renew', 'Rebind']), before: prefix, prefix },
  frames: ['reply'],
})
export const rebooted = markOf('rebooted', { data: { before: prefix, prefix } })
/** A Rebind for a prefix that was delegated to no client. */
export const unassignedRequested = markOf('foreign', { data: { prefix: z.string() }, frames: ['asked', 'answer'] })
export const expiredFence = markOf('expired-fence', { frames: ['reply'] })

/** Seconds. A router that sends nothing loses its prefix within the recording. */
const short = { t1: 4, t2: 7, preferredLifetime: 14, validLifetime: 16 }
/** T1 still comes soon, and the end does not. */
const long = { t1: 4, t2: 7, preferredLifetime: 12, validLifetime: 7200 }

export const subLease = scenario(
  'sub-lease',
  {
    story:
      'Leases of downstream routers over time: one is unplugged for a while, one is moved to another port, one restarts and releases its prefix, one sends no message until its lease has expired; the last two return.',
    world: { name: 'sub-lease', delegatedLength: 56, isp: { dhcpv6: short } },
    from: 'online',
    takes: 35,
    needs: ['subnets'],
    role: 'gateway',
  },
  accompanied(async ({ isp, lan, internet, timing, mark, listen }, canaries) => {
    const lanPrefix = async (at: z.infer<typeof when>) => {
      const asked = lan.host.solicitRouter()
      const advertised = await lan.awaits(ra(), { since: asked, by: timing.raChange })
      mark(lanPrefixAsked, { when: at }, { asked, advertised })
    }
    const byThen = timing.after(13, claim`DAD, and a prefix within 10 s of it`)
    const routeTime = timing.after(2, claim`the route of a lease`)
    /** Whether what goes to the prefix comes out at the router; three times, as neighbors have to be resolved again. */
    const probe = async (
      type: typeof relinked,
      role: z.infer<typeof name>,
      router: DownstreamRouter,
      prefix: string,
    ) => {
      for (const seq of [1, 2, 3]) {
        const sent = await lan.host.send({
          ip6: { src: lan.host.gua(), dst: addressIn(prefix, 1) },
          icmp6: { type: 'echo-request', id: 600, seq, data: new Uint8Array(8) },
        })
        const arrived = await router.awaits(echoRequest({}, { ip6: { dst: addressIn(prefix, 1) } }), {
          since: sent,
          by: { forced: 1, slack: 0, why: claim`one try of three` },
        })
        mark(type, { name: role, prefix, port: router.port }, { sent, arrived })
        if (arrived) return
      }
    }
    await lanPrefix('before')
    const [downstream, mover, rebooter, sleeper] = await Promise.all(
      name.options.map(async (name) => {
        const router = lan.joinRouter(name, { start: false })
        const granting = await router.moves('::/0', { since: router.start(), by: byThen })
        mark(prefixGiven, { name, prefix: router.prefixes()[0] }, { granting })
        return router
      }),
    )
    const held = downstream?.prefixes()[0]
    if (!downstream || !mover || !rebooter || !sleeper || !held) return
    canaries.behind(downstream)
    const silentSince = sleeper.neglect()
    const [lost] = sleeper.prefixes()
    await listen(routeTime)

    // What comes now must not meet the end of a lease: the others have long ones, while the sleeper's short one ends.
    await lanPrefix('routers')
    const changed = isp.change({ dhcpv6: long })
    await isp.receives(dhcpv6('renew', { iaPd: {} }), {
      since: changed,
      by: timing.renewal(short),
      or: 'RFC8415-18.2.4-RENEW',
    })
    await listen(timing.after(grace, claim`a longer lease is worked off`))
    await lanPrefix('renewals')

    const leased = [downstream, mover, rebooter]
    await Promise.all(leased.map((router) => router.moves('2000::/3', { since: changed, by: byThen })))
    const again = async (how: 'Renew' | 'Rebind') => {
      const [before] = downstream.prefixes()
      const reply = await (how === 'Renew' ? downstream.renew({ within: 3 }) : downstream.rebind({ within: 3 }))
      mark(extended, { how, before, prefix: downstream.prefixes()[0] }, { reply })
    }
    await Promise.all([again('Renew'), mover.renew({ within: 3 }), rebooter.renew({ within: 3 })])

    const comesBack = async (role: z.infer<typeof name>, router: DownstreamRouter) => {
      router.unplug()
      const since = router.plugIn({ as: 'rebooted' })
      const granting = await router.moves('::/0', { since, by: byThen })
      const [prefix] = router.prefixes()
      mark(returned, { name: role, prefix }, { granting })
      if (prefix) await probe(afterReturn, role, router, prefix)
    }
    const flap = async () => {
      downstream.unplug()
      for (const seq of [1, 2, 3]) {
        await lan.host.send({
          ip6: { src: lan.host.gua(), dst: addressIn(held, 1) },
          icmp6: { type: 'echo-request', id: 601, seq, data: new Uint8Array(8) },
        })
        await listen(timing.after(1.2, claim`a Neighbor Solicitation (RFC 4861 section 7.2.2)`))
      }
      downstream.plugIn({ as: 'silent' })
      await listen(timing.after(3, timing.dad.why))
      await probe(relinked, 'downstream', downstream, held)
      await again('Renew')
      await again('Rebind')
    }
    const restart = async () => {
      rebooter.unplug()
      const [before] = rebooter.prefixes()
      await rebooter.moves('::/0', { since: rebooter.plugIn({ as: 'rebooted' }), by: byThen })
      await listen(routeTime)
      const [prefix] = rebooter.prefixes()
      mark(rebooted, { before, prefix })
      if (prefix) await probe(afterRestart, 'rebooter', rebooter, prefix)
    }
    const move = async () => {
      const other = lan.segments.flat().find((port) => port !== mover.port)
      if (!other) return
      mover.unplug()
      const moved = mover.plugIn({ port: other, as: 'rebinding' })
      await mover.awaits(dhcpv6('reply', { iaPd: {} }), { since: moved, by: byThen })
      await listen(routeTime)
      const [prefix] = mover.prefixes()
      if (prefix) await probe(afterMove, 'mover', mover, prefix)
    }
    await Promise.all([flap(), restart(), move()])

    const unassigned = isp.otherPrefix().replace(/\/\d+$/, '/64')
    const asked = await downstream.send({
      ip6: { src: downstream.linkLocal, dst: 'ff02::1:2', hopLimit: 1 },
      udp: { srcPort: 546, dstPort: 547 },
      dhcp6: {
        type: 'rebind',
        transactionId: 0x600d,
        options: [
          { type: 'client-id', duid: downstream.duid },
          { type: 'elapsed-time', value: 0 },
          { type: 'oro', codes: [82] },
          {
            type: 'ia-pd',
            iaid: 1,
            t1: 0,
            t2: 0,
            options: [
              {
                type: 'ia-prefix',
                prefix: nthSubnet(unassigned, 64, 0),
                preferredLifetime: 0,
                validLifetime: 0,
                options: [],
              },
            ],
          },
        ],
      },
    })
    const answer = await downstream.awaits(dhcpv6('reply', { transactionId: 0x600d }), {
      since: asked,
      by: timing.answer(),
    })
    mark(unassignedRequested, { prefix: unassigned }, { asked, answer })
    await rebooter.release({ within: 3 })
    await again('Renew')

    await listen(timing.after(short.validLifetime + 3, claim`the end of a lease that is not renewed`), silentSince)
    if (lost) await probe(leaseExpired, 'sleeper', sleeper, lost)
    mark(expiredFence, {}, { reply: await lan.host.ping(internet.address) })
    await Promise.all([comesBack('rebooter', rebooter), comesBack('sleeper', sleeper)])
    await lanPrefix('gone')
  }),
)
