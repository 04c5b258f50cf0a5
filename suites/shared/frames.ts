import { type Evidence, type Frame, flawsOf, isFlawed, type LinkView } from 'denat'

export const framesIn = (...frames: (Frame | undefined)[]): Frame[] => frames.filter((frame) => frame !== undefined)

/** Each link that the router is on. */
export const links = ({ wan, lan }: Pick<Evidence, 'wan' | 'lan'>): LinkView[] => [wan, ...lan.segments]

/** A malformed packet may be answered in any way. */
export const isValid = (question: Frame): boolean =>
  !isFlawed(question) && flawsOf(question.packet).every(({ unusual }) => unusual)

/** Frames of one key together, in their order; those without a key are left out. */
export function grouped(frames: readonly Frame[], keyOf: (frame: Frame) => string | undefined): Map<string, Frame[]> {
  const groups = new Map<string, Frame[]>()
  for (const frame of frames) {
    const key = keyOf(frame)
    if (key === undefined) continue
    const group = groups.get(key)
    if (group) group.push(frame)
    else groups.set(key, [frame])
  }
  return groups
}

/** The frames in the window of this number of seconds that contains the most of them. */
export function busiestOf(sent: readonly Frame[], seconds: number): Frame[] {
  let busiest = { from: 0, to: 0 }
  let from = 0
  for (const [index, frame] of sent.entries()) {
    while (frame.at - (sent[from] as Frame).at >= seconds) from++
    if (index + 1 - from > busiest.to - busiest.from) busiest = { from, to: index + 1 }
  }
  return sent.slice(busiest.from, busiest.to)
}
