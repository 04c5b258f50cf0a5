import { type Frame, isMulticast, type Traffic } from 'denat'

/** What is on the link that a frame is on, whoever sent it. */
export const sameLink =
  (frame: Pick<Frame, 'port'>, { linkOf }: Traffic) =>
  (other: Pick<Frame, 'port'>): boolean =>
    linkOf(other) === linkOf(frame)

/** What the bench sent into the link that a frame came from. */
export const asked = (frame: Frame, traffic: Traffic): ((other: Frame) => boolean) => {
  const isHere = sameLink(frame, traffic)
  return (other) => other.direction === 'out' && isHere(other)
}

/** Whether `frame` goes back to the sender of `other`, from the address that was spoken to. */
export function isBack({ packet: { eth, ip6 } }: Frame, { packet: other }: Frame): boolean {
  if (!ip6 || !other.ip6 || eth.dst !== other.eth.src || ip6.dst !== other.ip6.src) return false
  return ip6.src === other.ip6.dst || isMulticast(other.ip6.dst)
}
