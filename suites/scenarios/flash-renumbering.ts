import { claim, dhcpv6, markOf, ra, scenario } from 'denat'
import { accompanied } from '../steps/canaries.ts'
import { lookForServices } from '../steps/in-service.ts'
import { leased } from '../steps/lease.ts'
import { joinObservers, renumber } from '../steps/renumber.ts'
import { grantAgain, withdraw } from '../steps/withdrawal.ts'

/** Seconds. No lease on the LAN may outlive it (RFC 9096 L-15), so no router there renews later. */
const preferredLifetime = 30
const validLifetime = 32
const t1 = 10
const t2 = 24

/** An RS from the unspecified address, and the multicast RA that answers it. */
export const stillWithdrawn = markOf('still-withdrawn', { frames: ['asked', 'answer'] })

export const flashRenumbering = scenario(
  'flash-renumbering',
  {
    story:
      'At T1 the ISP withdraws the delegated prefix and delegates another one; on the LAN are SLAAC and DHCPv6 hosts, and a downstream router with a sub-prefix of the old prefix. The router must withdraw the old prefix until its lifetime would have ended. At the next T1 the ISP withdraws the new prefix as well, without another one; some seconds later it delegates a prefix again.',
    world: {
      name: 'flash-renumbering',
      delegatedLength: 56,
      isp: { ra: { mtu: 1280 }, dhcpv6: { t1, t2, preferredLifetime, validLifetime } },
    },
    from: 'online',
    takes: 40,
  },
  accompanied(async (bench, canaries) => {
    const { isp, lan, timing, mark, listen } = bench
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark(leased, {}, { grant })
    const observers = await joinObservers(bench, grant)
    canaries.behind(observers.router)
    await lookForServices(bench, undefined, observers)
    // It may have been renewed while a LAN that is up late took its observers in.
    const lease = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    const hold = async () => {
      // Not together with the second Renew: an RA that a host solicits then would delay the next one.
      for (const age of [t1 + 4, validLifetime - 8, validLifetime - 5]) {
        await listen(timing.after(age, claim`RAs of the time until the old prefix would have run out`), lease)
        const asked = lan.host.solicitRouter({ from: '::' })
        const answer = await lan.awaits(ra({}, { ip6: { dst: 'ff02::1' } }), { since: asked, by: timing.answer(4) })
        mark(stillWithdrawn, {}, { asked, answer })
      }
    }
    const change = async () => {
      await renumber(bench, observers, {
        trigger: 'Renew',
        act: async (fresh) => isp.change({ dhcpv6: { prefixes: [fresh] } }),
        by: timing.renewal({ t1, preferredLifetime }),
        downstreamBy: () =>
          timing.after(
            Math.min(observers.router.t1(), preferredLifetime) + 10,
            claim`T1 of the sub-delegated lease, and 10 s`,
          ),
      })
      await lookForServices(bench, 'Renew, new prefix', observers)
      await withdraw(bench, observers)
      await grantAgain(bench, observers)
    }
    await Promise.all([hold(), change()])
  }),
)
