import { addressIn, type Bench, claim, echoRequest, inPrefix, markOf, nthSubnet, prefixLength, z } from 'denat'
import type { Observers } from './renumber.ts'

/** What the downstream router sends for its own prefix, and a host for the same address after it. */
export const ownPrefixSent = markOf('own-prefix', {
  data: { target: z.string(), source: z.string() },
  frames: ['sent', 'arrived', 'back'],
})

/** How often the downstream router sends on what comes back to it. */
const rounds = 3

/**
 * A downstream router has no route for the part of its prefix that it does not use (RFC 7084 WPD-5): what is for there
 * it sends to its default router, and again when it comes back. Each time a host sends to the same address after it.
 */
export async function ownPrefix({ timing, mark }: Bench, { router, host }: Observers): Promise<void> {
  const source = router.host.gua()
  const prefix = router.prefixes().find((one) => source && inPrefix(source, one))
  if (!prefix || !source || !host.gua()) return
  const last = nthSubnet(prefix, 64, 2 ** (64 - prefixLength(prefix)) - 1)
  const target = addressIn(last, '::6:6:6:6')
  const ask = (id: number) => ({ type: 'echo-request' as const, id, seq: 1, data: new Uint8Array(8) })
  let hopLimit = 64
  for (let round = 0; round < rounds; round++) {
    const sent = await router.send(
      { ip6: { src: source, dst: target, hopLimit }, icmp6: ask(503) },
      'for its own prefix',
    )
    const other = await host.send({ ip6: { src: host.gua(), dst: target }, icmp6: ask(504) }, 'to the same address')
    const arrived = await router.awaits(echoRequest({ id: 504 }), { since: other, by: timing.answer() })
    // It was sent before: by now it has come back.
    const by = { forced: 0.1, slack: 0.1, why: claim`packets on one path keep their order` }
    const back = await router.awaits(echoRequest({ id: 503 }), { since: sent, by })
    mark(ownPrefixSent, { target, source }, { sent, arrived, back })
    if (back?.packet.ip6) hopLimit = back.packet.ip6.hopLimit - 1
    else if (arrived) break
  }
}
