import { dhcpv6, ra, scenario } from 'denat'

export const flashRenumbering = scenario(
  'flash-renumbering',
  {
    story:
      'At T1 the ISP takes the delegated prefix back and gives another one; a home router on the LAN holds a sub-prefix of the old.',
    world: {
      name: 'flash-renumbering',
      delegatedLength: 52,
      isp: { dhcpv6: { t1: 15, t2: 24, preferredLifetime: 60, validLifetime: 90 } },
    },
    from: 'online',
  },
  async ({ isp, lan, internet, timing, mark, listen }) => {
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    const old = isp.parameters.dhcpv6.prefixes[0] ?? '::/52'
    const before = lan.host.gua() ?? '::'
    const router = lan.joinRouter('downstream', { iaPd: [{}] })
    const delegated = await router.delegated({
      since: router.start(),
      by: timing.after(10, 'a prefix within 10 s of the Solicit'),
      or: 'RFC9818-LPD-1',
    })
    mark('sub-delegated', { prefix: router.prefixes()[0], router: router.linkLocal }, [delegated])
    await listen(timing.after(1, 'the route of a new lease'))
    mark('behind-before', { address: router.host.gua() }, [await router.host.ping(internet.address)])

    const fresh = isp.otherPrefix()
    isp.change({ dhcpv6: { prefixes: [fresh] } })
    const renew = await isp.receives(dhcpv6('renew'), {
      since: grant,
      by: timing.after(15, 'T1 of the lease'),
      or: 'RFC8415-18.2.4-RENEW',
    })
    const swapped = isp.latest(dhcpv6('reply'), { or: 'RFC8415-18.2.4-RENEW' })
    mark('swapped', { old, fresh }, [renew, swapped])
    const advertised = await lan.hears(ra(), { since: swapped, by: timing.raChange })
    mark('advertised', {}, [advertised])
    await listen(timing.after(5, 'RAs after the change'), swapped)

    const stale = await lan.host.send(
      {
        ip6: { src: before, dst: internet.address },
        icmp6: { type: 'echo-request', id: 501, seq: 1, data: new Uint8Array(8) },
      },
      'from the old prefix',
    )
    mark('stale-source', { address: before }, [stale])
    await listen(timing.answer(2))
    mark('new-flow', { address: lan.host.gua() }, [await lan.host.ping(internet.address)])

    const by = timing.after(router.t1() + 10, 'T1 of the sub-delegated lease, and 10 s')
    const moved = await router.moves(fresh, { since: swapped, by })
    mark('sub-delegated-anew', { prefixes: router.prefixes(), old, fresh }, [moved])
    await listen(timing.after(2, 'the host behind takes its new address'))
    mark('behind-after', { address: router.host.gua() }, [await router.host.ping(internet.address)])
  },
)
