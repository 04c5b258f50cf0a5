import { z } from 'zod'
import type { Frame, Mark, Recording } from '../recording/recording.ts'

/**
 * A kind of mark, declared once: scenarios make it, judgements read it. `frames` are names; the frame of a name may be
 * missing, as an answer that never came. No name of a frame is that of a field of the data. Frames of which there are as
 * many as happen to be come after them, and have no names.
 */
export interface MarkType<D extends object, F extends string> {
  name: string
  frames: readonly F[]
  /** Throws `TypeError` where a recording's data is of another shape. */
  read(mark: Mark): D
}

/** What one mark contains: its data, its frames by their names and `more` in order, and `mark` itself, which is the moment. */
export type Marked<D extends object, F extends string> = D & { [K in F]?: Frame } & { mark: Mark; more: Frame[] }

/** A mark of a recording is not as its kind is declared: the file was changed, or is another version's. */
export class MarkError extends Error {
  override readonly name = 'MarkError'
}

/** Declares a kind of mark. `data` is a Zod shape, such as `{ target: z.string() }`. */
export function markOf<S extends z.ZodRawShape = Record<never, never>, const F extends string = never>(
  name: string,
  { data, frames = [] }: { data?: S; frames?: readonly F[] } = {},
): MarkType<z.infer<z.ZodObject<S>>, F> {
  const schema = z.object(data ?? ({} as S))
  for (const one of frames)
    if (one === 'mark' || one === 'more' || one in schema.shape)
      throw new TypeError(`mark "${name}": "${one}" is named twice`)
  return {
    name,
    frames,
    read(mark) {
      const read = schema.safeParse(mark.data ?? {})
      if (read.success) return read.data
      throw new MarkError(`mark "${name}" at ${mark.at} s: ${z.prettifyError(read.error)}`)
    },
  }
}

/** Whether a mark is of one of these kinds. */
export function isMarkOf(...types: readonly Pick<MarkType<object, string>, 'name'>[]): (mark: Mark) => boolean {
  const names = new Set(types.map(({ name }) => name))
  return ({ mark }) => names.has(mark)
}

/** Hundreds of judgements read the same marks of a recording, which does not change once it is judged. */
const read = new WeakMap<object, Map<object, readonly unknown[]>>()

/** What a mark of this kind contains in a recording. */
export function marked<D extends object, F extends string>(
  recording: Pick<Recording, 'frames' | 'marks'>,
  type: MarkType<D, F>,
): readonly Marked<D, F>[] {
  const types = read.get(recording) ?? new Map<object, readonly unknown[]>()
  read.set(recording, types)
  const all = types.get(type) ?? readMarks(recording, type)
  types.set(type, all)
  return all as readonly Marked<D, F>[]
}

function readMarks<D extends object, F extends string>(
  { frames, marks }: Pick<Recording, 'frames' | 'marks'>,
  type: MarkType<D, F>,
): Marked<D, F>[] {
  return marks
    .filter(({ mark }) => mark === type.name)
    .map((mark) => {
      // Marks of older recordings have their frames by position.
      const number = (name: F, index: number) => (mark.named ? mark.named[name] : mark.frames?.[index])
      const frame = (one: number | undefined) => frames[(one ?? 0) - 1]
      const named = type.frames.map((name, index) => [name, frame(number(name, index))])
      const others = (mark.frames ?? []).slice(mark.named ? Object.keys(mark.named).length : type.frames.length)
      const more = others.flatMap((one) => frame(one) ?? [])
      return { ...type.read(mark), ...Object.fromEntries(named), more, mark }
    })
}
