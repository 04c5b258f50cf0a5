import { addressIn, anyOf, type Bench, grace, inPrefix, nextPrefix, ns, ra, scenario } from 'denat'
import { accompanied } from '../steps/canaries.ts'
import { proveTheWay } from '../steps/control.ts'
import { resolverOpens } from '../steps/resolver-opens.ts'
import { heldBy } from './renumber.ts'
import { advertisement, pio } from './router-advertisement.ts'
import { probePrefixEdge } from './transit/prefix-edge.ts'

/** How the renumbering of the WAN link is called in cases. */
const kind = 'new WAN PIO'

/**
 * Makes the router speak to the Internet itself: by a name that nobody asked for before, and by a datagram of an open
 * flow that comes with hop limit 1.
 */
async function provoke({ lan, internet, mark, timing }: Bench, when: string): Promise<void> {
  const name = `${when}.prefixes.example.net`
  const server = lan.host.resolvers().find((resolver) => resolver.includes(':'))
  mark('asks', { when, name })
  mark('asked-for', { when, name }, [server ? await lan.host.resolve(name, { server }) : undefined])
  const dst = lan.host.gua()
  const ports = { from: 41_100, to: 5300 }
  await lan.host.udp(internet.address, ports, { src: dst })
  for (let tries = 0; tries < 2; tries++) {
    const late = await internet.send({
      ip6: { dst, hopLimit: 2 },
      udp: { srcPort: ports.to, dstPort: ports.from },
      payload: new Uint8Array(8),
    })
    const error = await internet.hears({ icmp6: { type: 'time-exceeded' } }, { since: late, by: timing.answer() })
    mark('expired-on-the-way', { when }, [late, error])
    if (error) return
  }
}

export const wanPrefixes = scenario(
  'wan-prefixes',
  {
    story:
      'The line gives the router no WAN address at first. Then an RA brings two prefixes, one of them on-link, and another RA deprecates the first and brings one more.',
    world: {
      name: 'wan-prefixes',
      delegatedLength: 60,
      isp: { ra: { managed: false, other: true, autonomous: undefined }, dhcpv6: { iaNa: false } },
    },
    from: 'online',
  },
  accompanied(async (bench) => {
    const { isp, lan, internet, timing, mark, listen } = bench
    const { wanPrefix } = isp.parameters
    const other = nextPrefix(wanPrefix)
    mark('flow', {}, [await lan.host.ping(internet.address)])
    const router = lan.joinRouter('downstream', { iaPd: [{}] })
    const started = router.start()
    // From here on the line says what the scenario says.
    isp.change({ ra: { interval: 0 } })

    await resolverOpens(bench)
    await probePrefixEdge(bench)
    await provoke(bench, 'without-address')
    const both = isp.send(advertisement({ options: [pio(wanPrefix), pio(other, { onLink: true })] }))
    mark('two-prefixes', { wanPrefix, other }, [both])
    const probe = await isp.hears(
      ns({ target: (target) => inPrefix(String(target), wanPrefix) }, { ip6: { src: '::' } }),
      { since: both, by: timing.after(5, timing.dad.why) },
    )
    await listen(timing.after(grace, 'the routes of an RA'), both)
    await proveTheWay(bench, 'WAN neighbors', both)
    for (const [what, prefix] of [
      ['L=0', wanPrefix],
      ['L=1', other],
    ] as const) {
      const target = addressIn(prefix, '::2:2')
      const sent = await lan.host.send({
        ip6: { dst: target },
        icmp6: { type: 'echo-request', id: 912, seq: 1, data: new Uint8Array(8) },
      })
      mark('to-wan-neighbour', { what, target }, [sent])
    }
    await listen(timing.after(4, 'DAD, and three advertisements of a new address, 1 s apart (RFC 9131)'), probe ?? both)
    await provoke(bench, 'two-addresses')

    const fresh = nextPrefix(other)
    const delegated = await router.moves('::/0', {
      since: started,
      by: timing.after(13, 'DAD, the first Solicit, and its answer'),
    })
    if (delegated) mark('sub-delegated', { prefix: heldBy(router) }, [delegated])
    const state = () => ({ kind, address: lan.host.gua(), held: heldBy(router) })
    mark('keeping', state())
    const gone = isp.send(
      advertisement({ options: [pio(wanPrefix, { preferredLifetime: 0, validLifetime: 0 }), pio(fresh)] }),
    )
    mark('deprecated', { prefix: wanPrefix, fresh }, [gone])
    const formed = await isp.hears(
      ns({ target: (target) => inPrefix(String(target), fresh) }, { ip6: { src: '::' } }),
      { since: gone, by: timing.after(3, timing.dad.why) },
    )
    await listen(timing.after(formed ? 1.5 : 1, 'DAD, and an address to be deprecated'), formed ?? gone)
    const target = formed?.packet.icmp6?.type === 'neighbor-solicitation' ? formed.packet.icmp6.target : undefined
    if (target) {
      const { question, answer } = await isp.solicitNeighbour(target)
      mark('asked-fresh', { address: target }, [question, answer])
    }
    const asked = lan.host.solicitRouter()
    const [advertised, reply] = await Promise.all([
      lan.hears(ra({}, { ip6: { dst: anyOf('ff02::1', lan.host.linkLocal) } }), { since: asked, by: timing.raChange }),
      lan.host.ping(internet.address),
      router.renew({ within: 3 }),
    ])
    mark('kept', state(), [asked, advertised])
    mark('kept-flow', { kind }, [reply])
    await provoke(bench, 'deprecated')
    const address = probe?.packet.icmp6?.type === 'neighbor-solicitation' ? probe.packet.icmp6.target : undefined
    if (address) {
      const { question, answer } = await isp.solicitNeighbour(address)
      mark('asked-deprecated', { address }, [question, answer])
    }
    const customer = isp.customer()
    if (customer) {
      const { question, answer } = await isp.solicitNeighbour(customer.linkLocal)
      mark('asked-link-local', {}, [question, answer])
    }
  }),
)
