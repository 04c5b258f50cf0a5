import { addressIn, type Bench, icmpv6, nthSubnet, prefixLength } from 'denat'

const atOnce = { forced: 0.2, slack: 0.3, why: 'time to be forwarded' }

/**
 * A host uses the Internet: hop limits, a connection, datagrams. Then packets to parts of the delegated prefix that
 * nobody uses, and packets to and from unique local addresses.
 */
export async function endToEnd({ isp, lan, internet, timing, mark, listen }: Bench): Promise<void> {
  const host = lan.host
  const gua = host.gua() ?? '::'
  internet.serveTcp(80)
  internet.serveUdp(5000)
  const echo = (id: number) => ({ type: 'echo-request', id, seq: 1, data: new Uint8Array(8) }) as const

  for (const hopLimit of [2, 64, 255]) {
    const sent = await host.send({ ip6: { src: gua, dst: internet.address, hopLimit }, icmp6: echo(hopLimit) })
    const reply = await host.hears(
      { icmp6: { type: 'echo-reply', id: hopLimit } },
      { since: sent, by: timing.answer() },
    )
    mark('hops', { hopLimit }, [sent, reply])
  }
  const dying = await host.send({ ip6: { src: gua, dst: internet.address, hopLimit: 1 }, icmp6: echo(1) })
  const exceeded = await host.hears(icmpv6('time-exceeded'), { since: dying, by: timing.answer(2) })
  mark('hops', { hopLimit: 1 }, [dying, exceeded])

  const page = await host.connect(internet.address, 80, { bytes: 5000 })
  mark('page', { outcome: page.outcome }, [page.syn, page.answer])
  const datagram = await host.udp(internet.address, { from: 41000, to: 5000 })
  const echoed = await host.hears({ udp: { srcPort: 5000, dstPort: 41000 } }, { since: datagram, by: timing.answer() })
  mark('datagram', {}, [datagram, echoed])
  const { src: talking = gua } = datagram.packet.ip6 ?? {}
  for (const hopLimit of [1, 2]) {
    // The ISP's router takes one off.
    const sent = await internet.send({
      ip6: { dst: talking, hopLimit: hopLimit + 1 },
      udp: { srcPort: 5000, dstPort: 41000 },
      payload: Uint8Array.of(hopLimit),
    })
    const arrived = await host.hears({ payload: Uint8Array.of(hopLimit) }, { since: sent, by: atOnce })
    mark('inbound-hops', { hopLimit }, [sent, arrived])
  }

  const delegated = isp.parameters.dhcpv6.prefixes[0] ?? '::/60'
  const subnets = 2 ** (64 - prefixLength(delegated))
  // Of a /63 or a /64 nothing need be left.
  const places = subnets < 4 ? [] : [subnets - 1, subnets / 2, subnets - 2, subnets / 4 + 1]
  const targets = places.map((n) => addressIn(nthSubnet(delegated, 64, n), 0x99))
  for (const [index, target] of targets.entries()) {
    const inside = await host.send({
      ip6: { src: gua, dst: target, hopLimit: 64 },
      udp: { srcPort: 42000 + index, dstPort: 33434 },
      payload: new Uint8Array(8),
    })
    const error = await host.hears(icmpv6('destination-unreachable'), { since: inside, by: timing.answer(2) })
    mark('unassigned', { target }, [inside, error])
  }
  for (const target of targets) {
    const to = { src: gua, dst: target, hopLimit: 64 }
    await host.send({ ip6: to, tcp: { srcPort: 42100, dstPort: 80, seq: 1, flags: 'syn', window: 65535 } })
    await host.send({ ip6: to, icmp6: echo(210) })
  }
  // Afterwards: an error that is told outside may use up what a good router allows itself in a second.
  for (const [index, target] of targets.entries()) {
    const why = 'to an unassigned part of the delegated prefix'
    const to = { dst: target, hopLimit: 64 }
    mark('unassigned-outside', { target }, [await internet.send({ ip6: to, icmp6: echo(200 + index) }, why)])
    // A filter's default rules let it in (RFC 6092 REC-24): what drops it is that nobody is there.
    await internet.send({ ip6: to, udp: { srcPort: 500, dstPort: 500 }, payload: new Uint8Array(28) }, why)
  }
  mark('unassigned-fence', {}, [await host.ping(internet.address)])

  const ula = host.ula()
  for (const target of ula ? [internet.address, 'fd99:9999:9999::1'] : []) {
    const out = await host.send({ ip6: { src: ula, dst: target }, icmp6: echo(301) }, 'from a ULA to the WAN')
    await host.send({
      ip6: { src: ula, dst: target },
      tcp: { srcPort: 42101, dstPort: 80, seq: 1, flags: 'syn', window: 65535 },
    })
    await host.send({
      ip6: { src: ula, dst: target },
      udp: { srcPort: 42102, dstPort: 5000 },
      payload: new Uint8Array(8),
    })
    const error = await host.hears(icmpv6('destination-unreachable'), { since: out, by: timing.answer(2) })
    mark('ula-out', { source: ula, target }, [out, error])
  }
  const toForeign = await host.send(
    { ip6: { src: gua, dst: 'fd99:9999:9999::1' }, icmp6: echo(302) },
    'to a ULA that is not ours',
  )
  mark('ula-out', { source: gua, target: 'fd99:9999:9999::1' }, [toForeign])
  const customer = isp.customer()
  if (customer) {
    // IKE is let in by a filter's default rules (RFC 6092 REC-24): what drops it minds the address.
    const ike = { udp: { srcPort: 500, dstPort: 500 }, payload: new Uint8Array(28) }
    const inward = (source: string, target: string) =>
      mark('ula-in', { source, target }, [
        isp.send(
          { eth: { dst: customer.mac }, ip6: { src: source, dst: target, hopLimit: 60 }, ...ike },
          'a ULA from the WAN',
        ),
      ])
    inward('fd99:9999:9999::1', gua)
    if (ula) inward(internet.address, ula)
  }
  await listen(timing.after(1, 'time to forward what should not be'))
  mark('ula-fence', {}, [await host.ping(internet.address)])
}
