import type { Recording } from '../recording/recording.ts'

/** Recordings do not change once they are judged, and hundreds of judgements look at the same one. */
export function once<T>(look: (recording: Recording) => T): (recording: Recording) => T {
  const seen = new WeakMap<Recording, { view: T }>()
  return (recording) => {
    const { view } = seen.get(recording) ?? { view: look(recording) }
    seen.set(recording, { view })
    return view
  }
}
