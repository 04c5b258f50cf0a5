import { addressIn, type Bench, network, nthSubnet, prefixLength } from 'denat'

/** The prefix that differs in its last bit alone. */
function sibling(prefix: string): string {
  const length = prefixLength(prefix)
  const outer = `${prefix.split('/')[0]}/${length - 1}`
  const [lower = prefix, upper = prefix] = [0, 1].map((n) => nthSubnet(outer, length, n))
  return lower === network(prefix) ? upper : lower
}

/**
 * A packet to the last /64 of the delegated prefix, which nobody uses, and one to what lies beside the prefix, which is
 * the Internet's. Marks `prefix-edge`, then a fence.
 */
export async function prefixEdge({ isp, lan, internet, mark, timing }: Bench): Promise<void> {
  const delegated = isp.parameters.dhcpv6.prefixes[0] ?? '::/56'
  const length = prefixLength(delegated)
  const src = lan.host.gua() ?? '::'
  const probe = (dst: string, dstPort: number) =>
    lan.host.send({ ip6: { src, dst }, udp: { srcPort: 46_000, dstPort }, payload: new Uint8Array(8) })
  const inside = addressIn(nthSubnet(delegated, 64, 2 ** (64 - length) - 1), '::ffff:ffff:ffff:fffe')
  const outside = addressIn(sibling(delegated), 1)
  const kept = await probe(inside, 46_001)
  const sent = await probe(outside, 46_002)
  const left = await isp.hears({ ip6: { dst: outside } }, { since: sent, by: timing.answer() })
  const fence = await lan.host.ping(internet.address)
  mark('prefix-edge', { length, inside, outside }, [kept, sent, left, fence])
}
