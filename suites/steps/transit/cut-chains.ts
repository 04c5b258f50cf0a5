import { addressIn, type Bench, claim, type Frame, fragment, markOf, type PacketInit, z } from 'denat'
import type { Road } from './road.ts'

const target = 8082
/** Eight octets in each fragment: nothing of a TCP header beyond ports and sequence number. */
const tiny = 40 + 8 + 8

/** A connection attempt in pieces, which are its frames. */
export const cutChain = markOf('cut-chain', { data: { what: z.string(), src: z.string(), port: z.number() } })
export const cutChainFence = markOf('cut-chain-fence', { frames: ['answer'] })

/**
 * Connection attempts to a host's open port in fragments so small that the first shows no whole TCP header, past a
 * filter that lets nothing in. Marks `cut-chain`, then a fence.
 */
export async function cutChains(
  { isp, lan, internet, mark, timing, listen, random }: Bench,
  reply: Road,
): Promise<void> {
  lan.host.serveTcp(target)
  // No host on the LAN has sent to these (far-end.ts has those to which one did).
  const otherSender = addressIn(isp.parameters.internetPrefix, 0xa0)
  const options = (): PacketInit['ext'] => [
    { type: 'destination-options', options: [{ type: 1, data: new Uint8Array(4) }] },
  ]
  for (const [what, src, ext] of [
    ['Destination Options alone', otherSender, options()],
    ['half a TCP header', addressIn(isp.parameters.internetPrefix, 0xa1), undefined],
    ['beside a flow', internet.address, undefined],
  ] as const) {
    const syn: PacketInit = {
      ip6: { src, dst: reply.dst },
      ...(ext && { ext }),
      tcp: { srcPort: 50_082, dstPort: target, seq: 1000, flags: 'syn', window: 65535 },
    }
    const sent: Frame[] = []
    for (const piece of fragment(syn, tiny, random.int(2 ** 32)))
      sent.push(await internet.send(piece, `a connection attempt in small pieces: ${what}`))
    mark(cutChain, { what, src, port: target }, {}, sent)
  }
  await listen(timing.after(0.5, claim`time to forward what should not be`))
  mark(cutChainFence, {}, { answer: await lan.host.ping(internet.address) })
}
