import {
  addressIn,
  type Bench,
  type DownstreamRouter,
  echoRequest,
  icmpv6,
  nextPrefix,
  nthSubnet,
  prefixContains,
  prefixLength,
} from 'denat'

/** A home router asks for a prefix, and the host behind it uses the Internet. Then a second router asks. */
export async function subDelegation({ lan, internet, timing, mark, listen }: Bench): Promise<DownstreamRouter> {
  internet.serveTcp(80)
  internet.serveUdp(5000)
  const router = lan.joinRouter('downstream', { iaNa: true, iaPd: [{}] })
  const by = timing.after(13, 'DAD and the delay of the first Solicit, and a prefix within 10 s of it')
  const delegated = await router.moves('::/0', { since: router.start(), by })
  const [prefix, ...others] = router.prefixes()
  if (!prefix) return router
  let behindIt = nextPrefix(prefix)
  while (others.some((one) => prefixContains(one, behindIt) || prefixContains(behindIt, one)))
    behindIt = nextPrefix(behindIt)
  mark('sub-delegated', { prefix, router: router.linkLocal, port: router.port }, [delegated])

  await listen(timing.after(2, 'the route of a new lease'))
  const behind = router.host
  mark('behind', { address: behind.gua() })
  mark('behind-ping', {}, [await behind.ping(internet.address)])
  const page = await behind.connect(internet.address, 80, { bytes: 1000 })
  mark('behind-page', { outcome: page.outcome }, [page.syn, page.answer])
  const datagram = await behind.udp(internet.address, { from: 40000, to: 5000 })
  const echoed = await behind.hears(
    { udp: { srcPort: 5000, dstPort: 40000 } },
    { since: datagram, by: timing.answer() },
  )
  mark('behind-udp', {}, [datagram, echoed])

  for (const [place, target] of [
    ['first', addressIn(prefix, 1)],
    ['last', addressIn(nthSubnet(prefix, 64, 2 ** (64 - prefixLength(prefix)) - 1), '::ffff:ffff:ffff:fffe')],
    ['outside', addressIn(behindIt, 1)],
  ] as const) {
    const id = place.length
    const probe = await lan.host.send({
      ip6: { src: lan.host.gua(), dst: target },
      icmp6: { type: 'echo-request', id, seq: 1, data: new Uint8Array(8) },
    })
    // What must not come is fenced below.
    const arrived =
      place === 'outside'
        ? undefined
        : await router.hears(echoRequest({ id }, { ip6: { dst: target } }), { since: probe, by: timing.answer() })
    mark('route-probe', { place, target }, [probe, arrived])
  }

  mark('outside-fence', {}, [await lan.host.ping(internet.address)])

  const second = lan.joinRouter('downstream2', { iaPd: [{}] })
  await second.moves('::/0', { since: second.start(), by: timing.after(5, 'a prefix within 5 s of the Solicit') })
  return router
}

/** It gives its prefix back; then come packets for it. */
export async function prefixReleased({ lan, timing, mark, listen }: Bench, router: DownstreamRouter): Promise<void> {
  const [prefix] = router.prefixes()
  if (!prefix) return
  const released = await router.release()
  mark('released', { prefix }, [released])
  if (!released) return
  await listen(timing.after(2, 'the route of a released prefix is removed within 2 s'), released)
  for (const id of [21, 22, 23]) {
    const probe = await lan.host.send({
      ip6: { src: lan.host.gua(), dst: addressIn(prefix, 1) },
      icmp6: { type: 'echo-request', id, seq: 1, data: new Uint8Array(8) },
    })
    const error = await lan.host.hears(icmpv6('destination-unreachable'), { since: probe, by: timing.answer(2) })
    mark('released-probe', { target: addressIn(prefix, 1) }, [probe, error])
  }
  const gateway = lan.gateway()
  if (gateway) {
    const { question, answer } = await lan.host.solicitNeighbour(gateway.linkLocal)
    mark('released-fence', {}, [question, answer])
  }
}
