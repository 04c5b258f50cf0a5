import type { Link } from '../../link/link.ts'

/** IEEE 802.1Q clause 9: the tag stands between the addresses and the EtherType. */
const tagAt = 12
const tagLength = 4
const vidMask = 0xfff

/** A VLAN of a port as a port: it sends tagged frames, and receives only frames with this tag, without it. */
export function vlan(port: Link, { vid, priority, tpid }: { vid: number; priority: number; tpid: number }): Link {
  const word = (frame: Uint8Array, at: number) => ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0)
  const tag = Uint8Array.of(tpid >> 8, tpid & 0xff, (priority << 5) | (vid >> 8), vid & 0xff)
  return {
    ...port,
    name: port.name,
    send: (frame) => port.send(Uint8Array.of(...frame.subarray(0, tagAt), ...tag, ...frame.subarray(tagAt))),
    onFrame: (receive) =>
      port.onFrame((frame, at) => {
        if (word(frame, tagAt) !== tpid || (word(frame, tagAt + 2) & vidMask) !== vid) return
        receive(Uint8Array.of(...frame.subarray(0, tagAt), ...frame.subarray(tagAt + tagLength)), at)
      }),
  }
}
