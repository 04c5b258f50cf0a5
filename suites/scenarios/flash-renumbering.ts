import { dhcpv6, dhcpv6Of, icmpv6, prefixContains, ra, scenario } from 'denat'

/** Seconds. No lease on the LAN may outlive it (RFC 9096 L-15), so no router there renews later. */
const preferredLifetime = 60

export const flashRenumbering = scenario(
  'flash-renumbering',
  {
    story:
      'At T1 the ISP takes the delegated prefix back and gives another one; a home router on the LAN holds a sub-prefix of the old.',
    world: {
      name: 'flash-renumbering',
      delegatedLength: 52,
      isp: { dhcpv6: { t1: 15, t2: 24, preferredLifetime, validLifetime: 90 } },
    },
    from: 'online',
  },
  async ({ isp, lan, internet, timing, mark, listen }) => {
    const grant = isp.latest(dhcpv6('reply', { iaPd: {} }), { or: 'RFC7084-W-4' })
    mark('granted', {}, [grant])
    const old = isp.parameters.dhcpv6.prefixes[0] ?? '::/52'
    const before = lan.host.gua() ?? '::'
    const router = lan.joinRouter('downstream', { iaPd: [{}] })
    const byThen = timing.after(5, 'a prefix within 5 s of the Solicit')
    const delegated = await router.moves('::/0', { since: router.start(), by: byThen })
    if (delegated) {
      mark('sub-delegated', { prefix: router.prefixes()[0], router: router.linkLocal }, [delegated])
      await listen(timing.after(2, 'the route of a new lease'))
      mark('behind-ping', { address: router.host.gua() }, [await router.host.ping(internet.address)])
    }

    const fresh = isp.otherPrefix()
    const changed = isp.change({ dhcpv6: { prefixes: [fresh] } })
    const renew = await isp.receives(dhcpv6('renew', { iaPd: {} }), {
      since: changed,
      by: timing.after(15 + 4, 'T1 of the lease, and 4 s'),
      or: 'RFC8415-18.2.4-RENEW',
    })
    const { transactionId } = dhcpv6Of(renew)
    const swapped = isp.latest(dhcpv6('reply', { transactionId }), { or: 'RFC8415-18.2.4-RENEW' })
    mark('swapped', { old, fresh }, [renew, swapped])
    const ofOld = (prefix: unknown) => prefixContains(old, String(prefix))
    await lan.hears(ra({ prefixInformation: { prefix: ofOld, preferredLifetime: 0, validLifetime: 0 } }), {
      since: swapped,
      by: timing.raChange,
    })
    await listen(timing.after(5, 'RAs after the change'), swapped)

    // A router may limit the rate of its errors.
    for (const seq of [1, 2, 3]) {
      const stale = await lan.host.send(
        {
          ip6: { src: before, dst: internet.address },
          icmp6: { type: 'echo-request', id: 501, seq, data: new Uint8Array(8) },
        },
        'from the old prefix',
      )
      const error = await lan.host.hears(icmpv6('destination-unreachable'), { since: stale, by: timing.answer() })
      mark('stale-source', { address: before }, [stale, error])
      if (error) break
    }
    mark('new-flow', { address: lan.host.gua() }, [await lan.host.ping(internet.address)])

    if (!delegated) return
    const by = timing.after(Math.min(router.t1(), preferredLifetime) + 10, 'T1 of the sub-delegated lease, and 10 s')
    const moved = await router.moves(fresh, { since: swapped, by })
    mark('sub-delegated-anew', { prefixes: router.prefixes(), old, fresh }, [moved])
    await listen(timing.after(2, 'the host behind takes its new address'))
    mark('behind-after', { address: router.host.gua() }, [await router.host.ping(internet.address)])
  },
)
