import { type Claim, claim, type Evidence, type Frame, invariant, isOneHopOn, type Requirement } from 'denat'
import { grouped } from './frames.ts'

/** A client that waits longer for an answer has retransmitted its question. Seconds. */
const patience = 10

/** A question and its answer, each with the key that pairs them on one link, without the addresses of the router. */
export interface Kind {
  asks(frame: Frame): string | undefined
  answers(frame: Frame): string | undefined
}

/** Each answer of the router's own on a LAN, with the questions that it may be to. */
function answered({ lan, recording }: Evidence, { asks, answers }: Kind): [answer: Frame, questions: Frame[]][] {
  const isNear = (answer: Frame, other: Frame) => other.number < answer.number && answer.at - other.at < patience
  const others = grouped(
    recording.frames.filter(({ direction }) => direction === 'out'),
    answers,
  )
  return lan.segments.flatMap((link) => {
    const asked = grouped(link.toDut.all({ ip6: {} }), asks)
    return link.fromDut.all({ ip6: {} }).flatMap((answer): [Frame, Frame[]][] => {
      const key = answers(answer)
      if (key === undefined) return []
      const questions = (asked.get(key) ?? []).filter((one) => isNear(answer, one))
      const isPassedOn = others.get(key)?.some((one) => isNear(answer, one) && isOneHopOn(answer, one))
      return questions.length === 0 || isPassedOn ? [] : [[answer, questions]]
    })
  })
}

export const judged = (
  id: string,
  kind: Kind,
  what: Claim,
  expected: Claim,
  wrong: (answer: Frame, questions: readonly Frame[]) => Claim | undefined,
): Requirement =>
  invariant(id, (evidence) => {
    const pairs = new Map(answered(evidence, kind))
    const { judge, notApplicable, recording } = evidence
    if (pairs.size === 0)
      return notApplicable(
        claim`The router answers no ${what} on a LAN in this recording.`,
        ...recording.frames.slice(0, 1),
      )
    judge.each([...pairs.keys()], expected, (answer) => wrong(answer, pairs.get(answer) ?? []))
  })
