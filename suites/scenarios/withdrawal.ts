import { type Bench, dhcpv6, dhcpv6Of, ra } from 'denat'
import { hearsWithdrawal, markBefore, type Observers, preferred, sendFromStale } from './renumber.ts'

/** At T1 the ISP answers the Renew with the delegated prefix at preferred and valid lifetime 0, and gives no other. */
export async function withdraw(bench: Bench, observers: Observers): Promise<void> {
  const { isp, lan, timing, mark, listen } = bench
  const old = isp.parameters.dhcpv6.prefixes[0] ?? '::/56'
  const trigger = 'lifetime 0'
  const begun = markBefore(bench, observers, { trigger, old })
  const changed = isp.change({ dhcpv6: { prefixes: [] } })
  const renew = await isp.hears(dhcpv6('renew', { iaPd: {} }), {
    since: changed,
    by: timing.renewal(isp.parameters.dhcpv6),
  })
  if (!renew) return void mark('renumbering-over', { trigger })
  const { transactionId } = dhcpv6Of(renew)
  const zeroed = isp.latest(dhcpv6('reply', { transactionId }), { or: 'RFC8415-18.2.4-RENEW' })
  mark('withdrawn', { old }, [renew, zeroed])
  await hearsWithdrawal(bench, old, zeroed)
  await listen(timing.after(5, 'RAs after the withdrawal'), zeroed)
  const solicited = lan.host.solicitRouter()
  mark('after-withdrawal', { trigger, addresses: preferred(observers.host) }, [solicited])
  await lan.hears(ra(), { since: solicited, by: timing.raChange })

  await Promise.all([observers.terminal?.renewAddress({ within: 3 }), observers.router.renew({ within: 3 })])
  await sendFromStale(bench, observers, begun.data?.source, trigger)
  const gateway = lan.gateway()
  const fence = gateway && (await lan.host.solicitNeighbour(gateway.linkLocal))
  mark('renumbering-over', { trigger }, [fence?.answer])
}
