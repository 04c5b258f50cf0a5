import { type Frame, isMulticast, type Traffic } from 'denat'

/** What is on the link of a frame, from any sender. */
export const sameLink =
  (frame: Pick<Frame, 'port'>, { linkOf }: Traffic) =>
  (other: Pick<Frame, 'port'>): boolean =>
    linkOf(other) === linkOf(frame)

/** What the bench sent into the link that a frame came from. */
export const asked = (frame: Frame, traffic: Traffic): ((other: Frame) => boolean) => {
  const isHere = sameLink(frame, traffic)
  return (other) => other.direction === 'out' && isHere(other)
}

/** Whether there was a question in these seconds, and one that is not answered yet: in twice that time, as some wait. */
export function hasOpenQuestion(
  frame: Frame,
  seconds: number,
  traffic: Traffic,
  { isQuestion, isAnswer }: { isQuestion: (other: Frame) => boolean; isAnswer: (other: Frame) => boolean },
): boolean {
  if (!traffic.before(frame, seconds, isQuestion)) return false
  const near: ('question' | 'answer')[] = []
  // Never true: it lists.
  traffic.before(frame, 2 * seconds, (other) => {
    if (isQuestion(other)) near.push('question')
    else if (isAnswer(other)) near.push('answer')
    return false
  })
  // An answer to no question of that time answers an earlier one.
  return near.reduceRight((open, kind) => (kind === 'question' ? open + 1 : Math.max(0, open - 1)), 0) > 0
}

/** What the router sent by the same port. */
export const sameAs =
  ({ port }: Frame) =>
  (other: Frame): boolean =>
    other.from === 'dut' && other.port === port

/** Whether `frame` goes back to the sender of `other`, from the destination address of `other`. */
export function isBack({ packet: { eth, ip6 } }: Frame, { packet: other }: Frame): boolean {
  if (!ip6 || !other.ip6 || eth.dst !== other.eth.src || ip6.dst !== other.ip6.src) return false
  return ip6.src === other.ip6.dst || isMulticast(other.ip6.dst)
}
