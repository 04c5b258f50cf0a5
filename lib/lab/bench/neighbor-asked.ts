import type { Frame } from '../../recording/recording.ts'
import type { Exchange } from '../../suite/bench.ts'
import { type Ipv6Address, type Mac, solicitedNode } from '../../wire/address.ts'
import type { Pattern } from '../../wire/match.ts'
import type { PacketInit } from '../../wire/packet.ts'
import { na } from '../../wire/patterns.ts'

/** MAX_MULTICAST_SOLICIT, RFC 4861 section 10: a neighbor is absent only after this number of solicitations without an answer. */
const solicitations = 3

type Awaits = (answer: Pattern, question: Frame) => Promise<Frame | undefined>

/** Asks, and again where nothing answers, such as an address still in DAD. */
export async function asked(
  ask: () => { question: Frame; answer: Pattern },
  awaits: Awaits,
  times = solicitations,
): Promise<Exchange> {
  for (let left = times - 1; ; left--) {
    const { question, answer: pattern } = ask()
    const answer = await awaits(pattern, question)
    if (answer || left === 0) return answer ? { question, answer } : { question }
  }
}

/** Asks for a link-layer address as a neighbor does. */
export function neighborAsked(
  target: Ipv6Address,
  from: { src: Ipv6Address; mac: Mac; send(packet: PacketInit, why: string): Frame },
  awaits: Awaits,
  times?: number,
): Promise<Exchange> {
  const solicitation: PacketInit = {
    ip6: { src: from.src, dst: solicitedNode(target) },
    icmp6: { type: 'neighbor-solicitation', target, options: [{ type: 'source-link-layer', mac: from.mac }] },
  }
  const answer = na({ target, solicited: true })
  return asked(() => ({ question: from.send(solicitation, `is ${target} there?`), answer }), awaits, times)
}
