import { dhcpv6, dhcpv6Of, ra, scenario } from 'denat'
import { hearsWithdrawal, joinObservers, markBefore, renewTerminal, sendFromStale } from './renumber.ts'

const t1 = 12

export const withdrawal = scenario(
  'withdrawal',
  {
    story:
      'At T1 the ISP answers the Renew with the delegated prefix at preferred and valid lifetime 0, and gives no other.',
    world: {
      name: 'withdrawal',
      delegatedLength: 56,
      isp: { dhcpv6: { t1, t2: 18, preferredLifetime: 60, validLifetime: 90 } },
    },
    from: 'online',
  },
  async (bench) => {
    const { isp, lan, timing, mark, listen } = bench
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark('granted', {}, [grant])
    const observers = await joinObservers(bench, grant)
    const old = isp.parameters.dhcpv6.prefixes[0] ?? '::/56'
    const trigger = 'lifetime 0'
    const begun = markBefore(bench, observers, { trigger, old })
    const changed = isp.change({ dhcpv6: { prefixes: [] } })
    const renew = await isp.receives(dhcpv6('renew', { iaPd: {} }), {
      since: changed,
      by: timing.after(t1 + 4, 'T1 of the lease, and 4 s'),
      or: 'RFC8415-18.2.4-RENEW',
    })
    const { transactionId } = dhcpv6Of(renew)
    const zeroed = isp.latest(dhcpv6('reply', { transactionId }), { or: 'RFC8415-18.2.4-RENEW' })
    mark('withdrawn', { old }, [renew, zeroed])
    await hearsWithdrawal(bench, old, zeroed)
    await listen(timing.after(5, 'RAs after the withdrawal'), zeroed)
    const solicited = lan.host.solicitRouter()
    mark('after-withdrawal', {}, [solicited])
    await lan.hears(ra(), { since: solicited, by: timing.raChange })

    await Promise.all([renewTerminal(bench, observers, trigger), observers.router.renew({ within: 3 })])
    await sendFromStale(bench, observers, begun.data?.source, trigger)
    const gateway = lan.gateway()
    const fence = gateway && (await lan.host.solicitNeighbour(gateway.linkLocal))
    mark('renumbering-over', { trigger }, [fence?.answer])
  },
)
