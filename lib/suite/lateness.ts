import { z } from 'zod'
import type { Recording } from '../recording/recording.ts'
import { marked, markOf } from './mark.ts'

/**
 * The machine delayed one side: `bench`, whose timers came late, or `dut`, whose processes waited for a CPU.
 * `seconds` is the most that a timer or a process waited in the span from `from` to the mark.
 */
export const late = markOf('kept-waiting', {
  data: { who: z.enum(['bench', 'dut']), from: z.number(), seconds: z.number() },
})

/** The waits that fall into a span of the recording, the longest of each side. Seconds; 0 where there was none. */
export function latenessIn(recording: Recording, from: number, until: number): { bench: number; dut: number } {
  const waits = marked(recording, late).filter(({ from: begun, mark }) => mark.at >= from && begun <= until)
  const longest = (party: 'bench' | 'dut') =>
    waits.reduce((most, one) => (one.who === party ? Math.max(most, one.seconds) : most), 0)
  return { bench: longest('bench'), dut: longest('dut') }
}
