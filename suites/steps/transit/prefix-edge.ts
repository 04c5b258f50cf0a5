import { addressIn, type Bench, inPrefix, markOf, network, nthSubnet, prefixLength, z } from 'denat'

/** The prefix that differs in its last bit alone. */
function sibling(prefix: string): string {
  const length = prefixLength(prefix)
  const outer = `${prefix.split('/')[0]}/${length - 1}`
  const [lower = prefix, upper = prefix] = [0, 1].map((n) => nthSubnet(outer, length, n))
  return lower === network(prefix) ? upper : lower
}

export const prefixEdge = markOf('prefix-edge', {
  data: { length: z.number(), inside: z.string(), outside: z.string(), from: z.string().optional() },
  frames: ['kept', 'sent', 'left', 'fence'],
})

/**
 * A packet to the last /64 of the delegated prefix, which is unused, and one to what lies next to the prefix, which is
 * the Internet's: three times, until it leaves. Marks `prefix-edge`: `from` is missing where the host has no address out
 * of the prefix, and the frames where it does not reach the Internet from there.
 */
export async function probePrefixEdge({ isp, lan, internet, mark, timing }: Bench, host = lan.host): Promise<void> {
  const [delegated] = isp.parameters.dhcpv6.prefixes
  if (!delegated) return
  const length = prefixLength(delegated)
  const inside = addressIn(nthSubnet(delegated, 64, 2 ** (64 - length) - 1), '::ffff:ffff:ffff:fffe')
  const outside = addressIn(sibling(delegated), 1)
  const from = host
    .addresses()
    .find(({ address, state }) => state === 'preferred' && inPrefix(address, delegated))?.address
  let isThere = from && (await host.ping(internet.address, { from }))
  // The prefix may be on the LAN before the router knows its own way out.
  for (let again = 1; from && !isThere && again < 5; again++) isThere = await host.ping(internet.address, { from })
  if (!isThere) return void mark(prefixEdge, { length, inside, outside, ...(from && { from }) }, {})
  const probe = (dst: string, dstPort: number) =>
    host.send({ ip6: { src: from, dst }, udp: { srcPort: 46_000, dstPort }, payload: new Uint8Array(8) })
  const kept = await probe(inside, 46_001)
  const sent = await probe(outside, 46_002)
  let last = sent
  let left = await isp.awaits({ ip6: { dst: outside } }, { since: last, by: timing.answer() })
  for (let again = 1; !left && again < 3; again++) {
    last = await probe(outside, 46_002)
    left = await isp.awaits({ ip6: { dst: outside } }, { since: last, by: timing.answer() })
  }
  const fence = await host.reaches(internet.address, { since: last, by: timing.answer(3) })
  mark(prefixEdge, { length, inside, outside, from }, { kept, sent, left, fence })
}
