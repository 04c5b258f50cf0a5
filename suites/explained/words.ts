import { type Frame, isMulticast, type Traffic } from 'denat'

/** What the bench sent into the link that a frame came from. */
export const asked =
  (frame: Frame, { linkOf }: Traffic) =>
  (other: Frame): boolean =>
    other.direction === 'out' && linkOf(other) === linkOf(frame)

/** Whether `frame` goes back to the sender of `other`, from the address that was spoken to. */
export function isBack({ packet: { eth, ip6 } }: Frame, { packet: other }: Frame): boolean {
  if (!ip6 || !other.ip6 || eth.dst !== other.eth.src || ip6.dst !== other.ip6.src) return false
  return ip6.src === other.ip6.dst || isMulticast(other.ip6.dst)
}
