import { dhcpv6, dhcpv6Of, ra, scenario } from 'denat'
import { askAll, askAnnounced, askBoth } from './dns-questions.ts'

/** Names that are asked for as A and as AAAA. */
const dualStackNames = { default: 12, full: 500 }
/** T1 of the lease, seconds. */
const t1 = 9

export const nameService = scenario(
  'name-service',
  {
    story:
      'On a line without IPv4 a host asks the resolvers that the router announces for names and records of all kinds, by UDP and by TCP. Then the ISP gives another prefix and another resolver, and the host asks again.',
    world: {
      name: 'name-service',
      delegatedLength: 56,
      isp: { ipv4: false, dhcpv6: { t1, t2: 18, preferredLifetime: 60, validLifetime: 90 } },
    },
    from: 'online',
  },
  async (bench) => {
    const { isp, lan, timing, mark, listen, profile } = bench
    const [server] = await askAnnounced(bench, 'online')
    if (server) {
      await askAll(bench, server)
      mark('nat64-discovery', {}, [await lan.host.resolve('ipv4only.arpa', { server })])
      await askBoth(bench, server, dualStackNames[profile])
      mark('without-ipv4', { server }, [await lan.host.resolve('without-ipv4.example.com', { server })])
    }

    const { otherResolver } = isp
    isp.answerWith(
      'with another resolver',
      (_, usual) =>
        usual && {
          ...usual,
          options: usual.options.map((one) =>
            one.type === 'dns-servers' ? { ...one, servers: [otherResolver] } : one,
          ),
        },
    )
    const former = isp.address
    const changed = isp.change({ dhcpv6: { prefixes: [isp.otherPrefix()] } })
    const renew = await isp.receives(dhcpv6('renew', { iaPd: {} }), {
      since: changed,
      by: timing.after(t1 + 4, 'T1 of the lease, and 4 s'),
      or: 'RFC8415-18.2.4-RENEW',
    })
    const { transactionId } = dhcpv6Of(renew)
    const swapped = isp.latest(dhcpv6('reply', { transactionId }), { or: 'RFC8415-18.2.4-RENEW' })
    mark('resolver-changed', { former, now: otherResolver }, [renew, swapped])
    await lan.hears(ra({}, { ip6: { dst: 'ff02::1' } }), { since: swapped, by: timing.raChange })
    await listen(timing.after(4, 'RAs after the change, and a new address with its DAD'), swapped)
    await askAnnounced(bench, 'renumbered')
  },
)
