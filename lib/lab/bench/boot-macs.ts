import type { Frame, Mark } from '../../recording/recording.ts'

const starts = ['power-on', 'reboot']

/** MACs that sent frames from the DUT's LAN ports within `boot` seconds of a start. Undefined: none was recorded. */
export function bootMacs(frames: readonly Frame[], marks: readonly Mark[], boot: number): string[] | undefined {
  const started = marks.filter(({ mark }) => starts.includes(mark)).map(({ at }) => at)
  if (started.length === 0) return undefined
  const received = frames.filter(
    ({ from, port, at }) => from === 'dut' && !port.startsWith('wan') && started.some((s) => at >= s && at <= s + boot),
  )
  return [...new Set(received.map(({ packet }) => packet.eth.src))].sort()
}
