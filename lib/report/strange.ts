import type { Frame, Recording } from '../recording/recording.ts'
import type { RunFacts } from '../recording/run-facts.ts'
import { type Explanation, unexplained } from '../suite/explanation.ts'
import { MarkError } from '../suite/mark.ts'
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

/** A hostile router may send any number of kinds: those beyond these of a scenario are counted together. */
const mostKinds = 60

/** None where marks are not as they are declared: then the verdicts of the recording name the reason. */
function unexplainedIn(recording: Recording, explanations: readonly Explanation[]): Frame[] {
  try {
    return unexplained(recording, explanations)
  } catch (error) {
    if (error instanceof MarkError) return []
    throw error
  }
}

/** By port, scenario and kind. Empty without suites that explain frames. */
export function strangeFrames(
  { scenarios }: Pick<RunFacts, 'scenarios'>,
  recordings: Recordings,
  explanations: readonly Explanation[] = [],
): Strange[] {
  if (explanations.length === 0) return []
  return scenarios.flatMap(({ scenario }) => {
    const recording = recordings.get(scenario)
    const kinds = new Map<string, Frame[]>()
    for (const frame of recording ? unexplainedIn(recording, explanations) : []) {
      const kind = `${frame.port} ${kindOf(frame)}`
      const key = kinds.has(kind) || kinds.size < mostKinds ? kind : `${frame.port} others`
      kinds.set(key, [...(kinds.get(key) ?? []), frame])
    }
    return [...kinds.values()].map((frames): Strange => {
      const [{ port, number, packet }] = frames as [Frame]
      return { port, scenario, frames: frames.length, first: `frame ${number}: ${describe(packet)}` }
    })
  })
}

/** Title and text above the list in every form of the report. */
export const aboutStrange = {
  title: 'Unexplained frames',
  text: 'Frames that the router sent without a message, timer or packet that denat knows as a cause. No verdict depends on them.',
}

/** Port by port, with how many frames of each. */
export function byPort(strange: readonly Strange[]): { port: string; frames: number; kinds: Strange[] }[] {
  const ports = [...new Set(strange.map(({ port }) => port))].sort()
  return ports.map((port) => {
    const kinds = strange.filter((one) => one.port === port)
    return { port, frames: kinds.reduce((sum, { frames }) => sum + frames, 0), kinds }
  })
}
