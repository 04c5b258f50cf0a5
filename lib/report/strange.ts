import type { Frame } from '../recording/recording.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { explanations, unexplained } from '../suite/explanation.ts'
import { describe } from '../wire/describe.ts'
import type { Recordings } from './evidence.ts'

/** Frames of one kind that nothing explains, on one port of one recording. */
export interface Strange {
  port: string
  scenario: string
  frames: number
  /** The first of them, with its number. */
  first: string
}

const kindOf = ({ packet: { dhcp6, icmp6, dns, udp, tcp, arp, ip4, eth } }: Frame): string => {
  const message = dhcp6?.type ?? icmp6?.type ?? dns?.type
  const port = udp?.dstPort ?? tcp?.dstPort
  return [message ?? (arp && 'arp') ?? port ?? eth.type, ip4 && 'IPv4'].filter(Boolean).join(' ')
}

/** By port, scenario and kind. Without suites that explain anything there is nothing to tell. */
export function strangeFrames({ scenarios }: Pick<RunFacts, 'scenarios'>, recordings: Recordings): Strange[] {
  if (explanations.length === 0) return []
  return scenarios.flatMap(({ scenario }) => {
    const recording = recordings.get(scenario)
    const kinds = new Map<string, Frame[]>()
    for (const frame of recording ? unexplained(recording) : []) {
      const key = `${frame.port} ${kindOf(frame)}`
      kinds.set(key, [...(kinds.get(key) ?? []), frame])
    }
    return [...kinds.values()].map((frames): Strange => {
      const [{ port, number, packet }] = frames as [Frame]
      return { port, scenario, frames: frames.length, first: `frame ${number}: ${describe(packet)}` }
    })
  })
}
