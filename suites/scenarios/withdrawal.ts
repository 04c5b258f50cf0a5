import { dhcpv6, dhcpv6Of, prefixContains, ra, scenario } from 'denat'

export const withdrawal = scenario(
  'withdrawal',
  {
    story:
      'At T1 the ISP answers the Renew with the delegated prefix at preferred and valid lifetime 0, and gives no other.',
    world: {
      name: 'withdrawal',
      delegatedLength: 56,
      isp: { dhcpv6: { t1: 10, t2: 16, preferredLifetime: 60, validLifetime: 90 } },
    },
    from: 'online',
  },
  async ({ isp, lan, timing, mark, listen }) => {
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark('granted', {}, [grant])
    const old = isp.parameters.dhcpv6.prefixes[0] ?? '::/56'
    isp.change({ dhcpv6: { prefixes: [] } })
    const renew = await isp.receives(dhcpv6('renew', { iaPd: {} }), {
      since: grant,
      by: timing.after(10 + 4, 'T1 of the lease, and 4 s'),
      or: 'RFC8415-18.2.4-RENEW',
    })
    const { transactionId } = dhcpv6Of(renew)
    const zeroed = isp.latest(dhcpv6('reply', { transactionId }), { or: 'RFC8415-18.2.4-RENEW' })
    mark('withdrawn', { old }, [renew, zeroed])
    const ofOld = (prefix: unknown) => prefixContains(old, String(prefix))
    await lan.hears(ra({ prefixInformation: { prefix: ofOld, preferredLifetime: 0, validLifetime: 0 } }), {
      since: zeroed,
      by: timing.raChange,
    })
    await listen(timing.after(5, 'RAs after the withdrawal'), zeroed)
    const solicited = lan.host.solicitRouter()
    mark('after-withdrawal', {}, [solicited])
    await lan.hears(ra(), { since: solicited, by: timing.raChange })
  },
)
