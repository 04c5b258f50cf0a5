import { claim, type Frame, invariant, isMulticast, isOneHopOn, the } from 'denat'
import { links } from '../shared/frames.ts'

const keyOf = ({ packet: { icmp6 } }: Frame, host: string | undefined): string | undefined =>
  icmp6?.type === 'echo-request' || icmp6?.type === 'echo-reply'
    ? `${host} ${icmp6.id} ${icmp6.seq} ${Buffer.from(icmp6.data).toString('hex')}`
    : undefined

export const requirements = [
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
        // Each member of a group answers from an address of its own.
        const toGroup = questions.some(({ packet }) => isMulticast(packet.ip6?.dst ?? '::'))
        return questions.length === 0 || toGroup || isForwarded ? [] : [{ reply, questions }]
      })
    })
    if (pairs.length === 0)
      return notApplicable(
        claim`The router answers no Echo Request in this recording.`,
        ...recording.frames.slice(0, 1),
      )
    const wrong = pairs.find(
      ({ reply, questions }) => !questions.some(({ packet }) => packet.ip6?.dst === reply.packet.ip6?.src),
    )
    const { reply, questions } = wrong ?? (pairs[0] as (typeof pairs)[number])
    judge.holds(
      wrong === undefined,
      claim`The source address of an Echo Reply is the destination address of the Echo Request.`,
      claim`${the.address(reply.packet.ip6?.src)} answers a request to ${the.address(questions[0]?.packet.ip6?.dst)}`,
      questions[0] as Frame,
      reply,
    )
    judge.note(claim`${pairs.length} Echo Replies were compared.`, reply)
  }),
]
