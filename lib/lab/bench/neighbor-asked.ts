import type { Frame } from '../../recording/recording.ts'
import type { Exchange } from '../../suite/bench.ts'
import { solicitedNode } from '../../wire/address.ts'
import type { Ipv6Address, Mac, PacketInit } from '../../wire/packet.ts'

/** MAX_MULTICAST_SOLICIT, RFC 4861 section 10: a neighbor is not there only when so many questions got nothing. */
const solicitations = 3

/** Asks for a link-layer address as a neighbor does: again, where nothing answers, such as an address still in DAD. */
export async function neighborAsked(
  target: Ipv6Address,
  from: { src: Ipv6Address; mac: Mac; send(packet: PacketInit, why: string): Frame },
  answerTo: (question: Frame) => Promise<Frame | undefined>,
  times = solicitations,
): Promise<Exchange> {
  const solicitation: PacketInit = {
    ip6: { src: from.src, dst: solicitedNode(target) },
    icmp6: { type: 'neighbor-solicitation', target, options: [{ type: 'source-link-layer', mac: from.mac }] },
  }
  for (let left = times - 1; ; left--) {
    const question = from.send(solicitation, `is ${target} there?`)
    const answer = await answerTo(question)
    if (answer || left === 0) return answer ? { question, answer } : { question }
  }
}
