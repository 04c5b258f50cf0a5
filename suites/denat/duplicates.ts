import { type Claim, claim, type Frame, invariant, the } from 'denat'
import { messageOf } from '../explained/changes.ts'
import { grouped, links } from '../shared/frames.ts'
import { passing, text } from '../shared/passing.ts'

/** What was asked and what answered it, each with a key by which the two are paired on one link. */
interface Exchange {
  what: string
  asks(frame: Frame): string | undefined
  answers(frame: Frame): string | undefined
}

const exchanges: Exchange[] = [
  {
    what: 'echo request',
    asks: ({ packet: { icmp6, ip6 } }) =>
      icmp6?.type === 'echo-request' ? `${ip6?.src} ${icmp6.id} ${icmp6.seq} ${text(icmp6.data)}` : undefined,
    // An echo request to a group has an answer of each member.
    answers: ({ packet: { icmp6, ip6 } }) =>
      icmp6?.type === 'echo-reply' ? `${ip6?.dst} ${icmp6.id} ${icmp6.seq} ${text(icmp6.data)}` : undefined,
  },
  {
    what: 'Neighbor Solicitation',
    asks: ({ packet: { icmp6, ip6 } }) =>
      icmp6?.type === 'neighbor-solicitation' && ip6?.src !== '::' ? `${ip6?.src} ${icmp6.target}` : undefined,
    answers: ({ packet: { icmp6, ip6 } }) =>
      icmp6?.type === 'neighbor-advertisement' && icmp6.solicited ? `${ip6?.dst} ${icmp6.target}` : undefined,
  },
  {
    what: 'DHCPv6 message',
    asks: (frame) => {
      const asked = messageOf(frame)
      return asked && `${frame.packet.ip6?.src} ${asked.transactionId}`
    },
    answers: (frame) => {
      const message = messageOf(frame)
      return message?.type === 'advertise' || message?.type === 'reply'
        ? `${frame.packet.ip6?.dst} ${message.transactionId}`
        : undefined
    },
  },
  {
    what: 'DNS query',
    asks: ({ packet: { dns, udp, ip6 } }) =>
      dns?.type === 'query' && udp && ip6 ? `${ip6.src} ${udp.srcPort} ${dns.id}` : undefined,
    answers: ({ packet: { dns, udp, ip6 } }) =>
      dns?.type === 'response' && udp && ip6 ? `${ip6.dst} ${udp.dstPort} ${dns.id}` : undefined,
  },
]

/** A packet that is sent one time more than it was caused, with the last cause and the one before; another requirement judges a packet without a cause. */
function surplus(causes: ReadonlyMap<string, Frame[]>, results: ReadonlyMap<string, Frame[]>): Frame[] | undefined {
  for (const [key, came] of results) {
    const caused = causes.get(key) ?? []
    for (const [index, frame] of came.entries()) {
      const before = caused.filter(({ number }) => number < frame.number)
      if (before.length > 0 && before.length <= index) return [before.at(-1) as Frame, came[index - 1] as Frame, frame]
    }
  }
  return undefined
}

export const requirements = [
  invariant('DENAT-DUPLICATES', (evidence) => {
    const { judge, given } = evidence
    const all = links(evidence)
    const first = given(
      all.map(({ fromDut }) => fromDut.first({ ip6: {} })).find((frame) => frame !== undefined),
      'RFC7084-W-2',
    )
    const sent = grouped(
      all.flatMap(({ toDut }) => toDut.all({ ip6: {} })).sort((a, b) => a.number - b.number),
      passing,
    )
    const judgeTwice = (expected: Claim, twice: Frame[] | undefined) =>
      judge.goal(
        twice === undefined,
        expected,
        twice
          ? claim`frame ${twice[0]?.number ?? the.name(undefined)} leads to frame ${twice[1]?.number ?? the.name(undefined)} and to frame ${twice[2]?.number ?? the.name(undefined)}`
          : claim``,
        twice?.[0] ?? first,
        ...(twice ?? []),
      )
    for (const { fromDut, toDut } of all) {
      judgeTwice(claim`The router forwards one packet once.`, surplus(sent, grouped(fromDut.all({ ip6: {} }), passing)))
      for (const { what, asks, answers } of exchanges) {
        const answered = grouped(fromDut.all({ ip6: {} }), answers)
        const own = [...answered].map(
          ([key, frames]) => [key, frames.filter((frame) => !sent.has(passing(frame) ?? ''))] as const,
        )
        judgeTwice(
          claim`The router answers one ${the.name(what)} once.`,
          surplus(grouped(toDut.all({ ip6: {} }), asks), new Map(own)),
        )
      }
    }
  }),
]
