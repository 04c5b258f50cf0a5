import type { Clock } from '../time/clock.ts'
import type { Packet } from '../wire/packet.ts'
import type { Frame, Mark } from './recording.ts'

/** Frames that a mark is about: by their names, and `more` in their order. */
export interface About {
  named?: Record<string, Frame | undefined>
  more?: readonly Frame[]
}

/** The numbers of these frames, as a mark keeps them. */
function numbersOf({ named, more = [] }: About): Pick<Mark, 'frames' | 'named'> {
  const there = Object.entries(named ?? {}).flatMap(([name, frame]) => (frame ? [[name, frame.number] as const] : []))
  const frames = [...there.map(([, number]) => number), ...more.map(({ number }) => number)]
  return { frames, ...(named && { named: Object.fromEntries(there) }) }
}

/** What has been recorded so far, as it grows: the live side of a recording. */
export interface Tape {
  readonly frames: readonly Frame[]
  readonly marks: readonly Mark[]
  frame(port: string, direction: 'in' | 'out', at: number, bytes: Uint8Array, packet: Packet, comment?: string): Frame
  mark(name: string, data?: Record<string, unknown>, about?: About): Mark
  /** Called with each frame, and each mark, as it is recorded; returns how to stop. */
  listen(onFrame: (frame: Frame) => void, onMark?: (mark: Mark) => void): () => void
}

/**
 * Numbers on the tape are those of arrival here; `sealed` renumbers by time, as frames of different ports may
 * arrive out of order. Frame objects keep their identity.
 */
export function tape(
  clock: Clock,
  isBench: (mac: string) => boolean,
): Tape & { sealed(): { frames: Frame[]; marks: Mark[] } } {
  const frames: Frame[] = []
  const marks: Mark[] = []
  const subjects = new Map<Mark, About>()
  const listeners = new Set<{ onFrame(frame: Frame): void; onMark?(mark: Mark): void }>()
  const before = new Map<Mark, Frame | undefined>()
  return {
    frames,
    marks,
    frame(port, direction, at, bytes, packet, comment) {
      const from = direction === 'out' || isBench(packet.eth.src) ? 'bench' : 'dut'
      const frame: Frame = { number: frames.length + 1, port, at, direction, from, bytes, packet }
      if (comment) frame.comment = comment
      frames.push(frame)
      for (const listener of [...listeners]) listener.onFrame(frame)
      return frame
    },
    mark(name, data, about) {
      const mark: Mark = { at: clock.now(), mark: name, number: frames.length }
      if (data) mark.data = data
      marks.push(mark)
      before.set(mark, frames.at(-1))
      if (about) {
        subjects.set(mark, about)
        Object.assign(mark, numbersOf(about))
      }
      for (const listener of [...listeners]) listener.onMark?.(mark)
      return mark
    },
    listen(onFrame, onMark) {
      const listener = { onFrame, onMark }
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    sealed() {
      const sorted = [...frames].sort((a, b) => a.at - b.at || a.number - b.number)
      for (const [index, frame] of sorted.entries()) frame.number = index + 1
      for (const mark of marks) {
        mark.number = before.get(mark)?.number ?? 0
        const about = subjects.get(mark)
        if (about) Object.assign(mark, numbersOf(about))
      }
      return { frames: sorted, marks }
    },
  }
}
