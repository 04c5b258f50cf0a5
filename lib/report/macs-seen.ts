import type { Recordings } from './evidence.ts'

/** A hostile router may use any number: these are shown. */
const most = 12

/** Notes the source MACs of the router in each recording that is read through it. */
export function noting(recordings: Recordings): { recordings: Recordings; macs: () => string[] } {
  const seen = new Set<string>()
  return {
    recordings: {
      get(scenario) {
        const recording = recordings.get(scenario)
        for (const { from, packet } of recording?.frames ?? [])
          if (from === 'dut' && seen.size < most) seen.add(packet.eth.src)
        return recording
      },
    },
    macs: () => [...seen].sort(),
  }
}
