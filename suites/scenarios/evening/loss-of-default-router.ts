import { addressIn, type Bench, type Frame, grace, ra } from 'denat'
import { unreachable } from '../transit/road.ts'

/** Good routers send few errors a second: one probe in so many seconds. */
const apart = 2

/** RFC 4443 section 3.1: a host still sends. Up to three probes, until it is told. Marks `no-route`. */
async function noRoute({ isp, lan, mark, timing, listen }: Bench): Promise<void> {
  const { host } = lan
  const gateway = lan.gateway()
  if (!gateway) return
  const dst = addressIn(isp.parameters.internetPrefix, 0x95)
  const sent: Frame[] = []
  let answer: Frame | undefined
  while (!answer && sent.length < 3) {
    if (sent.length > 0) await listen(timing.after(apart, 'one error probe at a time'), sent.at(-1))
    const probe = await host.send(
      {
        eth: { dst: gateway.mac },
        ip6: { src: host.gua(), dst },
        udp: { srcPort: 41060, dstPort: 5060 },
        payload: new Uint8Array(8),
      },
      'there is no route',
    )
    sent.push(probe)
    answer = await host.hears(unreachable(dst), { since: probe, by: timing.answer() })
  }
  mark('no-route', { answered: answer !== undefined }, [...sent, answer])
}

/**
 * The ISP router announces that it is a default router no longer, and comes back. Then the line is cut, and comes back.
 * What changes this much comes last.
 */
export async function lossOfDefaultRouter(bench: Bench): Promise<void> {
  const { isp, line, lan, internet, timing, mark, listen } = bench
  // On another link where there is one; with a /64 for all it has a unique local address there and no other.
  const neighbour = lan.join('neighbour', { port: lan.segments.at(-1)?.at(-1), dhcpv6: 'none' })
  mark('before', {}, [await lan.host.ping(internet.address)])
  isp.change({ ra: { routerLifetime: 0 } })
  const gone = isp.advertise()
  mark('router-gone', {}, [gone])
  await listen(timing.after(grace + 0.3, 'what a router may take to act on an RA'), gone)
  const stray = await lan.host.send({
    ip6: { src: lan.host.gua(), dst: internet.address },
    icmp6: { type: 'echo-request', id: 601, seq: 1, data: new Uint8Array(8) },
  })
  mark('while-gone', {}, [stray])
  await noRoute(bench)
  const gateway = lan.gateway()
  if (gateway) {
    const { question, answer } = await lan.host.solicitNeighbour(gateway.linkLocal)
    mark('while-gone-fence', {}, [question, answer])
  }
  await lan.hears(ra({ routerLifetime: 0 }), { since: gone, by: timing.raChange })
  await listen(timing.after(4, 'RAs after the loss'), gone)
  const solicited = lan.host.solicitRouter()
  mark('router-still-gone', {}, [solicited])
  await lan.hears(ra(), { since: solicited, by: timing.raChange })

  isp.change({ ra: { routerLifetime: 1800 } })
  const back = isp.advertise()
  mark('router-back', {}, [back])
  const usable = ra({ routerLifetime: (seconds: unknown) => Number(seconds) > 0 })
  // Nothing asks that good news be told unasked: a host that waits for it asks.
  const restored =
    (await lan.hears(usable, { since: back, by: timing.after(4, 'an RA of its own accord') })) ??
    (await lan.hears(usable, { since: lan.host.solicitRouter(), by: timing.raChange }))
  mark('router-restored', {}, [restored])

  const cut = line.down()
  await lan.hears(ra({ routerLifetime: 0 }), { since: cut, by: timing.raChange })
  const [from, to] = [lan.host.ula(), neighbour.ula()]
  const local = from && to ? await lan.host.ping(to, { from, within: 2 }) : undefined
  mark('local-ping', { from, to }, [local])
  mark('line-was-cut', { since: cut.at })
  const up = line.up()
  const again = await lan.host.settles({ since: up, by: timing.service })
  mark('line-back', {}, [again])
  const after = await lan.hears(usable, { since: up, by: timing.service })
  mark('line-restored', {}, [after, await lan.host.ping(internet.address)])
  // A lease that was kept is asked for again: RFC 8415 section 18.2.12.
  await isp.hears({ dhcp6: {} }, { since: up, by: timing.service })
}
