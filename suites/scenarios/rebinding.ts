import { anyOf, claim, dhcpv6, markOf, scenario, the, z } from 'denat'
import { accompanied } from '../steps/canaries.ts'
import { lookForServices } from '../steps/in-service.ts'
import { leased } from '../steps/lease.ts'

/** T2 leaves the Renew time for its first timeout. */
const short = { t1: 10, t2: 23, preferredLifetime: 27, validLifetime: 90 }
/** Of the second server; what it extends lasts. */
const second = { t1: 10, t2: 16, preferredLifetime: 17, validLifetime: 90 }
const long = { t1: 1800, t2: 2880, preferredLifetime: 3600, validLifetime: 7200 }
/** CNF_MAX_RD, RFC 8415 section 7.6. Seconds. */
const longestConfirm = 10

/** A host solicits an RA, this number of seconds after the Reply. */
export const leaseAge = markOf('lease-age', { data: { elapsed: z.number() }, frames: ['solicited'] })
export const rebound = markOf('rebound', { frames: ['rebind'] })
export const afterRebinding = markOf('after-rebinding', { frames: ['reply'] })
/** T1 of what the second server granted. */
export const renewedAfterRebind = markOf('renewed-after-rebind', { frames: ['reply', 'renew'] })
export const rebindingOver = markOf('rebinding-over', { frames: ['reply'] })
/** The line is back, and the first message of the client since. */
export const lineBack = markOf('line-back', { data: { since: z.number() }, frames: ['first'] })
export const unanswered = markOf('unanswered', { frames: ['reply'] })

export const rebinding = scenario(
  'rebinding',
  {
    story:
      'The DHCPv6 server stops answering after a short lease (T1 10 s, T2 23 s, 27 s preferred, 90 s valid). The router retransmits Renew, then sends Rebind; a second server answers with an equally short lease, and at its T1 with a long one. Then the line is cut for 6 s, and no server answers for 11 s when it is up again; then the first one does. Until the lease is rebound a host sends an RS every 4 s.',
    world: {
      name: 'rebinding',
      delegatedLength: 60,
      isp: { ra: { mtu: 1280 }, dhcpv6: short },
    },
    from: 'online',
    takes: 50,
  },
  accompanied(async (bench) => {
    const { isp, line, lan, internet, timing, mark, listen } = bench
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark(leased, {}, { grant })
    await lookForServices(bench, undefined)
    isp.change({ dhcpv6: { answers: false, ...second } })
    isp.secondServer(true)
    const ages = async () => {
      for (const elapsed of [4, 8, 12, 16]) {
        await listen(timing.after(elapsed, claim`${the.seconds(elapsed)} of the lease`), grant)
        mark(leaseAge, { elapsed }, { solicited: lan.host.solicitRouter() })
      }
    }
    const asked = async () => {
      await isp.receives(dhcpv6('renew', { iaPd: {} }), {
        since: grant,
        by: timing.renewal(short),
        or: 'RFC8415-18.2.4-RENEW',
      })
      return isp.receives(dhcpv6('rebind'), {
        since: grant,
        by: timing.after(short.t2 + 4, claim`T2 of the lease, and 4 s`),
        or: 'RFC8415-18.2.5-REBIND',
      })
    }
    const [rebind] = await Promise.all([asked(), ages()])
    mark(rebound, {}, { rebind })
    const reply = await lan.host.ping(internet.address)
    mark(afterRebinding, {}, { reply })
    await listen({ ...timing.raChange, why: claim`an RA that would withdraw the prefix` }, rebind)
    mark(rebindingOver, {}, { reply: await lan.host.ping(internet.address) })

    const kept = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC8415-18.2.5-REBIND' })
    isp.change({ dhcpv6: long })
    await lookForServices(bench, 'Rebind')
    const renewing = { dhcp6: { type: anyOf('renew', 'rebind'), options: [{ type: 'ia-pd' as const }] } }
    const renew = await isp.awaits(renewing, { since: kept, by: timing.renewal(second) })
    mark(renewedAfterRebind, {}, { reply: kept, renew })
    if (renew) await listen(timing.after(0.5, claim`a lease that is extended`), renew)

    isp.secondServer(false)
    await listen(timing.lineCut, line.down())
    const up = line.up()
    const first = await isp.awaits({ dhcp6: {} }, { since: up, by: timing.service })
    mark(lineBack, { since: up.at }, { first })
    await listen(timing.after(longestConfirm + 1, claim`CNF_MAX_RD 10 s, and 1 s`), first)
    mark(unanswered, {}, { reply: await lan.host.ping(internet.address) })
    const back = isp.change({ dhcpv6: { answers: true } })
    const again = await isp.awaits(
      { dhcp6: { type: 'request' } },
      { since: back, by: timing.after(4, claim`a client that continues to send`) },
    )
    await listen(timing.after(0.5, claim`what is granted is used`), again)
    await lookForServices(bench, 'line cut, no server at first')
  }),
)
