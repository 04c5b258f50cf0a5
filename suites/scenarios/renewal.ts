import { dhcpv6, scenario } from 'denat'

export const renewal = scenario(
  'renewal',
  {
    story:
      'A short lease (T1 14 s, T2 32 s, 60 s preferred, 90 s valid) is renewed. Until then a host asks every 4 s what is advertised.',
    world: {
      name: 'renewal',
      delegatedLength: 48,
      isp: { dhcpv6: { t1: 14, t2: 32, preferredLifetime: 60, validLifetime: 90 } },
    },
    from: 'online',
  },
  async ({ isp, lan, timing, mark, listen }) => {
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark('granted', {}, [grant])
    for (const elapsed of [4, 8, 12]) {
      await listen(timing.after(elapsed, `${elapsed} s of the lease`), grant)
      mark('lease-age', { elapsed }, [lan.host.solicitRouter()])
    }
    const renew = await isp.receives(dhcpv6('renew', { iaPd: {} }), {
      since: grant,
      by: timing.after(14 + 4, 'T1 of the lease, and 4 s'),
      or: 'RFC8415-18.2.4-RENEW',
    })
    mark('renewed', {}, [renew])
  },
)
