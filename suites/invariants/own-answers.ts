import { type Evidence, type Frame, icmpv6Of, invariant, isMulticast, isOneHopOn, ra, raOf } from 'denat'
import { links } from './frames.ts'

/** Addresses that a station of the bench has or is about to have: what is said of them is said for it. */
function othersAddresses({ recording }: Evidence): ReadonlySet<string> {
  return new Set(
    recording.frames
      .filter(({ direction }) => direction === 'out')
      .flatMap(({ packet: { ip6, icmp6 } }) => [
        ...(ip6 ? [ip6.src] : []),
        ...(icmp6?.type === 'neighbor-advertisement' || (icmp6?.type === 'neighbor-solicitation' && ip6?.src === '::')
          ? [icmp6.target]
          : []),
      ]),
  )
}

invariant('RFC4861-7.2.4-RFLAG', (evidence) => {
  const { judge, lan, notApplicable, recording } = evidence
  const others = othersAddresses(evidence)
  const said = lan.segments.flatMap(({ fromDut }) =>
    fromDut.all({ icmp6: { type: 'neighbor-advertisement' } }).filter((frame) => {
      const before = fromDut.last(ra(), { before: frame })
      // Before it advertises itself, and after its last word, it need be no router.
      const isRouter = before !== undefined && raOf(before).routerLifetime > 0
      return isRouter && !others.has(icmpv6Of(frame, 'neighbor-advertisement').target)
    }),
  )
  if (said.length === 0)
    return notApplicable(
      'No neighbor asks for the router here once it says that it is a default router.',
      ...recording.frames.slice(0, 1),
    )
  judge.each(
    said,
    'While its RAs say that it is a default router, so does the R flag of each Neighbor Advertisement about an address of its own.',
    (frame) => (icmpv6Of(frame, 'neighbor-advertisement').router ? undefined : 'R flag 0'),
  )
})

const keyOf = ({ packet: { icmp6 } }: Frame, host: string | undefined): string | undefined =>
  icmp6?.type === 'echo-request' || icmp6?.type === 'echo-reply'
    ? `${host} ${icmp6.id} ${icmp6.seq} ${Buffer.from(icmp6.data).toString('hex')}`
    : undefined

invariant('RFC4443-4.2-SOURCE', (evidence) => {
  const { judge, notApplicable, recording } = evidence
  const all = links(evidence)
  const passing = all.flatMap(({ toDut }) => toDut.all({ icmp6: { type: 'echo-reply' } }))
  const pairs = all.flatMap(({ fromDut, toDut }) => {
    const asked = new Map<string | undefined, Frame[]>()
    for (const frame of toDut.all({ icmp6: { type: 'echo-request' } })) {
      const key = keyOf(frame, frame.packet.ip6?.src)
      asked.set(key, [...(asked.get(key) ?? []), frame])
    }
    return fromDut.all({ icmp6: { type: 'echo-reply' } }).flatMap((reply) => {
      const questions = (asked.get(keyOf(reply, reply.packet.ip6?.dst)) ?? []).filter(
        ({ number }) => number < reply.number,
      )
      const isForwarded = passing.some((other) => other.number < reply.number && isOneHopOn(reply, other))
      // A group is answered by each member from an address of its own.
      const toGroup = questions.some(({ packet }) => isMulticast(packet.ip6?.dst ?? '::'))
      return questions.length === 0 || toGroup || isForwarded ? [] : [{ reply, questions }]
    })
  })
  if (pairs.length === 0)
    return notApplicable('The router answers no Echo Request in this recording.', ...recording.frames.slice(0, 1))
  const wrong = pairs.find(
    ({ reply, questions }) => !questions.some(({ packet }) => packet.ip6?.dst === reply.packet.ip6?.src),
  )
  const { reply, questions } = wrong ?? (pairs[0] as (typeof pairs)[number])
  judge.holds(
    wrong === undefined,
    'The source of an Echo Reply is the address that the Echo Request was sent to.',
    `${reply.packet.ip6?.src} answers what was sent to ${questions[0]?.packet.ip6?.dst}`,
    questions[0] as Frame,
    reply,
  )
  judge.note(`${pairs.length} looked at.`, reply)
})
