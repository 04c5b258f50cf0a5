import type { Link } from './link.ts'

/** TPID of IEEE 802.1Q. */
const TPID = 0x8100

export interface TrunkPort extends Link {
  /** A port that is not plugged in has no carrier here. The router's end of it is the switch's, and keeps its own. */
  plug(inserted: boolean): void
}

/** A link that carries several ports behind one switch, each in a VLAN of its own; `undefined`: the frames without a tag. */
export interface Trunk {
  /** The port in this VLAN: its frames have no tag of the switch. */
  port(name: string, vlan: number | undefined): TrunkPort
}

/** The outer VLAN tag of a frame, if that is one of IEEE 802.1Q with a VLAN. */
function outerVlan(frame: Uint8Array): number | undefined {
  if (frame.length < 16) return undefined
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length)
  const vid = view.getUint16(14) & 0xfff
  return view.getUint16(12) === TPID && vid !== 0 ? vid : undefined
}

function withTag(frame: Uint8Array, vlan: number): Uint8Array {
  const tagged = new Uint8Array(frame.length + 4)
  tagged.set(frame.subarray(0, 12))
  new DataView(tagged.buffer).setUint32(12, TPID * 65_536 + vlan)
  tagged.set(frame.subarray(12), 16)
  return tagged
}

function withoutTag(frame: Uint8Array): Uint8Array {
  const plain = new Uint8Array(frame.length - 4)
  plain.set(frame.subarray(0, 12))
  plain.set(frame.subarray(16), 12)
  return plain
}

/**
 * Divides a link among the VLANs of a switch. Frames of other VLANs are not for anybody here. A port without a VLAN gets
 * every frame where it is the only one: what tags those have is then the router's. What the link lost counts for its first port.
 */
export function trunk(link: Link): Trunk {
  const ports = new Map<number | undefined, { hear(frame: Uint8Array, at: number): void; carrier(): void }>()
  let up: boolean | undefined
  link.onFrame((frame, at) => {
    const vlan = outerVlan(frame)
    const port = vlan === undefined ? undefined : ports.get(vlan)
    if (port) port.hear(withoutTag(frame), at)
    else if (vlan === undefined || ports.size === 1) ports.get(undefined)?.hear(frame, at)
  })
  link.onCarrier((now) => {
    up = now
    for (const { carrier } of ports.values()) carrier()
  })
  return {
    port(name, vlan) {
      let hear = (_frame: Uint8Array, _at: number) => {}
      let carrier = (_up: boolean) => {}
      let plugged = true
      let reported: boolean | undefined
      const isFirst = ports.size === 0
      const report = () => {
        if (up === undefined || reported === (up && plugged)) return
        reported = up && plugged
        carrier(reported)
      }
      ports.set(vlan, { hear: (frame, at) => plugged && hear(frame, at), carrier: report })
      return {
        name,
        plug(inserted) {
          plugged = inserted
          queueMicrotask(report)
        },
        send(frame) {
          if (plugged) link.send(vlan === undefined ? frame : withTag(frame, vlan))
        },
        onFrame(listener) {
          hear = listener
        },
        onCarrier(listener) {
          carrier = listener
          reported = undefined
          queueMicrotask(report)
        },
        drops: () => (isFirst ? link.drops() : 0),
        ...(link.unsummed && { unsummed: () => (isFirst ? (link.unsummed?.() ?? 0) : 0) }),
        close: () => link.close(),
      }
    },
  }
}
