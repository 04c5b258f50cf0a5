import { dhcpv6, scenario } from 'denat'

export const rebinding = scenario(
  'rebinding',
  {
    story:
      'The DHCPv6 server falls silent once it has granted a short lease (T1 8 s, T2 22 s). The router asks it again and again, then asks everybody; a second server answers and keeps the prefix.',
    world: {
      name: 'rebinding',
      delegatedLength: 57,
      isp: { dhcpv6: { t1: 8, t2: 22, preferredLifetime: 60, validLifetime: 90 } },
    },
    from: 'online',
  },
  async ({ isp, lan, internet, timing, mark, listen }) => {
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark('granted', {}, [grant])
    isp.change({ dhcpv6: { answers: false } })
    isp.secondServer(true)
    await isp.receives(dhcpv6('renew', { iaPd: {} }), {
      since: grant,
      by: timing.after(8 + 4, 'T1 of the lease, and 4 s'),
      or: 'RFC8415-18.2.4-RENEW',
    })
    const rebind = await isp.receives(dhcpv6('rebind'), {
      since: grant,
      by: timing.after(22 + 4, 'T2 of the lease, and 4 s'),
      or: 'RFC8415-18.2.5-REBIND',
    })
    mark('rebound', {}, [rebind])
    const reply = await lan.host.ping(internet.address)
    mark('after-rebinding', {}, [reply])
    await listen({ ...timing.raChange, why: 'an RA that would withdraw the prefix' }, rebind)
    mark('rebinding-over', {}, [await lan.host.ping(internet.address)])
  },
)
