import type { Port, Station } from '../../nodes/attachment/port.ts'
import { copyWindow } from '../../recording/bridged.ts'
import type { Frame } from '../../recording/recording.ts'
import { segmentProbe } from '../../recording/segment-probe.ts'

/** Shows which LAN ports share a link: what goes into one port comes out of the others. */
export function probeSegments(ports: readonly Port[], station: Station): void {
  for (const port of ports) port.send(station, segmentProbe(port.name), 'which ports are on one link?')
}

/**
 * LAN ports by the link that they share, as the frames show: a frame of the bench that went into one LAN port and
 * came out of another. What a switch bridges while it bridges the WAN too does not last.
 */
export function segmentsOf(
  lanPorts: readonly string[],
  frames: readonly Frame[],
  isBridged: (frame: Frame) => boolean = () => false,
): string[][] {
  const bridgedUntil = (frames.findLast(isBridged)?.at ?? Number.NEGATIVE_INFINITY) + copyWindow
  const group = new Map(lanPorts.map((port) => [port, port]))
  const sentOn = new Map<string, string>()
  for (const frame of frames) {
    if (!group.has(frame.port)) continue
    const { src } = frame.packet.eth
    if (frame.direction === 'out') sentOn.set(src, frame.port)
    else if (frame.from === 'bench' && frame.at > bridgedUntil) {
      const [a, b] = [group.get(sentOn.get(src) ?? frame.port) as string, group.get(frame.port) as string]
      if (a !== b) for (const [port, name] of group) if (name === b) group.set(port, a)
    }
  }
  const links = new Set(group.values())
  return [...links].map((link) => lanPorts.filter((port) => group.get(port) === link))
}
