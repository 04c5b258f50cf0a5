import { type Claim, claim, type Frame, the } from 'denat'
import { judged, type Kind } from '../shared/answers.ts'

const names: Kind = {
  asks: ({ packet: { ip6, udp, dns } }) =>
    dns?.type === 'query' && udp ? `${ip6?.src} ${udp.srcPort} ${dns.id}` : undefined,
  answers: ({ packet: { ip6, udp, dns } }) =>
    dns?.type === 'response' && udp ? `${ip6?.dst} ${udp.dstPort} ${dns.id}` : undefined,
}

/** None of the questions went to where the answer comes from. */
const elsewhere = (answer: Frame, questions: readonly Frame[]): Claim | undefined => {
  const source = answer.packet.ip6?.src
  const asked = [...new Set(questions.map(({ packet }) => packet.ip6?.dst))]
  return asked.includes(source)
    ? undefined
    : claim`from ${the.address(source)}, where ${the.list(asked.map(the.address))} was asked`
}

export const requirements = [
  judged(
    'RFC2181-4.1-SOURCE',
    names,
    claim`query by UDP`,
    claim`An answer of the DNS proxy by UDP comes from the address that was asked.`,
    elsewhere,
  ),
]
